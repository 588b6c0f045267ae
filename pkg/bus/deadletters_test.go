package bus_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/natstest"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// letters waits for n dead letters.
func letters(t *testing.T, b *bus.Bus, n int) []bus.Letter {
	t.Helper()
	var found []bus.Letter
	require.Eventually(t, func() bool {
		var err error
		found, err = b.DeadLetters().List(t.Context())
		return err == nil && len(found) == n
	}, patience, tick)
	return found
}

func TestAPoisonMessageIsPutAsideAndReplayedToItsHandlerAlone(t *testing.T) {
	b := natstest.Start(t)
	var moments, interviews log
	var cured atomic.Bool
	running(t, b, "moments", func(r *bus.Router) {
		bus.Handle(r, "hired", func(ctx context.Context, ev event.Event, msg *directoryv1.PeopleHired) error {
			if ev.Subject == "hire-1" && !cured.Load() {
				return errors.New("cannot\nbear this one")
			}
			return moments.hire(ctx, ev, msg)
		})
	})
	running(t, b, "interviews", func(r *bus.Router) { bus.Handle(r, "hired", interviews.hire) })
	events := hires(t, 3)
	publish(t, b, events)

	moments.becomes(t, []string{"hire-0", "hire-2"})
	interviews.becomes(t, subjects(events))
	letter := letters(t, b, 1)[0]
	require.Equal(t, "moments-hired", letter.Handler)
	require.Equal(t, "cannot bear this one", letter.Reason)
	require.Equal(t, "DIRECTORY", letter.Stream)
	require.Equal(t, events[1].ID, letter.MessageID)
	require.Equal(t, events[1], letter.Event)
	require.Empty(t, letter.Broken)
	settles(t, b)

	cured.Store(true)
	got, err := b.DeadLetters().Get(t.Context(), letter.ID)
	require.NoError(t, err)
	require.Equal(t, letter, got)
	replayed, err := b.DeadLetters().Replay(t.Context(), letter.ID)
	require.NoError(t, err)
	require.Equal(t, 1, replayed)

	moments.becomes(t, []string{"hire-0", "hire-2", "hire-1"})
	settles(t, b)
	interviews.becomes(t, subjects(events))
	letters(t, b, 0)
	_, err = b.DeadLetters().Replay(t.Context(), letter.ID)
	require.ErrorIs(t, err, bus.ErrNoLetter)
}

func TestALetterThatFailsAgainIsANewLetter(t *testing.T) {
	b := natstest.Start(t)
	running(t, b, "moments", func(r *bus.Router) {
		bus.Handle(r, "hired", func(context.Context, event.Event, *directoryv1.PeopleHired) error { panic("always") })
	})
	publish(t, b, hires(t, 1))
	first := letters(t, b, 1)[0]
	require.Contains(t, first.Reason, "always")

	_, err := b.DeadLetters().Replay(t.Context(), first.ID)
	require.NoError(t, err)
	settles(t, b)
	second := letters(t, b, 1)[0]
	require.NotEqual(t, first.ID, second.ID)
	require.Equal(t, first.Event, second.Event)
}

func TestAMessageThatIsNoValidEventIsPutAsideUntried(t *testing.T) {
	b := natstest.Start(t)
	var moments log
	running(t, b, "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) })
	const topic = "jalon.directory.v1.PeopleHired"
	unsound := event.ToMessage(event.Event{ID: "1", Type: topic, Source: "directory", Time: now, Data: []byte{0xff}})
	require.NoError(t, b.Publisher().Publish(topic, message.NewMessage("0", []byte("garbage")), unsound))

	found := letters(t, b, 2)
	require.Contains(t, found[0].Broken, "CloudEvents")
	require.Contains(t, found[1].Reason, "decoding")
	require.Equal(t, []byte{0xff}, found[1].Event.Data)
	require.Empty(t, moments.all())
}

func TestWhatPassesByItselfIsTriedAgainAndAgain(t *testing.T) {
	b := natstest.Start(t)
	var tries atomic.Int64
	var moments log
	away := errors.New("the database is away")
	running(t, b, "moments", func(r *bus.Router) {
		bus.Handle(r, "hired", func(ctx context.Context, ev event.Event, msg *directoryv1.PeopleHired) error {
			switch n := tries.Add(1); {
			case n < 9:
				return fmt.Errorf("saving: %w", context.DeadlineExceeded)
			case n < 15:
				return fmt.Errorf("saving: %w", away)
			}
			return moments.hire(ctx, ev, msg)
		})
	}, bus.Transient(func(err error) bool { return errors.Is(err, away) }))
	publish(t, b, hires(t, 1))

	moments.becomes(t, []string{"hire-0"})
	letters(t, b, 0)
}

func TestAMessageThatNeverComesToAnEndIsPutAside(t *testing.T) {
	b := natstest.Start(t)
	running(t, b, "moments", func(r *bus.Router) {
		bus.Handle(r, "hired", func(context.Context, event.Event, *directoryv1.PeopleHired) error {
			return context.DeadlineExceeded
		})
	})
	publish(t, b, hires(t, 1))

	letter := letters(t, b, 1)[0]
	require.Contains(t, letter.Reason, "too many times")
	require.EqualValues(t, 9, letter.Deliveries)
	settles(t, b)
}

func TestALongReasonIsCut(t *testing.T) {
	b := natstest.Start(t)
	running(t, b, "moments", func(r *bus.Router) {
		bus.Handle(r, "hired", func(context.Context, event.Event, *directoryv1.PeopleHired) error {
			return errors.New(strings.Repeat("é", 100_000))
		})
	})
	publish(t, b, hires(t, 1))
	require.LessOrEqual(t, len(letters(t, b, 1)[0].Reason), 1000)
}

func TestALetterOfAHandlerThatIsNoMoreStays(t *testing.T) {
	server := natstest.Server(t)
	b := server.Connect(t)
	orphan := message.NewMessage("1", nil)
	orphan.Metadata = message.Metadata{"jalon-dead-handler": "moments-gone", "jalon-dead-stream": "DIRECTORY"}
	require.NoError(t, b.Publisher().Publish("deadletter.moments-gone", orphan))

	_, err := b.DeadLetters().Replay(t.Context(), letters(t, b, 1)[0].ID)
	require.ErrorIs(t, err, bus.ErrNoHandler)
	letters(t, b, 1)
}
