package bus_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/natstest"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

var hiredType = []string{"jalon.directory.v1.PeopleHired"}

// listening broadcasts into a log until the test ends; it returns when the first event of a warm-up has arrived.
func listening(t *testing.T, b *bus.Bus, into *log) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() {
		ended <- b.Broadcast(ctx, hiredType, func(ev event.Event, at bus.Place) {
			into.note(fmt.Sprintf("%s %s", at, ev.Subject))
		})
	}()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	require.Eventually(t, func() bool {
		publish(t, b, hires(t, 1))
		return len(into.all()) > 0
	}, patience, 10*tick)
}

// fresh publishes an event that tells itself apart and waits until everybody has seen it.
func fresh(t *testing.T, b *bus.Bus, subject string, everybody ...*log) {
	t.Helper()
	ev, err := event.New(t.Context(), "directory", subject, now, &directoryv1.PeopleHired{})
	require.NoError(t, err)
	publish(t, b, []event.Event{ev})
	for _, l := range everybody {
		require.Eventually(t, func() bool {
			seen := l.all()
			return len(seen) > 0 && strings.HasSuffix(seen[len(seen)-1], subject)
		}, patience, tick, "waiting for %s", subject)
	}
}

func TestABroadcastReachesEverybodyWhoListens(t *testing.T) {
	server := natstest.Server(t)
	publish(t, server.Connect(t), hires(t, 5))
	var here, there log
	one, two := server.Connect(t), server.Connect(t)
	listening(t, one, &here)
	listening(t, two, &there)

	fresh(t, one, "a-new-colleague", &here, &there)
	require.NotContains(t, here.all()[0], "-1 hire-0", "it begins now, not at the beginning")
}

func TestABroadcastSurvivesARestartWithoutAGap(t *testing.T) {
	server := natstest.ListeningServer(t)
	b := server.Connect(t)
	var here log
	listening(t, b, &here)
	before := len(here.all())

	server.Restart(t)
	events := hires(t, 50)
	publish(t, b, events)

	require.Eventually(t, func() bool { return len(here.all()) >= before+50 }, patience, tick)
}

func TestABroadcastGoesOnAfterTheBusLostItsData(t *testing.T) {
	server := natstest.Server(t)
	b := server.Connect(t)
	var here log
	listening(t, b, &here)

	server.Wipe(t)
	fresh(t, b, "after-the-loss", &here)
	seen := here.all()
	before, _, _ := strings.Cut(seen[0], "-")
	after, place, _ := strings.Cut(seen[len(seen)-1], "-")
	require.Equal(t, "1 after-the-loss", place)
	require.NotEqual(t, before, after, "another life, in which places mean something else")
}

func TestBroadcastingAnUnknownTypeFails(t *testing.T) {
	require.ErrorIs(t, natstest.Start(t).Broadcast(t.Context(), []string{"nonsense"}, nil), event.ErrInvalid)
}

func TestTailShowsTheLastEventsAndThenTheNewOnes(t *testing.T) {
	b := natstest.Start(t)
	events := hires(t, 30)
	left, err := event.New(t.Context(), "directory", "left", now, &directoryv1.PeopleLeft{})
	require.NoError(t, err)
	publish(t, b, append([]event.Event{left}, events...))

	last := func(n int, typ string) []string {
		var seen log
		require.NoError(t, b.Tail(t.Context(), n, typ, true, func(ev event.Event) error {
			seen.note(ev.Subject)
			return nil
		}))
		return seen.all()
	}
	require.Equal(t, []string{"hire-27", "hire-28", "hire-29"}, last(3, ""))
	require.Equal(t, []string{"left"}, last(3, "jalon.directory.v1.PeopleLeft"))
	require.Len(t, last(100, ""), 31)
	require.Empty(t, last(0, ""))
	require.Empty(t, last(5, "jalon.notifications.v1.PromptsShown"))

	enough := errors.New("enough")
	var seen log
	ended := make(chan error)
	go func() {
		ended <- b.Tail(t.Context(), 1, hiredType[0], false, func(ev event.Event) error {
			seen.note(ev.Subject)
			if len(seen.all()) == 4 {
				return enough
			}
			return nil
		})
	}()
	seen.becomes(t, []string{"hire-29"})
	publish(t, b, hires(t, 3))
	require.ErrorIs(t, <-ended, enough)
	require.Equal(t, []string{"hire-29", "hire-0", "hire-1", "hire-2"}, seen.all())
}
