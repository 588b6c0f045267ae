package importing

import (
	"slices"

	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/unit"
)

// EditError says which field of a unit cannot be as wanted.
type EditError struct{ Field, Reason string }

// Error gives the reason.
func (e *EditError) Error() string { return e.Field + ": " + e.Reason }

// Edit makes the unit what is wanted: its id and version are those of the known one. What it keeps is its code.
func Edit(known State, want unit.Unit, opt Options) (Plan, error) {
	was, _ := known.tree().Get(want.ID)
	want.Code = was.Code
	want, err := settle(known, was, want, opt)
	if err != nil || was == want {
		return Plan{}, err
	}
	want.Version++
	return changing(known, opt, want), nil
}

// Create adds the unit that is wanted. A name that files used for a unit which was merged is its own from then on.
func Create(known State, want unit.Unit, opt Options) (Plan, error) {
	want.ID, want.Version = opt.NewID(), 1
	want, err := settle(known, unit.Unit{}, want, opt)
	if err != nil {
		return Plan{}, err
	}
	return changing(known, opt, want), nil
}

// settle applies the rules of the tree to a unit that was, or is new, and shall be as wanted.
func settle(known State, was, want unit.Unit, opt Options) (unit.Unit, error) {
	tree := known.tree()
	calendar, ok := opt.calendar(want.Holidays)
	if !ok {
		return want, &EditError{"holiday_calendar", "must be a country such as FR, or a part of it such as FR-57"}
	}
	want.Holidays = calendar
	parent, placed := tree.Get(want.ParentID)
	coded, taken := tree.Coded(want.Code)
	switch {
	case fold.Text(want.Name) == "":
		return want, &EditError{"name", "must not be empty"}
	case taken && coded.ID != want.ID:
		return want, &EditError{"code", "must not be the code of another unit"}
	case want.TimeZone != "" && !unit.ValidZone(want.TimeZone):
		return want, &EditError{"time_zone", "must be an IANA time zone such as Europe/Paris"}
	case (was.Kind == unit.Company) != (want.Kind == unit.Company):
		return want, &EditError{"kind", "must stay: there is one company, and it stays the company"}
	case want.Kind == unit.Company && want.ParentID != "":
		return want, &EditError{"parent_id", "must be empty for the company"}
	case want.Kind != unit.Company && !placed:
		return want, &EditError{"parent_id", "must be a unit"}
	case want.Kind != unit.Company && slices.Contains(tree.Path(parent.ID), want.ID):
		return want, &EditError{"parent_id", "must not stand beneath the unit itself"}
	case want.Kind != unit.Company && !parent.Kind.Holds(want.Kind):
		return want, &EditError{"parent_id", "must be a unit that is larger"}
	}
	for _, u := range known.Units {
		switch {
		case u.ParentID == want.ID && !want.Kind.Holds(u.Kind):
			return want, &EditError{"kind", "must be large enough for the units beneath"}
		case u.ID == want.ID || fold.Text(u.Name) != fold.Text(want.Name):
		case (u.Kind == unit.Team) == (want.Kind == unit.Team) && (u.Kind != unit.Team || u.ParentID == want.ParentID):
			return want, &EditError{"name", "must not be the name of another unit: people are placed by it"}
		}
	}
	return want, nil
}

// calendar understands the name of a calendar of public holidays; false for what can be none.
func (opt Options) calendar(text string) (string, bool) {
	name, ok := unit.ParseHolidays(text)
	return name, ok || opt.Calendars.Has(text)
}

func changing(known State, opt Options, units ...unit.Unit) Plan {
	return Plan{Units: units, Changes: reach(known, units, opt)}
}

// reach finds the people whose place or time zone changes with the units above them: others decide on these facts. Whoever was
// in a unit that is merged into another is in that one, and was all the time: nobody arrives anywhere.
func reach(known State, changed []unit.Unit, opt Options) []Change {
	before := unit.NewTree(known.Units)
	all := make(map[string]unit.Unit, len(known.Units)+len(changed))
	for _, u := range known.Units {
		all[u.ID] = u
	}
	for _, u := range changed {
		all[u.ID] = u // what is merged is no unit of the tree any more
	}
	after := unit.NewTree(collect(all))
	type place struct {
		unit            string
		path            []string
		zone            string
		moved, newHours bool
	}
	places := map[string]place{}
	var changes []Change
	for _, someone := range known.People {
		at, seen := places[someone.UnitID]
		if !seen {
			at = place{unit: after.Meant(someone.UnitID)}
			at.path, at.zone = after.Path(at.unit), after.ZoneOf(at.unit)
			at.moved = !slices.Equal(at.path, before.Path(someone.UnitID))
			at.newHours = at.zone != before.ZoneOf(someone.UnitID)
			places[someone.UnitID] = at
		}
		if !at.moved && (someone.TimeZone != "" || !at.newHours) {
			continue
		}
		c := Change{Person: someone, Replaces: someone.Version, Tells: Tells{Updated: true}, UnitPath: at.path, TimeZone: someone.TimeZone}
		c.Person.Version++
		c.Person.History = nil
		if at.unit != someone.UnitID {
			c.Person.UnitID = at.unit
			wrong, _ := before.Get(someone.UnitID)
			c.Person.History = []person.Entry{{On: opt.AsOf, NotedOn: opt.AsOf, What: person.UnitCorrected, From: wrong.Name, To: at.unit}}
		}
		if c.TimeZone == "" {
			c.TimeZone = at.zone
		}
		if c.TimeZone == "" {
			c.TimeZone = opt.TimeZone
		}
		changes = append(changes, c)
	}
	return changes
}
