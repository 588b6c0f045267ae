// Package unit is the tree of the organisation: company, region, store, team.
package unit

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"jalon.dev/services/directory/internal/fold"
)

// Kind is what a unit is.
type Kind string

// The kinds of units, from the top down.
const (
	Company Kind = "company"
	Region  Kind = "region"
	Store   Kind = "store"
	Team    Kind = "team"
)

// Unit is a node of the tree.
type Unit struct {
	ID       string
	Version  int64
	Name     string
	Kind     Kind
	Code     string // HR's own; empty: no units file has named it
	ParentID string // empty for the company
	TimeZone string // IANA; empty: the parent's
	Holidays string // the calendar of public holidays, such as "FR-57"; empty: the parent's
	Unplaced bool   // an import had to invent it, and nobody has said yet where it belongs
	// MergedInto is set for a unit that was a mistake: the one that was meant. It is no unit any more; only its name, and its
	// code, still lead to the other.
	MergedInto string
}

// ParseKind understands the words that files use; false for others.
func ParseKind(s string) (Kind, bool) {
	switch strings.Join(fold.Words(s), " ") {
	case "company", "entreprise", "societe", "groupe", "group", "enseigne", "siege social", "organisation", "organization":
		return Company, true
	case "region", "direction regionale", "area", "secteur", "zone", "district", "division":
		return Region, true
	case "store", "magasin", "site", "etablissement", "point de vente", "shop", "boutique", "location", "agence", "entrepot", "warehouse", "office":
		return Store, true
	case "team", "equipe", "service", "rayon", "department", "departement":
		return Team, true
	}
	return "", false
}

// Holds tells whether units of the kind may stand beneath the parent's kind: nothing stands beneath what is smaller.
func (k Kind) Holds(child Kind) bool {
	rank := map[Kind]int{Company: 0, Region: 1, Store: 2, Team: 3}
	return child != Company && rank[k] <= rank[child]
}

var calendar = regexp.MustCompile(`^[A-Z]{2}(-[A-Z0-9]{1,10})?$`)

// ParseHolidays understands the name of a calendar of public holidays: a country, and a part of it where its holidays differ.
func ParseHolidays(s string) (string, bool) {
	switch name := strings.ToUpper(strings.TrimSpace(s)); strings.Join(fold.Words(s), " ") {
	case "france":
		return "FR", true
	case "alsace moselle", "alsace", "moselle", "fr alsace moselle", "fr alsace", "fr moselle", "bas rhin", "haut rhin":
		return "FR-57", true
	default:
		return name, name == "" || calendar.MatchString(name)
	}
}

// KindOf guesses the kind of an establishment that nobody has placed: a regional office is called so.
func KindOf(name string) Kind {
	if words := fold.Words(name); len(words) > 0 && words[0] == "region" {
		return Region
	}
	return Store
}

// Tree answers questions about all units, those that were merged into others left out. It is built once and added to; it is not for concurrent change.
type Tree struct {
	byID     map[string]Unit
	children map[childKey]string
	sites    map[string]string // establishments, wherever they stand, by folded name
	codes    map[string]string // all units that have one, by folded code
	company  string
	merged   merged
}

type childKey struct{ parent, name string }

// NewTree holds the units. Their order does not matter, not even between equal names: the smaller id is found.
func NewTree(units []Unit) *Tree {
	t := &Tree{byID: make(map[string]Unit, len(units)), children: make(map[childKey]string, len(units)), sites: map[string]string{}, codes: map[string]string{}}
	sorted := slices.SortedFunc(slices.Values(units), func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) })
	for _, u := range sorted {
		if u.MergedInto == "" {
			t.Add(u)
		}
	}
	t.merged = newMerged(sorted)
	return t
}

// Add enters a unit; a name that is taken stays with whoever had it.
func (t *Tree) Add(u Unit) {
	t.byID[u.ID] = u
	name := fold.Text(u.Name)
	if _, taken := t.children[childKey{u.ParentID, name}]; !taken {
		t.children[childKey{u.ParentID, name}] = u.ID
	}
	if _, taken := t.sites[name]; !taken && u.Kind != Team {
		t.sites[name] = u.ID
	}
	if u.Code != "" {
		t.codes[fold.Text(u.Code)] = u.ID
	}
	if u.Kind == Company && t.company == "" {
		t.company = u.ID
	}
}

// Company is the root; false as long as there is none.
func (t *Tree) Company() (Unit, bool) {
	u, ok := t.byID[t.company]
	return u, ok
}

// Get returns the unit with the id.
func (t *Tree) Get(id string) (Unit, bool) {
	u, ok := t.byID[id]
	return u, ok
}

// Site finds an establishment by name, wherever HR has placed it since; where nothing has the name, by code, and last by the name
// or the code of one that was merged into it.
func (t *Tree) Site(name string) (Unit, bool) {
	if u, ok := t.Named(name); ok {
		return u, true
	}
	if u, ok := t.Coded(name); ok {
		return u, u.Kind != Team
	}
	if u, ok := t.meant(t.merged.sites[fold.Text(name)]); ok {
		return u, true
	}
	u, ok := t.MergedCode(name)
	return u, ok && u.Kind != Team
}

// Named finds an establishment by its own name.
func (t *Tree) Named(name string) (Unit, bool) { return t.Get(t.sites[fold.Text(name)]) }

// Coded finds a unit by HR's code.
func (t *Tree) Coded(code string) (Unit, bool) {
	if code == "" {
		return Unit{}, false
	}
	return t.Get(t.codes[fold.Text(code)])
}

// Child finds a unit by name beneath its parent, or one into which a unit of that name was merged there.
func (t *Tree) Child(parent, name string) (Unit, bool) {
	if u, ok := t.Get(t.children[childKey{parent, fold.Text(name)}]); ok {
		return u, true
	}
	return t.meant(t.merged.children[childKey{parent, fold.Text(name)}])
}

// Path lists the ids from the company down to the unit, both included; empty for an unknown unit.
func (t *Tree) Path(id string) []string {
	var path []string
	for u, ok := t.Get(id); ok && !slices.Contains(path, u.ID); u, ok = t.Get(u.ParentID) {
		path = append(path, u.ID)
	}
	slices.Reverse(path)
	return path
}

// ZoneOf is the time zone of the nearest unit upwards that has one.
func (t *Tree) ZoneOf(id string) string {
	path := t.Path(id)
	for _, up := range slices.Backward(path) {
		if zone := t.byID[up].TimeZone; zone != "" {
			return zone
		}
	}
	return ""
}

// Children lists the units right beneath the unit, by id.
func (t *Tree) Children(id string) []Unit {
	var children []Unit
	for _, u := range t.byID {
		if u.ParentID == id && u.ID != id {
			children = append(children, u)
		}
	}
	slices.SortFunc(children, func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) })
	return children
}

// Below lists the ids of the unit and of all units beneath it.
func (t *Tree) Below(id string) []string {
	var ids []string
	for candidate := range t.byID {
		if slices.Contains(t.Path(candidate), id) {
			ids = append(ids, candidate)
		}
	}
	slices.Sort(ids)
	return ids
}

// All lists the units from the top down, by name among siblings.
func (t *Tree) All() []Unit {
	depth := make(map[string]int, len(t.byID))
	all := make([]Unit, 0, len(t.byID))
	for id, u := range t.byID {
		depth[id] = len(t.Path(id))
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b Unit) int {
		return cmp.Or(cmp.Compare(depth[a.ID], depth[b.ID]), strings.Compare(fold.Text(a.Name), fold.Text(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// ValidZone tells whether name is an IANA time zone that this program knows. The machine's own zone is none.
func ValidZone(name string) bool {
	if name == "" || name == "Local" {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
