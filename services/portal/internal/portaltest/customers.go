package portaltest

import (
	"context"
	"math"
	"slices"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
)

// Benchmark is a value from elsewhere of the sample.
var Benchmark = event.ID("benchmark", "welcome")

// Customers is what is known of the customer panel.
type Customers struct {
	// None says that no wave was imported.
	None bool
	// HandedIn and Removed are what was asked for; Saved the values from elsewhere that were entered.
	HandedIn []*barometerv1.ImportCustomersRequest
	Removed  []string
	Saved    []*barometerv1.Benchmark
	// Change changes a crossing before it is given; nil for nothing.
	Change func(*barometerv1.GetCrossingResponse)
}

var customerQuestions = []string{"overall_satisfaction", "welcome", "availability", "competence", "recommendation"}

var sampleWaves = []string{"2025-3", "2026-1", "2026-2"}

// panel answers as barometer does of customers.
type panel struct {
	barometerv1connect.UnimplementedCustomersServiceHandler
	*Fakes
}

func (p panel) ListWaves(context.Context, *barometerv1.ListWavesRequest) (*barometerv1.ListWavesResponse, error) {
	res := &barometerv1.ListWavesResponse{}
	if p.Now().Empty || p.Now().Customers.None {
		return res, nil
	}
	for i, name := range append([]string{"Test été"}, sampleWaves...) {
		res.Waves = append(res.Waves, &barometerv1.KeptWave{
			Name: name, Placed: i > 0, Stores: 25, Respondents: int32(4988 - i), ImportedAt: "2026-09-14T09:12:00Z", FileName: "panel.csv",
		})
	}
	return res, nil
}

func (p panel) RemoveWave(_ context.Context, req *barometerv1.RemoveWaveRequest) (*barometerv1.RemoveWaveResponse, error) {
	p.Set(func(s *State) { s.Customers.Removed = append(s.Customers.Removed, req.GetName()) })
	return &barometerv1.RemoveWaveResponse{}, nil
}

// ImportCustomers finds what a file says of itself: "known" a wave that is kept, "wrong" lines to reject, "nonsense" no file at all.
func (p panel) ImportCustomers(_ context.Context, req *barometerv1.ImportCustomersRequest) (*barometerv1.ImportCustomersResponse, error) {
	p.Set(func(s *State) { s.Customers.HandedIn = append(s.Customers.HandedIn, proto.CloneOf(req)) })
	says := func(word string) bool { return strings.Contains(string(req.GetFile()), word) }
	report := &barometerv1.CustomersReport{Outcome: barometerv1.CustomersReport_OUTCOME_APPLIED, FileName: req.GetFileName(), Accepted: 4931}
	problem := func(severity barometerv1.CustomersProblem_Severity, line int32, column, code, value, expected string) *barometerv1.CustomersProblem {
		return &barometerv1.CustomersProblem{
			Severity: severity, Line: line, Column: column, Code: code, Value: value, Expected: expected, Reason: "see the code",
		}
	}
	const rejected, warning = barometerv1.CustomersProblem_SEVERITY_REJECTED, barometerv1.CustomersProblem_SEVERITY_WARNING
	if says("nonsense") {
		report.Outcome, report.Accepted = barometerv1.CustomersReport_OUTCOME_REFUSED, 0
		report.Refusals = []*barometerv1.CustomersProblem{problem(rejected, 1, "wave", "column_missing", "", "wave, vague")}
		return &barometerv1.ImportCustomersResponse{Report: report}, nil
	}
	report.Waves = []*barometerv1.WaveReport{{Name: "2026-3", Placed: true, Stores: 25, Respondents: 4931}}
	if says("known") {
		report.Replaces = true
		report.Waves = append(report.Waves,
			&barometerv1.WaveReport{Name: "2026-2", Placed: true, Stores: 24, Respondents: 4790, Known: true, KnownStores: 25, KnownRespondents: 4985},
			&barometerv1.WaveReport{Name: "2026-1", Placed: true, Stores: 25, Respondents: 4986, Known: true, Unchanged: true})
	}
	if says("wrong") {
		report.Repeated, report.Rejected, report.Warnings = 3, 64, 5
		report.UnknownStores = []string{"Vitre-Est", "<b>Guingamp</b>"}
		for i := range int32(9) {
			report.Problems = append(report.Problems, problem(rejected, 201+i, "store", "store_unknown", report.GetUnknownStores()[i%2], ""))
		}
		report.Problems = append(report.Problems,
			problem(rejected, 873, "welcome", "value_impossible", "=6", "1–5"), problem(rejected, 1204, "respondent", "respondent_seen", "", "977"),
			problem(warning, 12, "availability", "answer_missing", "", ""), problem(warning, 13, "respondent", "respondent_repeated", "", "12"))
	}
	switch {
	case req.GetDryRun():
		report.Outcome = barometerv1.CustomersReport_OUTCOME_DRY_RUN
	case report.GetRejected() > 0 && !req.GetSkipRejected(), report.GetReplaces() && !req.GetReplace():
		report.Outcome = barometerv1.CustomersReport_OUTCOME_REFUSED
	}
	return &barometerv1.ImportCustomersResponse{Report: report}, nil
}

func (p panel) GetCustomers(ctx context.Context, req *barometerv1.GetCustomersRequest) (*barometerv1.GetCustomersResponse, error) {
	groups := sampleGroups(p.Now().Published.Stores)
	path := pathTo(groups, req.GetUnitId())
	if err := mayRead(ctx, req.GetUnitId(), path); err != nil {
		return nil, err
	}
	if len(path) == 0 {
		return nil, connect.NewError(connect.CodeNotFound, nil)
	}
	res := &barometerv1.GetCustomersResponse{Questions: customerQuestions}
	g := path[len(path)-1]
	if p.Now().Empty || p.Now().Customers.None || g.kind == "team" {
		return res, nil
	}
	stores := int32(1)
	if g.kind != "store" {
		stores = 25
	}
	for i, wave := range sampleWaves {
		w := &barometerv1.WaveMeasures{Wave: wave, Respondents: 200 * stores, Stores: stores}
		for q := range customerQuestions {
			w.Figures = append(w.Figures, g.customers(q, i))
		}
		res.Waves = append(res.Waves, w)
	}
	return res, nil
}

// customers invents what a group's customers said: where its people are content, they often are too.
func (g group) customers(question, wave int) *barometerv1.CustomersFigure {
	own := len(g.label) * 7 % 19
	share := float64(min(96, max(12, g.level*2/3+24+own-9-question*5+wave*2)))
	f := &barometerv1.CustomersFigure{N: 198, Points: share}
	for _, part := range []float64{0.02, 0.3, 0.68} {
		f.Distribution = append(f.Distribution, int32(198*part*(1-share/100)))
	}
	four := int32(198 * share / 100 * 0.6)
	f.Distribution = append(f.Distribution, four, 198-four-f.GetDistribution()[0]-f.GetDistribution()[1]-f.GetDistribution()[2])
	half := 6.5
	if customerQuestions[question] == "recommendation" {
		f.Points, half, f.Distribution = share*1.6-92, 10.5, nil
	}
	f.Interval = &barometerv1.Interval{Low: max(-100, f.GetPoints()-half), High: min(100, f.GetPoints()+half)}
	return f
}

// GetCrossing puts the sample's groups beside their customers.
func (p panel) GetCrossing(ctx context.Context, req *barometerv1.GetCrossingRequest) (*barometerv1.GetCrossingResponse, error) {
	now := p.Now()
	if now.Empty {
		return nil, connect.NewError(connect.CodeNotFound, nil)
	}
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
	res := &barometerv1.GetCrossingResponse{
		EditionId: Edition, EditionName: "2026", ClosedOn: "2026-06-22", Questions: customerQuestions, Question: req.GetQuestion(), Wave: req.GetWave(),
		Fewest: 10, FewestCustomers: 30,
	}
	if req.GetEditionId() == LastEdition {
		res.EditionId, res.EditionName, res.ClosedOn = LastEdition, "2025", "2025-06-22"
	}
	for _, theme := range questions(req.GetLanguage()).GetThemes() {
		res.Themes = append(res.Themes, &barometerv1.ThemeName{Code: theme.GetCode(), Name: theme.GetName()})
	}
	for _, g := range path {
		res.Path = append(res.Path, g.name())
	}
	if res.GetQuestion() == "" {
		res.Question = customerQuestions[0]
	}
	theme := max(0, slices.IndexFunc(res.GetThemes(), func(t *barometerv1.ThemeName) bool { return t.GetCode() == req.GetTheme() }))
	res.Theme = res.GetThemes()[theme].GetCode()
	question := slices.Index(customerQuestions, res.GetQuestion())
	if question < 0 {
		return nil, rpc.InvalidField("question", "must be a question of customers")
	}
	if now.Customers.None {
		return res, nil
	}
	res.Waves = sampleWaves
	if res.GetWave() == "" {
		res.Wave = "2026-2"
	}
	place(ctx, res, groups, id, theme, question)
	if now.Customers.Change != nil {
		now.Customers.Change(res)
	}
	return res, nil
}

// place crosses the stores, and names those that the reader may read.
func place(ctx context.Context, res *barometerv1.GetCrossingResponse, groups []group, id string, theme, question int) {
	actor, _ := identity.FromContext(ctx)
	m := &barometerv1.Middle{Employees: 64, Customers: 66}
	if customerQuestions[question] == "recommendation" {
		m.Customers = 6
	}
	for _, g := range groups {
		if g.kind != "store" || g.ballots == 0 || g.rest {
			continue
		}
		res.Stores++
		f := g.figure(1, g.level-tilts[theme])
		at := &barometerv1.StorePosition{
			Store: g.name(), Employees: math.Round(100 * f.GetShare()), Band: f.GetBand(), Ballots: int32(g.ballots), Customers: g.customers(question, 2),
		}
		if f.GetBand() {
			at.Employees = 90
		} else {
			at.EmployeesInterval = &barometerv1.Interval{Low: 100 * f.GetShareInterval().GetLow(), High: 100 * f.GetShareInterval().GetHigh()}
		}
		in := at.GetCustomers().GetInterval()
		high, above := at.GetEmployees() >= m.GetEmployees(), at.GetCustomers().GetPoints() >= m.GetCustomers()
		switch {
		case in.GetLow() <= m.GetCustomers() && m.GetCustomers() <= in.GetHigh():
			at.Quadrant = barometerv1.StorePosition_QUADRANT_NEAR
			m.Near++
		case high && above:
			at.Quadrant = barometerv1.StorePosition_QUADRANT_BOTH_HIGH
			m.BothHigh++
		case high:
			at.Quadrant = barometerv1.StorePosition_QUADRANT_EMPLOYEES_HIGH
			m.EmployeesHigh++
		case above:
			at.Quadrant = barometerv1.StorePosition_QUADRANT_CUSTOMERS_HIGH
			m.CustomersHigh++
		default:
			at.Quadrant = barometerv1.StorePosition_QUADRANT_BOTH_LOW
			m.BothLow++
		}
		var subject policy.Subject
		for _, above := range pathTo(groups, g.id) {
			subject.UnitPath = append(subject.UnitPath, above.id)
		}
		if g.id == id || slices.Contains(subject.UnitPath, id) && policy.Allow(actor, barometerv1connect.ResultsServiceGetResultsProcedure, subject) == nil {
			res.Positions = append(res.Positions, at)
		}
	}
	if res.GetStores() >= 10 || int(res.GetStores()) == len(res.GetPositions()) {
		res.Middle = m
	}
	relate := func(lag barometerv1.Relation_Lag, wave string, r float64) *barometerv1.Relation {
		out := &barometerv1.Relation{Lag: lag, Wave: wave, Stores: res.GetStores(), Verdict: barometerv1.Relation_VERDICT_TOO_FEW_STORES}
		if res.GetStores() >= 10 {
			half := 1.5 / math.Sqrt(float64(res.GetStores()))
			out.R, out.Interval, out.Verdict = r, &barometerv1.Interval{Low: r - half, High: min(0.98, r+half*0.6)}, barometerv1.Relation_VERDICT_TOGETHER
			if out.GetInterval().GetLow() < 0 {
				out.Verdict = barometerv1.Relation_VERDICT_UNCLEAR
			}
		}
		return out
	}
	before, same := relate(barometerv1.Relation_LAG_BEFORE, "2026-1", 0.19), relate(barometerv1.Relation_LAG_SAME, "2026-2", 0.62)
	res.Around, res.Chosen = []*barometerv1.Relation{before, same}, same
	if res.GetWave() == "2026-1" {
		res.Chosen = before
	}
}

func (p panel) ListBenchmarks(_ context.Context, req *barometerv1.ListBenchmarksRequest) (*barometerv1.ListBenchmarksResponse, error) {
	res := &barometerv1.ListBenchmarksResponse{Questions: customerQuestions}
	for _, theme := range questions(req.GetLanguage()).GetThemes() {
		res.Themes = append(res.Themes, &barometerv1.ThemeName{Code: theme.GetCode(), Name: theme.GetName()})
	}
	if !p.Now().Empty {
		res.Benchmarks = []*barometerv1.Benchmark{
			{Id: event.ID("benchmark", "pay"), Version: 1, Measure: res.GetThemes()[4].GetCode(), Source: "Étude <Salaires>", Value: 58, Year: 2025},
			{Id: event.ID("benchmark", "nps"), Version: 1, Measure: "recommendation", Source: "Baromètre du commerce", Value: 18, Year: 2025},
			{Id: Benchmark, Version: 2, Measure: "welcome", Source: "Baromètre du commerce", Value: 71.5, Year: 2025, Note: "Équipement de la personne, 12 enseignes"},
			{Id: event.ID("benchmark", "old"), Version: 1, Measure: "welcome", Source: "Baromètre du commerce", Value: 60, Year: 2023},
		}
	}
	return res, nil
}

func (p panel) SaveBenchmark(_ context.Context, req *barometerv1.SaveBenchmarkRequest) (*barometerv1.SaveBenchmarkResponse, error) {
	b := req.GetBenchmark()
	switch {
	case !(b.GetValue() >= -100 && b.GetValue() <= 100):
		return nil, rpc.InvalidField("value", "must be from 0 to 100")
	case b.GetSource() == "":
		return nil, rpc.InvalidField("source", "must have 1 to 80 characters")
	case b.GetId() == Benchmark && b.GetVersion() != 2:
		return nil, connect.NewError(connect.CodeAborted, nil)
	}
	p.Set(func(s *State) { s.Customers.Saved = append(s.Customers.Saved, proto.CloneOf(b)) })
	return &barometerv1.SaveBenchmarkResponse{Benchmark: b}, nil
}

func (p panel) RemoveBenchmark(_ context.Context, req *barometerv1.RemoveBenchmarkRequest) (*barometerv1.RemoveBenchmarkResponse, error) {
	p.Set(func(s *State) { s.Customers.Removed = append(s.Customers.Removed, req.GetId()) })
	return &barometerv1.RemoveBenchmarkResponse{}, nil
}
