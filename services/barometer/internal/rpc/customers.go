package rpc

import (
	"context"
	"slices"
	"time"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	"jalon.dev/services/barometer/internal/customers"
	"jalon.dev/services/barometer/internal/electorate"
	"jalon.dev/services/barometer/internal/mongostore"
)

// Customers implements barometerv1connect.CustomersServiceHandler. Of employees it knows what Results knows: publications.
type Customers struct {
	Results    Results
	Kept       *mongostore.Customers
	Benchmarks *mongostore.Benchmarks
}

var _ barometerv1connect.CustomersServiceHandler = Customers{}

// wavesTold is how many waves are told of a unit: two years.
const wavesTold = 6

// kindStore is the kind of units in which customers are asked.
const kindStore = "store"

// ListWaves returns the waves that are kept, the oldest first.
func (h Customers) ListWaves(ctx context.Context, _ *barometerv1.ListWavesRequest) (*barometerv1.ListWavesResponse, error) {
	if err := allow(ctx, barometerv1connect.CustomersServiceListWavesProcedure); err != nil {
		return nil, err
	}
	waves, err := h.waves(ctx)
	if err != nil {
		return nil, err
	}
	res := &barometerv1.ListWavesResponse{}
	for _, w := range waves {
		_, placed := w.Name.Period()
		res.Waves = append(res.Waves, &barometerv1.KeptWave{
			Name: string(w.Name), Placed: placed, Stores: int32(w.Stores), Respondents: int32(w.Respondents),
			ImportedAt: w.ImportedAt.UTC().Format(time.RFC3339), FileName: w.FileName,
		})
	}
	return res, nil
}

// RemoveWave forgets a wave.
func (h Customers) RemoveWave(ctx context.Context, req *barometerv1.RemoveWaveRequest) (*barometerv1.RemoveWaveResponse, error) {
	if err := allow(ctx, barometerv1connect.CustomersServiceRemoveWaveProcedure); err != nil {
		return nil, err
	}
	if err := h.Kept.Remove(ctx, customers.Wave(req.GetName())); err != nil {
		return nil, err
	}
	return &barometerv1.RemoveWaveResponse{}, nil
}

// waves are those that are kept, the oldest first.
func (h Customers) waves(ctx context.Context) ([]mongostore.Wave, error) {
	waves, err := h.Kept.Waves(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(waves, func(a, b mongostore.Wave) int { return a.Name.Compare(b.Name) })
	return waves, nil
}

// GetCustomers returns what customers said of a unit's stores, wave by wave. Those of several stores are counted together: as each store
// is asked by itself, the interval of the sum is rather too wide than too narrow.
func (h Customers) GetCustomers(ctx context.Context, req *barometerv1.GetCustomersRequest) (*barometerv1.GetCustomersResponse, error) {
	units, err := h.Results.Register.Units(ctx)
	if err != nil {
		return nil, err
	}
	org := electorate.NewOrganisation(units)
	path := org.Path(req.GetUnitId())
	if err := h.Results.mayRead(ctx, req.GetUnitId(), path); err != nil {
		return nil, err
	}
	if len(path) == 0 {
		return nil, mongodb.ErrNotFound
	}
	waves, err := h.waves(ctx)
	if err != nil {
		return nil, err
	}
	waves = waves[max(0, len(waves)-wavesTold):]
	counts, err := h.Kept.OfStores(ctx, storesOf(org, units, req.GetUnitId()), waves...)
	if err != nil {
		return nil, err
	}
	res := &barometerv1.GetCustomersResponse{Questions: questionWords()}
	for _, w := range waves {
		sum, stores := customers.Counts{Wave: w.Name, StoreID: req.GetUnitId()}, 0
		for _, c := range counts {
			if c.Wave == w.Name {
				sum.Add(c)
				stores++
			}
		}
		if stores == 0 {
			continue
		}
		m, err := customers.Measure(sum)
		if err != nil {
			return nil, err
		}
		res.Waves = append(res.Waves, waveView(m, stores))
	}
	return res, nil
}

// storesOf are the stores of a unit, itself among them.
func storesOf(org electorate.Organisation, units []people.Unit, unitID string) (ids []string) {
	for _, u := range units {
		if u.Kind == kindStore && slices.Contains(org.Path(u.ID), unitID) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

func questionWords() (words []string) {
	for _, q := range customers.Questions() {
		words = append(words, string(q))
	}
	return words
}

func waveView(m customers.Measures, stores int) *barometerv1.WaveMeasures {
	view := &barometerv1.WaveMeasures{Wave: string(m.Wave), Respondents: int32(m.Respondents), Stores: int32(stores)}
	for _, q := range customers.Questions() {
		view.Figures = append(view.Figures, customersFigure(m, q))
	}
	return view
}

// customersFigure is what is told of a question; of one that nobody answered, that nobody did.
func customersFigure(m customers.Measures, q customers.Question) *barometerv1.CustomersFigure {
	score, answered := m.Score(q)
	if !answered {
		return &barometerv1.CustomersFigure{}
	}
	view := &barometerv1.CustomersFigure{N: int32(score.N), Points: score.Points, Interval: intervalView(&score.Interval)}
	for _, n := range m.Answers(q) {
		view.Distribution = append(view.Distribution, int32(n))
	}
	return view
}
