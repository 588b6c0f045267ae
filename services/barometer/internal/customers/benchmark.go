package customers

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Benchmark is a score from elsewhere, entered by hand and shown beside our own. It is a number and where it comes from: the
// wording of licensed questions stays with whoever holds the licence.
type Benchmark struct {
	// Measure is the code of a theme, or a question of customers.
	Measure string `bson:"measure"`
	Source  string `bson:"source"`
	// Value is from 0 to 100: a favourable share, or a score on that scale. Of the recommendation it is an NPS, from −100.
	Value float64 `bson:"value"`
	Year  int     `bson:"year"`
	Note  string  `bson:"note,omitempty"`
}

const (
	longestSource = 80
	longestNote   = 500
	firstYear     = 1990
)

// FieldError says which entry is wrong, and what would be right.
type FieldError struct{ Field, Description string }

func (e *FieldError) Error() string { return e.Field + ": " + e.Description }

// NewBenchmark tidies what was entered, or says with a *FieldError what is wrong. Themes are the codes of the questionnaire's.
func NewBenchmark(entered Benchmark, themes []string, thisYear int) (Benchmark, error) {
	b := entered
	b.Measure, b.Source, b.Note = strings.TrimSpace(b.Measure), oneLine(b.Source), oneLine(b.Note)
	lowest := 0.0
	if Question(b.Measure) == Recommendation {
		lowest = -100
	}
	switch {
	case b.Measure == "" || (!slices.Contains(themes, b.Measure) && !slices.Contains(Questions(), Question(b.Measure))):
		return Benchmark{}, &FieldError{"measure", "must be a theme or a question of customers"}
	case b.Source == "" || utf8.RuneCountInString(b.Source) > longestSource:
		return Benchmark{}, &FieldError{"source", fmt.Sprintf("must have 1 to %d characters", longestSource)}
	case math.IsNaN(b.Value) || b.Value < lowest || b.Value > 100:
		return Benchmark{}, &FieldError{"value", fmt.Sprintf("must be from %.0f to 100", lowest)}
	case b.Year < firstYear || b.Year > thisYear:
		return Benchmark{}, &FieldError{"year", fmt.Sprintf("must be from %d to %d", firstYear, thisYear)}
	case utf8.RuneCountInString(b.Note) > longestNote:
		return Benchmark{}, &FieldError{"note", fmt.Sprintf("must have at most %d characters", longestNote)}
	}
	return b, nil
}
