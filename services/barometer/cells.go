package barometer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/barometer/internal/cell"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
)

// cells implements barometerv1connect.BarometerServiceHandler.
type cells struct {
	register *people.Register
	clock    clock.Clock
}

// ListCells returns the cells that people would vote in if an edition were launched today.
func (c cells) ListCells(ctx context.Context, _ *barometerv1.ListCellsRequest) (*barometerv1.ListCellsResponse, error) {
	actor, _ := identity.FromContext(ctx)
	err := policy.Allow(actor, barometerv1connect.BarometerServiceListCellsProcedure, policy.Subject{})
	if err != nil {
		return nil, err
	}
	units, err := c.register.Units(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the organisation: %w", err)
	}
	now := c.clock.Now()
	tree := newOrganisation(units)
	eligible, total, err := c.eligible(ctx, now, tree)
	if err != nil {
		return nil, err
	}
	res := &barometerv1.ListCellsResponse{
		Minimum: cell.Minimum, AsOf: now.UTC().Format(time.RFC3339), TooFew: total < cell.Minimum,
	}
	if !res.GetTooFew() {
		res.Eligible = int32(total) // below the minimum even the whole is a small number
	}
	for _, divided := range cell.Divide(tree.root, tree.nodes, eligible, cell.Minimum) {
		res.Cells = append(res.Cells, tree.view(divided))
	}
	return res, nil
}

// eligible counts who is employed on their own today, by unit. Somebody of a unit that is not known yet counts in the
// nearest one above that is.
func (c cells) eligible(ctx context.Context, now time.Time, tree organisation) (byUnit map[string]int, total int, err error) {
	byUnit = map[string]int{}
	for person, err := range c.register.All(ctx) {
		if err != nil {
			return nil, 0, fmt.Errorf("counting who is eligible: %w", err)
		}
		if person.Employed(clock.DateOf(now, person.Location())) {
			byUnit[tree.nearest(person.UnitPath)]++
			total++
		}
	}
	return byUnit, total, nil
}

// organisation is the tree of units, by id.
type organisation struct {
	root  string
	units map[string]people.Unit
	nodes []cell.Unit
}

func newOrganisation(units []people.Unit) organisation {
	// Of several units that could be the company, any will do as long as it is always the same.
	slices.SortFunc(units, func(x, y people.Unit) int { return strings.Compare(x.ID, y.ID) })
	o := organisation{units: make(map[string]people.Unit, len(units))}
	for _, u := range units {
		o.units[u.ID] = u
		o.nodes = append(o.nodes, cell.Unit{ID: u.ID, ParentID: u.ParentID})
		if o.root == "" && u.Kind == "company" {
			o.root = u.ID
		}
	}
	return o
}

// nearest returns the lowest unit of the path that is known; the company where none is.
func (o organisation) nearest(path []string) string {
	for _, id := range slices.Backward(path) {
		if _, known := o.units[id]; known {
			return id
		}
	}
	return o.root
}

func (o organisation) view(c cell.Cell) *barometerv1.Cell {
	unit := o.units[c.UnitID]
	view := &barometerv1.Cell{
		UnitId: c.UnitID, UnitName: unit.Name, UnitKind: unit.Kind, UnitPath: o.path(c.UnitID), Eligible: int32(c.Eligible),
	}
	for _, id := range c.Merged {
		view.Merged = append(view.Merged, &barometerv1.MergedUnit{UnitId: id, UnitName: o.units[id].Name})
	}
	slices.SortStableFunc(view.GetMerged(), func(x, y *barometerv1.MergedUnit) int {
		return strings.Compare(x.GetUnitName(), y.GetUnitName())
	})
	return view
}

// path leads from the company down to the unit.
func (o organisation) path(id string) []string {
	var path []string
	for range len(o.units) { // a circle ends too
		unit, known := o.units[id]
		if !known {
			break
		}
		path = append(path, id)
		if id == o.root || unit.ParentID == "" {
			break
		}
		id = unit.ParentID
	}
	slices.Reverse(path)
	return path
}
