package portaltest

import (
	"context"
	"fmt"

	"connectrpc.com/connect"

	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
)

// LastEdition is the edition before the sample's, of which there are results.
var LastEdition = event.ID("edition", "2025")

// SmallStore had too few ballots, and is counted with Nantes.
var SmallStore = event.ID("unit", "small")

// published is what the sample's barometer published: of a region, its 25 stores, and one store too small.
type published struct {
	barometerv1connect.UnimplementedResultsServiceHandler
	*Fakes
}

func (p published) ListPublications(context.Context, *barometerv1.ListPublicationsRequest) (*barometerv1.ListPublicationsResponse, error) {
	if p.Now().Empty {
		return &barometerv1.ListPublicationsResponse{}, nil
	}
	return &barometerv1.ListPublicationsResponse{Publications: []*barometerv1.ListPublicationsResponse_Publication{
		{EditionId: Edition, Name: "2026", ClosedOn: "2026-06-22"}, {EditionId: LastEdition, Name: "2025", ClosedOn: "2025-06-22"},
	}}, nil
}

func (p published) GetResults(_ context.Context, req *barometerv1.GetResultsRequest) (*barometerv1.GetResultsResponse, error) {
	if p.Now().Empty {
		return nil, connect.NewError(connect.CodeNotFound, nil)
	}
	asked := questions(req.GetLanguage())
	company, region := &barometerv1.UnitName{Id: Company, Name: "Exemple Sport", Kind: "company"}, &barometerv1.UnitName{Id: Region, Name: "Région Ouest", Kind: "region"}
	res := &barometerv1.GetResultsResponse{
		EditionId: Edition, EditionName: "2026", ClosedOn: "2026-06-22", ScoresFrom: 5, DetailsFrom: 10, ComparedWith: "2025",
		Themes: asked.GetThemes(), Enps: asked.GetEnps(),
	}
	switch req.GetUnitId() {
	case "", Company, Region:
		res.Path = []*barometerv1.UnitName{company}
		if req.GetUnitId() == Region {
			res.Path = append(res.Path, region)
		}
		res.Unit = groupOf(res, 0, 1242, true)
		for i := range 25 {
			store := groupOf(res, i+1, 40+i, false)
			store.Unit = &barometerv1.UnitName{Id: event.ID("store", fmt.Sprint(i)), Name: fmt.Sprintf("Magasin %02d", i+1), Kind: "store"}
			res.Below = append(res.Below, store)
		}
		rest := groupOf(res, 40, 14, false)
		rest.Unit, rest.Rest = region, true
		res.Below = append(res.Below, rest)
	case SmallStore:
		res.Path = []*barometerv1.UnitName{company, region, {Id: SmallStore, Name: "Vitré", Kind: "store"}}
		res.CountedWith = &barometerv1.UnitName{Id: Nantes, Name: "Nantes Atlantis", Kind: "store"}
	default:
		res.Path = []*barometerv1.UnitName{company, region, {Id: Nantes, Name: "Nantes Atlantis", Kind: "store"}}
		res.Unit = groupOf(res, 3, 71, true)
		res.Comments = []*barometerv1.ThemeComments{
			{Theme: asked.GetThemes()[4].GetCode(), Texts: []string{"La prime n'est pas lisible.", "<script>alert('x')</script> Le treizième mois compte beaucoup."}},
		}
	}
	return res, nil
}

// groupOf invents a unit's figures from a number; the second theme's are of one mind.
func groupOf(res *barometerv1.GetResultsResponse, seed, eligible int, whole bool) *barometerv1.UnitResult {
	ballots := int32(eligible * 7 / 10)
	unit := &barometerv1.UnitResult{
		Unit: &barometerv1.UnitName{Id: Nantes, Name: "Nantes Atlantis", Kind: "store"}, Eligible: int32(eligible), Ballots: ballots, Detailed: true,
		Enps: &barometerv1.Enps{Points: int32(seed*13%90) - 40, Interval: &barometerv1.Interval{Low: -20, High: 31}},
	}
	for i, theme := range res.GetThemes() {
		statements := int32(len(theme.GetStatements()))
		f := figure(ballots*statements, 15+(seed*31+i*17)%70)
		f.Change = &barometerv1.Change{
			Verdict: barometerv1.Change_Verdict(1 + (seed+i)%4), Points: float64((seed*7+i*5)%30 - 15), Detectable: 9,
			Interval: &barometerv1.Interval{Low: -21, High: 4},
		}
		f.Place = &barometerv1.Place{Best: int32(1 + (seed+i)%9), Worst: int32(12 + (seed+i)%12), Of: 25}
		unit.Themes = append(unit.Themes, f)
		unit.Drivers = append(unit.Drivers, &barometerv1.Driver{R: float64(20+i*9) / 100, Interval: &barometerv1.Interval{Low: 0.05, High: 0.8}})
		if !whole {
			continue
		}
		for q := range statements {
			of := figure(ballots, 10+(seed*13+int(q)*23+i*7)%80)
			of.Distribution = []int32{of.GetUnfavourable() / 2, of.GetUnfavourable() - of.GetUnfavourable()/2, of.GetNeutral(), of.GetFavourable() / 2, of.GetFavourable() - of.GetFavourable()/2}
			if i == 1 && q == 0 {
				of = figure(ballots, 100)
			}
			unit.Questions = append(unit.Questions, of)
		}
	}
	return unit
}

func figure(answers int32, favourable int) *barometerv1.Figure {
	f := &barometerv1.Figure{Favourable: answers * int32(favourable) / 100}
	if favourable == 100 { // as it is told of those who are all of one mind
		f.Favourable, f.Band = answers-1, true
	}
	f.Neutral = (answers - f.GetFavourable() + 1) / 2
	f.Unfavourable = answers - f.GetFavourable() - f.GetNeutral()
	f.Share = float64(f.GetFavourable()) / float64(answers)
	f.ShareInterval = &barometerv1.Interval{Low: max(0, f.GetShare()-0.08), High: min(1, f.GetShare()+0.08)}
	f.Mean = 1 + 4*f.GetShare()
	return f
}
