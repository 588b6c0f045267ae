package page

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// RhythmView is how the talks of a unit, and of those right below it, go.
type RhythmView struct {
	// AsOf is when the figures were counted, written out.
	AsOf string
	// Head is the unit asked for; it has no id before there is one.
	Head UnitRhythm
	// Trail are the units above it, the topmost first.
	Trail []Crumb
	// Own are the reader's units, where they are several.
	Own []Choice
	// Rows are some of the units below; Below is how many there are, Found how many the search left.
	Rows         []UnitRhythm
	Below, Found int
	Query, Sort  string
	Sorts        []Choice
	Next         string
	// Audit is nil before the first one.
	Audit *TalkAudit
	Form  RhythmForm
	Saved bool
}

// Crumb is a step of the way down to a page.
type Crumb struct{ Name, Href string }

// RhythmForm is what was entered to set a unit's rhythm, and what is wrong with it.
type RhythmForm struct {
	Days, Wrong string
	Entered     bool
}

// UnitRhythm is one unit's figures.
type UnitRhythm struct {
	ID, Name, Href string
	// People are those to be met; Met those who were, within the rhythm.
	People, Met, Late int
	Days              int
	DaysSet           bool
	// Trend is the share of the last weeks, the oldest first.
	Trend []WeekView
	// Gap is nil where too few answered, Ratio where there are too few managers.
	Gap   *GapView
	Ratio *RhythmRatio
}

// WeekView is one week of the trend.
type WeekView struct {
	// Before is the day after the week, written out.
	Before, Share string
	Part          float64
	People        int
}

// TalkAudit is what people were asked, in dates written out.
type TalkAudit struct{ On, Since, Next string }

// GapSide tells on which side a gap is.
type GapSide int

// The sides; a gap too small to mean anything is on none.
const (
	Agreeing GapSide = iota
	RecordedMore
	SaidMore
)

// GapView is what was recorded beside what people said.
type GapView struct {
	Responses            int
	Recorded, Said, Size string
	Decision, Skills     string
	Side                 GapSide
}

// RhythmRatio counts talks of the last twelve months.
type RhythmRatio struct{ Congratulations, Reframings int }

// metShare is the share as words: "78 %".
func metShare(ctx context.Context, unit UnitRhythm) string {
	return sharePercent(ctx, unit.Met, unit.People)
}

// barLength is how much of a bar of a hundred is filled.
func barLength(unit UnitRhythm) string {
	if unit.People <= 0 {
		return "0"
	}
	return decimal(100 * float64(unit.Met) / float64(unit.People))
}

const (
	sparkWidth  = 120
	sparkHeight = 36
	sparkEdge   = 3
)

// sparkLine is the trend as the points of a line. Its height is always from nothing to everybody, so that lines can be compared.
func sparkLine(trend []WeekView) string {
	var points []string
	for i := range trend {
		x, y := sparkPoint(trend, i)
		points = append(points, decimal(x)+","+decimal(y))
	}
	return strings.Join(points, " ")
}

func sparkPoint(trend []WeekView, i int) (x, y float64) {
	step := (sparkWidth - 2*sparkEdge) / float64(max(len(trend)-1, 1))
	return sparkEdge + step*float64(i), sparkEdge + (sparkHeight-2*sparkEdge)*(1-trend[i].Part)
}

func sparkEndX(trend []WeekView) string { x, _ := sparkPoint(trend, len(trend)-1); return decimal(x) }

func sparkEndY(trend []WeekView) string { _, y := sparkPoint(trend, len(trend)-1); return decimal(y) }

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// trendWords says in a few words how the share went.
func trendWords(ctx context.Context, trend []WeekView) string {
	last := len(trend) - 1
	return n(ctx, "rhythm.trend_words", last, "From", trend[0].Share, "To", trend[last].Share)
}

func gapMeaning(ctx context.Context, gap *GapView) string {
	switch gap.Side {
	case RecordedMore:
		return t(ctx, "rhythm.gap_more")
	case SaidMore:
		return t(ctx, "rhythm.gap_less")
	default:
		return t(ctx, "rhythm.gap_none")
	}
}

// rhythmDays says which rhythm holds for the unit, and whence.
func rhythmDays(ctx context.Context, unit UnitRhythm) string {
	if unit.DaysSet {
		return n(ctx, "rhythm.every_here", unit.Days)
	}
	return n(ctx, "rhythm.every", unit.Days)
}

func inheritWords(ctx context.Context, view RhythmView) string {
	if len(view.Trail) == 0 {
		return t(ctx, "rhythm.standard")
	}
	return t(ctx, "rhythm.inherit")
}

// daysDescribed ties the field to its hint, and to what is wrong with it.
func daysDescribed(problem string) templ.Attributes {
	if problem == "" {
		return templ.Attributes{"aria-describedby": "days-hint"}
	}
	return templ.Attributes{"aria-describedby": "days-hint days-wrong", "aria-invalid": "true"}
}
