package live_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

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

func open(t *testing.T, hub *live.Hub, person string, seen uint64) *live.Stream {
	t.Helper()
	stream, err := hub.Open(person, "session of "+person, seen)
	require.NoError(t, err)
	return stream
}

func TestAStreamHearsItsOwnPersonOnly(t *testing.T) {
	hub := live.NewHub()
	stream := open(t, hub, lea, 0)
	require.False(t, stream.Resumed)

	hub.Hear(shown(t, karim, "his"), 7)
	hub.Hear(shown(t, karim, "another", lea, "first", lea, "second"), 8)
	hub.Hear(closed(t, lea, "first"), 9)

	change := <-stream.Changes()
	require.EqualValues(t, 8, change.Sequence)
	require.Len(t, change.Shown, 2, "what one event says of a person arrives in one piece, so that a cut cannot split it")
	change = <-stream.Changes()
	require.Equal(t, []string{event.ID("first")}, change.Closed)
	require.Empty(t, stream.Changes())
}

func TestAPageThatComesBackGetsWhatItMissed(t *testing.T) {
	hub := live.NewHub()
	hub.Hear(shown(t, lea, "first"), 5)
	hub.Hear(shown(t, karim, "his"), 6)
	hub.Hear(shown(t, lea, "second"), 7)

	stream := open(t, hub, lea, 5)
	require.True(t, stream.Resumed)
	require.Len(t, stream.Missed, 1)
	require.EqualValues(t, 7, stream.Missed[0].Sequence)

	require.True(t, open(t, hub, lea, 4).Resumed, "the place just before the hub's first event is covered")
	require.False(t, open(t, hub, lea, 3).Resumed, "before that, the hub knows nothing")
	require.False(t, open(t, hub, lea, 8).Resumed, "a place ahead of the bus is from another life of it")
}

func TestWhatIsForgottenIsNotResumed(t *testing.T) {
	hub := live.NewHub()
	for i := range uint64(20_000) {
		hub.Hear(shown(t, lea, fmt.Sprint(i)), i+1)
	}
	require.False(t, open(t, hub, lea, 2).Resumed)
	recent := open(t, hub, lea, 19_990)
	require.True(t, recent.Resumed)
	require.Len(t, recent.Missed, 10)
}

func TestABusThatCountsAnewCutsEveryStream(t *testing.T) {
	hub := live.NewHub()
	hub.Hear(shown(t, lea, "first"), 50)
	stream := open(t, hub, lea, 50)
	hub.Hear(shown(t, karim, "his"), 1)
	_, going := <-stream.Changes()
	require.False(t, going)
	require.False(t, open(t, hub, lea, 50).Resumed)
}

func TestAStreamThatFallsBehindIsCutAndOthersGoOn(t *testing.T) {
	hub := live.NewHub()
	slow, quick := open(t, hub, lea, 0), open(t, hub, lea, 0)
	received := 0
	for i := range uint64(100) {
		hub.Hear(shown(t, lea, fmt.Sprint(i)), i+1)
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
		if _, err = hub.Open(lea, "session", 0); err != nil {
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
	_, err := hub.Open(lea, "session", 0)
	require.Error(t, err)
}

func TestTheEndOfASessionLeavesThePersonsOtherSessionsOpen(t *testing.T) {
	hub := live.NewHub()
	phone, err := hub.Open(lea, "phone", 0)
	require.NoError(t, err)
	desk, err := hub.Open(lea, "desk", 0)
	require.NoError(t, err)
	cut := open(t, hub, karim, 0)
	require.Equal(t, map[string]string{"phone": lea, "desk": lea, "session of " + karim: karim}, hub.Sessions())

	hub.End(lea, "phone")
	hub.CutPerson(karim)
	hub.Hear(shown(t, lea, "first"), 1)

	_, goesOn := <-phone.Changes()
	require.False(t, goesOn)
	require.True(t, phone.Over())
	require.Len(t, (<-desk.Changes()).Shown, 1)
	_, goesOn = <-cut.Changes()
	require.False(t, goesOn)
	require.False(t, cut.Over(), "a cut page comes back")
}
