package forecast_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/forecast"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// tuesday is 3 November 2026, 10:00 in Paris.
var tuesday = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

func somebody(t require.TestingT, zone string) *gate.Person {
	where, err := clock.Zone(zone)
	require.NoError(t, err)
	return &gate.Person{Zone: where}
}

// anyState is an inbox after some weeks of life, and its person.
func anyState(t *rapid.T) (box *inbox.Inbox, person *gate.Person, now time.Time) {
	person = somebody(t, rapid.SampledFrom([]string{"Europe/Paris", "America/New_York", "Pacific/Apia", "Indian/Reunion"}).Draw(t, "zone"))
	now = tuesday.AddDate(0, 0, rapid.IntRange(-200, 200).Draw(t, "start"))
	if rapid.Bool().Draw(t, "leave") {
		from := clock.DateOf(now, person.Zone).AddDays(rapid.IntRange(0, 40).Draw(t, "leave in"))
		person.Absent = []gate.Period{{From: from, To: from.AddDays(rapid.IntRange(0, 60).Draw(t, "leave for"))}}
	}
	if rapid.Bool().Draw(t, "leaves the company") {
		person.LastDay = clock.DateOf(now, person.Zone).AddDays(rapid.IntRange(0, 60).Draw(t, "last day in"))
	}
	box = inbox.New("person")
	if rapid.Bool().Draw(t, "mornings") {
		box.Prefer(gate.Preferences{From: 9 * 60, To: 11 * 60})
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "messages") {
		now = now.Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(t, "minutes")) * time.Minute)
		box.Request(inbox.Message{
			ID: fmt.Sprint("m", i), KeyMoment: rapid.SampledFrom([]string{"onboarding", "check_in", "barometer", gate.Talk}).Draw(t, "about"),
			ExpiresAt: now.AddDate(0, 0, rapid.IntRange(1, 40).Draw(t, "days")),
		}, now)
		settle(box, person, now)
	}
	return box, person, now
}

func settle(box *inbox.Inbox, person *gate.Person, now time.Time) {
	box.Settle(now, person, gate.DefaultRules(), inbox.Cause{Name: "life"})
}

// live lets time pass as the service does: whatever is due is put before the gate, minute by minute.
func live(box *inbox.Inbox, person *gate.Person, from, to time.Time) {
	for {
		next, waits := box.Next()
		if !waits || !next.Before(to) {
			return
		}
		if next.After(from) {
			from = next
		}
		settle(box, person, from)
	}
}

// What is forecast is what happens, if nothing else happens: each person is shown the invitation at the same instant, misses it for
// the same reason, and is reminded on the same days.
func TestWhatIsForecastIsWhatHappens(t *testing.T) {
	remembering := gate.DefaultRules()
	remembering.Calendars = forecast.Remembering(remembering.Calendars)
	rapid.Check(t, func(t *rapid.T) {
		box, person, now := anyState(t)
		start := now.Add(time.Duration(rapid.IntRange(0, 20*24*60).Draw(t, "starts in")) * time.Minute)
		reminders := rapid.IntRange(0, 2).Draw(t, "reminders")
		invitation := forecast.Invitation{
			KeyMoment: gate.Campaign, At: start, Expires: start.AddDate(0, 0, rapid.IntRange(1, 40).Draw(t, "answers in")), Reminders: reminders,
		}
		before := box.Copy().Messages
		fate := forecast.Of(now, box, person, []forecast.Invitation{invitation}, gate.DefaultRules())[0]
		require.Equal(t, before, box.Copy().Messages, "a forecast changes nothing")
		// Told of briefly, and among others, it is the same.
		brief, earlier, later := invitation, invitation, invitation
		brief.Briefly, earlier.At, later.At = true, start.Add(-50*time.Hour), start.Add(50*time.Hour)
		among := forecast.Of(now, box, person, []forecast.Invitation{earlier, brief, later, brief}, remembering)
		for _, i := range []int{1, 3} {
			require.Equal(t, forecast.Fate{Reached: fate.Reached, Day: fate.Day, Missed: fate.Missed, Waited: fate.Waited}, among[i])
		}

		for i := range box.Messages { // everybody answers what they were shown
			box.Messages[i].RemindAt = time.Time{}
		}
		live(box, person, now, start)
		// Of two that are equal in everything the id decides: it takes the place that the forecast gave it.
		box.Request(inbox.Message{ID: "rehearsal", KeyMoment: gate.Campaign, ExpiresAt: invitation.Expires, Reminders: &reminders}, start)
		settle(box, person, start)
		live(box, person, start, invitation.Expires)

		m, _ := box.Find("rehearsal")
		require.Equal(t, m.ShownAt, fate.Reached)
		if !m.WasShown() {
			require.Equal(t, m.Decisions[len(m.Decisions)-1].Reason, fate.Missed)
			return
		}
		require.Equal(t, clock.DateOf(m.ShownAt, person.Zone), fate.Day)
		require.Equal(t, fate.Waited == "", clock.DateOf(start, person.Zone) == fate.Day)
		require.Len(t, fate.Reminded, len(m.Reminded()))
		for i, r := range m.Reminded() {
			require.Equal(t, clock.DateOf(r.At, person.Zone), fate.Reminded[i])
		}
	})
}

func TestAForecastIsTheSameWhetherSomebodyAnsweredOrNot(t *testing.T) {
	person := somebody(t, "Europe/Paris")
	open, closed := inbox.New("person"), inbox.New("person")
	for _, box := range []*inbox.Inbox{open, closed} {
		box.Request(inbox.Message{ID: "shown", KeyMoment: "onboarding", ExpiresAt: tuesday.AddDate(0, 0, 14)}, tuesday)
		settle(box, person, tuesday)
	}
	closed.Close("shown", tuesday.Add(time.Hour), "answered")
	now := tuesday.Add(2 * time.Hour)
	ask := []forecast.Invitation{{KeyMoment: gate.Campaign, At: now.AddDate(0, 0, 6), Expires: now.AddDate(0, 0, 20), Reminders: 1}}
	told := forecast.Of(now, open, person, ask, gate.DefaultRules())
	require.Equal(t, told, forecast.Of(now, closed, person, ask, gate.DefaultRules()))
	require.Empty(t, told[0].Others)
	require.Len(t, told[0].Reminded, 1)
	closed.Prefer(gate.Preferences{NoReminders: true})
	require.Equal(t, told, forecast.Of(now, closed, person, ask, gate.DefaultRules()), "nor whether they want reminders")
	m, _ := open.Find("shown")
	require.NotZero(t, m.RemindAt, "the inbox stays as it is")
}

func TestPeopleAreCountedByDayAndByReasonAndNeverByName(t *testing.T) {
	person := somebody(t, "Europe/Paris")
	asked := inbox.New("asked")
	for i := range 2 {
		asked.Request(inbox.Message{ID: fmt.Sprint(i), KeyMoment: "onboarding", ExpiresAt: tuesday.AddDate(0, 0, 2)}, tuesday.Add(-time.Hour))
	}
	settle(asked, person, tuesday.Add(-time.Hour))
	away := *person
	away.Absent = []gate.Period{{From: clock.DateOf(tuesday, person.Zone)}}
	away.Absent[0].To = away.Absent[0].From.AddDays(60)

	var outlook forecast.Outlook
	invitation := forecast.Invitation{KeyMoment: gate.Campaign, At: tuesday, Expires: tuesday.AddDate(0, 0, 14), Reminders: 1}
	for _, somebody := range []struct {
		box    *inbox.Inbox
		person *gate.Person
	}{{inbox.New("free"), person}, {asked, person}, {inbox.New("away"), &away}, {inbox.New("new"), nil}} {
		outlook.Add(forecast.Of(tuesday, somebody.box, somebody.person, []forecast.Invitation{invitation}, gate.DefaultRules())[0])
	}
	first := clock.DateOf(tuesday, person.Zone)
	days := outlook.Days()
	require.Equal(t, forecast.Day{Day: first, Reached: 1}, days[0])
	require.Equal(t, first.AddDays(7), days[1].Day)
	require.Equal(t, 1, days[1].Reached)
	require.Equal(t, map[gate.Reason]int{gate.OverCap: 1}, days[1].Waited)
	require.Equal(t, 1, days[1].Reminded, "whoever was free is reminded at half of the time")
	require.Equal(t, map[gate.Reason]int{gate.Absent: 1, gate.Unknown: 1}, outlook.Missed())
}
