package react_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// dated is somebody whose days directory told.
func dated(id string, version int64, hiredOn, leftOn clock.Date) *directoryv1.Employee {
	return &directoryv1.Employee{
		Id: id, Version: version, UnitId: "u", UnitPath: []string{"u"}, Language: "fr", TimeZone: "Europe/Paris",
		HiredOn: hiredOn.String(), LeftOn: leftOn.String(),
	}
}

func (w world) tell(t *testing.T, minutes int, msg proto.Message) event.Event {
	t.Helper()
	ev, err := event.New(t.Context(), "directory", "", today.In(time.UTC).Add(time.Duration(minutes)*time.Minute), msg)
	require.NoError(t, err)
	w.hear(t.Context(), t, ev)
	return ev
}

func registered(e *directoryv1.Employee) proto.Message {
	return &directoryv1.PeopleRegistered{People: []*directoryv1.Employee{e}}
}

func updated(e *directoryv1.Employee) *directoryv1.PeopleUpdated {
	return &directoryv1.PeopleUpdated{People: []*directoryv1.Employee{e}}
}

func TestAnotherLanguageOpensNothingForSomebodyWhoWasThereBefore(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	hired := today.AddDays(-95) // day 90 is past and within its grace
	w.tell(t, 0, registered(dated(who, 1, hired, clock.Date{})))
	require.Empty(t, w.live(t.Context(), t, who))
	english := dated(who, 2, hired, clock.Date{})
	english.Language = "en"
	w.tell(t, 1, updated(english))
	w.tell(t, 2, &directoryv1.PeopleMoved{Moves: []*directoryv1.PeopleMoved_Move{{Person: dated(who, 3, hired, clock.Date{}), MovedOn: "2026-09-01"}}})
	require.Empty(t, w.live(t.Context(), t, who))
}

func TestAnotherLanguageOpensNoDepartureThatTheBaselineLeftOut(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.tell(t, 0, registered(dated(who, 1, today.AddDays(-900), today.AddDays(1)))) // what is asked three days before is past
	w.tell(t, 1, updated(dated(who, 2, today.AddDays(-900), today.AddDays(1))))
	require.Empty(t, w.live(t.Context(), t, who))
}

func TestAFirstDayThatIsCorrectedIsNews(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.tell(t, 0, registered(dated(who, 1, today.AddDays(-300), clock.Date{})))
	w.tell(t, 1, updated(dated(who, 2, today, clock.Date{})))
	require.Len(t, w.live(t.Context(), t, who), 4)
}

func TestADateThatWasNotedBeforeACrashIsOpenedAllTheSame(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.tell(t, 0, registered(dated(who, 1, today.AddDays(-300), clock.Date{})))
	ev := w.tell(t, 1, updated(dated(who, 2, today, clock.Date{})))
	_, err := w.db.Collection("agenda").DeleteMany(t.Context(), map[string]string{"subject": who}) // the crash came before it was planned
	require.NoError(t, err)
	w.hear(t.Context(), t, ev)
	require.Len(t, w.live(t.Context(), t, who), 4)
}

func TestADepartureThatTheBaselineKnowsIsAskedAbout(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	w.tell(t, 0, registered(dated(who, 1, today.AddDays(-900), today.AddDays(20))))
	require.Equal(t, []string{"departure 2026-11-22 last_days"}, w.live(t.Context(), t, who))
}

func TestAnArrivalIsNotAskedAboutOnceThePersonMovedOn(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	moved := func(version int64, to string, on clock.Date) proto.Message {
		e := dated(who, version, today.AddDays(-900), clock.Date{})
		e.UnitId, e.UnitPath = to, []string{to}
		return &directoryv1.PeopleMoved{Moves: []*directoryv1.PeopleMoved_Move{{Person: e, FromUnitId: "u" + to, MovedOn: on.String()}}}
	}
	w.tell(t, 0, moved(1, "store-2", today))
	w.tell(t, 1, moved(2, "store-3", today.AddDays(18)))
	require.Equal(t, []string{
		"team_arrival 2026-11-02 day_7", "team_arrival 2026-11-20 day_30", "team_arrival 2026-11-20 day_7",
	}, w.live(t.Context(), t, who), "store 2 may be spoken of as long as the person is there")
}
