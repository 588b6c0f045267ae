package customers

import (
	"strings"
	"unicode"
)

// column is the meaning of a column. The columns of the questions come last, in the order of the panel.
type column int

const (
	waveColumn column = iota
	storeColumn
	respondentColumn
	firstQuestion
	columnCount = firstQuestion + 5
)

// columns gives, by column, our own word for it and then the headers by which it is known as well; see key for what does not
// count. The nearer the beginning, the surer: of a code and a name, the code is taken.
func columns() [columnCount][]string {
	return [columnCount][]string{
		waveColumn: {"wave", "vague", "panel wave", "vague d'enquête", "period", "période"},
		storeColumn: {
			"store", "store code", "code store", "code magasin", "magasin", "store name", "nom du magasin", "shop", "point de vente",
			"établissement",
		},
		respondentColumn: {
			"respondent", "répondant", "respondent id", "id répondant", "identifiant répondant", "identifiant du répondant",
			"numéro répondant", "numéro du répondant", "n° répondant", "n° de répondant", "respondent number", "customer", "client",
			"id",
		},
		firstQuestion: {
			string(OverallSatisfaction), "satisfaction globale", "satisfaction générale", "overall satisfaction score", "satisfaction",
		},
		firstQuestion + 1: {string(Welcome), "accueil", "qualité de l'accueil"},
		firstQuestion + 2: {
			string(Availability), "disponibilité", "disponibilité des vendeurs", "availability of staff", "availability of sellers",
			"staff availability",
		},
		firstQuestion + 3: {
			string(Competence), "compétence", "compétences", "compétence des vendeurs", "competence of staff", "competence of sellers",
			"staff competence",
		},
		firstQuestion + 4: {
			string(Recommendation), "recommend", "recommandation", "intention de recommandation", "likelihood to recommend", "nps",
		},
	}
}

// layout says where each column stands, and how the file calls it.
type layout struct {
	place   [columnCount]int // -1: nowhere
	headers []string
	doubled []string // headers of which the file has two, and which mean something
}

func readHeader(headers []string) layout {
	for len(headers) > 0 && key(headers[len(headers)-1]) == "" {
		headers = headers[:len(headers)-1] // a delimiter at the end of the line
	}
	l := layout{headers: headers}
	places := make(map[string][]int, len(headers))
	for i, h := range headers {
		k := withoutScale(key(h))
		places[k] = append(places[k], i)
	}
	for c, known := range columns() {
		l.place[c] = -1
		for _, h := range known {
			at := places[key(h)]
			if len(at) == 0 {
				continue
			}
			l.place[c] = at[0]
			if len(at) > 1 {
				l.doubled = append(l.doubled, headers[at[0]])
			}
			break
		}
	}
	return l
}

// withoutScale drops what a header says of the answers: recommend_0_10, Accueil (1 à 5), Compétence /5.
func withoutScale(key string) string {
	words := strings.Fields(key)
	for len(words) > 1 && isScale(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

func isScale(word string) bool {
	switch word {
	case "a", "to", "sur", "out", "of", "note", "score":
		return true
	}
	return !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) })
}

func (l layout) found() int {
	n := 0
	for _, at := range l.place {
		if at >= 0 {
			n++
		}
	}
	return n
}

// column is the header as the file writes it.
func (l layout) column(c column) string { return shorten(l.headers[l.place[c]]) }

// refusal says which columns are missing or doubled; nil: none is.
func (l layout) refusal(line int) *RefusalError {
	var r RefusalError
	var shown string
	if l.found() > 0 { // a line of which nothing is known may be no header but a customer's answers: it is not shown
		shown = shorten(strings.Join(l.headers, ", "))
	}
	for c, known := range columns() {
		if l.place[c] < 0 {
			r.Problems = append(r.Problems, Problem{
				Severity: Rejected, Line: line, Column: known[0], Code: ColumnMissing,
				Value: shown, Expected: strings.Join(known[:2], ", "),
			})
		}
	}
	for _, h := range l.doubled {
		r.Problems = append(r.Problems, Problem{Severity: Rejected, Line: line, Column: shorten(h), Code: ColumnDoubled})
	}
	if len(r.Problems) == 0 {
		return nil
	}
	return &r
}
