package people

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/clock"
)

// LeastLed is how many people a unit needs beside its manager before the manager may read figures about it: five answers that
// two people gave would tell of each of them.
const LeastLed = 5

// Leads tells whether everybody who works in a unit, or in one below it, reports directly to the manager, who may be one of
// them, and whether they are LeastLed or more. Then what is told of the unit is told of the manager's own team.
func (r *Register) Leads(ctx context.Context, managerID, unitID string, on clock.Date) (bool, error) {
	units, err := r.Units(ctx)
	if err != nil {
		return false, err
	}
	led, alone, err := r.led(ctx, managerID, below(units, unitID), on)
	return alone && led >= LeastLed, err
}

// LedUnits are the units that the manager leads; see Leads.
func (r *Register) LedUnits(ctx context.Context, managerID string, on clock.Date) ([]Unit, error) {
	reports, err := r.Reports(ctx, managerID)
	if err != nil {
		return nil, err
	}
	units, err := r.Units(ctx)
	if err != nil {
		return nil, err
	}
	var found []Unit
	seen := map[string]bool{}
	for _, person := range reports {
		if !person.Employed(on) {
			continue
		}
		// Whoever does not lead a unit alone leads none around it either.
		for _, id := range slices.Backward(person.UnitPath) {
			if seen[id] {
				break
			}
			seen[id] = true
			led, alone, err := r.led(ctx, managerID, below(units, id), on)
			if err != nil {
				return nil, err
			}
			if !alone {
				break
			}
			if i := slices.IndexFunc(units, func(u Unit) bool { return u.ID == id }); i >= 0 && led >= LeastLed {
				found = append(found, units[i])
			}
		}
	}
	return found, nil
}

// led counts those in the units who report to the manager. Alone is false when somebody there, apart from the manager, does not.
func (r *Register) led(ctx context.Context, managerID string, unitIDs []string, on clock.Date) (led int, alone bool, err error) {
	if managerID == "" {
		return 0, false, nil
	}
	members := read[Person](ctx, r.people, bson.D{{Key: "unit_id", Value: bson.D{{Key: "$in", Value: unitIDs}}}})
	for person, err := range members {
		switch {
		case err != nil:
			return 0, false, err
		case !person.Employed(on), person.ID == managerID:
		case person.ManagerID != managerID:
			return 0, false, nil
		default:
			led++
		}
	}
	return led, true, nil
}

// below is a unit and all beneath it.
func below(units []Unit, id string) []string {
	ids := []string{id}
	for i := 0; i < len(ids); i++ {
		for _, unit := range units {
			if unit.ParentID == ids[i] && !slices.Contains(ids, unit.ID) {
				ids = append(ids, unit.ID)
			}
		}
	}
	return ids
}
