package page

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
)

// BarometerResults is what was published of a unit.
type BarometerResults struct {
	// None says that there is nothing to read: no edition is published, or nothing of the reader's.
	None bool
	Unit string
	Name string
	// Edition is the name of the edition; Editions are those to choose among.
	Edition  string
	Editions []Choice
	Path     []PlaceLink
	// CountedWith names the unit with which this one was counted, for want of ballots; then there is nothing else.
	CountedWith *PlaceLink
	TookPart    string
	Sentences   []string
	Themes      []ResultTheme
	ENPS        string
	ENPSHint    string
	// Below is the heat map of the units below; Columns are its headings.
	Columns []Column
	Below   []HeatRow
	Drivers []DriverView
	// ComparedWith is the edition before; empty where there is none.
	ComparedWith        string
	ScoresFrom, Details int
	File                string
}

// PlaceLink leads to a unit's results.
type PlaceLink struct{ Name, Href string }

// ResultTheme is a theme with its questions.
type ResultTheme struct {
	Code, Name string
	Bar        ShareBar
	Questions  []ResultQuestion
	Comments   []string
}

// ResultQuestion is a statement with what was answered.
type ResultQuestion struct {
	Text string
	Bar  ShareBar
	// Distribution is how many chose 1 to 5, in words; empty where it is not shown.
	Distribution string
}

// ShareBar is a favourable share as it is drawn and told.
type ShareBar struct {
	// Percent is the share, or a band; Told says all of it in words.
	Percent, Told string
	// Favourable, Neutral, Low and High are lengths out of 100: the parts, and the ends of the interval.
	Favourable, Neutral, Low, High float64
	// Band hides the parts: all or nearly all answered alike.
	Band   bool
	Change *ChangeView
	Place  string
}

// ChangeView is what became of a share.
type ChangeView struct{ Mark, Words, Told, Tone string }

// Column is a column of the heat map.
type Column struct {
	Name, Href string
	Sorted     bool
}

// HeatRow is a unit in the heat map.
type HeatRow struct {
	Name, Href string
	People     string
	Cells      []HeatCell
	ENPS       string
}

// HeatCell is a share; Level, from 0 to 9, is its colour.
type HeatCell struct {
	Percent, Told string
	Level         int
	Change        *ChangeView
}

// DriverView is how closely a theme goes with recommending.
type DriverView struct {
	Name, Told string
	// Length is out of 100.
	Length float64
}

func (r BarometerResults) title(ctx context.Context) string {
	if r.Name == "" {
		return t(ctx, "barometer_results.title")
	}
	return t(ctx, "barometer_results.of", "Unit", r.Name)
}

func length(x float64) string { return strconv.FormatFloat(max(0, min(100, x)), 'f', 1, 64) }

// sortedIf says of a column that the rows are in its order.
func sortedIf(sorted bool) templ.Attributes {
	if !sorted {
		return nil
	}
	return templ.Attributes{"aria-sort": "descending"}
}
