package electorate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/services/barometer/internal/cell"
)

// Electorate is who may vote, divided into cells.
type Electorate struct {
	Organisation Organisation
	Cells        []cell.Cell
	// Electors are all who may vote; nobody where there are no cells.
	Electors []Elector
	// Total is how many people there are, cells or not.
	Total int
}

// Elector is somebody who may vote.
type Elector struct {
	PersonID string
	// UnitID is where the person works, CellID the unit in whose cell they vote.
	UnitID, CellID string
}

// Now divides everybody who is employed on their own today into cells. Somebody of a unit that is not known yet counts in the
// nearest one above that is.
func Now(ctx context.Context, register *people.Register, now time.Time) (Electorate, error) {
	units, err := register.Units(ctx)
	if err != nil {
		return Electorate{}, fmt.Errorf("reading the organisation: %w", err)
	}
	e := Electorate{Organisation: NewOrganisation(units)}
	eligible := map[string]int{}
	var all []Elector
	for person, err := range register.All(ctx) {
		if err != nil {
			return Electorate{}, fmt.Errorf("reading who may vote: %w", err)
		}
		if person.Employed(clock.DateOf(now, person.Location())) {
			unit := e.Organisation.Nearest(person.UnitPath)
			eligible[unit]++
			all = append(all, Elector{PersonID: person.ID, UnitID: unit})
		}
	}
	e.Total = len(all)
	e.Cells = cell.Divide(e.Organisation.Root, e.Organisation.Nodes, eligible, cell.Minimum)
	if len(e.Cells) == 0 {
		return e, nil
	}
	votesIn := map[string]string{}
	for _, c := range e.Cells {
		votesIn[c.UnitID] = c.UnitID
		for _, unit := range c.Merged {
			votesIn[unit] = c.UnitID
		}
	}
	for i := range all {
		all[i].CellID = votesIn[all[i].UnitID]
	}
	// They are written down in this order and stay in it: whoever finds another one later sees that something was written again.
	slices.SortFunc(all, func(x, y Elector) int { return strings.Compare(x.PersonID, y.PersonID) })
	e.Electors = all
	return e, nil
}
