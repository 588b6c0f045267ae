package main

import (
	"fmt"

	"jalon.dev/pkg/clock"
)

const (
	// rhythmDays lie between two four-weekly talks where HR set nothing else.
	rhythmDays = 28
	// noticeDays is how far ahead of the news a date lies at least.
	noticeDays = 2
	// spreadEarlier and spreadLater are how far from its day a talk is put at most because the manager's day is full.
	spreadEarlier, spreadLater = 4, 10
)

// dates checks the dates of talks that were planned or moved since the last look, and that nothing moved silently.
func (b *books) dates() error {
	for _, c := range b.moved {
		b.kept(dated)
		if c.before.ID != "" && c.Sequence <= c.before.Sequence {
			return b.broken(dated, "talk %s of %s moved from %s %s with %s to %s %s with %s, and its sequence is %d as before", c.ID, c.EmployeeID,
				c.before.PlannedOn, c.before.StartsAt, c.before.ManagerID, c.PlannedOn, c.StartsAt, c.ManagerID, c.Sequence)
		}
		if c.Kind != fourWeekly || !b.takes(c.talkDoc) || c.before.ID != "" && c.before.PlannedOn == c.PlannedOn && c.before.Reason == c.Reason {
			continue // another time or manager on the same day: see standing
		}
		if why := b.unexplained(c); why != "" {
			return b.broken(dated, "the talk of %s with %s, number %d, last held on %s, due on %s, is planned on %s for the reason %q (sequence %d, before: %s %q): %s",
				c.EmployeeID, c.ManagerID, c.Number, c.LastHeldOn, c.DueOn, c.PlannedOn, c.Reason, c.Sequence, c.before.PlannedOn, c.before.Reason, why)
		}
	}
	return nil
}

// unexplained says why a date does not follow from what was known of the two before or after the step, at any time of it; nothing
// where it does.
func (b *books) unexplained(c *course) (why string) {
	if c.Reason == "agreed" {
		if !b.agreedOn[agreedDate{c.ID, c.PlannedOn, c.StartsAt}] {
			return "the two agreed on no such date"
		}
		return ""
	}
	if held := b.lastHeld(c); held != c.LastHeldOn {
		return fmt.Sprintf("the last one was held on %s", held)
	}
	first := clock.DateOf(b.since, c.zone())
	for _, employee := range b.versions(c.EmployeeID) {
		for _, manager := range b.versions(c.ManagerID) {
			for today := first; !today.After(clock.DateOf(b.read, c.zone()).AddDays(1)); today = today.AddDays(1) {
				if why = b.explain(c, employee, manager, today); why == "" {
					return ""
				}
			}
		}
	}
	return why
}

// lastHeld is when the last four-weekly talk before this one was held, as far as anybody knows.
func (b *books) lastHeld(c *course) (on clock.Date) {
	number := 0
	for _, other := range b.talks {
		if other.Kind == fourWeekly && other.EmployeeID == c.EmployeeID && other.Number < c.Number && other.counts() && other.Number > number {
			number, on = other.Number, other.HeldOn
		}
	}
	return on
}

// explain says what is wrong with a date that was set on a day by what was known of the two; nothing where it is right.
func (b *books) explain(c *course, employee, manager facts, today clock.Date) string {
	t := c.talkDoc
	for _, f := range []facts{employee, manager} {
		if why := f.missing(t.PlannedOn); why != "" {
			return "one of the two " + why
		}
	}
	if t.DueOn != c.before.DueOn && !b.dueAgain(c) { // a rhythm that is set later does not change it
		if wrong := dueWrongly(t, employee, today); wrong != "" {
			return wrong
		}
	}
	earliest := today.AddDays(noticeDays)
	from := later(t.DueOn, earliest)
	base, ok := firstTogether(employee, manager, from, 200)
	if !ok {
		return "the two never meet"
	}
	right := false
	switch t.Reason {
	case "rhythm":
		right = t.PlannedOn == t.DueOn
	case "first":
		right = t.LastHeldOn.IsZero() && t.PlannedOn == t.DueOn
	case "spread", "new_manager":
		right = !t.PlannedOn.Before(later(base.AddDays(-spreadEarlier), today.AddDays(1))) && !t.PlannedOn.After(base.AddDays(spreadLater))
	case "day_off":
		right = t.PlannedOn == base && !t.DueOn.Before(today) && !awayWithin(employee, manager, from, base)
	case "leave":
		right = t.PlannedOn == base && awayWithin(employee, manager, from, base)
	case "late_news":
		right = t.PlannedOn == base && t.DueOn.Before(earliest)
	}
	if !right {
		return fmt.Sprintf("the first day from %s on which both are there is %s", from, base)
	}
	return ""
}

// dueAgain tells that the talk is due when the one before was, which was not held after all.
func (b *books) dueAgain(c *course) bool {
	for _, other := range b.talks {
		if other.EmployeeID == c.EmployeeID && other.Kind == fourWeekly && other.Number == c.Number-1 && other.State == "contested" {
			return other.DueOn == c.DueOn
		}
	}
	return false
}

// dueWrongly says what is wrong with the day that the rhythm names.
func dueWrongly(t talkDoc, employee facts, today clock.Date) string {
	want := t.LastHeldOn.AddDays(employee.rhythm)
	switch {
	case !t.LastHeldOn.IsZero() && t.DueOn != want:
		return fmt.Sprintf("it is due %d days after %s", employee.rhythm, t.LastHeldOn)
	case t.LastHeldOn.IsZero() && t.DueOn.After(later(employee.HiredOn, today).AddDays(employee.rhythm)):
		return "the first one is due a rhythm after the first day, or from now"
	default:
		return ""
	}
}

// awayWithin tells that one of the two is on leave on a day of the period, its end excluded.
func awayWithin(employee, manager facts, from, until clock.Date) bool {
	for day := from; day.Before(until); day = day.AddDays(1) {
		if employee.away(day) || manager.away(day) {
			return true
		}
	}
	return false
}
