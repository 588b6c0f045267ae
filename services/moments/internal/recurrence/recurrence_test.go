package recurrence_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
	"jalon.dev/services/moments/internal/recurrence"
)

func day(t require.TestingT, text string) clock.Date {
	d, err := clock.ParseDate(text)
	require.NoError(t, err)
	return d
}

func never(clock.Date) bool { return false }

func weekend(d clock.Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

func french(d clock.Date) bool { return weekend(d) || holidays.French(d) }

// days are those of a rule until the end of the century.
func days(t require.TestingT, c recurrence.Calendar, first clock.Date) (all []clock.Date) {
	seq, err := c.From(first).Days(first)
	require.NoError(t, err)
	for d := range seq {
		if d.Year > 2100 {
			break
		}
		all = append(all, d)
	}
	return all
}

// byHand goes through every day of the century and keeps those that the words of a calendar mean: another way to the same days.
func byHand(c recurrence.Calendar, first clock.Date) (all []clock.Date) {
	every := max(c.Every, 1)
	months := func(d clock.Date) int { return 12*d.Year + int(d.Month) }
	last := func(d clock.Date) bool { return d.AddDays(1).Month != d.Month }
	kept := func(d clock.Date) bool {
		nth, firstNth := (d.Day+6)/7, (first.Day+6)/7
		switch {
		case c.By == recurrence.ByLastWeekday || c.By == recurrence.ByWeekday && firstNth == 5:
			return d.Weekday() == first.Weekday() && d.AddDays(7).Month != d.Month
		case c.By == recurrence.ByWeekday:
			return d.Weekday() == first.Weekday() && nth == firstNth
		case d.Day == first.Day:
			return true
		default:
			return !c.SkipShortMonths && last(d) && d.Day < first.Day
		}
	}
	for d := first; d.Year <= 2100; d = d.AddDays(1) {
		var is bool
		switch c.Frequency {
		case recurrence.Weekly:
			is = first.DaysUntil(d)%(7*every) == 0
		case recurrence.Monthly:
			is = (months(d)-months(first))%every == 0 && kept(d)
		default:
			is = d.Month == first.Month && (d.Year-first.Year)%every == 0 && kept(d)
		}
		if is {
			all = append(all, d)
		}
	}
	return all
}

// ending is what is left of days where a calendar ends.
func ending(c recurrence.Calendar, all []clock.Date) []clock.Date {
	for i, d := range all {
		if !c.Until.IsZero() && d.After(c.Until) || c.Count > 0 && i == c.Count {
			return all[:i]
		}
	}
	return all
}

func TestRulesGiveTheDaysThatTheirWordsMeanUntil2100(t *testing.T) {
	firsts := []string{
		"2026-11-03", "2026-01-01", "2026-12-31", "2027-01-29", "2027-01-30", "2027-01-31", "2028-02-29", "2026-02-28", "2026-06-30", "2026-03-29", "2026-10-25",
	}
	cases := 0
	for _, text := range firsts {
		first := day(t, text)
		for _, frequency := range []recurrence.Frequency{recurrence.Weekly, recurrence.Monthly, recurrence.Yearly} {
			for _, by := range []recurrence.By{"", recurrence.ByDay, recurrence.ByWeekday, recurrence.ByLastWeekday} {
				for _, skip := range []bool{false, true} {
					for _, every := range []int{0, 1, 2, 3, 5} {
						endless := recurrence.Calendar{Frequency: frequency, By: by, SkipShortMonths: skip, Every: every}
						all := byHand(endless, first)
						for _, end := range []recurrence.Calendar{{}, {Count: 7}, {Until: day(t, "2031-05-31")}} {
							c := endless
							c.Count, c.Until = end.Count, end.Until
							want := ending(c, all)
							require.Equal(t, want, days(t, c, first), "%s from %s", c.From(first).Rule, text)
							cases++
						}
					}
				}
			}
		}
	}
	t.Logf("%d rules", cases)
}

func TestARuleIsARuleOfRFC5545(t *testing.T) {
	for rule, c := range map[string]struct {
		recurrence.Calendar
		first string
	}{
		"FREQ=WEEKLY;INTERVAL=2;COUNT=10;BYDAY=TU":           {recurrence.Calendar{Frequency: recurrence.Weekly, Every: 2, Count: 10}, "2026-11-03"},
		"FREQ=MONTHLY;BYMONTHDAY=3":                          {recurrence.Calendar{Frequency: recurrence.Monthly}, "2026-11-03"},
		"FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1":    {recurrence.Calendar{Frequency: recurrence.Monthly}, "2027-01-31"},
		"FREQ=MONTHLY;BYMONTHDAY=31":                         {recurrence.Calendar{Frequency: recurrence.Monthly, SkipShortMonths: true}, "2027-01-31"},
		"FREQ=MONTHLY;UNTIL=20271231;BYDAY=1TU":              {recurrence.Calendar{Frequency: recurrence.Monthly, By: recurrence.ByWeekday, Until: clock.Date{Year: 2027, Month: 12, Day: 31}}, "2026-11-03"},
		"FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR":                 {recurrence.Calendar{Frequency: recurrence.Monthly, Every: 3, By: recurrence.ByWeekday}, "2027-01-29"},
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1": {recurrence.Calendar{Frequency: recurrence.Yearly}, "2028-02-29"},
		"FREQ=YEARLY;BYMONTH=11;BYDAY=-1TU":                  {recurrence.Calendar{Frequency: recurrence.Yearly, By: recurrence.ByLastWeekday}, "2026-11-03"},
		"":                                                   {recurrence.Calendar{Frequency: "daily"}, "2026-11-03"},
	} {
		require.Equal(t, rule, c.Calendar.From(day(t, c.first)).Rule)
	}
}

func TestWhatFallsOnADayOffIsMovedToTheNextWorkingDayOrLeftOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := day(t, "2026-01-01").AddDays(rapid.IntRange(0, 5000).Draw(t, "first"))
		c := recurrence.Calendar{
			Frequency: rapid.SampledFrom([]recurrence.Frequency{recurrence.Weekly, recurrence.Monthly, recurrence.Yearly}).Draw(t, "frequency"),
			By:        rapid.SampledFrom([]recurrence.By{recurrence.ByDay, recurrence.ByWeekday, recurrence.ByLastWeekday}).Draw(t, "by"),
			Every:     rapid.IntRange(0, 4).Draw(t, "every"), SkipDaysOff: rapid.Bool().Draw(t, "skip"), Count: 60,
		}.From(first)
		planned, err := c.Planned(first, french)
		require.NoError(t, err)
		rules, err := c.Days(first)
		require.NoError(t, err)
		want := slices.Collect(rules)
		for p := range planned {
			require.Equal(t, want[0], p.Rule, "no day of the rule is passed over in silence")
			want = want[1:]
			switch {
			case !french(p.Rule):
				require.Equal(t, recurrence.Day{Rule: p.Rule, On: p.Rule}, p)
			case c.SkipDaysOff:
				require.Equal(t, recurrence.Day{Rule: p.Rule, On: p.Rule, LeftOut: true}, p)
			default:
				require.False(t, french(p.On))
				for d := p.Rule; d.Before(p.On); d = d.AddDays(1) {
					require.True(t, french(d), "it is the next working day")
				}
			}
		}
		require.Empty(t, want)
	})
}

// A whole fortnight off moves two days of a weekly rule to the same one: it is kept once.
func TestTwoDaysThatComeToOneAreOne(t *testing.T) {
	first := day(t, "2026-12-08")
	closed := func(d clock.Date) bool { return !d.Before(day(t, "2026-12-14")) && d.Before(day(t, "2026-12-28")) }
	planned, err := recurrence.Calendar{Frequency: recurrence.Weekly, Count: 4}.From(first).Planned(first, closed)
	require.NoError(t, err)
	var on []string
	for p := range planned {
		on = append(on, p.On.String())
	}
	require.Equal(t, []string{"2026-12-08", "2026-12-28", "2026-12-29"}, on)
}

func TestEachDayOfAPersonLeadsToOneDayAndBack(t *testing.T) {
	for _, p := range []recurrence.PerPerson{{After: 1}, {After: 90}, {After: 1, Months: true}, {After: 6, Months: true}, {After: 12, Months: true}, {After: 13, Months: true}} {
		t.Run(fmt.Sprint(p.After, p.Months), func(t *testing.T) {
			led := map[clock.Date]int{}
			for due := day(t, "2026-01-01"); due.Year <= 2101; due = due.AddDays(1) {
				anchors := p.Anchors(due)
				require.True(t, slices.IsSortedFunc(anchors, clock.Date.Compare))
				for _, anchor := range anchors {
					require.Equal(t, due, p.Due(anchor))
					led[anchor]++
				}
			}
			for anchor := day(t, "2026-01-01"); anchor.Year <= 2099; anchor = anchor.AddDays(1) {
				require.Equal(t, 1, led[anchor], "whoever began on %s is asked once", anchor)
			}
		})
	}
}

func TestWhatIsWrongIsToldByField(t *testing.T) {
	first := day(t, "2026-11-03")
	weekly := func(change func(*recurrence.Recurrence)) recurrence.Recurrence {
		r := recurrence.Recurrence{AnswerDays: 5, Calendar: &recurrence.Calendar{Frequency: recurrence.Weekly}}
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		of   recurrence.Recurrence
		want []recurrence.Problem
		on   clock.Date
	}{
		"nothing": {of: weekly(func(*recurrence.Recurrence) {})},
		"a Monday brought near by Easter's": {
			of: weekly(func(r *recurrence.Recurrence) { r.AnswerDays = 6 }), on: day(t, "2027-03-22"),
		},
		"no frequency":        {of: recurrence.Recurrence{AnswerDays: 5}, want: []recurrence.Problem{{"frequency", recurrence.Missing}}},
		"no days":             {of: weekly(func(r *recurrence.Recurrence) { r.AnswerDays = 0 }), want: []recurrence.Problem{{"answer_days", recurrence.Missing}}},
		"overlapping answers": {of: weekly(func(r *recurrence.Recurrence) { r.AnswerDays = 7 }), want: []recurrence.Problem{{"answer_days", recurrence.Overlaps}}},
		"answers for too long": {
			of:   recurrence.Recurrence{AnswerDays: 61, PerPerson: &recurrence.PerPerson{Anchor: recurrence.Hire, After: 1}},
			want: []recurrence.Problem{{"answer_days", recurrence.TooLong}},
		},
		"the end before the first": {
			of:   weekly(func(r *recurrence.Recurrence) { r.Calendar.Until = day(t, "2026-11-02") }),
			want: []recurrence.Problem{{"until", recurrence.BeforeStart}},
		},
		"too rare and too many": {
			of:   weekly(func(r *recurrence.Recurrence) { r.Calendar.Every, r.Calendar.Count = 53, 501 }),
			want: []recurrence.Problem{{"every", recurrence.TooLarge}, {"count", recurrence.TooLarge}},
		},
		"always a public holiday": {
			of:   recurrence.Recurrence{AnswerDays: 5, Calendar: &recurrence.Calendar{Frequency: recurrence.Yearly, SkipDaysOff: true}},
			on:   day(t, "2027-05-01"),
			want: []recurrence.Problem{{"frequency", recurrence.Never}},
		},
		"always a Sunday": {
			of:   weekly(func(r *recurrence.Recurrence) { r.Calendar.SkipDaysOff = true }),
			on:   day(t, "2026-11-08"),
			want: []recurrence.Problem{{"frequency", recurrence.Never}},
		},
		"no anchor": {
			of:   recurrence.Recurrence{AnswerDays: 5, PerPerson: &recurrence.PerPerson{}},
			want: []recurrence.Problem{{"anchor", recurrence.Missing}, {"after", recurrence.Missing}},
		},
		"after a working life": {
			of:   recurrence.Recurrence{AnswerDays: 5, PerPerson: &recurrence.PerPerson{Anchor: recurrence.Talk, After: 121, Months: true}},
			want: []recurrence.Problem{{"after", recurrence.TooLarge}},
		},
	} {
		on := c.on
		if on.IsZero() {
			on = first
		}
		require.Equal(t, c.want, c.of.Check(on, french, 60), name)
	}
}

// A rule that is kept was written here; one that was damaged is not taken for another.
func TestARuleThatCannotBeReadIsSaid(t *testing.T) {
	_, err := recurrence.Calendar{Rule: "FREQ=HOURLY;SOMETHING"}.Days(day(t, "2026-11-03"))
	require.ErrorContains(t, err, "reading the rule")
	_, err = recurrence.Calendar{Rule: "FREQ=MONTHLY;BYMONTHDAY=40"}.Planned(day(t, "2026-11-03"), never)
	require.ErrorContains(t, err, "reading the rule")
}
