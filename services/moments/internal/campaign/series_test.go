package campaign_test

import (
	"cmp"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/recurrence"
)

func weekend(d clock.Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

func series(t require.TestingT, r recurrence.Recurrence, on, at string) campaign.Campaign {
	c := campaign.New("a", "Europe/Paris")
	written := content(t)
	written.On, written.Until, written.Recurrence = day(t, on), clock.Date{}, &r
	time, err := clock.ParseTimeOfDay(at)
	require.NoError(t, err)
	written.At = time
	c, err = c.Write(written, "hr", monday)
	require.NoError(t, err)
	return c
}

func weekly() recurrence.Recurrence {
	return recurrence.Recurrence{AnswerDays: 5, Calendar: &recurrence.Calendar{Frequency: recurrence.Weekly}}
}

// coming are the instants of the next days.
func coming(t require.TestingT, c campaign.Campaign, n int) (due []string) {
	planned, err := c.Coming(weekend)
	require.NoError(t, err)
	for p := range planned {
		if due = append(due, p.Due.Format(time.RFC3339)); len(due) == n {
			break
		}
	}
	return due
}

func TestASeriesKeepsItsHourOnTheWall(t *testing.T) {
	require.Equal(t, []string{"2027-03-16T09:00:00Z", "2027-03-23T09:00:00Z", "2027-03-30T08:00:00Z"},
		coming(t, series(t, weekly(), "2027-03-16", "10:00"), 3))
	daily := recurrence.Recurrence{AnswerDays: 5, PerPerson: &recurrence.PerPerson{Anchor: recurrence.Hire, After: 30}}
	require.Equal(t, []string{"2027-03-27T01:30:00Z", "2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z"},
		coming(t, series(t, daily, "2027-03-27", "02:30"), 3), "half past two does not exist on the 28th: it is half past three then")
	require.Equal(t, []string{"2027-10-30T00:30:00Z", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"},
		coming(t, series(t, daily, "2027-10-30", "02:30"), 3), "and twice on the 31st: the first time counts")
}

func TestASeriesGoesNoOtherWayThanItsOwn(t *testing.T) {
	c := series(t, weekly(), "2026-11-03", "10:00")
	step := func(next campaign.Campaign, err error) {
		t.Helper()
		require.NoError(t, err)
		c = next
	}
	step(c.Checked("hr", monday))
	step(c.Launched("hr", monday))
	require.True(t, c.Goes())
	_, err := c.Paused("hr", monday)
	require.Error(t, err, "there is nothing to pause before the first day")
	step(c.Going(monday))
	require.Equal(t, campaign.Running, c.State)
	require.False(t, c.Locked())
	step(c.Paused("hr", monday))
	require.False(t, c.Goes())
	step(c.Resumed("hr", monday))
	written := c.Content
	written.Name = "Other"
	step(c.Write(written, "hr", monday))
	require.Equal(t, campaign.Running, c.State, "another name changes nothing")
	written.At++
	step(c.Write(written, "hr", monday))
	require.Equal(t, campaign.Draft, c.State, "what was edited makes nothing until it was looked at again")
	step(c.Checked("hr", monday))
	step(c.Launched("hr", monday))
	require.Equal(t, campaign.Running, c.State, "it had begun")
	step(c.CalledOff("hr", monday))
	require.True(t, c.State.Final())
	require.True(t, c.Withdrawn, "it has no invitations to take back")
	require.True(t, c.Locked())
}

func TestAnOccurrenceHasTheContentOfItsDayAndAnIDOfItsOwn(t *testing.T) {
	c := series(t, weekly(), "2026-11-03", "10:00")
	d := recurrence.Day{Rule: day(t, "2026-11-14"), On: day(t, "2026-11-16")}
	o := c.Occurrence(d, 3, monday)
	require.Equal(t, campaign.OccurrenceID(c.ID, "2026-11-14"), o.ID)
	require.Equal(t, "2026-11-16 2026-11-21", o.Content.On.String()+" "+o.Content.Until.String())
	require.Equal(t, "2026-11-20", o.EndingBefore(day(t, "2026-11-21")).Content.Until.String(), "a day off brought the next one near")
	require.Equal(t, o, o.EndingBefore(day(t, "2026-11-22")))
	require.Equal(t, o, o.EndingBefore(clock.Date{}))
	require.False(t, o.Recurs())
	require.Equal(t, campaign.Scheduled, o.State)
	again := o
	again.Content.Recurrence = c.Content.Recurrence
	require.Equal(t, []campaign.Problem{{Field: "recurrence.frequency", Code: campaign.Fixed}},
		again.Problems(day(t, "2026-11-10"), campaign.Known{Questionnaire: true, Unit: true, DayOff: weekend}), "it never becomes a series")

	m := c.Collector(day(t, "2028-02-10"), 4, monday)
	require.Equal(t, "2028-03-05", m.Content.Until.String(), "the month, and five days")
	c.Run = 2
	require.NotEqual(t, m.ID, c.Collector(day(t, "2028-02-11"), 5, monday).ID, "another launch has another")
}

func TestWhatNobodyCouldAnswerAnyMoreIsTooLate(t *testing.T) {
	r := weekly()
	r.AnswerDays = 1
	c := series(t, r, "2026-11-03", "10:00")
	at := func(text string) time.Time {
		instant, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return instant
	}
	p := campaign.Planned{Day: recurrence.Day{Rule: c.Content.On, On: c.Content.On}, Due: at("2026-11-03T09:00:00Z")}
	require.False(t, c.TooLate(p, at("2026-11-04T22:59:59Z")))
	require.True(t, c.TooLate(p, at("2026-11-04T23:00:00Z")), "its last day is over in Paris")
	c.Content.Recurrence.AnswerDays = 10
	require.False(t, c.TooLate(p, at("2026-11-05T09:00:00Z")))
	require.True(t, c.TooLate(p, at("2026-11-05T09:00:01Z")), "and two days are the grace")
}

func TestDaysLeftOutInARowAreToldTogetherAndTheLastOnesOnly(t *testing.T) {
	c := campaign.Campaign{}
	first := day(t, "2026-11-01")
	for n := range 10 {
		c = c.Passing(first.AddDays(n), campaign.Missed)
	}
	require.Equal(t, []campaign.LeftOut{{On: first, To: first.AddDays(9), Why: campaign.Missed}}, c.Course.LeftOut)
	for n := range 100 {
		c = c.Passing(first.AddDays(20+2*n), campaign.DayOff)
	}
	require.Len(t, c.Course.LeftOut, 24)
	require.Equal(t, c.Course.Passed, c.Course.LeftOut[23].On)
}

// A series is lived through for two years by a clock that jumps, HR who pauses, resumes and edits at any point, and a process that
// dies after any step. Whatever happens, each day of the rule is made once, or it was not to be: the service was away for too long,
// the series was paused, being edited or ended, or the day was off.
func TestWhateverHappensADayOfASeriesIsMadeOnceOrSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := recurrence.Recurrence{AnswerDays: 2, Calendar: &recurrence.Calendar{
			Frequency:   rapid.SampledFrom([]recurrence.Frequency{recurrence.Weekly, recurrence.Monthly}).Draw(t, "frequency"),
			SkipDaysOff: rapid.Bool().Draw(t, "skip"),
		}}
		c := series(t, r, "2026-11-0"+string(rune('3'+rapid.IntRange(0, 5).Draw(t, "first"))), "10:00")
		zone, err := clock.Zone("Europe/Paris")
		require.NoError(t, err)
		now := monday
		made := map[string]time.Time{} // by id: what a database would hold
		except := map[clock.Date]bool{}
		wake := func(dies bool) {
			for c.Goes() {
				planned, err := c.Coming(weekend)
				require.NoError(t, err)
				var next campaign.Planned
				for next = range planned {
					break
				}
				if next.Due.IsZero() || next.Due.After(now) {
					return
				}
				if next.Why == "" && !c.TooLate(next, now) {
					require.False(t, except[next.Rule], "HR left it out")
					o := c.Occurrence(next.Day, len(made)+1, now)
					if _, twice := made[o.ID]; !twice {
						made[o.ID] = now
						require.False(t, next.Due.After(now), "nothing before its time")
					}
					if dies {
						return // before it was noted
					}
					if c.State == campaign.Scheduled {
						c, err = c.Going(now)
						require.NoError(t, err)
					}
					c = c.Passing(next.Rule, "")
					continue
				}
				require.Equal(t, except[next.Rule] && !next.LeftOut, next.Why == campaign.ByHR)
				c = c.Passing(next.Rule, cmp.Or(next.Why, campaign.Missed))
			}
		}
		try := func(next campaign.Campaign, err error) {
			if err == nil {
				c = next
			}
		}
		try(c.Checked("hr", now))
		try(c.Launched("hr", now))
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			before := maps.Clone(made)
			step := rapid.SampledFrom([]string{
				"hours", "days", "days", "weeks", "back", "dies", "pause", "resume", "edit", "leave out", "keep",
			}).Draw(t, "step")
			switch step {
			case "hours":
				now = now.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "n")) * time.Hour)
			case "days":
				now = now.Add(24 * time.Hour)
			case "weeks":
				now = now.AddDate(0, 0, rapid.IntRange(3, 40).Draw(t, "n"))
			case "back":
				now = now.Add(-time.Duration(rapid.IntRange(1, 400).Draw(t, "n")) * time.Hour)
			case "dies":
				wake(true)
				wake(true) // and once more, as the next process would
			case "pause":
				try(c.Paused("hr", now))
			case "resume":
				try(c.Resumed("hr", now))
				require.LessOrEqual(t, len(made), len(before))
			case "leave out", "keep":
				ahead := now.AddDate(0, 0, rapid.IntRange(-10, 60).Draw(t, "ahead"))
				for day, last := clock.DateOf(ahead, zone), clock.DateOf(ahead.AddDate(0, 0, 31), zone); day.Before(last); day = day.AddDays(1) {
					next, err := c.LeaveOut(day, step == "leave out", weekend, "hr", now)
					if err != nil {
						continue
					}
					require.Equal(t, c.State, next.State)
					c, except[day] = next, step == "leave out"
					break
				}
			case "edit":
				written := c.Content
				written.Audience.UnitID += "0"
				try(c.Write(written, "hr", now))
				try(c.Checked("hr", now))
				try(c.Launched("hr", now))
			}
			wake(false)
			for id, at := range before {
				require.Equal(t, at, made[id], "what was made stays as it was made")
			}
		}

		// From now on nothing goes wrong any more: every day comes.
		try(c.Resumed("hr", now))
		if !c.Goes() {
			return
		}
		today := clock.DateOf(now, zone)
		planned, err := series(t, r, c.Content.On.String(), "10:00").Content.Recurrence.Calendar.Planned(c.Content.On, weekend)
		require.NoError(t, err)
		var want []string
		for d := range planned {
			if d.On.After(today.AddDays(200)) {
				break
			}
			// Where the clock went back behind the last launch or resumption, what is due before that is not made up.
			if due := clock.LocalInstant(d.On, c.Content.At, zone); due.Before(c.Course.From) {
				continue
			}
			if d.Rule.After(today) && d.Rule.After(c.Course.Passed) && !d.LeftOut && !except[d.Rule] {
				want = append(want, campaign.OccurrenceID(c.ID, d.Rule.String()))
			}
		}
		for range 210 * 2 {
			now = now.Add(12 * time.Hour)
			wake(false)
		}
		for _, id := range want {
			require.Contains(t, made, id, "no day is forgotten")
		}
	})
}
