package roster

import (
	"strings"
	"unicode"

	"jalon.dev/services/directory/internal/fold"
)

// headerKey is what remains of a header when punctuation, accents and case do not count.
func headerKey(s string) string {
	return strings.Join(strings.FieldsFunc(fold.Text(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+'
	}), " ")
}

// withoutRemark drops what stands in brackets at the end: "Date d'entrée (jj/mm/aaaa)".
func withoutRemark(header string) string {
	if open := strings.LastIndexAny(header, "(["); open > 0 && strings.ContainsAny(header[open:], ")]") {
		return header[:open]
	}
	return header
}

// layout says at which place of a record each field stands.
type layout struct {
	columns []column // in the order of their fields
	headers []string // as the file writes them
	place   []int    // by field; -1: the file has no such column
	header  []string // by field: as the file writes it, or our own name
	found   int
}

func readHeader(headers []string, known []column) layout {
	l := layout{columns: known, headers: headers, place: make([]int, len(known)), header: make([]string, len(known))}
	places := make(map[string]int, 2*len(headers))
	for _, as := range []func(string) string{func(h string) string { return h }, withoutRemark} {
		for i, h := range headers {
			if _, twice := places[headerKey(as(h))]; !twice {
				places[headerKey(as(h))] = i
			}
		}
	}
	taken := make(map[int]bool, len(headers))
	for _, c := range known {
		l.place[c.field], l.header[c.field] = -1, c.headers()[0]
		for _, h := range c.headers() {
			if at, ok := places[headerKey(h)]; ok && !taken[at] {
				l.take(c.field, at)
				taken[at] = true
				break
			}
		}
	}
	return l
}

func (l *layout) take(f Field, at int) {
	l.place[f], l.header[f] = at, Shorten(l.headers[at])
	l.found++
}

// unsure finds columns for the field by the headers that may mean it or something else.
func (l *layout) unsure(f Field) []int {
	var places []int
	for _, h := range l.columns[f].unsure {
		for at, header := range l.headers {
			if headerKey(header) == headerKey(h) && l.fieldAt(at) < 0 {
				places = append(places, at)
			}
		}
	}
	return places
}

// fieldAt is the meaning of the column at the place; -1: none.
func (l *layout) fieldAt(place int) Field {
	for f, at := range l.place {
		if at == place {
			return Field(f)
		}
	}
	return -1
}

// missing refuses a header that lacks a required column: it names the columns, what would do, and what was found.
func (l *layout) missing() *RefusalError {
	var names, forms []string
	for _, c := range l.columns {
		if c.required && l.place[c.field] < 0 {
			names = append(names, c.headers()[0])
			forms = append(forms, strings.Join(append(first(c.french, 4), first(c.english, 4)...), ", "))
		}
	}
	if len(names) == 0 {
		return nil
	}
	found := make([]string, len(l.headers))
	for i, h := range l.headers {
		found[i] = Shorten(h)
	}
	r := refuse(ColumnMissing, strings.Join(names, ", "), strings.Join(forms, "; "),
		"The header lacks the required column "+strings.Join(names, ", ")+"; it has: "+Shorten(strings.Join(found, ", "))+".")
	r.Problem.Line = 1
	r.Problem.Value = strings.Join(found, ", ")
	if len(r.Problem.Value) > 2000 {
		r.Problem.Value = Shorten(r.Problem.Value)
	}
	return r
}

func first(list []string, n int) []string { return append([]string{}, list[:min(n, len(list))]...) }

// french tells whether the header speaks French: dates that could be read both ways are then written day first.
func (l *layout) french() bool {
	for _, h := range l.headers {
		for _, word := range fold.Words(h) {
			switch word {
			case "nom", "prenom", "prenoms", "matricule", "etablissement", "embauche", "entree", "salarie":
				return true
			}
		}
	}
	return false
}
