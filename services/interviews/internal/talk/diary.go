package talk

import (
	"cmp"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
)

const (
	// perDay is how many talks a manager has on a day before the next one is put on another.
	perDay = 2
	// earlier and later are how many days from its own day a talk is put at most so that the manager's are not stacked.
	earlier, later = 4, 10
	// notice is how many days ahead a date is set at least.
	notice = 2
	// apart is how long after one talk of somebody begins the next one may.
	apart = time.Hour
	// longestSearch is after how many days the search for a day on which both are there is given up.
	longestSearch = 120
)

// times are when talks begin, in the order in which they are taken: late enough in the morning and in the afternoon for both to
// have arrived, and never at lunch.
var times = []clock.TimeOfDay{10 * 60, 14 * 60, 11 * 60, 15 * 60, 16 * 60, 9 * 60}

// opens and closes are between which times a manager elsewhere can be met, by the clocks there.
const opens, closes = clock.TimeOfDay(9 * 60), clock.TimeOfDay(18 * 60)

// diary knows when people have talks.
type diary struct {
	talks map[string]Talk // planned four-weekly ones, by employee
	// load is how many talks somebody has on a day, and begins when they are: the two of a talk may live by different clocks.
	load   map[page]int
	begins map[string][]time.Time
}

type page struct {
	personID string
	on       clock.Date
}

// newDiary holds talks, each once: of one that is named twice, the first holds.
func newDiary(known []Talk) *diary {
	d := &diary{
		talks: make(map[string]Talk, len(known)), load: make(map[page]int, 2*len(known)), begins: make(map[string][]time.Time, 2*len(known)),
	}
	seen := make(map[string]bool, len(known))
	for _, t := range known {
		if !seen[t.ID] {
			seen[t.ID] = true
			d.enter(t)
		}
	}
	return d
}

// enter notes a talk in both people's diaries, in place of what was noted of the same talk before.
func (d *diary) enter(t Talk) {
	if t.State != Planned {
		return
	}
	if t.Kind == EI2D {
		if before, known := d.talks[t.EmployeeID]; known {
			d.erase(before)
		}
		d.talks[t.EmployeeID] = t
	}
	begins := t.Begins()
	for _, who := range [...]string{t.EmployeeID, t.ManagerID} {
		if who != "" {
			d.load[page{who, t.PlannedOn}]++
			d.begins[who] = append(d.begins[who], begins)
		}
	}
}

func (d *diary) erase(t Talk) {
	if t.Kind == EI2D {
		delete(d.talks, t.EmployeeID)
	}
	begins := t.Begins()
	for _, who := range [...]string{t.EmployeeID, t.ManagerID} {
		if i := slices.IndexFunc(d.begins[who], begins.Equal); i >= 0 {
			d.begins[who] = slices.Delete(d.begins[who], i, i+1)
			d.load[page{who, t.PlannedOn}]--
		}
	}
}

// time is the first time of the day at which neither has a talk, the usual one before all others, and one at which the manager is at work
// before one that suits the employee alone; where there is none, the two see for themselves.
func (d *diary) time(employee, manager Person, on clock.Date, usual clock.TimeOfDay) clock.TimeOfDay {
	candidates := times
	if usual > 0 {
		candidates = append([]clock.TimeOfDay{usual}, times...)
	}
	here, there := employee.location(), manager.location()
	best, found := candidates[0], false
	for _, at := range candidates {
		begins := clock.LocalInstant(on, at, here)
		if !d.isFree(employee.ID, begins) || !d.isFree(manager.ID, begins) {
			continue
		}
		if manager.Zone == "" || manager.Zone == employee.Zone || atWork(begins.In(there)) {
			return at
		}
		if !found {
			best, found = at, true
		}
	}
	return best
}

// atWork tells whether a talk that begins then lies in a day's work.
func atWork(begins time.Time) bool {
	at := clock.TimeOfDay(begins.Hour()*60 + begins.Minute())
	return at >= opens && at+clock.TimeOfDay(apart/time.Minute) <= closes
}

func (d *diary) isFree(personID string, begins time.Time) bool {
	return personID == "" || !slices.ContainsFunc(d.begins[personID], func(taken time.Time) bool {
		return begins.Sub(taken).Abs() < apart
	})
}

// place finds the day and the time of a talk that is due on a day: that day itself if both are there, else the next one on which
// they are, else, where the manager has enough talks on it, the freest of the days around it. notBefore bounds it; usual is the
// time that the two are used to, if any.
func (d *diary) place(employee, manager Person, due, notBefore clock.Date, usual clock.TimeOfDay) (on clock.Date, at clock.TimeOfDay, why Reason) {
	both := func(on clock.Date) bool { return employee.there(on) && (manager.ID == "" || manager.meets(on)) }
	on, why = due, Regular
	if on.Before(notBefore) {
		on, why = notBefore, LateNews
	}
	for range longestSearch {
		if both(on) {
			break
		}
		switch {
		case employee.away(on), manager.away(on), manager.left(on):
			why = Leave
		case why == Regular:
			why = DayOff
		}
		on = on.AddDays(1)
	}
	if !both(on) { // directory will tell of the return
		return due, d.time(employee, manager, due, usual), Waits
	}
	if freest := d.freest(manager.ID, on, func(day clock.Date) bool { return !day.Before(notBefore) && both(day) }); freest != on {
		on, why = freest, Spread
	}
	return on, d.time(employee, manager, on, usual), why
}

// freest is the day itself where the manager has few talks on it, else the nearest one around it with few, the later of two; where
// there is none, the one with the fewest.
func (d *diary) freest(managerID string, on clock.Date, possible func(clock.Date) bool) clock.Date {
	if managerID == "" || d.load[page{managerID, on}] < perDay {
		return on
	}
	best, least := on, d.load[page{managerID, on}]
	for away := 1; away <= later && least >= perDay; away++ {
		for _, days := range [...]int{away, -away} {
			day := on.AddDays(days)
			if load := d.load[page{managerID, day}]; days >= -earlier && load < least && possible(day) {
				best, least = day, load
			}
		}
	}
	return best
}

// spreadOver is the day, of the next ones up to a rhythm away on which both are there, on which the manager has the fewest talks.
// Of equally free days the employee's id chooses, so that small teams are spread over all of them too. ok is false where there is
// no such day.
func (d *diary) spreadOver(employee, manager Person, today clock.Date) (on clock.Date, ok bool) {
	var days []clock.Date
	for i := 1; i <= employee.rhythm(); i++ {
		if day := today.AddDays(i); employee.there(day) && manager.meets(day) {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return clock.Date{}, false
	}
	start := int(hash(employee.ID) % uint64(len(days)))
	days = append(days[start:len(days):len(days)], days[:start]...)
	return slices.MinFunc(days, func(x, y clock.Date) int {
		return cmp.Compare(d.load[page{manager.ID, x}], d.load[page{manager.ID, y}])
	}), true
}
