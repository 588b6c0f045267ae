package portaltest

import (
	"context"
	"fmt"
	"math"
	"slices"

	"connectrpc.com/connect"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
)

// LastEdition is the edition before the sample's, of which there are results.
var LastEdition = event.ID("edition", "2025")

// Units of the sample's publication, beside those of the directory: SmallStore had too few ballots, and is counted with what else there
// is of the region; TinyStore has scores and no details; AlikeStore has a theme of which nearly all say the same.
var (
	SmallStore = event.ID("unit", "small")
	TinyStore  = event.ID("store", "Guérande")
	AlikeStore = event.ID("store", "Auray")
)

// Published is what the barometer publishes.
type Published struct {
	// Stores are that many right below the company, in place of the sample's region; 0 for the sample.
	Stores int
	// First says that there is no edition before.
	First bool
	// Change changes an answer before it is given; nil for nothing.
	Change func(*barometerv1.GetResultsResponse)
}

// Questions is the fingerprint of the questions that are asked now.
const Questions = "5d1f0c2ab96e4f7788a0e3c41b2f9d6e07c85a34f1be2d90c6471a8e5f3b20d4"

// published answers as barometer does: to HR of the company, to those who were granted the unit, and to Karim about what he leads.
type published struct {
	barometerv1connect.UnimplementedResultsServiceHandler
	*Fakes
}

func (p published) ListPublications(context.Context, *barometerv1.ListPublicationsRequest) (*barometerv1.ListPublicationsResponse, error) {
	now := p.Now()
	if now.Empty {
		return &barometerv1.ListPublicationsResponse{Questionnaire: Questions}, nil
	}
	all := []*barometerv1.ListPublicationsResponse_Publication{{EditionId: Edition, Name: "2026", ClosedOn: "2026-06-22"}}
	if !now.Published.First {
		all = append(all, &barometerv1.ListPublicationsResponse_Publication{EditionId: LastEdition, Name: "2025", ClosedOn: "2025-06-22"})
	}
	return &barometerv1.ListPublicationsResponse{Publications: all, Questionnaire: Questions}, nil
}

func (p published) GetResults(ctx context.Context, req *barometerv1.GetResultsRequest) (*barometerv1.GetResultsResponse, error) {
	now := p.Now()
	if now.Empty {
		return nil, connect.NewError(connect.CodeNotFound, nil)
	}
	res := &barometerv1.GetResultsResponse{EditionId: Edition, EditionName: "2026", ClosedOn: "2026-06-22", ScoresFrom: 5, DetailsFrom: 10, PublishedOn: "2026-06-23"}
	switch {
	case req.GetEditionId() == LastEdition:
		res.EditionId, res.EditionName, res.ClosedOn = LastEdition, "2025", "2025-06-22"
	case !now.Published.First:
		res.ComparedWith = "2025"
	}
	asked := questions(req.GetLanguage())
	res.Themes, res.Enps, res.Questionnaire = asked.GetThemes(), asked.GetEnps(), fingerprintAsked

	groups := sampleGroups(now.Published.Stores)
	id := req.GetUnitId()
	if id == "" {
		id = Company
	}
	path := pathTo(groups, id)
	if err := mayRead(ctx, id, path); err != nil {
		return nil, err
	}
	if len(path) == 0 {
		return nil, connect.NewError(connect.CodeNotFound, nil)
	}
	for _, g := range path {
		res.Path = append(res.Path, g.name())
	}
	asking := path[len(path)-1]
	if asking.ballots == 0 {
		res.CountedWith = path[len(path)-2].name()
		return res, nil
	}
	res.Unit = asking.result(res, true)
	for _, g := range groups {
		if g.parent == id && g.ballots > 0 {
			res.Below = append(res.Below, g.result(res, false))
		}
	}
	res.Unit.Below = int32(len(res.GetBelow()))
	choose(res, req.GetBelow())
	if res.GetUnit().GetDetailed() {
		res.Comments = []*barometerv1.ThemeComments{{Theme: res.GetThemes()[4].GetCode(), Texts: []string{
			"La prime n'est pas lisible.", "<script>alert('x')</script> Le treizième mois compte beaucoup.", "=HYPERLINK(\"http://x\")", "Deux lignes :\n  - la prime\n  - les horaires",
		}}}
	}
	if now.Published.Change != nil {
		now.Published.Change(res)
	}
	return res, nil
}

func mayRead(ctx context.Context, id string, path []group) error {
	actor, _ := identity.FromContext(ctx)
	var subject policy.Subject
	for _, g := range path {
		subject.UnitPath = append(subject.UnitPath, g.id)
	}
	if id == Team || id == Nantes {
		subject.ManagerID = Karim
	}
	return policy.Allow(actor, barometerv1connect.ResultsServiceGetResultsProcedure, subject)
}

// group is a unit of the publication, or a unit's rest.
type group struct {
	id, label, kind, parent string
	eligible, ballots       int
	rest                    bool
	// level is the share of its strongest theme, in percent, and moved what became of it.
	level, moved int
}

func (g group) name() *barometerv1.UnitName {
	return &barometerv1.UnitName{Id: g.id, Name: g.label, Kind: g.kind}
}

func pathTo(groups []group, id string) (path []group) {
	for id != "" {
		at := slices.IndexFunc(groups, func(g group) bool { return g.id == id && !g.rest })
		if at < 0 {
			return nil
		}
		path = append(path, groups[at])
		id = groups[at].parent
	}
	slices.Reverse(path)
	return path
}

// sampleStores are those of the region, Nantes and Rennes among them.
var sampleStores = []string{
	"Angers Beaucouzé", "Auray", "Brest Iroise", "Challans", "Cholet", "Dinan", "Fougères", "Guérande", "La Roche-sur-Yon", "Lannion", "Laval",
	"Le Mans Nord", "Les Herbiers", "Lorient Lanester", "Morlaix", "Nantes Atlantis", "Pornic", "Quimper", "Redon", "Rennes Cesson", "Saint-Brieuc",
	"Saint-Malo", "Saint-Nazaire", "Saumur", "Vannes",
}

// sampleGroups are the company, a region of 25 stores, a warehouse, and a team; or a company of so many stores.
func sampleGroups(stores int) []group {
	if stores > 0 {
		groups := []group{{id: Company, label: "Exemple Sport", kind: "company", eligible: 48 * stores, ballots: 36 * stores, level: 76}}
		for i := range stores {
			groups = append(groups, group{
				id: event.ID("store", fmt.Sprint(i)), label: fmt.Sprintf("Magasin n° %d, Évry", i+1), kind: "store", parent: Company,
				eligible: 34 + i*7%40, ballots: 24 + i*7%40 + i%6, level: 45 + i*17%50, moved: i*11%31 - 15,
			})
		}
		return groups
	}
	groups := []group{
		{id: Company, label: "Exemple Sport", kind: "company", eligible: 1242, ballots: 938, level: 76},
		{id: Depot, label: "Dépôt d'Élancourt <annexe>", kind: "store", parent: Company, eligible: 48, ballots: 31, level: 52, moved: -13},
		{id: Region, label: "Région Ouest", kind: "region", parent: Company, eligible: 1128, ballots: 860, level: 79, moved: 1},
		{id: Company, label: "Exemple Sport", kind: "company", parent: Company, rest: true, eligible: 66, ballots: 47, level: 84},
		{id: Region, label: "Région Ouest", kind: "region", parent: Region, rest: true, eligible: 21, ballots: 16, level: 74},
		{id: SmallStore, label: "Vitré", kind: "store", parent: Region},
		{id: Team, label: "Montagne", kind: "team", parent: Nantes, eligible: 12, ballots: 7, level: 81},
		{id: Nantes, label: "Nantes Atlantis", kind: "store", parent: Nantes, rest: true, eligible: 59, ballots: 48, level: 82, moved: 11},
	}
	for i, label := range sampleStores {
		store := group{
			id: event.ID("store", label), label: label, kind: "store", parent: Region, eligible: 38 + i*7%32, ballots: 27 + (i*7%32)*3/4 + i%5,
			level: 58 + i*23%37, moved: i*13%33 - 16,
		}
		switch label {
		case "Nantes Atlantis":
			store.id, store.eligible, store.ballots, store.level, store.moved = Nantes, 71, 55, 82, 10
		case "Rennes Cesson":
			store.id, store.eligible, store.ballots, store.level, store.moved = Rennes, 52, 42, 64, -12
		case "Guérande":
			store.eligible, store.ballots = 11, 8
		case "Auray":
			store.level = 100
		}
		groups = append(groups, store)
	}
	return groups
}

// tilts are how far the themes are from the group's strongest, in percent: pay is the weakest, and pleasure the strongest.
var tilts = []int{12, 8, 15, 6, 34, 18, 0}

// result invents the figures of a group.
func (g group) result(res *barometerv1.GetResultsResponse, whole bool) *barometerv1.UnitResult {
	unit := &barometerv1.UnitResult{
		Unit: g.name(), Rest: g.rest, Eligible: int32(g.eligible), Ballots: int32(g.ballots), Detailed: g.ballots >= 10,
		Enps: &barometerv1.Enps{Points: int32(g.level*3/2 - 82)},
	}
	if unit.GetDetailed() {
		half := 130 / math.Sqrt(float64(g.ballots)) * g.unseen()
		unit.Enps.Interval = &barometerv1.Interval{Low: float64(unit.GetEnps().GetPoints()) - half, High: float64(unit.GetEnps().GetPoints()) + half}
	}
	for i, theme := range res.GetThemes() {
		asked := len(theme.GetStatements())
		share := g.level - tilts[i]
		f := g.figure(asked, share)
		if res.GetComparedWith() != "" && !g.rest {
			f.Change = g.change(i)
		}
		if g.kind == "store" {
			f.Place = &barometerv1.Place{Best: int32(max(1, (92-share)*25/92-3)), Worst: int32(min(25, max(1, (92-share)*25/92)+4)), Of: 25}
		}
		unit.Themes = append(unit.Themes, f)
		if g.ballots > 25 {
			r := []float64{0.41, 0.38, 0.47, 0.55, 0.19, 0.33, 0.61}[i]
			unit.Drivers = append(unit.Drivers, &barometerv1.Driver{R: r, Interval: &barometerv1.Interval{Low: r - 0.24, High: r + 0.17}})
		}
		for q := range asked {
			if !whole {
				break
			}
			of := g.figure(1, share-10+q*23%25)
			if i == 6 && q == 5 { // everybody feels useful
				of = g.figure(1, 100)
			}
			if unit.GetDetailed() {
				of.Distribution = []int32{
					of.GetUnfavourable() / 3, of.GetUnfavourable() - of.GetUnfavourable()/3, of.GetNeutral(), of.GetFavourable() - of.GetFavourable()/3, of.GetFavourable() / 3,
				}
			}
			if f.GetChange() != nil {
				of.Change = g.change(i + q)
			}
			unit.Questions = append(unit.Questions, of)
		}
	}
	return unit
}

// change is the group's own, more or less.
func (g group) change(at int) *barometerv1.Change {
	points := float64(g.moved + at*7%9 - 4)
	c := &barometerv1.Change{
		Verdict: barometerv1.Change_VERDICT_STABLE, Points: points, Detectable: 96 / math.Sqrt(float64(g.ballots)) * g.unseen() * 1.4,
	}
	c.Interval = &barometerv1.Interval{Low: points - c.GetDetectable(), High: points + c.GetDetectable()}
	switch {
	case g.ballots < 10:
		c.Verdict = barometerv1.Change_VERDICT_TOO_FEW_TO_SAY
	case points >= max(5, c.GetDetectable()):
		c.Verdict = barometerv1.Change_VERDICT_RISING
	case points <= -max(5, c.GetDetectable()):
		c.Verdict = barometerv1.Change_VERDICT_FALLING
	}
	return c
}

// unseen is how much is left to chance where so many of so few answered.
func (g group) unseen() float64 {
	return math.Sqrt(float64(g.eligible-g.ballots) / float64(max(g.eligible-1, 1)))
}

// figure is what so many questions were answered; where all say the same, one answer is told as neutral.
func (g group) figure(asked, percent int) *barometerv1.Figure {
	answers := g.ballots * asked
	f := &barometerv1.Figure{Favourable: int32(answers * max(2, min(percent, 100)) / 100)}
	if percent >= 100 {
		f.Favourable, f.Band = int32(answers-1), true
	}
	f.Neutral = (int32(answers) - f.GetFavourable() + 1) / 2
	f.Unfavourable = int32(answers) - f.GetFavourable() - f.GetNeutral()
	f.Share = float64(f.GetFavourable()) / float64(answers)
	half := 0.98 / math.Sqrt(float64(g.ballots)) * g.unseen()
	f.ShareInterval = &barometerv1.Interval{Low: max(0, f.GetShare()-half), High: min(1, f.GetShare()+half)}
	f.Mean = 1 + 4*f.GetShare()
	if g.ballots >= 10 {
		f.MeanInterval = &barometerv1.Interval{Low: f.GetMean() - 2*half, High: f.GetMean() + 2*half}
	}
	return f
}
