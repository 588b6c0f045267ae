package webhook

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/outward"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	eventv1 "jalon.dev/proto/gen/jalon/event/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

var monday = time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)

func TestNothingThatStaysInsideCanBeChosen(t *testing.T) {
	require.NotEmpty(t, Types())
	for _, typ := range Types() {
		require.NotEqual(t, eventv1.Class_CLASS_INNER, ClassOf(typ), typ)
		require.NotEqual(t, tested, typ)
	}
	all := append([]string{"jalon.moments.v1.DelicateMomentsOpened", "jalon.directory.v1.PeopleOnLeave", "no.such.Type"}, Types()...)
	anybody, hr := Draft{Types: all}, Draft{Types: all, HRSystem: true}
	for _, typ := range all {
		class := ClassOf(typ)
		require.Equal(t, class == eventv1.Class_CLASS_PUBLIC, anybody.Granted(typ), typ)
		require.Equal(t, class != eventv1.Class_CLASS_INNER, hr.Granted(typ), typ)
		require.False(t, Draft{HRSystem: true}.Granted(typ), "what was not chosen")
	}
}

func TestADeliveryIsTriedForThreeDaysWithGrowingPausesThatAreNeverTheSameForAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDelivery(Receiver{ID: "r"}, event.Event{ID: rapid.String().Draw(t, "event"), Time: monday}, monday)
		r, now := Receiver{State: On}, monday
		var last time.Duration
		for d.Fate == Waiting {
			now = d.Wake
			d, r = judge(d, r, outward.Answer{Status: 500, Trouble: outward.Status}, now)
			if d.Fate == Waiting {
				require.Greater(t, d.Wake.Sub(now), last)
				last = d.Wake.Sub(now)
			}
		}
		require.Equal(t, 11, d.Attempts)
		require.GreaterOrEqual(t, now.Sub(monday), 75*time.Hour)
		require.Less(t, now.Sub(monday), 92*time.Hour)
		require.Equal(t, Failing, r.State)
	})
}

func TestAReceiverThatTookSomethingElseMeanwhileIsToldOn(t *testing.T) {
	d := newDelivery(Receiver{ID: "r"}, event.Event{ID: "e", Time: monday}, monday)
	d.Attempts = len(pauses)
	r := Receiver{State: On, LastDeliveredAt: monday.Add(time.Hour)}
	d, r = judge(d, r, outward.Answer{Trouble: outward.Timeout}, monday.Add(80*time.Hour))
	require.Equal(t, Failed, d.Fate)
	require.Equal(t, On, r.State)
}

func TestAReceiverIsLeftAloneAsLongAsItAsksAndAtLeastALittle(t *testing.T) {
	d := newDelivery(Receiver{ID: "r"}, event.Event{ID: "e", Time: monday}, monday)
	asked, r := judge(d, Receiver{State: On}, outward.Answer{Status: 429, Trouble: outward.Status, After: time.Hour}, monday)
	require.Equal(t, monday.Add(time.Hour), r.RestUntil)
	require.Equal(t, monday.Add(time.Hour), asked.Wake)
	_, r = judge(d, Receiver{State: On, Failures: 40}, outward.Answer{Status: 500, Trouble: outward.Status}, monday)
	require.Equal(t, monday.Add(restLongest), r.RestUntil)
	taken, r := judge(asked, r, outward.Answer{Status: 200}, monday)
	require.Equal(t, Delivered, taken.Fate)
	require.True(t, taken.Wake.IsZero())
	require.Zero(t, r.Failures)
	require.True(t, r.RestUntil.IsZero())
}

func made(t *testing.T, msg proto.Message) event.Event {
	t.Helper()
	ev, err := event.New(t.Context(), "test", "", monday, msg)
	require.NoError(t, err)
	return ev
}

func read[T proto.Message](t *testing.T, ev event.Event, into T) T {
	t.Helper()
	require.NoError(t, ev.Decode(into))
	return into
}

func TestWhoeverIsErasedIsTakenOutOfAnEventAndOthersStay(t *testing.T) {
	ada, bob := event.ID("person", "ada"), event.ID("person", "bob")
	gone := map[string]bool{ada: true}

	updated := made(t, &directoryv1.PeopleUpdated{
		People:  []*directoryv1.Employee{{Id: ada, Version: 2}, {Id: bob, Version: 3, ManagerId: ada}},
		Changes: map[string]*directoryv1.Change{ada: {ManagerChanged: true}, bob: {ManagerChanged: true, FormerManagerId: ada}},
	})
	ids, err := named(updated)
	require.NoError(t, err)
	require.Subset(t, ids, []string{ada, bob})
	left, some, err := without(updated, gone)
	require.NoError(t, err)
	require.True(t, some)
	people := read(t, left, &directoryv1.PeopleUpdated{})
	require.Len(t, people.GetPeople(), 1)
	require.Equal(t, bob, people.GetPeople()[0].GetId())
	require.Empty(t, people.GetPeople()[0].GetManagerId())
	require.Len(t, people.GetChanges(), 1)
	require.NotContains(t, string(left.Data), ada)

	moved := made(t, &directoryv1.PeopleMoved{Moves: []*directoryv1.PeopleMoved_Move{{Person: &directoryv1.Employee{Id: ada, Version: 1}}}})
	_, some, err = without(moved, gone)
	require.NoError(t, err)
	require.False(t, some, "nobody is left")

	talks := made(t, &interviewsv1.TalksHeld{Talks: []*interviewsv1.HeldTalk{
		{TalkId: event.ID("1"), EmployeeId: ada, ManagerId: bob}, {TalkId: event.ID("2"), EmployeeId: bob, ManagerId: ada},
	}})
	left, some, err = without(talks, gone)
	require.NoError(t, err)
	require.True(t, some)
	held := read(t, left, &interviewsv1.TalksHeld{}).GetTalks()
	require.Len(t, held, 1)
	require.Equal(t, bob, held[0].GetEmployeeId())
	require.Empty(t, held[0].GetManagerId())

	_, _, err = without(event.Event{Type: "no.such.Type"}, gone)
	require.ErrorIs(t, err, event.ErrInvalid)
}
