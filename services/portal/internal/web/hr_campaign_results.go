package web

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// campaignBrought is what a campaign brought to a unit, and the units right below it.
type campaignBrought struct {
	*momentsv1.GetCampaignResultsResponse
	org organisation
	// top is the unit of the whole audience, and unit the one that is looked at: the top for all of it.
	top, unit *directoryv1.Unit
	below     []*directoryv1.Unit
}

// brought answers with what a campaign brought, as far as moments lets it be seen. Of one to which nobody was invited yet, its page says where
// it stands.
func (s *Site) brought(as func(http.ResponseWriter, *http.Request, campaignBrought) error) serve {
	return func(w http.ResponseWriter, r *http.Request) error {
		brought, err := s.campaignBrought(r)
		if rpc.Is(err, connect.CodeFailedPrecondition) {
			http.Redirect(w, r, campaignBase+r.PathValue("id"), http.StatusSeeOther)
			return nil
		}
		if err != nil {
			return err
		}
		return as(w, r, brought)
	}
}

// hrCampaignResults shows what a campaign brought.
func (s *Site) hrCampaignResults(w http.ResponseWriter, r *http.Request, brought campaignBrought) error {
	from, _ := strconv.Atoi(r.FormValue("from")) // what is no number is the first page
	return s.show(w, r, page.CampaignResults(campaignResultsView(visitorOf(r).frame().Words, brought, max(from, 0))))
}

// campaignBrought asks for a campaign's results for the unit of the address; for all of the audience where that is none of its units.
func (s *Site) campaignBrought(r *http.Request) (campaignBrought, error) {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	found, err := s.campaign(r)
	if err != nil {
		return campaignBrought{}, err
	}
	list, err := s.Peers.Directory().ListUnits(ctx, &directoryv1.ListUnitsRequest{})
	if err != nil {
		return campaignBrought{}, err
	}
	b := campaignBrought{org: organisation{units: list.GetUnits(), byID: map[string]*directoryv1.Unit{}}}
	for _, unit := range b.org.units {
		b.org.byID[unit.GetId()] = unit
	}
	if b.top = b.org.byID[found.GetCampaign().GetDraft().GetAudience().GetUnitId()]; b.top == nil {
		b.top = companyOf(b.org.units)
	}
	if b.unit = b.org.byID[r.FormValue("unit")]; b.unit == nil || !slices.Contains(b.org.path(b.unit.GetId()), b.top) {
		b.unit = b.top
	}
	var ids []string
	for _, unit := range b.org.units {
		if b.unit != nil && unit.GetParentId() == b.unit.GetId() {
			b.below, ids = append(b.below, unit), append(ids, unit.GetId())
		}
	}
	request := &momentsv1.GetCampaignResultsRequest{Id: r.PathValue("id"), UnitIds: ids, Language: words.Lang}
	if b.unit != b.top {
		request.UnitId = b.unit.GetId()
	}
	b.GetCampaignResultsResponse, err = s.Peers.CampaignResults().GetCampaignResults(ctx, request)
	return b, err
}

// companyOf is the unit in which everybody is; nil where there is none.
func companyOf(units []*directoryv1.Unit) *directoryv1.Unit {
	for _, unit := range units {
		if unit.GetParentId() == "" && !unit.GetUnplaced() {
			return unit
		}
	}
	return nil
}

// whole tells that all of the audience is looked at.
func (b campaignBrought) whole() bool { return b.unit == b.top }

func (b campaignBrought) address(file string, query url.Values) string {
	if !b.whole() && query.Get("unit") == "" {
		query.Set("unit", b.unit.GetId())
	}
	address := campaignBase + b.GetCampaign().GetId() + "/results" + file
	if len(query) == 0 {
		return address
	}
	return address + "?" + query.Encode()
}

func campaignResultsView(words *i18n.Words, b campaignBrought, from int) page.CampaignResultsView {
	c := b.GetCampaign()
	view := page.CampaignResultsView{
		ID: c.GetId(), Name: campaignName(words, c), Rate: wholeRate(words, b), Message: campaignKindCode(c.GetDraft()) == "message",
		TooFew: b.GetResults().GetTooFew(), CountedBefore: words.Date(b.GetResults().GetCountedBefore()),
		CSV: b.address(".csv", url.Values{}), XLSX: b.address(".xlsx", url.Values{}), Fixed: rateFixed(words, b), Questions: campaignQuestions(words, b),
	}
	_, view.Untold = untold(words, b)
	if !b.whole() {
		view.Unit = b.unit.GetName()
		for _, above := range slices.Backward(b.org.path(b.unit.GetParentId())) {
			if at := slices.Index(b.org.path(above.GetId()), b.top); at == 0 {
				view.Trail = append(view.Trail, page.Crumb{Name: words.T("campaign_results.whole"), Href: campaignBase + c.GetId() + "/results"})
			} else if at > 0 {
				view.Trail = append(view.Trail, page.Crumb{Name: above.GetName(), Href: b.address("", url.Values{"unit": {above.GetId()}})})
			}
		}
	} else {
		view.Test = testState(words, c, b.GetGroups(), c.GetEndedAt() != "")
	}
	if p := b.GetPrevious(); p != nil {
		view.Previous = page.PreviousView{
			Name: previousName(words, p), Href: campaignBase + p.GetId() + "/results", Share: rateView(words, "", b.GetPreviousRate()).Share,
		}
	}
	rows := campaignRows(words, b)
	view.Found = len(rows)
	for _, row := range rows {
		if row.Share == "" {
			view.Hidden++
		}
	}
	from = min(from, len(rows))
	to := min(from+unitsShown, len(rows))
	if view.Rows = rows[from:to]; to < len(rows) {
		view.Next = b.address("", url.Values{"from": {strconv.Itoa(to)}})
	}
	return view
}

// untold says why nothing is told of how many answered, or of what they did.
func untold(words *i18n.Words, b campaignBrought) (title, why string) {
	c, counted, threshold := b.GetCampaign(), b.GetResults().GetCountedBefore(), int(b.GetResults().GetThreshold())
	switch over := c.GetEndedAt() != "" && c.GetEndedAt()[:len(time.DateOnly)] < counted; {
	case !b.whole():
		return words.T("campaign_results.untold"), words.T("campaign_results.hidden")
	case b.GetRate().GetPeople() == 0 && !b.GetResults().GetTooFew():
		return words.T("campaign_results.untold"), words.T("campaign_results.untold_rate")
	case over: // and all that was answered counts: nothing more comes
		return words.T("campaign_results.few_" + campaignKindCode(c.GetDraft())), words.N("campaign_results.over", threshold)
	default:
		return words.T("results.too_few_title"), words.N("results.too_few", threshold)
	}
}

// rateFixed says of how many people the rate is.
func rateFixed(words *i18n.Words, b campaignBrought) string {
	key := "campaign_results.fixed_unit"
	if b.whole() {
		key = "campaign_results.fixed"
	}
	return words.T(key, "At", words.Instant(b.GetCampaign().GetStartedAt()))
}

func previousName(words *i18n.Words, p *momentsv1.Campaign) string {
	return words.T("campaign_results.previous", "Number", p.GetNumber(), "Date", words.Date(p.GetDraft().GetOn()))
}

func rateView(words *i18n.Words, name string, rate *momentsv1.ResponseRate) page.RateView {
	view := page.RateView{Name: name, People: int(rate.GetPeople()), Untold: words.T("campaign_results.untold")}
	if !rate.GetTooFew() && rate.GetPeople() > 0 {
		view.Answered = int(rate.GetAnswered())
		view.Share = words.Percent(float64(rate.GetAnswered()) / float64(rate.GetPeople()))
	}
	return view
}

// campaignRows are the units right below in which somebody was invited: the lowest rate first, where care is needed, and what is not told last.
func campaignRows(words *i18n.Words, b campaignBrought) []page.RateView {
	var rows []page.RateView
	for _, unit := range b.below {
		rate := b.GetUnits()[unit.GetId()]
		if rate.GetPeople() == 0 {
			continue
		}
		row := rateView(words, unit.GetName(), rate)
		if row.Share != "" {
			row.Href = b.address("", url.Values{"unit": {unit.GetId()}})
		}
		rows = append(rows, row)
	}
	share := func(row page.RateView) float64 {
		if row.Share == "" {
			return 2
		}
		return float64(row.Answered) / float64(row.People)
	}
	slices.SortStableFunc(rows, func(one, other page.RateView) int {
		return cmp.Or(cmp.Compare(share(one), share(other)), words.Compare(one.Name, other.Name))
	})
	return rows
}

// campaignQuestions are the results by question: compared with the time before, and not by month, for a campaign is one time.
func campaignQuestions(words *i18n.Words, b campaignBrought) []page.ResultView {
	var questions []page.ResultView
	for _, result := range b.GetResults().GetQuestions() {
		q := resultView(words, result)
		q.Trend = nil
		if change := changeOf(b, result); change != nil {
			q.Change, q.ChangeTold = questionChange(words, change), questionChangeTold(words, q.Kind, change)
		}
		questions = append(questions, q)
	}
	return questions
}

func changeOf(b campaignBrought, result *momentsv1.QuestionResult) *momentsv1.QuestionChange {
	for _, change := range b.GetChanges() {
		if change.GetQuestionId() == result.GetQuestion().GetId() {
			return change
		}
	}
	return nil
}

// questionChange is the word for a change, as the barometer says it.
func questionChange(words *i18n.Words, c *momentsv1.QuestionChange) *page.ChangeView {
	view := &page.ChangeView{Words: words.Or("barometer_results."+c.GetVerdict(), "")}
	switch c.GetVerdict() {
	case "rising":
		view.Mark, view.Tone, view.Points = "▲", "calm-tag", wholePoints(words, c.GetPoints())
	case "falling":
		view.Mark, view.Tone, view.Points = "▼", "accent", wholePoints(words, c.GetPoints())
	case "stable":
		view.Mark = "="
	default:
		view.Mark = "?"
	}
	return view
}

// questionChangeTold says how far a change went, and how surely: of the favourable answers, and of a question from 0 to 10 of 9 and 10.
func questionChangeTold(words *i18n.Words, kind page.QuestionKind, c *momentsv1.QuestionChange) string {
	key := "campaign_results.change_told"
	if kind == page.AskRating {
		key = "campaign_results.change_told_rating"
	}
	return words.T(key, "Before", words.Percent(c.GetBefore()), "Now", words.Percent(c.GetNow()),
		"Low", wholePoints(words, c.GetLow()), "High", wholePoints(words, c.GetHigh()))
}

func wholePoints(words *i18n.Words, points float64) string {
	return words.Signed(int(math.Round(points)))
}
