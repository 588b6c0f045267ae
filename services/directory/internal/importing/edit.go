package importing

import (
	"slices"

	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/unit"
)

// EditError says which field of a unit cannot be as wanted.
type EditError struct{ Field, Reason string }

// Error gives the reason.
func (e *EditError) Error() string { return e.Field + ": " + e.Reason }

// Edit makes the unit what is wanted: its id and version are those of the known one. What it keeps is its code.
func Edit(known State, want unit.Unit, opt Options) (Plan, error) {
	tree := unit.NewTree(known.Units)
	was, _ := tree.Get(want.ID)
	want.Code = was.Code
	holidays, ok := unit.ParseHolidays(want.Holidays)
	if !ok {
		return Plan{}, &EditError{"holiday_calendar", "must be a country such as FR, or a part of it such as FR-57"}
	}
	want.Holidays = holidays
	parent, placed := tree.Get(want.ParentID)
	switch {
	case fold.Text(want.Name) == "":
		return Plan{}, &EditError{"name", "must not be empty"}
	case want.TimeZone != "" && !unit.ValidZone(want.TimeZone):
		return Plan{}, &EditError{"time_zone", "must be an IANA time zone such as Europe/Paris"}
	case (was.Kind == unit.Company) != (want.Kind == unit.Company):
		return Plan{}, &EditError{"kind", "must stay: there is one company, and it stays the company"}
	case want.Kind == unit.Company && want.ParentID != "":
		return Plan{}, &EditError{"parent_id", "must be empty for the company"}
	case want.Kind != unit.Company && !placed:
		return Plan{}, &EditError{"parent_id", "must be a unit"}
	case want.Kind != unit.Company && slices.Contains(tree.Path(parent.ID), want.ID):
		return Plan{}, &EditError{"parent_id", "must not stand beneath the unit itself"}
	case want.Kind != unit.Company && !parent.Kind.Holds(want.Kind):
		return Plan{}, &EditError{"parent_id", "must be a unit that is larger"}
	}
	for _, u := range known.Units {
		switch {
		case u.ParentID == want.ID && !want.Kind.Holds(u.Kind):
			return Plan{}, &EditError{"kind", "must be large enough for the units beneath"}
		case u.ID == want.ID || fold.Text(u.Name) != fold.Text(want.Name):
		case (u.Kind == unit.Team) == (want.Kind == unit.Team) && (u.Kind != unit.Team || u.ParentID == want.ParentID):
			return Plan{}, &EditError{"name", "must not be the name of another unit: people are placed by it"}
		}
	}
	if was == want {
		return Plan{}, nil
	}
	want.Version++
	plan := Plan{Units: []unit.Unit{want}}
	plan.Changes = reach(known, plan.Units, opt)
	return plan, nil
}

// reach finds the people whose place or time zone changes with the units above them: others decide on these facts.
func reach(known State, changed []unit.Unit, opt Options) []Change {
	before := unit.NewTree(known.Units)
	all := make(map[string]unit.Unit, len(known.Units)+len(changed))
	for _, u := range known.Units {
		all[u.ID] = u
	}
	for _, u := range changed {
		all[u.ID] = u
	}
	after := unit.NewTree(collect(all))
	type place struct {
		path            []string
		zone            string
		moved, newHours bool
	}
	places := map[string]place{}
	var changes []Change
	for _, someone := range known.People {
		at, seen := places[someone.UnitID]
		if !seen {
			at = place{path: after.Path(someone.UnitID), zone: after.ZoneOf(someone.UnitID)}
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
