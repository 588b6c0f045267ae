package rpc

import (
	"context"
	"slices"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/stats"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/customers"
	"jalon.dev/services/barometer/internal/electorate"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// GetCrossing puts a theme of an edition beside a question of customers, store by store.
func (h Customers) GetCrossing(ctx context.Context, req *barometerv1.GetCrossingRequest) (*barometerv1.GetCrossingResponse, error) {
	e, _, err := h.Results.edition(ctx, req.GetEditionId())
	if err != nil {
		return nil, err
	}
	units, err := h.Results.Editions.Units(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	org := electorate.NewOrganisation(units)
	unitID := req.GetUnitId()
	if unitID == "" {
		unitID = org.Root
	}
	path := org.Path(unitID)
	if err := h.Results.mayRead(ctx, unitID, path); err != nil {
		return nil, err
	}
	if len(path) == 0 {
		return nil, mongodb.ErrNotFound
	}
	waves, err := h.waves(ctx)
	if err != nil {
		return nil, err
	}
	edition := customers.PeriodOf(e.ClosesOn)
	want, err := chooseCrossing(req, edition, waves)
	if err != nil {
		return nil, err
	}
	res := &barometerv1.GetCrossingResponse{
		EditionId: e.ID, EditionName: e.Name, ClosedOn: e.ClosesOn.String(), Questions: questionWords(),
		Question: string(want.question), Wave: string(want.wave), Fewest: stats.MinimumPairs, FewestCustomers: customers.FewestCustomers,
	}
	res.Themes = themeNames(req.GetLanguage())
	res.Theme = res.GetThemes()[want.theme].GetCode()
	for _, id := range path {
		res.Path = append(res.Path, unitName(org.Unit(id)))
	}
	for _, w := range waves {
		res.Waves = append(res.Waves, string(w.Name))
	}
	if want.wave == "" {
		return res, nil
	}
	stores, err := h.Results.Published.Stores(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	panel, err := h.panel(ctx, edition, want, waves)
	if err != nil {
		return nil, err
	}
	return res, crossed(res, edition, want, stores, panel, reader(ctx, unitID))
}

// crossing is what was chosen to be put side by side.
type crossing struct {
	theme    int
	question customers.Question
	wave     customers.Wave
}

func chooseCrossing(req *barometerv1.GetCrossingRequest, edition customers.Period, waves []mongostore.Wave) (crossing, error) {
	c := crossing{question: customers.Questions()[0], wave: customers.Nearest(edition, namesOf(waves))}
	if code := req.GetTheme(); code != "" {
		c.theme = slices.IndexFunc(questionnaire.Standard().Themes, func(t questionnaire.Theme) bool { return t.Code == code })
		if c.theme < 0 {
			return crossing{}, rpc.InvalidField("theme", "must be the code of a theme")
		}
	}
	if q := customers.Question(req.GetQuestion()); q != "" {
		if !slices.Contains(customers.Questions(), q) {
			return crossing{}, rpc.InvalidField("question", "must be a question of customers")
		}
		c.question = q
	}
	if w := customers.Wave(req.GetWave()); w != "" {
		if !slices.Contains(namesOf(waves), w) {
			return crossing{}, rpc.InvalidField("wave", "must be a wave that is kept")
		}
		c.wave = w
	}
	return c, nil
}

func namesOf(waves []mongostore.Wave) (names []customers.Wave) {
	for _, w := range waves {
		names = append(names, w.Name)
	}
	return names
}

// panel are the measures of the chosen wave and of those around the edition.
func (h Customers) panel(ctx context.Context, edition customers.Period, want crossing, waves []mongostore.Wave) ([]customers.Measures, error) {
	wanted := append(customers.Around(edition, namesOf(waves)), want.wave)
	var read []mongostore.Wave
	for _, w := range waves {
		if slices.Contains(wanted, w.Name) {
			read = append(read, w)
		}
	}
	counts, err := h.Kept.Of(ctx, read...)
	if err != nil {
		return nil, err
	}
	panel := make([]customers.Measures, len(counts))
	for i, c := range counts {
		if panel[i], err = customers.Measure(c); err != nil {
			return nil, err
		}
	}
	return panel, nil
}

// reader tells which stores are named to whoever asks from a unit: that unit, what results of it show right below it, and what they may
// read by themselves.
func reader(ctx context.Context, unitID string) func(mongostore.Result) bool {
	actor, _ := identity.FromContext(ctx)
	return func(store mongostore.Result) bool {
		if store.UnitID == unitID || store.Parent == unitID {
			return true
		}
		return slices.Contains(store.Path, unitID) &&
			policy.Allow(actor, barometerv1connect.ResultsServiceGetResultsProcedure, policy.Subject{UnitPath: store.Path}) == nil
	}
}

// crossed computes the answer over all stores of the publication, and names those that the reader may read.
func crossed(
	res *barometerv1.GetCrossingResponse, edition customers.Period, want crossing, stores []mongostore.Result, panel []customers.Measures,
	named func(mongostore.Result) bool,
) error {
	employees := make(map[string]float64, len(stores))
	byID := make(map[string]mongostore.Result, len(stores))
	for _, s := range stores {
		if want.theme < len(s.Themes) {
			employees[s.UnitID], byID[s.UnitID] = s.Themes[want.theme].Told(), s
		}
	}
	around, err := customers.Relate(edition, employees, panel, want.question)
	if err != nil {
		return err
	}
	for _, r := range around {
		res.Around = append(res.Around, relationView(r))
	}
	chosen, err := customers.RelateTo(want.wave, edition, employees, panel, want.question)
	if err != nil {
		return err
	}
	res.Chosen = relationView(chosen)
	cross, err := customers.Cross(employees, customers.Scores(panel, want.wave, want.question))
	if err != nil {
		return err
	}
	measured := make(map[string]customers.Measures, len(panel))
	for _, m := range panel {
		if m.Wave == want.wave {
			measured[m.StoreID] = m
		}
	}
	res.Stores = int32(len(cross.Stores))
	positions := make(map[string]customers.Position, len(cross.Stores))
	for _, p := range cross.Stores {
		positions[p.StoreID] = p
	}
	for _, s := range stores { // in order of name
		if p, ok := positions[s.UnitID]; ok && named(s) {
			res.Positions = append(res.Positions, positionView(p, byID[s.UnitID], want, measured[s.UnitID]))
		}
	}
	if all := len(res.GetPositions()) == len(cross.Stores); len(cross.Stores) > 0 && (all || len(cross.Stores) >= stats.MinimumPairs) {
		res.Middle = middleView(cross)
	} else {
		for _, p := range res.GetPositions() {
			p.Quadrant = barometerv1.StorePosition_QUADRANT_UNSPECIFIED // it would tell on which side of them the others are
		}
	}
	return nil
}
