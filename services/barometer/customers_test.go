package barometer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/barometer"
)

// stores is a company of so many, named as a trial names them.
func stores(n int) *directoryv1.SnapshotResponse {
	res := &directoryv1.SnapshotResponse{Units: []*directoryv1.Unit{
		{Id: "company", Version: 1, Name: "Company", Kind: "company"},
		{Id: "region-000", Version: 1, Name: "Région Ouest", Kind: "region", ParentId: "company"},
	}}
	for i := range n {
		res.Units = append(res.Units, &directoryv1.Unit{
			Id: fmt.Sprintf("store-%05d", i), Version: 1, Name: storeName(i), Code: fmt.Sprintf("M%02d", i), Kind: "store", ParentId: "region-000",
		})
	}
	return res
}

func storeName(i int) string { return fmt.Sprintf("Magasin d'Évry %d", i) }

// panel is a file of so many customers in each of the stores; mood moves their answers.
func panel(wave string, stores, each int, mood func(store int) float64) []byte {
	random := rand.New(rand.NewPCG(7, uint64(len(wave)+stores)))
	var file strings.Builder
	file.WriteString("wave,store,respondent,overall_satisfaction,welcome,availability,competence,recommend_0_10\n")
	point := func(x, most float64) int { return int(min(most, max(1, x+random.NormFloat64()))) }
	for s := range stores {
		for c := range each {
			m := mood(s)
			fmt.Fprintf(&file, "%s,%s,%s-%d-%d,%d,%d,%d,%d,%d\n", wave, storeName(s), wave, s, c,
				point(3.6+m, 5), point(3.9+m, 5), point(3.1+m, 5), point(3.7+m, 5), point(7.5+2*m, 10))
		}
	}
	return []byte(file.String())
}

func rising(store int) float64 { return float64(store)/8 - 0.6 }

func (w world) hand(req *barometerv1.ImportCustomersRequest) *barometerv1.CustomersReport {
	w.t.Helper()
	res, err := w.parts.Peers.Customers().ImportCustomers(w.asHR(), req)
	require.NoError(w.t, err)
	return res.GetReport()
}

func (w world) waves() (names []string) {
	w.t.Helper()
	res, err := w.parts.Peers.Customers().ListWaves(w.asHR(), &barometerv1.ListWavesRequest{})
	require.NoError(w.t, err)
	for _, wave := range res.GetWaves() {
		names = append(names, fmt.Sprintf("%s %d/%d", wave.GetName(), wave.GetStores(), wave.GetRespondents()))
	}
	return names
}

func (w world) crossing(ctx context.Context, req *barometerv1.GetCrossingRequest) *barometerv1.GetCrossingResponse {
	w.t.Helper()
	req.Language = "fr"
	res, err := w.parts.Peers.Customers().GetCrossing(ctx, req)
	require.NoError(w.t, err)
	return res
}

// published is a company of so many stores with two editions and no customers yet.
func published(t *testing.T, n, each int) world {
	t.Helper()
	w := start(t, stores(n))
	trial, err := barometer.NewTrial(t.Context(), w.parts, barometer.TrialCompany{Stores: n, Each: each, Region: 25})
	require.NoError(t, err)
	_, err = trial.Publish(t.Context())
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		return w.hand(&barometerv1.ImportCustomersRequest{File: panel("2026-9", n, 1, rising), DryRun: true}).GetRejected() == 0
	}, 20*time.Second, 10*time.Millisecond, "the organisation is known")
	return w
}

func TestAWaveIsKeptAsCountsAndReplacedWhenThatIsConfirmed(t *testing.T) {
	w := published(t, 3, 12)
	file := panel("2026-2", 3, 40, rising)
	tried := w.hand(&barometerv1.ImportCustomersRequest{File: file, FileName: "vague.csv", DryRun: true})
	require.Equal(t, barometerv1.CustomersReport_OUTCOME_DRY_RUN, tried.GetOutcome())
	require.EqualValues(t, 120, tried.GetAccepted())
	require.Empty(t, w.waves(), "nothing is kept yet")

	require.Equal(t, barometerv1.CustomersReport_OUTCOME_APPLIED, w.hand(&barometerv1.ImportCustomersRequest{File: file, FileName: "vague.csv"}).GetOutcome())
	require.Equal(t, []string{"2026-2 3/120"}, w.waves())

	again := w.hand(&barometerv1.ImportCustomersRequest{File: file})
	require.Equal(t, barometerv1.CustomersReport_OUTCOME_APPLIED, again.GetOutcome(), "what says the same needs no yes")
	require.True(t, again.GetWaves()[0].GetUnchanged())

	other := panel("2026-2", 2, 50, rising)
	refused := w.hand(&barometerv1.ImportCustomersRequest{File: other})
	require.Equal(t, barometerv1.CustomersReport_OUTCOME_REFUSED, refused.GetOutcome())
	require.True(t, refused.GetReplaces())
	require.EqualValues(t, 120, refused.GetWaves()[0].GetKnownRespondents())
	require.Equal(t, []string{"2026-2 3/120"}, w.waves())
	require.Equal(t, barometerv1.CustomersReport_OUTCOME_APPLIED, w.hand(&barometerv1.ImportCustomersRequest{File: other, Replace: true}).GetOutcome())
	require.Equal(t, []string{"2026-2 2/100"}, w.waves())
	res, err := w.parts.Peers.Customers().GetCustomers(w.asHR(), &barometerv1.GetCustomersRequest{UnitId: "store-00002"})
	require.NoError(t, err)
	require.Empty(t, res.GetWaves(), "the third store is in the wave no more")

	_, err = w.parts.Peers.Customers().RemoveWave(w.asHR(), &barometerv1.RemoveWaveRequest{Name: "2026-2"})
	require.NoError(t, err)
	require.Empty(t, w.waves())
	left, err := w.parts.DB.Collection("customer_counts").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.Zero(t, left)
}

func TestWhatIsWrongWithAFileOfCustomersIsToldByLine(t *testing.T) {
	w := published(t, 3, 12)
	file := append(panel("2026-2", 3, 2, rising),
		"2026-2,Atlantide,x1,4,4,4,4,9\n"+ // line 8
			"2026-2,M01,x2,4,4,6,4,9\n"+
			"2026-2,M01,2026-2-0-0,1,1,1,1,1\n"+
			"été 26,M01,x3,4,4,,4,9\n"...)
	report := w.hand(&barometerv1.ImportCustomersRequest{File: file})
	require.Equal(t, barometerv1.CustomersReport_OUTCOME_REFUSED, report.GetOutcome(), "nothing is applied where a line is rejected")
	require.Empty(t, w.waves())
	require.EqualValues(t, 3, report.GetRejected())
	require.Equal(t, []string{"Atlantide"}, report.GetUnknownStores())
	var told []string
	for _, p := range report.GetProblems() {
		told = append(told, fmt.Sprintf("%d %s %s", p.GetLine(), p.GetColumn(), p.GetCode()))
		require.NotContains(t, p.GetReason(), "VALUE")
		require.NotContains(t, p.GetReason(), "EXPECTED")
	}
	require.Equal(t, []string{
		"8 store store_unknown", "9 availability value_impossible", "10 respondent respondent_seen", "11 wave wave_unplaced", "11 availability answer_missing",
	}, told)
	require.Equal(t, "must be a whole number, 1–5, or empty", report.GetProblems()[1].GetReason())

	report = w.hand(&barometerv1.ImportCustomersRequest{File: file, SkipRejected: true})
	require.Equal(t, barometerv1.CustomersReport_OUTCOME_APPLIED, report.GetOutcome())
	require.Equal(t, []string{"été 26 1/1", "2026-2 3/6"}, w.waves())
	kept, err := w.parts.DB.Collection("customer_counts").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	var docs []bson.M
	require.NoError(t, kept.All(t.Context(), &docs))
	require.NotContains(t, fmt.Sprint(docs), "x3", "of customers only counts are kept")

	report = w.hand(&barometerv1.ImportCustomersRequest{File: []byte("a;b\n1;2\n")})
	require.Equal(t, barometerv1.CustomersReport_OUTCOME_REFUSED, report.GetOutcome())
	require.Equal(t, "column_missing", report.GetRefusals()[0].GetCode())
}

func TestCustomersAreToldBesideTheirUnitWithHowSureTheyAre(t *testing.T) {
	w := published(t, 3, 12)
	for _, wave := range []string{"2026-2", "2026-1"} {
		w.hand(&barometerv1.ImportCustomersRequest{File: panel(wave, 3, 40, rising)})
	}
	res, err := w.parts.Peers.Customers().GetCustomers(w.asHR(), &barometerv1.GetCustomersRequest{UnitId: "store-00001"})
	require.NoError(t, err)
	require.Equal(t, []string{"overall_satisfaction", "welcome", "availability", "competence", "recommendation"}, res.GetQuestions())
	require.Len(t, res.GetWaves(), 2)
	require.Equal(t, "2026-1", res.GetWaves()[0].GetWave(), "the oldest first")
	for _, f := range res.GetWaves()[1].GetFigures() {
		require.EqualValues(t, 40, f.GetN())
		require.Less(t, f.GetInterval().GetLow(), f.GetPoints())
		require.Greater(t, f.GetInterval().GetHigh(), f.GetPoints())
	}
	region, err := w.parts.Peers.Customers().GetCustomers(w.asHR(), &barometerv1.GetCustomersRequest{UnitId: "region-000"})
	require.NoError(t, err)
	require.EqualValues(t, 120, region.GetWaves()[0].GetRespondents())
	require.EqualValues(t, 3, region.GetWaves()[0].GetStores())
	_, err = w.parts.Peers.Customers().GetCustomers(w.asHR(), &barometerv1.GetCustomersRequest{UnitId: "nowhere"})
	require.True(t, rpc.Is(err, connect.CodeNotFound), "%v", err)
}

func TestStoresAreCrossedWithTheWavesAroundTheEdition(t *testing.T) {
	w := published(t, 12, 14)
	for _, wave := range []string{"2025-3", "2026-1", "2026-2", "2026-3", "pilote"} {
		w.hand(&barometerv1.ImportCustomersRequest{File: panel(wave, 11, 40, rising)})
	}
	res := w.crossing(w.asHR(), &barometerv1.GetCrossingRequest{})
	require.Equal(t, []string{"pilote", "2025-3", "2026-1", "2026-2", "2026-3"}, res.GetWaves())
	require.Equal(t, "2026-2", res.GetWave(), "the edition closed in June")
	require.EqualValues(t, 11, res.GetStores(), "the twelfth has no customers")
	require.Len(t, res.GetPositions(), 11)
	require.Equal(t, []string{"LAG_BEFORE 2026-1 11", "LAG_SAME 2026-2 11", "LAG_AFTER 2026-3 11"}, lagsOf(res))
	require.NotNil(t, res.GetChosen().GetInterval())
	m := res.GetMiddle()
	require.EqualValues(t, 11, m.GetBothHigh()+m.GetBothLow()+m.GetEmployeesHigh()+m.GetCustomersHigh()+m.GetNear())

	unplaced := w.crossing(w.asHR(), &barometerv1.GetCrossingRequest{Wave: "pilote", Theme: res.GetThemes()[3].GetCode(), Question: "recommendation"})
	require.Equal(t, barometerv1.Relation_LAG_UNSPECIFIED, unplaced.GetChosen().GetLag())
	require.Equal(t, res.GetThemes()[3].GetCode(), unplaced.GetTheme())
	for _, wrong := range []*barometerv1.GetCrossingRequest{{Wave: "2031-1"}, {Theme: "weather"}, {Question: "parking"}} {
		wrong.Language = "fr"
		_, err := w.parts.Peers.Customers().GetCrossing(w.asHR(), wrong)
		require.True(t, rpc.Is(err, connect.CodeInvalidArgument), "%v", err)
	}
}

func lagsOf(res *barometerv1.GetCrossingResponse) (lags []string) {
	for _, r := range res.GetAround() {
		lags = append(lags, fmt.Sprintf("%s %s %d", r.GetLag(), r.GetWave(), r.GetStores()))
	}
	return lags
}

// A store of which nothing is published, for want of ballots, is not in the publication: whatever its customers say, nothing of the
// crossing moves.
func TestAStoreThatIsHiddenLeavesNoTraceInTheCrossing(t *testing.T) {
	w := published(t, 12, 14)
	hidden := w.parts.DB.Collection("results")
	gone, err := hidden.DeleteMany(t.Context(), bson.D{{Key: "unit", Value: "store-00004"}})
	require.NoError(t, err)
	require.EqualValues(t, 2, gone.DeletedCount, "of two editions")
	w.hand(&barometerv1.ImportCustomersRequest{File: panel("2026-2", 12, 40, rising)})
	before := w.crossing(w.asHR(), &barometerv1.GetCrossingRequest{})
	require.EqualValues(t, 11, before.GetStores())
	w.hand(&barometerv1.ImportCustomersRequest{Replace: true, File: moved(panel("2026-2", 12, 40, rising), storeName(4))})
	after := w.crossing(w.asHR(), &barometerv1.GetCrossingRequest{})
	require.True(t, proto.Equal(before, after), "the hidden store's customers all changed their minds")
}

// moved has all customers of a store answer 1.
func moved(file []byte, store string) []byte {
	lines := strings.Split(string(file), "\n")
	for i, line := range lines {
		if parts := strings.Split(line, ","); len(parts) == 8 && parts[1] == store {
			lines[i] = strings.Join(append(parts[:3], "1", "1", "1", "1", "1"), ",")
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

func TestACrossingNamesTheStoresThatItsReaderMayRead(t *testing.T) {
	w := published(t, 12, 14)
	w.hand(&barometerv1.ImportCustomersRequest{File: panel("2026-2", 12, 40, rising)})
	granted := func(role identity.Role, unit string) context.Context {
		return identity.NewContext(t.Context(), identity.Actor{PersonID: uuid.NewString(), Grants: []identity.Grant{{Role: role, Unit: unit}}})
	}
	everything := w.crossing(w.asHR(), &barometerv1.GetCrossingRequest{})
	director := w.crossing(granted(identity.Director, "store-00003"), &barometerv1.GetCrossingRequest{UnitId: "store-00003"})
	require.Len(t, director.GetPositions(), 1)
	require.True(t, proto.Equal(everything.GetPositions()[3], director.GetPositions()[0]), "the fourth by name")
	require.True(t, proto.Equal(everything.GetChosen(), director.GetChosen()), "what is said of all stores is the same for everybody")
	require.True(t, proto.Equal(everything.GetMiddle(), director.GetMiddle()))
	region := w.crossing(granted(identity.LocalHR, "region-000"), &barometerv1.GetCrossingRequest{UnitId: "region-000"})
	require.Len(t, region.GetPositions(), 12)

	for _, refused := range []string{"store-00004", "region-000", ""} {
		_, err := w.parts.Peers.Customers().GetCrossing(granted(identity.Director, "store-00003"), &barometerv1.GetCrossingRequest{UnitId: refused, Language: "fr"})
		require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
		if refused != "" {
			_, err = w.parts.Peers.Customers().GetCustomers(granted(identity.Director, "store-00003"), &barometerv1.GetCustomersRequest{UnitId: refused})
			require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
		}
	}
	_, err := w.parts.Peers.Customers().ImportCustomers(granted(identity.LocalHR, "region-000"), &barometerv1.ImportCustomersRequest{File: []byte("x")})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
}

// Of two stores, who knows the middle and their own knows the other's.
func TestOfAFewStoresOnlyWhoReadsThemAllIsToldTheirMiddle(t *testing.T) {
	w := published(t, 3, 12)
	w.hand(&barometerv1.ImportCustomersRequest{File: panel("2026-2", 3, 40, rising)})
	require.NotNil(t, w.crossing(w.asHR(), &barometerv1.GetCrossingRequest{}).GetMiddle())
	director := identity.NewContext(t.Context(), identity.Actor{PersonID: uuid.NewString(), Grants: []identity.Grant{{Role: identity.Director, Unit: "store-00001"}}})
	res := w.crossing(director, &barometerv1.GetCrossingRequest{UnitId: "store-00001"})
	require.Nil(t, res.GetMiddle())
	require.Equal(t, barometerv1.StorePosition_QUADRANT_UNSPECIFIED, res.GetPositions()[0].GetQuadrant())
	require.Equal(t, barometerv1.Relation_VERDICT_TOO_FEW_STORES, res.GetChosen().GetVerdict())
	require.Nil(t, res.GetChosen().GetInterval())
}

func TestBenchmarksAreEnteredChangedAndRemoved(t *testing.T) {
	w := start(t, stores(1))
	api := w.parts.Peers.Customers()
	save := func(b *barometerv1.Benchmark) (*barometerv1.Benchmark, error) {
		res, err := api.SaveBenchmark(w.asHR(), &barometerv1.SaveBenchmarkRequest{Benchmark: b})
		return res.GetBenchmark(), err
	}
	one, err := save(&barometerv1.Benchmark{Measure: "welcome", Source: " Baromètre  du commerce ", Value: 71.5, Year: 2025})
	require.NoError(t, err)
	require.Equal(t, "Baromètre du commerce", one.GetSource())
	stale := proto.CloneOf(one)
	one.Value = 72
	_, err = save(one)
	require.NoError(t, err)
	_, err = save(stale)
	require.True(t, rpc.Is(err, connect.CodeAborted), "%v", err)
	_, err = save(&barometerv1.Benchmark{Measure: "welcome", Source: "X", Value: 71.5, Year: 2027})
	require.Equal(t, "year", rpc.Violations(err)[0].Field, "%v", err)

	employee := w.as(uuid.NewString())
	list, err := api.ListBenchmarks(employee, &barometerv1.ListBenchmarksRequest{Language: "fr"})
	require.NoError(t, err)
	require.Len(t, list.GetBenchmarks(), 1)
	require.InDelta(t, 72, list.GetBenchmarks()[0].GetValue(), 0)
	_, err = api.RemoveBenchmark(employee, &barometerv1.RemoveBenchmarkRequest{Id: one.GetId()})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
	_, err = api.RemoveBenchmark(w.asHR(), &barometerv1.RemoveBenchmarkRequest{Id: one.GetId()})
	require.NoError(t, err)
	list, err = api.ListBenchmarks(w.asHR(), &barometerv1.ListBenchmarksRequest{Language: "fr"})
	require.NoError(t, err)
	require.Empty(t, list.GetBenchmarks())
}
