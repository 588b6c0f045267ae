package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// barometerResultsPage is where what was published is read.
const barometerResultsPage = "/barometer/results"

// barometerOf shows what was published of a unit: the one of the address, or the reader's own.
func (s *Site) barometerOf(w http.ResponseWriter, r *http.Request) error {
	res, err := s.publishedOf(r)
	if err != nil {
		return err
	}
	if res == nil {
		return s.show(w, r, page.BarometerOf(page.BarometerResults{None: true}))
	}
	words := visitorOf(r).frame().Words
	view := barometerView(words, res, r.FormValue("theme"))
	all, err := s.Peers.Results().ListPublications(r.Context(), &barometerv1.ListPublicationsRequest{})
	if err != nil {
		return err
	}
	for _, p := range all.GetPublications() {
		view.Editions = append(view.Editions, page.Choice{Value: p.GetEditionId(), Label: p.GetName(), Chosen: p.GetEditionId() == res.GetEditionId()})
	}
	return s.show(w, r, page.BarometerOf(view))
}

// publishedOf are the results that the address asks for; nil where there is nothing for the reader.
func (s *Site) publishedOf(r *http.Request) (*barometerv1.GetResultsResponse, error) {
	unit, err := s.unitToRead(r)
	if err != nil {
		return nil, err
	}
	actor, _ := identity.FromContext(r.Context())
	if unit == "" && !actor.Has(identity.HR) {
		return nil, nil //nolint:nilnil // nothing to read is a usual answer
	}
	res, err := s.Peers.Results().GetResults(r.Context(), &barometerv1.GetResultsRequest{
		EditionId: clip(r.FormValue("edition"), 100), UnitId: clip(unit, 200), Language: visitorOf(r).frame().Words.Lang,
	})
	if rpc.Is(err, connect.CodeNotFound) && r.FormValue("edition") == "" && r.FormValue("unit") == "" {
		return nil, nil //nolint:nilnil // no edition is published
	}
	if rpc.Is(err, connect.CodeInvalidArgument) {
		return nil, errNotFound // what is no edition's id
	}
	return res, err
}

// unitToRead is the unit of the address, or the first that the reader may read; empty for the company, or for nothing.
func (s *Site) unitToRead(r *http.Request) (string, error) {
	actor, _ := identity.FromContext(r.Context())
	if unit := r.FormValue("unit"); unit != "" || actor.Has(identity.HR) {
		return unit, nil
	}
	if units := append(actor.Units(identity.LocalHR), actor.Units(identity.Director)...); len(units) > 0 {
		return units[0], nil
	}
	led, err := s.People.LedUnits(r.Context(), actor.PersonID, clock.DateOf(s.now(), s.Zone))
	if err != nil || len(led) == 0 {
		return "", err
	}
	return slices.MinFunc(led, func(a, b people.Unit) int { return strings.Compare(a.Name, b.Name) }).ID, nil
}

// resultsHref leads to a unit's results in an edition.
func resultsHref(unit, edition, theme string) string {
	query := url.Values{"unit": {unit}, "edition": {edition}}
	if theme != "" {
		query.Set("theme", theme)
	}
	return barometerResultsPage + "?" + query.Encode()
}

func barometerView(words *i18n.Words, res *barometerv1.GetResultsResponse, sortBy string) page.BarometerResults {
	unit := res.GetPath()[len(res.GetPath())-1]
	view := page.BarometerResults{
		Unit: unit.GetId(), Name: unit.GetName(), Edition: res.GetEditionName(), ComparedWith: res.GetComparedWith(),
		ScoresFrom: int(res.GetScoresFrom()), Details: int(res.GetDetailsFrom()),
		File: strings.Replace(resultsHref(unit.GetId(), res.GetEditionId(), ""), "results?", "results.csv?", 1),
	}
	for _, place := range res.GetPath() {
		view.Path = append(view.Path, page.PlaceLink{Name: place.GetName(), Href: resultsHref(place.GetId(), res.GetEditionId(), "")})
	}
	if with := res.GetCountedWith(); with != nil {
		view.CountedWith = &page.PlaceLink{Name: with.GetName(), Href: resultsHref(with.GetId(), res.GetEditionId(), "")}
		return view
	}
	u := res.GetUnit()
	if u == nil {
		return view
	}
	view.TookPart = " " + words.T("barometer_results.took_part", "Ballots", words.Number(int(u.GetBallots())), "Eligible", words.Number(int(u.GetEligible())))
	view.Sentences = inShort(words, res)
	comments := map[string][]string{}
	for _, c := range res.GetComments() {
		comments[c.GetTheme()] = c.GetTexts()
	}
	next := 0
	for i, theme := range res.GetThemes() {
		shown := page.ResultTheme{Code: theme.GetCode(), Name: theme.GetName(), Bar: shareBar(words, u.GetThemes()[i]), Comments: comments[theme.GetCode()]}
		for _, statement := range theme.GetStatements() {
			f := u.GetQuestions()[next]
			shown.Questions = append(shown.Questions, page.ResultQuestion{
				Text: statement.GetText(), Bar: shareBar(words, f), Distribution: distribution(words, f.GetDistribution()),
			})
			next++
		}
		view.Themes = append(view.Themes, shown)
		view.Columns = append(view.Columns, page.Column{
			Name: theme.GetName(), Href: resultsHref(unit.GetId(), res.GetEditionId(), theme.GetCode()), Sorted: theme.GetCode() == sortBy,
		})
	}
	view.ENPS = words.Signed(int(u.GetEnps().GetPoints()))
	view.ENPSHint = words.T("barometer_results.enps_hint")
	if i := u.GetEnps().GetInterval(); i != nil {
		view.ENPSHint = words.T("barometer_results.enps_between", "Low", words.Signed(round(i.GetLow())), "High", words.Signed(round(i.GetHigh())))
	}
	view.Below = heatRows(words, res, sortBy)
	view.Drivers = drivers(words, res)
	return view
}
