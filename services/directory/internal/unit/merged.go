package unit

import "jalon.dev/services/directory/internal/fold"

// merged are the units that turned out to be others, by the names under which files may still speak of them.
type merged struct {
	byID     map[string]Unit
	sites    map[string]string // establishments, by folded name
	children map[childKey]string
	codes    map[string]string
}

func newMerged(units []Unit) merged {
	m := merged{byID: map[string]Unit{}, sites: map[string]string{}, children: map[childKey]string{}, codes: map[string]string{}}
	for _, u := range units {
		if u.MergedInto != "" {
			m.byID[u.ID] = u
		}
	}
	for _, u := range units {
		if u.MergedInto == "" {
			continue
		}
		if u.Kind == Team { // its name is its own beneath its parent only
			m.children[childKey{m.resolve(u.ParentID), fold.Text(u.Name)}] = u.ID
		} else {
			m.sites[fold.Text(u.Name)] = u.ID
		}
		if u.Code != "" {
			m.codes[fold.Text(u.Code)] = u.ID
		}
	}
	return m
}

// resolve follows merges to the unit that was meant.
func (m merged) resolve(id string) string {
	for range m.byID { // a circle ends too
		u, ok := m.byID[id]
		if !ok {
			break
		}
		id = u.MergedInto
	}
	return id
}

// Meant is the id of the unit that an id stands for: its own, or that of the one into which it was merged.
func (t *Tree) Meant(id string) string { return t.merged.resolve(id) }

func (t *Tree) meant(id string) (Unit, bool) { return t.Get(t.Meant(id)) }

// MergedCode finds the unit that was meant by a code of one that was merged into it.
func (t *Tree) MergedCode(code string) (Unit, bool) {
	if code == "" {
		return Unit{}, false
	}
	return t.meant(t.merged.codes[fold.Text(code)])
}

// Merged lists the units that were merged into others, in no order.
func (t *Tree) Merged() []Unit {
	all := make([]Unit, 0, len(t.merged.byID))
	for _, u := range t.merged.byID {
		all = append(all, u)
	}
	return all
}
