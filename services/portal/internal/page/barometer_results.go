package page

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
)

// BarometerResults is what was published of a unit.
type BarometerResults struct {
	// Console tells that the reader comes from the HR console; others come from their team.
	Console bool
	// Unpublished says that no edition has results yet.
	Unpublished bool
	Unit, Name  string
	// Edition is the name of the edition; Editions are those to choose among.
	Edition, EditionID string
	Editions           []Choice
	// ClosedOn is when the vote ended, written out.
	ClosedOn string
	// Path are the units above, the company first; those without an address are not the reader's.
	Path []Crumb
	// Own are the reader's units, where they are several.
	Own []Choice
	// CountedWith names the unit with which this one was counted, for want of ballots; then there is nothing else.
	CountedWith       *Crumb
	Ballots, Eligible int
	// Detailed says that distributions and comments may be shown.
	Detailed  bool
	Sentences []string
	Themes    []ResultTheme
	// Banded says that a figure is told as a band.
	Banded bool
	ENPS   *ENPSView
	// Heat are the units below; nil where there are none.
	Heat    *HeatMap
	Drivers []DriverView
	// ComparedWith is the edition before; empty where there is none.
	ComparedWith        string
	ScoresFrom, Details int
	// Workbook and Table are where the same is had as a file, with sheets and as one table.
	Workbook, Table string
	// Customers is what they said of the unit; nil where they were not asked. Crossing leads to them beside employees.
	Customers *CustomersSection
	Crossing  string
	// Marked says that a theme has a value from elsewhere.
	Marked bool
}

// ResultTheme is a theme with its questions.
type ResultTheme struct {
	Code, Name string
	Bar        ShareBar
	// Place is where the unit stands among those of its kind, ChangeTold how far the share went, in words; each may be empty.
	Place, ChangeTold string
	Questions         []ResultQuestion
	Comments          []string
}

// ResultQuestion is a statement with what was answered.
type ResultQuestion struct {
	Text string
	Bar  ShareBar
	// Distribution is empty where it is not shown.
	Distribution []AnswerColumn
}

// AnswerColumn is how many chose an answer; Height is out of 100.
type AnswerColumn struct {
	Answer, Count int
	Height        float64
}

// Band is what nearly all answered, where all or all but one did.
type Band int

// The bands.
const (
	NoBand Band = iota
	NearlyAllFor
	NearlyAllBetween
	NearlyAllAgainst
)

// ShareBar is a favourable share as it is drawn and told.
type ShareBar struct {
	// Percent is the share, or its band; Told says all parts, and how sure they are.
	Percent, Told string
	// Favourable and Neutral are lengths out of 100.
	Favourable, Neutral float64
	// Low and High are the ends of the interval, where one is Sure of it.
	Sure      bool
	Low, High float64
	// Band hides the parts; Edge is how much of the bar is certain.
	Band   Band
	Edge   float64
	Change *ChangeView
	// Marks are values from elsewhere.
	Marks []Mark
}

// ChangeView is what became of a share. Points are empty where they are not told.
type ChangeView struct{ Mark, Words, Points, Tone string }

// ENPSView is how many recommend, from −100 to 100.
type ENPSView struct {
	Points, Question string
	At               float64
	// Low to High is the interval, where one is Sure of it; From and To are the same as numbers.
	Sure      bool
	Low, High string
	From, To  float64
}

// DriverView is how closely a theme goes with recommending, from −1 to 1.
type DriverView struct {
	Name, R, Low, High string
	At, From, To       float64
	// Chance says that it may be nothing at all.
	Chance bool
}

// HeatMap is the units below, by theme.
type HeatMap struct {
	Unit, EditionID string
	Columns         []Column
	// Chosen says that the rows are in the order of a column.
	Chosen bool
	Rows   []HeatRow
	// All are the units, Found those that the search left; Searched says that they are many enough to be searched.
	All, Found int
	Searched   bool
	Query      string
	Next       string
	// Rest is the name of what is left of the unit; empty where nothing is.
	Rest string
	// Within is how far a share reaches to either side, Least the smallest change that is seen, in points, in the middle of the map.
	Within, Least string
	ComparedWith  string
}

// Column is a column of the heat map.
type Column struct {
	Code, Name, Href string
	Chosen           bool
}

// HeatRow is a unit in the heat map, or what is left of the unit, which has no address.
type HeatRow struct {
	Name, Href        string
	Ballots, Eligible int
	Cells             []HeatCell
}

// HeatCell is a share; Level, from 0 to 5, is its colour. Change is nil where nothing moved.
type HeatCell struct {
	Text   string
	Level  int
	Change *ChangeView
}

func (r BarometerResults) section() string {
	if r.Console {
		return "hr.barometer_results"
	}
	return "team"
}

func (r BarometerResults) title(ctx context.Context) string {
	return t(ctx, "barometer_results.of", "Unit", r.Name, "Edition", r.Edition)
}

func length(x float64) string { return strconv.FormatFloat(max(0, min(100, x)), 'f', 1, 64) + "%" }

// onScale is where a figure from −most to most lies on a line.
func onScale(x, most float64) string { return length(50 + 50*x/most) }

// heightOf is the top of a column of so much.
func heightOf(x float64) string { return length(100 - x) }

// sortedIf says of a column that the rows are in its order: the lowest first.
func sortedIf(sorted bool) templ.Attributes {
	if !sorted {
		return nil
	}
	return templ.Attributes{"aria-sort": "ascending"}
}

// cellClass is a cell's colour, and whether its column is the one that a phone shows.
func cellClass(cell HeatCell, column Column) string {
	class := "h" + strconv.Itoa(cell.Level)
	if column.Chosen {
		class += " chosen"
	}
	return class
}

func chosenIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"class": "chosen"}
}

// HeatBounds are what the colours stand for, the lowest first: shares, and points of the recommendation.
var HeatBounds = [...][2]string{
	{"<\u00a040", "<\u00a0−20"},
	{"≥\u00a040", "≥\u00a0−20"},
	{"≥\u00a050", "≥\u00a00"},
	{"≥\u00a060", "≥\u00a0+20"},
	{"≥\u00a070", "≥\u00a0+40"},
	{"≥\u00a080", "≥\u00a0+60"},
}
