package web

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jalon.dev/pkg/fold"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const (
	// unitsShown keeps the board light: a company may have 1,500 stores.
	unitsShown = 25
	// Memory rounds: a gap of less than half a talk says nothing.
	gapFloor = 0.5
)

// rhythmOrders are the orders of the board. The first is the page's own: it shows where care is needed.
var rhythmOrders = []string{"share", "late", "gap", "name"}

// rhythmChoice is which units are wanted, and in which order.
type rhythmChoice struct {
	sort, query string
	from        int
}

func rhythmView(words *i18n.Words, board *interviewsv1.GetBoardResponse, want rhythmChoice) page.RhythmView {
	units := board.GetUnits()
	if len(units) == 0 {
		return page.RhythmView{}
	}
	if !slices.Contains(rhythmOrders, want.sort) {
		want.sort = rhythmOrders[0]
	}
	view := page.RhythmView{
		AsOf: words.Instant(board.GetAsOf()), Head: unitRhythm(words, units[0]), Query: want.query, Sort: want.sort, Below: len(units) - 1,
	}
	for _, order := range rhythmOrders {
		view.Sorts = append(view.Sorts, page.Choice{Value: order, Label: words.T("rhythm.sort_" + order), Chosen: order == want.sort})
	}
	if audit := board.GetAudit(); audit != nil {
		view.Audit = &page.TalkAudit{
			On: words.Date(audit.GetAuditOn()), Since: words.Date(audit.GetSince()), Next: words.Date(audit.GetNextOn()),
		}
	}
	found := namedLike(units[1:], want.query)
	slices.SortStableFunc(found, rhythmOrder(want.sort))
	view.Found = len(found)
	from := min(want.from, len(found))
	to := min(from+unitsShown, len(found))
	for _, unit := range found[from:to] {
		view.Rows = append(view.Rows, unitRhythm(words, unit))
	}
	if to < len(found) {
		next := url.Values{"unit": {view.Head.ID}, "sort": {want.sort}, "from": {strconv.Itoa(to)}}
		if want.query != "" {
			next.Set("q", want.query)
		}
		view.Next = rhythmAddress(next)
	}
	return view
}

// namedLike are the units whose name holds the query, whatever its case and accents.
func namedLike(units []*interviewsv1.UnitRhythm, query string) []*interviewsv1.UnitRhythm {
	query = fold.Text(query)
	var found []*interviewsv1.UnitRhythm
	for _, unit := range units {
		if strings.Contains(fold.Text(unit.GetName()), query) {
			found = append(found, unit)
		}
	}
	return found
}

// rhythmOrder compares two units. What has no figure comes last; units that are alike are in the order of their names.
func rhythmOrder(by string) func(a, b *interviewsv1.UnitRhythm) int {
	figure := func(*interviewsv1.UnitRhythm) float64 { return 0 }
	switch by {
	case "share":
		figure = shareMet
	case "late":
		figure = func(u *interviewsv1.UnitRhythm) float64 { return -float64(u.GetLate()) }
	case "gap":
		figure = func(u *interviewsv1.UnitRhythm) float64 {
			if u.GetGap() == nil {
				return 1
			}
			return -math.Abs(u.GetGap().GetRecorded() - u.GetGap().GetSaid())
		}
	}
	return func(a, b *interviewsv1.UnitRhythm) int {
		return cmp.Or(cmp.Compare(figure(a), figure(b)), cmp.Compare(fold.Text(a.GetName()), fold.Text(b.GetName())))
	}
}

// shareMet is above every share where there is nobody to meet.
func shareMet(unit *interviewsv1.UnitRhythm) float64 {
	if unit.GetPeople() == 0 {
		return 2
	}
	return float64(unit.GetMet()) / float64(unit.GetPeople())
}

func unitRhythm(words *i18n.Words, unit *interviewsv1.UnitRhythm) page.UnitRhythm {
	view := page.UnitRhythm{
		ID: unit.GetUnitId(), Name: unit.GetName(), Href: rhythmAddress(url.Values{"unit": {unit.GetUnitId()}}),
		People: int(unit.GetPeople()), Met: int(unit.GetMet()), Late: int(unit.GetLate()),
		Days: int(unit.GetRhythmDays()), DaysSet: unit.GetRhythmSet(),
	}
	for _, week := range unit.GetTrend() {
		if week.GetPeople() > 0 {
			share := float64(week.GetMet()) / float64(week.GetPeople())
			view.Trend = append(view.Trend, page.WeekView{
				Before: words.ShortDate(week.GetWeek()), People: int(week.GetPeople()), Part: share, Share: words.Percent(share),
			})
		}
	}
	if gap := unit.GetGap(); gap != nil {
		view.Gap = gapView(words, gap)
	}
	if ratio := unit.GetRatio(); ratio != nil {
		view.Ratio = &page.RhythmRatio{Congratulations: int(ratio.GetCongratulations()), Reframings: int(ratio.GetReframings())}
	}
	return view
}

func gapView(words *i18n.Words, gap *interviewsv1.AuditGap) *page.GapView {
	difference := gap.GetRecorded() - gap.GetSaid()
	view := &page.GapView{
		Responses: int(gap.GetResponses()), Recorded: words.Decimal(gap.GetRecorded()), Said: words.Decimal(gap.GetSaid()),
		Size: words.Decimal(math.Abs(difference)),
	}
	if gap.Decision != nil && gap.Skills != nil {
		view.Decision, view.Skills = words.Percent(gap.GetDecision()), words.Percent(gap.GetSkills())
	}
	switch {
	case difference >= gapFloor:
		view.Side = page.RecordedMore
	case difference <= -gapFloor:
		view.Side = page.SaidMore
	}
	return view
}
