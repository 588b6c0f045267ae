package importing

import (
	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/unit"
)

// Merge says that the unit was meant to be the other: a name mistyped in a file, which an import took for a unit of its own. Its
// people and units belong to the other one; where both have a unit of the same name beneath them, these were meant to be one as
// well. The unit stays on record, so that a file with the same mistake finds the one that was meant.
func Merge(known State, id, into string, opt Options) (Plan, error) {
	m := merging{tree: known.tree(), opt: opt}
	wrong, _ := m.tree.Get(id)
	right, ok := m.tree.Get(into)
	switch {
	case !ok, right.ID == wrong.ID:
		return Plan{}, &EditError{"into_id", "must be another unit"}
	case wrong.Kind == unit.Company:
		return Plan{}, &EditError{"into_id", "must be left alone for the company, beneath which everything stands"}
	case m.beneath(right.ID, wrong.ID):
		return Plan{}, &EditError{"into_id", "must not stand beneath the unit itself"}
	case wrong.Kind == unit.Team && m.establishment(wrong.ID) != m.establishment(right.ID):
		return Plan{}, &EditError{"into_id", "must be a team of the same establishment, or that establishment"}
	case wrong.Kind != unit.Team && right.Kind == unit.Team:
		return Plan{}, &EditError{"into_id", "must be no team: files name establishments and teams in columns of their own"}
	}
	if err := m.merge(wrong, right); err != nil {
		return Plan{}, err
	}
	return changing(known, opt, m.changed...), nil
}

// merging is one merge at work.
type merging struct {
	tree    *unit.Tree
	opt     Options
	changed []unit.Unit
}

func (m *merging) merge(wrong, right unit.Unit) error {
	for _, child := range m.tree.Children(wrong.ID) {
		if twin, ok := m.twin(child, right); ok {
			if err := m.merge(child, twin); err != nil {
				return err
			}
			continue
		}
		if !right.Kind.Holds(child.Kind) {
			return &EditError{"into_id", "must be large enough for the units beneath"}
		}
		child.ParentID = right.ID
		child.Version++
		m.changed = append(m.changed, child)
	}
	if right.Code == "" && wrong.Code != "" { // HR's own code was on the wrong one
		right.Code, wrong.Code = wrong.Code, ""
		right.Version++
		m.changed = append(m.changed, right)
	}
	wrong.MergedInto, wrong.Unplaced = right.ID, false
	wrong.Version++
	m.changed = append(m.changed, wrong)
	return nil
}

// twin finds the unit of the same name and sort beneath the right one.
func (m *merging) twin(child, right unit.Unit) (unit.Unit, bool) {
	for _, other := range m.tree.Children(right.ID) {
		if other.ID != child.ID && other.ID != child.ParentID && (other.Kind == unit.Team) == (child.Kind == unit.Team) && fold.Text(other.Name) == fold.Text(child.Name) {
			return other, true
		}
	}
	return unit.Unit{}, false
}

func (m *merging) beneath(id, above string) bool {
	for _, up := range m.tree.Path(id) {
		if up == above {
			return true
		}
	}
	return false
}

// establishment is the nearest unit upwards that is no team.
func (m *merging) establishment(id string) string {
	path := m.tree.Path(id)
	for i := len(path) - 1; i >= 0; i-- {
		if u, _ := m.tree.Get(path[i]); u.Kind != unit.Team {
			return u.ID
		}
	}
	return ""
}
