package interviews_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

func at(month time.Month, day, hour int) time.Time {
	return time.Date(2026, month, day, hour, 0, 0, 0, time.UTC)
}

// told is what a person was reminded of since the last look: how many talks, by matter.
func (w *world) reminded(personID string) map[string]int32 {
	counts := map[string]int32{}
	for _, msg := range heardOf[*interviewsv1.RemindersRequested](w) {
		for _, r := range msg.GetReminders() {
			if r.GetPersonId() == personID {
				counts[r.GetAbout()] += r.GetCount()
			}
		}
	}
	return counts
}

func TestRemindersAreGroupedAndStopWhenDone(t *testing.T) {
	w := start(t, nil)
	boss := employee("")
	var team []*directoryv1.Employee
	for range 3 {
		report := employee(boss.GetId())
		report.HiredOn = "2026-11-03"
		team = append(team, report)
	}
	w.publish(&directoryv1.PeopleHired{People: append(team, boss), AsOf: "2026-11-03"})
	ada := team[0].GetId()

	for day := at(time.November, 4, 12); day.Before(at(time.December, 1, 0)); day = day.AddDate(0, 0, 1) {
		w.clock.Set(day)
		w.settle()
	}
	manager := w.reminded(boss.GetId())
	require.EqualValues(t, 3, manager["prepare"], "one message for the three of the week: %v", manager)
	monday := 0
	for _, msg := range heardOf[*interviewsv1.RemindersRequested](w) {
		for _, r := range msg.GetReminders() {
			if r.GetPersonId() == boss.GetId() && r.GetAbout() == "prepare" {
				monday++
			}
		}
	}
	require.LessOrEqual(t, monday, 2)
	require.EqualValues(t, 1, w.reminded(ada)["prepare"])

	p := &pair{world: w, employee: ada, manager: boss.GetId(), client: w.parts.Peers.Talks()}
	id := p.talk()
	planned := p.next(ada, ada).GetPlannedOn()
	after, err := time.Parse(time.DateOnly, planned)
	require.NoError(t, err)
	w.clock.Set(after.AddDate(0, 0, 1).Add(12 * time.Hour))
	w.settle()
	require.EqualValues(t, 1, w.reminded(ada)["held"])
	p.held(ada, id, planned)
	w.settle()
	closed := 0
	for _, msg := range heardOf[*interviewsv1.RemindersClosed](w) {
		for _, r := range msg.GetReminders() {
			if r.GetPersonId() == ada {
				closed++
			}
		}
	}
	require.Positive(t, closed, "what was asked is answered")
	before := w.reminded(ada)["late"]
	w.clock.Advance(15 * 24 * time.Hour)
	w.settle()
	require.Equal(t, before, w.reminded(ada)["late"], "a talk that was held is not late")
}

func TestAnAuditAsksEverybodyOnceAndTheBoardTellsTheRhythm(t *testing.T) {
	w := start(t, nil)
	boss := employee("")
	var team []*directoryv1.Employee
	for range 6 {
		team = append(team, employee(boss.GetId()))
	}
	newcomer := employee(boss.GetId())
	newcomer.HiredOn = "2027-02-01"
	unit := &directoryv1.Unit{Id: "company", Version: 1, Name: "Exemple", Kind: "company"}
	store := &directoryv1.Unit{Id: "store", Version: 1, Name: "Nantes", Kind: "store", ParentId: "company"}
	w.publish(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{unit, store}},
		&directoryv1.PeopleRegistered{People: append(team, boss, newcomer), AsOf: "2026-11-03"})
	p := &pair{world: w, employee: team[0].GetId(), manager: boss.GetId(), client: w.parts.Peers.Talks()}
	w.clock.Set(at(time.November, 4, 9))
	p.held(p.employee, p.talk(), "2026-11-03")
	w.settle()

	hr := w.as(uuid.NewString(), "hr")
	board, err := w.parts.Peers.Interviews().GetBoard(hr, &interviewsv1.GetBoardRequest{})
	require.NoError(t, err)
	require.Len(t, board.GetUnits(), 2)
	require.Equal(t, "Exemple", board.GetUnits()[0].GetName())
	require.EqualValues(t, 6, board.GetUnits()[1].GetPeople(), "the newcomer is not due yet, the boss has no manager")
	require.EqualValues(t, 1, board.GetUnits()[1].GetMet())
	require.EqualValues(t, 28, board.GetUnits()[1].GetRhythmDays())
	require.Nil(t, board.GetUnits()[1].GetRatio(), "there are too few managers")
	_, err = w.parts.Peers.Interviews().SetRhythm(hr, &interviewsv1.SetRhythmRequest{UnitId: "store", Days: 14})
	require.NoError(t, err)
	_, err = w.parts.Peers.Interviews().GetBoard(w.as(p.employee), &interviewsv1.GetBoardRequest{})
	require.Error(t, err)

	w.clock.Set(time.Date(2027, time.February, 9, 9, 0, 0, 0, time.UTC)) // the second Tuesday
	w.settle()
	audits := heardOf[*interviewsv1.AuditDue](w)
	require.Len(t, audits, 1)
	require.Equal(t, "2027-02-09", audits[0].GetAuditOn())
	require.Len(t, audits[0].GetPersonIds(), 6, "whoever has just arrived is not asked, nor who has no manager")
	board, err = w.parts.Peers.Interviews().GetBoard(hr, &interviewsv1.GetBoardRequest{UnitId: "company"})
	require.NoError(t, err)
	require.EqualValues(t, 14, board.GetUnits()[1].GetRhythmDays())
	require.NotEmpty(t, board.GetUnits()[1].GetTrend())
	require.Nil(t, board.GetUnits()[1].GetGap(), "nobody has answered yet")
}

func TestACalendarFeedIsThePersonsOwn(t *testing.T) {
	p := newPair(t)
	made, err := p.client.MakeCalendarFeed(p.as(p.employee), &interviewsv1.MakeCalendarFeedRequest{})
	require.NoError(t, err)
	portal := p.as("", "service")
	feed, err := p.client.GetCalendarFeed(portal, &interviewsv1.GetCalendarFeedRequest{Secret: made.GetSecret()})
	require.NoError(t, err)
	require.Equal(t, p.employee, feed.GetPersonId())
	require.Len(t, feed.GetTalks(), 1)
	_, err = p.client.GetCalendarFeed(p.as(p.employee), &interviewsv1.GetCalendarFeedRequest{Secret: made.GetSecret()})
	require.Error(t, err, "only the portal asks")
	_, err = p.client.MakeCalendarFeed(p.as(p.employee), &interviewsv1.MakeCalendarFeedRequest{})
	require.NoError(t, err)
	_, err = p.client.GetCalendarFeed(portal, &interviewsv1.GetCalendarFeedRequest{Secret: made.GetSecret()})
	require.Error(t, err, "the one before works no more")
}

func TestPeopleSayOnWhichDaysTheyDoNotWork(t *testing.T) {
	p := newPair(t)
	_, err := p.client.SetDaysOff(p.as(p.employee), &interviewsv1.SetDaysOffRequest{DaysOff: []int32{2, 3}})
	require.NoError(t, err)
	mine, err := p.client.ListMyTalks(p.as(p.employee), &interviewsv1.ListMyTalksRequest{})
	require.NoError(t, err)
	require.Equal(t, []int32{2, 3}, mine.GetDaysOff())
	p.clock.Set(at(time.December, 1, 12)) // a Tuesday; 28 days later is a Tuesday too
	next := p.held(p.employee, p.talk(), "2026-12-01").GetNext()
	require.Equal(t, "2026-12-31", next.GetPlannedOn(), "the Thursday")
}
