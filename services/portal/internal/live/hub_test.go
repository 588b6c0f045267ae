package live_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/live"
)

var lea, karim = event.ID("person", "lea"), event.ID("person", "karim")

func shown(t *testing.T, prompts ...string) event.Event {
	t.Helper()
	msg := &notificationsv1.PromptsShown{}
	for i := 0; i < len(prompts); i += 2 {
		msg.Prompts = append(msg.Prompts, &notificationsv1.Prompt{PersonId: prompts[i], InvitationId: event.ID(prompts[i+1])})
	}
	return made(t, msg)
}

func closed(t *testing.T, person, invitation string) event.Event {
	t.Helper()
	return made(t, &notificationsv1.PromptsClosed{Prompts: []*notificationsv1.PromptsClosed_Closed{
		{PersonId: person, InvitationId: event.ID(invitation)},
	}})
}

func made(t *testing.T, msg proto.Message) event.Event {
	t.Helper()
	ev, err := event.New(t.Context(), "notifications", lea, time.Now(), msg)
	require.NoError(t, err)
	return ev
}

// at is a place in one life of the bus; 0 is before everything.
func at(sequence uint64) bus.Place {
	if sequence == 0 {
		return bus.Place{}
	}
	return bus.Place{Life: 1, Sequence: sequence}
}

func open(t *testing.T, hub *live.Hub, person string, seen uint64) *live.Stream {
	t.Helper()
	stream, err := hub.Open(person, "session of "+person, at(seen))
	require.NoError(t, err)
	return stream
}

func TestAStreamHearsItsOwnPersonOnly(t *testing.T) {
	hub := live.NewHub()
	stream := open(t, hub, lea, 0)
	require.False(t, stream.Resumed)

	hub.Hear(shown(t, karim, "his"), at(7))
	hub.Hear(shown(t, karim, "another", lea, "first", lea, "second"), at(8))
	hub.Hear(closed(t, lea, "first"), at(9))

	change := <-stream.Changes()
	require.EqualValues(t, 8, change.Place.Sequence)
	require.Len(t, change.Shown, 2, "what one event says of a person arrives in one piece, so that a cut cannot split it")
	change = <-stream.Changes()
	require.Equal(t, []string{event.ID("first")}, change.Closed)
	require.Empty(t, stream.Changes())
}

func TestAPageThatComesBackGetsWhatItMissed(t *testing.T) {
	hub := live.NewHub()
	hub.Hear(shown(t, lea, "first"), at(5))
	hub.Hear(shown(t, karim, "his"), at(6))
	hub.Hear(shown(t, lea, "second"), at(7))

	stream := open(t, hub, lea, 5)
	require.True(t, stream.Resumed)
	require.Len(t, stream.Missed, 1)
	require.EqualValues(t, 7, stream.Missed[0].Place.Sequence)

	require.True(t, open(t, hub, lea, 4).Resumed, "the place just before the hub's first event is covered")
	require.False(t, open(t, hub, lea, 3).Resumed, "before that, the hub knows nothing")
	require.False(t, open(t, hub, lea, 8).Resumed, "a place ahead of the bus is from another life of it")
}

func TestWhatIsForgottenIsNotResumed(t *testing.T) {
	hub := live.NewHub()
	for i := range uint64(20_000) {
		hub.Hear(shown(t, lea, fmt.Sprint(i)), at(i+1))
	}
	require.False(t, open(t, hub, lea, 2).Resumed)
	recent := open(t, hub, lea, 19_990)
	require.True(t, recent.Resumed)
	require.Len(t, recent.Missed, 10)
}

func TestABusThatCountsAnewCutsEveryStream(t *testing.T) {
	hub := live.NewHub()
	hub.Hear(shown(t, lea, "first"), at(50))
	stream := open(t, hub, lea, 50)
	hub.Hear(shown(t, karim, "his"), at(1))
	_, going := <-stream.Changes()
	require.False(t, going)
	require.False(t, open(t, hub, lea, 50).Resumed)
}

func TestAPlaceOfAnotherLifeOfTheBusIsNotResumed(t *testing.T) {
	hub := live.NewHub() // of a portal that was started anew, after the bus had lost its data
	next := func(sequence uint64) bus.Place { return bus.Place{Life: 2, Sequence: sequence} }
	hub.Hear(shown(t, lea, "first"), next(5))
	hub.Hear(shown(t, lea, "second"), next(60))
	require.False(t, open(t, hub, lea, 50).Resumed, "what it calls 50 was another event")
	stream, err := hub.Open(lea, "session", next(5))
	require.NoError(t, err)
	require.True(t, stream.Resumed)
	require.Len(t, stream.Missed, 1)

	hub.Hear(shown(t, lea, "third"), bus.Place{Life: 3, Sequence: 61})
	_, going := <-stream.Changes()
	require.False(t, going, "a life that has come further than the last one is another all the same")
}

func TestAStreamThatFallsBehindIsCutAndOthersGoOn(t *testing.T) {
	hub := live.NewHub()
	slow, quick := open(t, hub, lea, 0), open(t, hub, lea, 0)
	received := 0
	for i := range uint64(100) {
		hub.Hear(shown(t, lea, fmt.Sprint(i)), at(i+1))
		<-quick.Changes()
		received++
	}
	require.Equal(t, 100, received)
	waiting := 0
	for range slow.Changes() {
		waiting++
	}
	require.Less(t, waiting, 100, "its channel was closed")
	slow.Close()
	quick.Close()
	quick.Close()
}

func TestOnePersonCannotOpenStreamsWithoutEnd(t *testing.T) {
	hub := live.NewHub()
	var err error
	for range 100 {
		if _, err = hub.Open(lea, "session", at(0)); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, live.ErrTooMany)
	open(t, hub, karim, 0)
	hub.CutPerson(lea)
	open(t, hub, lea, 0)
}

func TestAClosedHubOpensNothing(t *testing.T) {
	hub := live.NewHub()
	stream := open(t, hub, lea, 0)
	hub.Close()
	_, going := <-stream.Changes()
	require.False(t, going)
	_, err := hub.Open(lea, "session", at(0))
	require.Error(t, err)
}

func TestTheEndOfASessionLeavesThePersonsOtherSessionsOpen(t *testing.T) {
	hub := live.NewHub()
	phone, err := hub.Open(lea, "phone", at(0))
	require.NoError(t, err)
	desk, err := hub.Open(lea, "desk", at(0))
	require.NoError(t, err)
	cut := open(t, hub, karim, 0)
	require.Equal(t, map[string]string{"phone": lea, "desk": lea, "session of " + karim: karim}, hub.Sessions())

	hub.End(lea, "phone")
	hub.CutPerson(karim)
	hub.Hear(shown(t, lea, "first"), at(1))

	_, goesOn := <-phone.Changes()
	require.False(t, goesOn)
	require.True(t, phone.Over())
	require.Len(t, (<-desk.Changes()).Shown, 1)
	_, goesOn = <-cut.Changes()
	require.False(t, goesOn)
	require.False(t, cut.Over(), "a cut page comes back")
}
