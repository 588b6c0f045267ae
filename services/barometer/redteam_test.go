package barometer_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/service"
	"jalon.dev/pkg/telemetry"
)

// watched is a world of which everything is on record that somebody with copies of everything would have.
type watched struct {
	world
	logs  *observer.ObservedLogs
	spans *tracetest.SpanRecorder
	meter *sdkmetric.ManualReader
}

func watch(t *testing.T, nantes, vitre int) watched {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	v := watched{logs: logs, spans: tracetest.NewSpanRecorder(), meter: sdkmetric.NewManualReader()}
	v.world = start(t, company(nantes, vitre), func(p *service.Parts) {
		p.Log = zap.New(core)
		p.Telemetry = telemetry.Nothing()
		p.Telemetry.Tracers = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(v.spans))
		p.Telemetry.Meters = sdkmetric.NewMeterProvider(sdkmetric.WithReader(v.meter))
	})
	return v
}

// copies is a full copy at one moment: each collection in the order in which it lies there, and the bus.
type copies struct {
	collections map[string][]bson.Raw
	events      []event.Event
}

func (w world) copyAll() copies {
	w.t.Helper()
	c := copies{collections: map[string][]bson.Raw{}}
	names, err := w.parts.DB.ListCollectionNames(w.t.Context(), bson.D{})
	require.NoError(w.t, err)
	for _, name := range names {
		cursor, err := w.parts.DB.Collection(name).Find(w.t.Context(), bson.D{})
		require.NoError(w.t, err)
		for cursor.Next(w.t.Context()) {
			c.collections[name] = append(c.collections[name], slices.Clone(cursor.Current))
		}
		require.NoError(w.t, cursor.Err())
	}
	require.NoError(w.t, w.parts.Bus.Tail(w.t.Context(), 10_000, "", true, func(ev event.Event) error {
		c.events = append(c.events, ev)
		return nil
	}))
	return c
}

// said is the ballot of the n-th voter, which nobody else casts.
func said(n int) []byte {
	b := answers(1, byte(n%11))
	for i := range 6 {
		b[i] = byte(n%5) + 1
		n /= 5
	}
	return b
}

// measured are all figures that the process would show to who collects them.
func (v watched) measured() string {
	v.t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(v.t, v.meter.Collect(v.t.Context(), &all))
	var names []string
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					names = append(names, fmt.Sprint(m.Name, p.Attributes.Encoded(nil), p.Value))
				}
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					names = append(names, fmt.Sprint(m.Name, p.Attributes.Encoded(nil), p.Count))
				}
			}
		}
	}
	slices.Sort(names)
	return strings.Join(names, "\n")
}

// A ballot leaves no trace of when it came: no log line, no span, no measure, no event (A03, A07, A08, A09, A13, A33, A34, A35), and
// taking a token leaves no event either.
func TestABallotThatIsCastLeavesNoMark(t *testing.T) {
	v := watch(t, 30, 14)
	e := v.launched()
	events := len(v.copyAll().events)
	token, paper := v.holds(v.nantes(0))
	require.Len(t, v.copyAll().events, events, "taking a token is told of")

	logs, spans, measures := v.logs.Len(), len(v.spans.Ended()), v.measured()
	require.NotZero(t, spans, "or this test could not fail")
	for _, ballot := range [][]byte{
		body(token, e.GetId(), paper.GetKeyFingerprint(), said(1)), // taken
		body(token, e.GetId(), paper.GetKeyFingerprint(), said(2)), // spent
		body(token, e.GetId(), "00", said(3)), []byte("nonsense"),
	} {
		v.cast(ballot)
	}
	require.Len(t, v.spans.Ended(), spans)
	require.Equal(t, logs, v.logs.Len())
	require.Equal(t, measures, v.measured())
	require.Len(t, v.copyAll().events, events)
}

// What is stored of ballots names nobody, tells no time, and is nowhere but where it belongs (A01, A02, A04, A05, A12, A28, A30, A37).
func TestWhatIsStoredOfBallotsNamesNobodyAndTellsNoTime(t *testing.T) {
	v := watch(t, 40, 14)
	e := v.launched()
	var people []string
	for n := range 40 {
		people = append(people, v.nantes(n))
		token, paper := v.holds(v.nantes(n))
		status, _ := v.cast(body(token, e.GetId(), paper.GetKeyFingerprint(), said(n), map[string]string{"theme": "pay", "text": fmt.Sprint("word ", n)}))
		require.Equal(t, 204, status)
	}
	during := v.copyAll()
	v.closes(e)
	after := v.copyAll()

	for when, c := range map[string]copies{"during": during, "after": after} {
		for name, docs := range c.collections {
			secret := slices.Contains([]string{"spool", "ballots", "comments", "results", "counted"}, name)
			for _, doc := range docs {
				if secret {
					for _, person := range people {
						require.NotContains(t, string(doc), person, "%s: %s names somebody", when, name)
					}
					tellsNoTime(t, name, doc)
				}
				if name == "electors" {
					tellsNoTime(t, name, doc)
				}
				for n := range 40 {
					require.True(t, name == "ballots" || !bytes.Contains(doc, said(n)), "%s: a ballot lies in %s", when, name)
					require.True(t, secret || !bytes.Contains(doc, fmt.Append(nil, "word ", n)), "%s: a comment lies in %s", when, name)
				}
			}
		}
		for _, ev := range c.events {
			for n := range 40 {
				require.False(t, bytes.Contains(ev.Data, said(n)), "an event holds a ballot")
			}
		}
	}
	for _, entry := range v.logs.All() {
		for _, person := range people {
			require.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), person)
		}
	}
	require.Empty(t, after.collections["spool"], "hashes of tokens outlive the edition")
	for _, doc := range after.collections["cells"] {
		require.True(t, doc.Lookup("private").IsZero(), "the key of a cell outlives the edition")
	}
}

// tellsNoTime refuses dates, ids that hold one, and numbers that count up.
func tellsNoTime(t *testing.T, collection string, doc bson.Raw) {
	t.Helper()
	elements, err := doc.Elements()
	require.NoError(t, err)
	for _, e := range elements {
		kind := e.Value().Type
		require.NotContains(t, []bson.Type{bson.TypeObjectID, bson.TypeDateTime, bson.TypeTimestamp}, kind, "%s.%s tells when", collection, e.Key())
	}
}

// The red team has everything: copies of the database during and after the edition, the bus, all orders in which things lie there. It
// knows the voters of a cell and guesses whose ballot is whose, by matching each order of people that it finds with each order of
// ballots. In the worst case for them, people cast in the order in which they took their tokens.
func TestWhoeverHasCopiesOfEverythingGuessesNoBetterThanChance(t *testing.T) {
	const voters = 150
	seed := rand.Uint64()
	t.Log("seed", seed)
	v := watch(t, voters, 14)
	e := v.launched()
	order := rand.New(rand.NewPCG(seed, seed)).Perm(voters)
	for i, n := range order {
		token, paper := v.holds(v.nantes(n))
		status, _ := v.cast(body(token, e.GetId(), paper.GetKeyFingerprint(), said(n)))
		require.Equal(t, 204, status)
		if i == voters/2 {
			v.clock.Set(tuesday.AddDate(0, 0, 2)) // a night passes, and batches are released
			v.settle()
		}
	}
	during := v.copyAll()
	v.closes(e)
	after := v.copyAll()

	ballots := orderOfBallots(t, after)
	require.Len(t, ballots, voters)
	// Somebody who watches live knows the order in which tokens were taken: also that must not help once ballots are mixed.
	guessers := map[string][]string{"live": nil}
	for _, n := range order {
		guessers["live"] = append(guessers["live"], v.nantes(n))
	}
	for when, c := range map[string]copies{"during": during, "after": after} {
		for name, docs := range c.collections {
			guessers[when+" "+name] = peopleIn(docs, func(d bson.Raw) []byte { return d }, v, voters)
		}
		guessers[when+" bus"] = peopleInEvents(c.events, v, voters)
	}
	guesses, right := 0, 0
	truth := map[string][]byte{}
	for n := range voters {
		truth[v.nantes(n)] = said(n)
	}
	tried := map[string]bool{}
	for how, people := range guessers {
		said := fmt.Sprint(people)
		if len(people) != voters || tried[said] {
			continue // it does not say of everybody, or it says what another one says
		}
		tried[said] = true
		var rho float64
		for i, person := range people {
			guesses++
			if bytes.Equal(truth[person], ballots[i]) {
				right++
			}
			at := slices.IndexFunc(ballots, func(b []byte) bool { return bytes.Equal(truth[person], b) })
			d := float64(i - at)
			rho += d * d
		}
		rho = 1 - 6*rho/(voters*(voters*voters-1))
		// Of unrelated orders rho is about normal with this deviation.
		require.Less(t, math.Abs(rho), 5/math.Sqrt(voters-1), "the order %q goes with that of the ballots", how)
	}
	require.Greater(t, len(tried), 2, "the red team found orders to try")
	// Each guess is right by chance with 1/voters. That more are right than this happens by chance once in ten thousand.
	expected := float64(guesses) / voters
	low, high := poisson(expected)
	from, to := wilson(right, guesses, 1.96)
	t.Logf("right: %d of %d guesses, %.2f%% (95%% interval %.2f%% to %.2f%%); chance, 1 of the %d tokens in the cell: %.2f%%, which is %.1f of them, and between %d and %d but once in ten thousand times",
		right, guesses, 100*float64(right)/float64(guesses), 100*from, 100*to, voters, 100./voters, expected, low, high)
	require.LessOrEqual(t, right, high)
	surely, _ := wilson(right, guesses, 3.89)
	require.LessOrEqual(t, surely, 1./voters, "even the low end of what the red team may be able to is no better than chance")
}

// orderOfBallots are the released ballots as they lie there.
func orderOfBallots(t *testing.T, c copies) (ballots [][]byte) {
	t.Helper()
	for _, doc := range c.collections["ballots"] {
		_, packed := doc.Lookup("answers").Binary()
		for b := range slices.Chunk(packed, 46) {
			ballots = append(ballots, b)
		}
	}
	return ballots
}

func peopleIn(docs []bson.Raw, content func(bson.Raw) []byte, v watched, voters int) (people []string) {
	var all bytes.Buffer
	for _, d := range docs {
		all.Write(content(d))
	}
	return firstSeen(all.Bytes(), v, voters)
}

func peopleInEvents(events []event.Event, v watched, voters int) []string {
	var all bytes.Buffer
	for _, ev := range events {
		all.Write(ev.Data)
	}
	return firstSeen(all.Bytes(), v, voters)
}

// firstSeen is the order in which people are named.
func firstSeen(content []byte, v watched, voters int) []string {
	at := map[string]int{}
	var people []string
	for n := range voters {
		person := v.nantes(n)
		for _, form := range [][]byte{[]byte(person), []byte(strings.ReplaceAll(person, "-", "")), []byte(hex.EncodeToString([]byte(person)))} {
			if i := bytes.Index(content, form); i >= 0 {
				at[person] = i
				people = append(people, person)
				break
			}
		}
	}
	slices.SortFunc(people, func(x, y string) int { return at[x] - at[y] })
	return people
}

// wilson is the interval of a share of which so many of n were right; z says how sure it is (Wilson 1927, JASA 22:209).
func wilson(right, n int, z float64) (low, high float64) {
	p, size := float64(right)/float64(n), float64(n)
	middle := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return max(0, middle-half), middle + half
}

// poisson is between what a Poisson variable lies but once in ten thousand times, on either side.
func poisson(mean float64) (low, high int) {
	p, sum := math.Exp(-mean), 0.0
	low = -1
	for k := 0; ; k++ {
		sum += p
		if low < 0 && sum > 1e-4 {
			low = k
		}
		if sum > 1-1e-4 {
			return max(low, 0), k
		}
		p *= mean / float64(k+1)
	}
}
