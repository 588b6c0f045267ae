// Package heat knows of the units right below one what orders them and finds them by name, so that a page of 50 out of 1,500 reads 50.
package heat

import (
	"cmp"
	"slices"
	"strings"

	"jalon.dev/pkg/fold"
	"jalon.dev/services/barometer/internal/publication"
)

// Unit is one of those below, as it was published.
type Unit struct {
	// ID is what the map is asked for, whatever it names.
	ID, Name, Kind string
	publication.Group
	// Detectable are the smallest changes that could be seen of its themes, in points; empty where nothing is compared.
	Detectable []float64
}

// Summary is about all units of a map.
type Summary struct {
	All int
	// Kind is that of all of them; empty where they are of several.
	Kind string
	// Rest says that one of them is what is left of the unit above.
	Rest bool
	// Reach is how far the shares reach to either side, and Detectable the smallest change that could be seen, in points: half of the
	// cells have less. 0 where there are none.
	Reach, Detectable float64
}

// Map is the units below one, in order of name.
type Map struct {
	Summary
	rows []row
}

// row is what a unit is ordered and found by.
type row struct {
	id, name string
	rest     bool
	// figures are the favourable shares of the themes, in percent, and then the recommendation.
	figures []float64
}

// New is the map of the units, which come in order of name.
func New(units []Unit) *Map {
	m := &Map{Summary: Summary{All: len(units)}, rows: make([]row, len(units))}
	var reach, seen []float64
	several := false
	for i, u := range units {
		r := row{id: u.ID, name: fold.Text(u.Name), rest: u.Rest, figures: make([]float64, 0, len(u.Themes)+1)}
		for _, f := range u.Themes {
			r.figures = append(r.figures, Shown(f))
			if share, err := u.Share(f); err == nil && !f.Band() {
				interval := share.Interval()
				reach = append(reach, 100*(interval.High-interval.Low)/2)
			}
		}
		r.figures = append(r.figures, float64(u.ENPS.Points))
		m.rows[i], seen = r, append(seen, u.Detectable...)
		switch {
		case u.Rest:
			m.Rest = true
		case m.Kind == "":
			m.Kind = u.Kind
		case m.Kind != u.Kind:
			several = true
		}
	}
	if several {
		m.Kind = ""
	}
	m.Reach, m.Detectable = middle(reach), middle(seen)
	return m
}

func middle(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}

// Wanted is which units are wanted, and in which order.
type Wanted struct {
	// By is the place of the figure that orders them, the lowest first: a theme, or after the themes the recommendation. By name where it
	// is ByName.
	By int
	// NameContains is what the name has in it, whatever its accents and capitals.
	NameContains string
	// Offset is how many are left out, and Limit how many there are at most.
	Offset, Limit int
}

// ByName is the order of names, in which what is left of the unit above comes last.
const ByName = -1

// Find returns the ids of the units that are wanted, and how many there would be without a limit.
func (m *Map) Find(want Wanted) (ids []string, found int) {
	query := fold.Text(strings.TrimSpace(want.NameContains))
	var rows []row
	for _, r := range m.rows {
		if strings.Contains(r.name, query) {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		if want.By == ByName {
			return cmp.Compare(last(a), last(b))
		}
		return cmp.Compare(a.figure(want.By), b.figure(want.By))
	})
	from := min(want.Offset, len(rows))
	for _, r := range rows[from:min(from+want.Limit, len(rows))] {
		ids = append(ids, r.id)
	}
	return ids, len(rows)
}

func last(r row) int {
	if r.rest {
		return 1
	}
	return 0
}

func (r row) figure(by int) float64 {
	if by >= len(r.figures) {
		return 0
	}
	return r.figures[by]
}

// Shown is the favourable share in percent as it may be compared: of a band its edge.
func Shown(f publication.Figure) float64 {
	n := max(f.Answers(), 1)
	edge := 10 * (10 * (n - 1) / n) // the share, in tens of percents, that all or all but one are
	switch {
	case !f.Band():
		return 100 * float64(f.Favourable) / float64(n)
	case f.Favourable > f.Neutral && f.Favourable > f.Unfavourable:
		return float64(edge)
	default:
		return float64(100 - edge)
	}
}
