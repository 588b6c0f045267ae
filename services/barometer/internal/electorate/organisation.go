// Package electorate says who may vote, and in which cell.
package electorate

import (
	"fmt"
	"slices"
	"strings"

	"jalon.dev/pkg/people"
	"jalon.dev/services/barometer/internal/cell"
)

// Organisation is the tree of units as it is at one moment.
type Organisation struct {
	// Root is the company's unit.
	Root string
	// Nodes are the units as cells are divided by them.
	Nodes []cell.Unit
	units map[string]people.Unit
}

// NewOrganisation is the tree of the units.
func NewOrganisation(units []people.Unit) Organisation {
	// Of several units that could be the company, any will do as long as it is always the same.
	slices.SortFunc(units, func(x, y people.Unit) int { return strings.Compare(x.ID, y.ID) })
	o := Organisation{units: make(map[string]people.Unit, len(units))}
	for _, u := range units {
		o.units[u.ID] = u
		o.Nodes = append(o.Nodes, cell.Unit{ID: u.ID, ParentID: u.ParentID})
		if o.Root == "" && u.Kind == "company" {
			o.Root = u.ID
		}
	}
	return o
}

// Unit is the unit with the id; zero where there is none.
func (o Organisation) Unit(id string) people.Unit { return o.units[id] }

// Names are the names of units by their ids, with the name of the unit above where several of them share one: every store has its tills.
func (o Organisation) Names(ids []string) map[string]string {
	sharing := map[string]int{}
	for _, id := range ids {
		sharing[o.Unit(id).Name]++
	}
	names := make(map[string]string, len(ids))
	for _, id := range ids {
		unit := o.Unit(id)
		names[id] = unit.Name
		if above, known := o.units[unit.ParentID]; known && sharing[unit.Name] > 1 {
			names[id] = fmt.Sprintf("%s (%s)", unit.Name, above.Name)
		}
	}
	return names
}

// Units are all of them, in order of id.
func (o Organisation) Units() []people.Unit {
	all := make([]people.Unit, len(o.Nodes))
	for i, n := range o.Nodes {
		all[i] = o.units[n.ID]
	}
	return all
}

// Nearest returns the lowest unit of the path that is known; the company where none is.
func (o Organisation) Nearest(path []string) string {
	for _, id := range slices.Backward(path) {
		if _, known := o.units[id]; known {
			return id
		}
	}
	return o.Root
}

// Path leads from the company down to the unit.
func (o Organisation) Path(id string) []string {
	var path []string
	for range len(o.units) { // a circle ends too
		unit, known := o.units[id]
		if !known {
			break
		}
		path = append(path, id)
		if id == o.Root || unit.ParentID == "" {
			break
		}
		id = unit.ParentID
	}
	slices.Reverse(path)
	return path
}
