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

// Plan returns the talks that the people's facts change. known holds the talks of these people and, at a baseline, of
// everybody who shares a manager with them.
func Plan(occasion Occasion, people []Person, known []Talk) []Talk {
	diary := newDiary(known)
	// The order of people in an event means nothing; that of their ids' hashes is as good and always the same.
	people = slices.SortedFunc(slices.Values(people), func(x, y Person) int {
		return cmp.Or(cmp.Compare(hash(x.ID), hash(y.ID)), cmp.Compare(x.ID, y.ID))
	})

	var changed []Talk
	for _, p := range people {
		today := occasion.today(p.Zone)
		t, exists := diary.talks[p.ID]
		if exists && t.PersonVersion >= p.Version {
			continue
		}
		told := true
		if exists {
			t, told = t.follow(p, today)
		} else {
			t = first(p, occasion, today, diary)
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

// first plans the first talk of a person: a rhythm after the first day, or where that is behind a rhythm from now, or
// at a baseline on the manager's freest day until then.
func first(p Person, occasion Occasion, today clock.Date, diary *diary) Talk {
	t := Talk{EmployeeID: p.ID, ManagerID: p.ManagerID, LastDay: p.LastDay, PersonVersion: p.Version}
	due := WorkingDay(p.HiredOn.AddDays(Rhythm))
	switch {
	case due.After(today):
		t.PlannedOn = due
	case occasion.Baseline && p.ManagerID != "":
		t.PlannedOn = diary.freest(p, workingDays(today, Rhythm))
	default:
		t.PlannedOn = WorkingDay(today.AddDays(Rhythm))
	}
	return t
}

// diary knows the talks of some people and how many each manager has on a day.
type diary struct {
	talks map[string]Talk
	load  map[appointment]int
}

type appointment struct {
	managerID string
	day       clock.Date
}

func newDiary(known []Talk) *diary {
	d := &diary{talks: make(map[string]Talk, len(known)), load: make(map[appointment]int, len(known))}
	for _, t := range known {
		d.enter(t)
	}
	return d
}

func (d *diary) enter(t Talk) {
	if before, known := d.talks[t.EmployeeID]; known {
		d.load[appointment{before.ManagerID, before.PlannedOn}]--
	}
	d.talks[t.EmployeeID] = t
	d.load[appointment{t.ManagerID, t.PlannedOn}]++
}

// freest returns the day on which the person's manager has the fewest talks. Of equally free days the person's id
// chooses, so that small teams are spread over all of them too.
func (d *diary) freest(p Person, days []clock.Date) clock.Date {
	start := int(hash(p.ID) % uint64(len(days)))
	best := days[start]
	for i := range days {
		day := days[(start+i)%len(days)]
		if d.load[appointment{p.ManagerID, day}] < d.load[appointment{p.ManagerID, best}] {
			best = day
		}
	}
	return best
}

func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // never fails, says hash.Hash
	return h.Sum64()
}
