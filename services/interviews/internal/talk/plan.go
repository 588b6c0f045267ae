package talk

import (
	"cmp"
	"hash/fnv"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
)

// Occasion is what made talks to be planned.
type Occasion struct {
	// Cause names it, the same each time it is redone.
	Cause string
	// At is when it happened.
	At time.Time
	// AsOf is the date that the facts are of; At counts where it is later.
	AsOf clock.Date
	// Baseline says that the people were there long before Jalon: their first talks are spread over one rhythm, so that
	// no manager has to hold them all at once.
	Baseline bool
}

func (o Occasion) today(zone *time.Location) clock.Date {
	today := clock.DateOf(o.At, zone)
	if o.AsOf.After(today) {
		return o.AsOf
	}
	return today
}

// Around is what planning a talk depends on besides the person whose it is.
type Around struct {
	// Known are the planned talks of the people, and those in which their managers are.
	Known []Talk
	// Managers by id; of whom nothing is known, nothing stands in the way.
	Managers map[string]Person
	// Last are the last four-weekly talks, held or not, of people who have none planned.
	Last map[string]Talk
}

func (a Around) manager(id string) Person {
	if m, known := a.Managers[id]; known {
		return m
	}
	return Person{ID: id}
}

// Plan returns the talks that the people's facts change: the first four-weekly ones of those who have none, those that have to follow
// another manager, a leave or an end, and those that a manager started and that do not take place after a last day.
func Plan(occasion Occasion, people []Person, around Around) []Talk {
	diary := newDiary(around.Known)
	changed := hear(occasion, people, around.Known)
	for _, p := range inOrder(people) {
		today := occasion.today(p.location())
		t, exists := diary.talks[p.ID]
		if exists && t.PersonVersion >= p.Version {
			continue
		}
		manager := around.manager(p.ManagerID)
		told := true
		switch last := around.Last[p.ID]; {
		case exists:
			diary.erase(t)
			t, told = t.follow(p, manager, today, diary)
		case last.State.Counts(): // whoever heard of it ended before the next one was planned
			t = after(last, p, manager, today, diary)
		default:
			t = first(p, manager, occasion, today, diary)
			t.Number = last.Number + 1
			t.ID = ID(p.ID, t.Number)
		}
		if told {
			t.ChangedBy = occasion.Cause
		}
		t.Version++
		diary.enter(t)
		changed = append(changed, t)
	}
	return changed
}

// hear returns those of the talks that managers started whose employees' facts are news. Their date and manager stay.
func hear(occasion Occasion, people []Person, known []Talk) (changed []Talk) {
	byID := make(map[string]Person, len(people))
	for _, p := range people {
		byID[p.ID] = p
	}
	for _, t := range known {
		p, there := byID[t.EmployeeID]
		if !there || t.Kind == EI2D || t.State != Planned || t.PersonVersion >= p.Version {
			continue
		}
		next := t
		next.take(p)
		next.ManagerID, next.Zone = t.ManagerID, t.Zone
		next.Version++
		if next.Takes() != t.Takes() {
			next.ChangedBy = occasion.Cause
			next.Sequence++
		}
		changed = append(changed, next)
	}
	return changed
}

// PlanManaged returns those of the talks with a manager that have to move because of what is news about the manager: a leave, other
// working days. employees are the other ones of the talks, by id.
func PlanManaged(occasion Occasion, manager Person, talks []Talk, employees map[string]Person, around Around) []Talk {
	diary := newDiary(slices.Concat(around.Known, talks))
	var changed []Talk
	for _, t := range talks {
		employee, known := employees[t.EmployeeID]
		if t.Kind != EI2D || !t.Stands() || !known {
			continue
		}
		diary.erase(t)
		moved := t.keepOrMove(employee, manager, occasion.today(t.Location()), diary)
		diary.enter(moved)
		if moved.Sequence != t.Sequence {
			moved.ChangedBy = occasion.Cause
			moved.Version++
			changed = append(changed, moved)
		}
	}
	return changed
}

// inOrder sorts people by their ids' hashes: their order in an event means nothing, and this one is always the same.
func inOrder(people []Person) []Person {
	return slices.SortedFunc(slices.Values(people), func(x, y Person) int {
		return cmp.Or(cmp.Compare(hash(x.ID), hash(y.ID)), cmp.Compare(x.ID, y.ID))
	})
}

// first plans the first talk of a person: a rhythm after the first day, or where that is behind a rhythm from now, or at a baseline
// on the manager's freest day until then.
func first(p, manager Person, occasion Occasion, today clock.Date, diary *diary) Talk {
	t := Talk{Kind: EI2D, State: Planned}
	t.take(p)
	t.DueOn = p.HiredOn.AddDays(p.rhythm())
	if !t.DueOn.After(today) {
		t.DueOn = today.AddDays(p.rhythm())
		if on, ok := diary.spreadOver(p, manager, today); ok && occasion.Baseline && manager.ID != "" {
			t.DueOn, t.PlannedOn, t.StartsAt, t.Reason = on, on, diary.time(p, manager, on, 0), First
			return t
		}
	}
	t.PlannedOn, t.StartsAt, t.Reason = diary.place(p, manager, t.DueOn, today.AddDays(1), 0)
	if t.Reason == Regular {
		t.Reason = First
	}
	return t
}

// follow returns the talk by the newer facts; it is in no diary meanwhile. told says whether those concerned are told: when or with
// whom has changed, or whether it takes place at all.
func (t Talk) follow(p, manager Person, today clock.Date, diary *diary) (next Talk, told bool) {
	next = t
	next.take(p)
	handedOver := next.ManagerID != t.ManagerID
	if handedOver {
		next.Proposal = nil
		next.Sequence++
		next.Reason = next.Reason.handedOver()
	}
	next = next.keepOrMove(p, manager, today, diary)
	switch {
	case handedOver && next.PlannedOn != t.PlannedOn:
		next.Reason = NewManager
	case handedOver && next.Reason == t.Reason.handedOver():
		next.Reason = t.Reason
		if next.Takes() && !next.PlannedOn.Before(today) { // the new manager may have another talk then
			next.StartsAt = diary.time(p, manager, next.PlannedOn, t.StartsAt)
		}
	}
	if t.Zone != next.Zone && next.Takes() && next.Reason != Agreed && next.PlannedOn == t.PlannedOn && !next.PlannedOn.Before(today) {
		next.StartsAt = diary.time(p, manager, next.PlannedOn, next.StartsAt) // by other clocks it is another instant
	}
	if (t.Takes() != next.Takes() || t.Zone != next.Zone) && next.Sequence == t.Sequence {
		next.Sequence++
	}
	return next, next.Sequence != t.Sequence && (t.Takes() || next.Takes())
}

// handedOver is the reason for the date while it is not known whether another manager can keep it, who agreed on nothing.
func (r Reason) handedOver() Reason {
	if r == Agreed {
		return NewManager
	}
	return r
}

// keepOrMove keeps the date of a talk if both are there, and puts it on another day if not. A leave that is over brings it back. The
// talk itself is in no diary meanwhile.
func (t Talk) keepOrMove(p, manager Person, today clock.Date, diary *diary) Talk {
	both := t.keeps(p) && (manager.ID == "" || t.keeps(manager) && !manager.left(t.PlannedOn))
	waiting := t.Reason == Waits
	apart, slack := t.apart()
	if !t.Stands() || t.PlannedOn.Before(today) && !waiting || both && !waiting && !apart {
		return t
	}
	on, at, why := diary.place(p, manager, t.DueOn, today.AddDays(notice), t.StartsAt)
	switch {
	case why == Waits && !waiting:
		t.Reason, t.Proposal = Waits, nil
		t.Sequence++
	case why == Waits, both && !waiting && on.DaysUntil(t.PlannedOn) <= slack:
	case waiting || on != t.PlannedOn || at != t.StartsAt:
		t.move(on, at, why)
	}
	return t
}

// apart tells that a leave keeps the two of a talk from meeting when it is due, and by how many days it may be later than on the first
// day after that: where the manager had enough talks on the day of the return, that is some, and no reason to move it once more.
func (t Talk) apart() (is bool, slack int) {
	if t.Reason == Spread {
		return t.DueOn.DaysUntil(t.PlannedOn) > later, earlier + later
	}
	return t.Reason == Leave, 0
}

// keeps tells whether one of the two can keep the date. What they agreed on, a weekend or a day off does not undo, for they knew of it.
func (t Talk) keeps(p Person) bool {
	if t.Reason == Agreed {
		return !p.away(t.PlannedOn)
	}
	return p.there(t.PlannedOn)
}

// Next plans the four-weekly talk after one that was held.
func Next(held Talk, employee Person, around Around, now time.Time) Talk {
	today := clock.DateOf(now, employee.location())
	next := after(held, employee, around.manager(employee.ManagerID), today, newDiary(around.Known))
	next.ChangedBy = held.ID
	next.Version = 1
	return next
}

func after(held Talk, employee, manager Person, today clock.Date, diary *diary) Talk {
	next := Talk{Kind: EI2D, State: Planned, Number: held.Number + 1, ID: ID(held.EmployeeID, held.Number+1)}
	next.take(employee)
	next.LastHeldOn, next.DueOn = held.HeldOn, held.HeldOn.AddDays(employee.rhythm())
	next.PlannedOn, next.StartsAt, next.Reason = diary.place(employee, manager, next.DueOn, today.AddDays(notice), held.StartsAt)
	return next
}

// Again brings the next talk forward because the one before turned out not to have been held. Doing it again changes nothing.
func (t Talk) Again(contested Talk, employee Person, around Around, now time.Time) Talk {
	if t.Number != contested.Number+1 || t.State != Planned || t.LastHeldOn != contested.HeldOn {
		return t
	}
	today := clock.DateOf(now, employee.location())
	diary := newDiary(around.Known)
	diary.erase(t)
	t.LastHeldOn, t.DueOn, t.Proposal = contested.LastHeldOn, contested.DueOn, nil
	on, at, why := diary.place(employee, around.manager(employee.ManagerID), t.DueOn, today.AddDays(notice), t.StartsAt)
	t.move(on, at, why)
	t.ChangedBy = contested.ID + "/contested"
	t.Version++
	return t
}

func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // never fails, says hash.Hash
	return h.Sum64()
}
