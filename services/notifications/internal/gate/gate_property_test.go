package gate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
	"jalon.dev/services/notifications/internal/gate"
)

// inside is the model of a window: what a person sees on the wall.
func inside(r gate.Rules, t time.Time, p gate.Person) bool {
	date, wall := clock.DateOf(t, p.Zone), clock.TimeOfDayOf(t, p.Zone)
	hours, working := r.Window.Week[date.Weekday()]
	if !working || wall < hours.From || wall >= hours.To || r.Calendars[p.Calendar](date) {
		return false
	}
	for _, away := range p.Absent {
		if !date.Before(away.From) && !date.After(away.To) {
			return false
		}
	}
	own := p.Preferences
	return !slices.Contains(own.DaysOff, date.Weekday()) && (own.To == 0 || own.From <= wall && wall < own.To)
}

// over is the model of the caps: would one more of the kind at t make too many in a period that ends there?
func over(caps []gate.Cap, kind gate.Kind, t time.Time, history []gate.Past) bool {
	return slices.ContainsFunc(caps, func(c gate.Cap) bool {
		n := 0
		for _, past := range history {
			if t.Sub(past.At) < c.Period && counts(c, past.Kind) {
				n++
			}
		}
		return n >= c.Messages && counts(c, kind)
	})
}

// counts is the model of what a cap is about: one kind, or all that ask something.
func counts(c gate.Cap, kind gate.Kind) bool {
	return c.Kind == kind || c.Kind == "" && kind != gate.Appointment
}

func anyZone(t *rapid.T) *time.Location {
	name := rapid.SampledFrom([]string{
		"Europe/Paris", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca",
		"Africa/Cairo", "Asia/Beirut", "America/Havana", "Indian/Reunion", "Pacific/Apia", "America/St_Johns",
	}).Draw(t, "zone")
	zone, err := clock.Zone(name)
	require.NoError(t, err)
	return zone
}

// anyInstant likes the weeks in which clocks change, ends of months, leap days, and Samoa's lost day.
func anyInstant(t *rapid.T) time.Time {
	start := rapid.SampledFrom([]time.Time{
		time.Date(2026, time.March, 24, 0, 0, 0, 0, time.UTC),
		time.Date(2026, time.October, 20, 0, 0, 0, 0, time.UTC),
		time.Date(2026, time.April, 20, 0, 0, 0, 0, time.UTC),
		time.Date(2026, time.December, 20, 0, 0, 0, 0, time.UTC),
		time.Date(2028, time.February, 22, 0, 0, 0, 0, time.UTC),
		time.Date(2027, time.January, 28, 0, 0, 0, 0, time.UTC),
		time.Date(2011, time.December, 27, 0, 0, 0, 0, time.UTC),
	}).Draw(t, "week")
	return start.Add(time.Duration(rapid.IntRange(0, 14*24*60*60).Draw(t, "seconds")) * time.Second)
}

func anyKind(t *rapid.T) gate.Kind { return rapid.SampledFrom(gate.Kinds()).Draw(t, "kind") }

func anyRules(t *rapid.T) gate.Rules {
	rules := gate.DefaultRules()
	if rapid.Bool().Draw(t, "other hours") {
		rules.Window.Week = map[time.Weekday]gate.Hours{}
		for _, day := range rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 1, 7, rapid.ID).Draw(t, "weekdays") {
			from := rapid.IntRange(4*60, 16*60).Draw(t, "from")
			to := rapid.IntRange(from+30, 22*60).Draw(t, "to")
			rules.Window.Week[time.Weekday(day)] = gate.Hours{From: clock.TimeOfDay(from), To: clock.TimeOfDay(to)}
		}
	}
	if rapid.Bool().Draw(t, "other caps") {
		rules.Caps = nil
		for range rapid.IntRange(0, 3).Draw(t, "caps") {
			rules.Caps = append(rules.Caps, gate.Cap{
				Kind:     rapid.SampledFrom(append(gate.Kinds(), "")).Draw(t, "limited kind"),
				Messages: rapid.IntRange(1, 5).Draw(t, "cap"),
				Period:   time.Duration(rapid.IntRange(1, 40*24).Draw(t, "cap hours")) * time.Hour,
			})
		}
	}
	require.NoError(t, rules.Validate())
	return rules
}

// anyPerson has leaves around now and choices that leave some time.
func anyPerson(t *rapid.T, now time.Time, rules gate.Rules) gate.Person {
	person := gate.Person{
		Zone: anyZone(t), Calendar: rapid.SampledFrom([]string{holidays.France, holidays.AlsaceMoselle}).Draw(t, "calendar"),
	}
	today := clock.DateOf(now, person.Zone)
	for range rapid.IntRange(0, 2).Draw(t, "leaves") {
		from := today.AddDays(rapid.IntRange(-20, 20).Draw(t, "leave in"))
		person.Absent = append(person.Absent, gate.Period{From: from, To: from.AddDays(rapid.IntRange(0, 400).Draw(t, "leave"))})
	}
	if rapid.Bool().Draw(t, "own hours") {
		own := gate.Preferences{}
		if rapid.Bool().Draw(t, "own times") {
			own.From = clock.TimeOfDay(rapid.IntRange(0, 20*60).Draw(t, "own from"))
			own.To = own.From + clock.TimeOfDay(rapid.IntRange(1, 10*60).Draw(t, "own length"))
		}
		for _, day := range rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 6, rapid.ID).Draw(t, "days off") {
			own.DaysOff = append(own.DaysOff, time.Weekday(day))
		}
		if own.Check(rules.Window) == nil {
			person.Preferences = own
		}
	}
	return person
}

func anyHistory(t *rapid.T, now time.Time) []gate.Past {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) gate.Past {
		ago := time.Duration(rapid.IntRange(0, 45*24*60).Draw(t, "minutes ago")) * time.Minute
		return gate.Past{At: now.Add(-ago), Kind: anyKind(t)}
	}), 0, 8).Draw(t, "history")
}

func TestNobodyIsAskedOutsideTheirHoursWhileAwayOrOverACap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, rules := anyInstant(t), anyRules(t)
		person, history, message := anyPerson(t, now, rules), anyHistory(t, now), gate.Message{Kind: anyKind(t)}

		got := gate.Decide(now, person, history, message, rules)

		allowed := inside(rules, now, person) && !over(rules.Caps, message.Kind, now, history)
		if got.Verdict == gate.LetThrough {
			require.True(t, allowed)
			return
		}
		require.False(t, allowed, "deferred although allowed")
		require.Equal(t, gate.Deferred, got.Verdict)
		require.True(t, got.Until.After(now), "a deferral lies ahead")
		require.True(t, inside(rules, got.Until, person), "and inside the window: %s", got.Until.In(person.Zone))
		switch got.Reason {
		case gate.OverCap:
			require.True(t, over(rules.Caps, message.Kind, now, history))
		case gate.Absent, gate.Holiday, gate.OwnHours, gate.OutsideWindow:
			require.False(t, inside(rules, now, person))
		default:
			require.Fail(t, "no reason to defer", got.Reason)
		}
	})
}

func TestADeferredMessageGetsThroughAtTheTimeThatWasSaidAndNotBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, rules := anyInstant(t), anyRules(t)
		person, history, message := anyPerson(t, now, rules), anyHistory(t, now), gate.Message{Kind: anyKind(t)}
		first := gate.Decide(now, person, history, message, rules)
		if first.Verdict != gate.Deferred {
			return
		}
		require.Equal(t, gate.LetThrough, gate.Decide(first.Until, person, history, message, rules).Verdict)
		wait := int64(first.Until.Sub(now))
		sooner := now.Add(time.Duration(rapid.Int64Range(0, wait-1).Draw(t, "sooner")))
		require.NotEqual(t, gate.LetThrough, gate.Decide(sooner, person, history, message, rules).Verdict)
	})
}

func TestASteadyStreamOfMessagesNeverExceedsACapAndAllGetThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, rules := anyInstant(t), anyRules(t)
		person := anyPerson(t, now, rules)
		var shown []gate.Past
		for range rapid.IntRange(1, 12).Draw(t, "messages") {
			message := gate.Message{Kind: anyKind(t)}
			decision := gate.Decide(now, person, shown, message, rules)
			if decision.Verdict == gate.Deferred {
				now = decision.Until
				decision = gate.Decide(now, person, shown, message, rules)
			}
			require.Equal(t, gate.LetThrough, decision.Verdict)
			require.False(t, over(rules.Caps, message.Kind, now, shown))
			shown = append(shown, gate.Past{At: now, Kind: message.Kind})
		}
	})
}

// Reminders of talks and questions never stand in each other's way, whatever caps a company sets.
func TestTalksAndQuestionsDoNotCountAgainstEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, rules := anyInstant(t), anyRules(t)
		person, history, message := anyPerson(t, now, rules), anyHistory(t, now), gate.Message{Kind: anyKind(t)}
		likes := slices.DeleteFunc(slices.Clone(history), func(past gate.Past) bool {
			return (past.Kind == gate.Appointment) != (message.Kind == gate.Appointment)
		})
		require.Equal(t, gate.Decide(now, person, likes, message, rules), gate.Decide(now, person, history, message, rules))
	})
}

func TestAMessageWithAnExpiryIsNeverShownOrPlannedPastIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, rules := anyInstant(t), anyRules(t)
		person := anyPerson(t, now, rules)
		expires := now.Add(time.Duration(rapid.IntRange(-60, 10*24*60).Draw(t, "expires in minutes")) * time.Minute)

		message := gate.Message{Kind: anyKind(t), Expires: expires}
		if rapid.Bool().Draw(t, "waited") {
			message.Asked = now.Add(-time.Duration(rapid.IntRange(0, 10*24*60).Draw(t, "for minutes")) * time.Minute)
		}

		got := gate.Decide(now, person, anyHistory(t, now), message, rules)

		switch got.Verdict {
		case gate.LetThrough:
			requireTime(t, message, now)
		case gate.Deferred:
			requireTime(t, message, got.Until)
		case gate.Expired:
			require.Contains(t, []gate.Reason{gate.TooLate, gate.Absent}, got.Reason)
		}
	})
}

// requireTime is the model of what is worth showing: a question leaves a day, or half of the time that it had in all.
func requireTime(t *rapid.T, message gate.Message, shown time.Time) {
	left, had := message.Expires.Sub(shown), message.Expires.Sub(message.Asked)
	require.Positive(t, left)
	if message.Kind != gate.Appointment && left < 24*time.Hour {
		require.False(t, message.Asked.IsZero(), "less than a day to answer")
		require.GreaterOrEqual(t, left, had/2)
	}
}

// The order of two that wait never changes, and nobody is overtaken by what is asked for long after.
func TestNoMessageIsOvertakenForLong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := anyInstant(t)
		later := first.Add(gate.MaxOvertaking + time.Duration(rapid.IntRange(1, 1000).Draw(t, "minutes later"))*time.Minute)
		mine := gate.Rank(anyKind(t), first, rapid.Bool().Draw(t, "mine reminds"))
		other := gate.Rank(anyKind(t), later, rapid.Bool().Draw(t, "other reminds"))
		require.True(t, mine.Before(other))
	})
}
