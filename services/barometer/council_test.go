package barometer_test

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/reflect/protoreflect"

	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/barometer/inspection"
)

// told are the people of whom events said that they need no reminder, event by event.
func (w world) told() (people [][]string) {
	w.t.Helper()
	require.NoError(w.t, w.parts.Bus.Tail(w.t.Context(), 10_000, "jalon.barometer.v1.VotingInvitationsClosed", true, func(ev event.Event) error {
		var msg barometerv1.VotingInvitationsClosed
		require.NoError(w.t, ev.Decode(&msg))
		var some []string
		for _, closed := range msg.GetInvitations() {
			some = append(some, closed.GetPersonId())
		}
		people = append(people, some)
		return nil
	}))
	return people
}

// Who took a token is told once a night, of ten people at least at a time; and near the end of everybody, so that it says nothing (A11).
func TestWhoTookATokenIsToldOfByNightAndNeverOfFew(t *testing.T) {
	w := start(t, company(30, 14))
	e := w.launched()
	night := func(day int) {
		w.clock.Set(tuesday.AddDate(0, 0, day))
		w.settle()
	}
	for i := range 9 {
		w.holds(w.nantes(i))
	}
	require.Empty(t, w.told(), "the hour of nobody's token is told")
	night(2)
	require.Empty(t, w.told(), "nine could be told apart from yesterday's none")
	w.holds(w.nantes(9))
	night(3)
	require.Len(t, w.told(), 1)
	require.Len(t, w.told()[0], 10)
	w.holds(w.nantes(10))
	night(4)
	require.Len(t, w.told(), 1, "one more is not told of")

	closes, err := time.Parse(time.DateOnly, e.GetClosesOn())
	require.NoError(t, err)
	w.clock.Set(closes.AddDate(0, 0, -1))
	w.settle()
	last := w.told()
	require.Len(t, last[len(last)-1], 44, "whoever took a token and whoever did not are asked alike")
}

// There is no procedure that reads, removes, resets or adds somebody's ballot, nor one that changes who may vote or lowers a
// threshold once an edition is launched: these are all that there are (A22). A new one is to be looked at with that in mind.
func TestNoProcedureTouchesABallotOrAVoter(t *testing.T) {
	var names []string
	for _, file := range []protoreflect.FileDescriptor{barometerv1.File_jalon_barometer_v1_service_proto, barometerv1.File_jalon_barometer_v1_results_proto} {
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for j := range methods.Len() {
				method := methods.Get(j)
				names = append(names, string(method.Name()))
				for _, field := range []protoreflect.Name{"person_id", "person_ids", "ballot_id", "token"} {
					require.Nil(t, method.Input().Fields().ByName(field), "%s is asked about somebody", method.Name())
				}
			}
		}
	}
	for _, name := range names {
		require.NotRegexp(t, `(?i)ballot|vote|token`, strings.NewReplacer("GetBallotPaper", "", "IssueToken", "").Replace(name))
		require.NotRegexp(t, `^(Reset|Reopen|Add)`, name)
	}
	require.Subset(t, names, []string{"GetBallotPaper", "IssueToken", "GetResults", "SaveEdition"})
}

// Printed cards are made for people before anybody has a token, and confirmed or given up as a sheet: no procedure of theirs is asked
// about one person, nor about a card.
func TestNoProcedureOfCardsTouchesOneOfThem(t *testing.T) {
	var names []string
	methods := barometerv1.File_jalon_barometer_v1_cards_proto.Services().Get(0).Methods()
	for i := range methods.Len() {
		method := methods.Get(i)
		names = append(names, string(method.Name()))
		for _, field := range []protoreflect.Name{"person_id", "code", "place", "token"} {
			require.Nil(t, method.Input().Fields().ByName(field), "%s is asked about one", method.Name())
		}
	}
	require.ElementsMatch(t, []string{"ListCardVoters", "MakeCards", "ConfirmCards", "GiveUpCards", "ListSheets", "GetKiosk"}, names)
}

// Nothing that somebody has of one edition is good in the next, nor the same in it: no key, no hash, no batch (A37).
func TestNothingOfAPersonIsTheSameInTwoEditions(t *testing.T) {
	w := start(t, company(24, 14))
	first := w.launched()
	old, paper := w.holds(w.nantes(0))
	w.votes(func(i int) string { return w.nantes(i + 1) }, 12, 3, 9, "")
	during := w.copyAll()
	w.closes(first)
	draft, err := w.parts.Peers.Barometer().SaveEdition(w.asHR(), &barometerv1.SaveEditionRequest{Name: "2027", OpensOn: "2027-11-03", ClosesOn: "2027-11-23"})
	require.NoError(t, err)
	w.clock.Set(time.Date(2027, 11, 2, 9, 0, 0, 0, time.UTC))
	_, err = w.parts.Peers.Barometer().LaunchEdition(w.asHR(), &barometerv1.LaunchEditionRequest{
		EditionId: draft.GetEdition().GetId(), Version: draft.GetEdition().GetVersion(),
	})
	require.NoError(t, err)
	w.settle()
	w.clock.Set(time.Date(2027, 11, 3, 9, 0, 0, 0, time.UTC))
	w.settle()

	next := w.paper(w.nantes(0))
	require.NotEqual(t, paper.GetKeyFingerprint(), next.GetKeyFingerprint())
	for _, key := range []string{paper.GetKeyFingerprint(), next.GetKeyFingerprint()} {
		status, _ := w.cast(body(old, next.GetEditionId(), key, answers(4, 9)))
		require.Contains(t, []int{http.StatusForbidden, http.StatusNotFound}, status, "an old token is none")
	}
	w.votes(w.nantes, 13, 3, 9, "")
	again := w.copyAll()
	for _, name := range []string{"spool", "ballots", "electors"} {
		seen := map[string]bool{}
		for _, doc := range during.collections[name] {
			seen[doc.Lookup("_id").StringValue()] = true
			if blinded, ok := doc.Lookup("blinded").StringValueOK(); ok {
				seen[blinded] = true
			}
		}
		for _, doc := range again.collections[name] {
			if edition := doc.Lookup("edition").StringValue(); edition == first.GetId() {
				continue
			}
			require.False(t, seen[doc.Lookup("_id").StringValue()], "%s has the same id in both", name)
			if blinded, ok := doc.Lookup("blinded").StringValueOK(); ok {
				require.False(t, seen[blinded], "a token is the same in both")
			}
		}
	}
	require.Empty(t, broken(w.inspect()))
}

// calls are ways of speaking to others than the database, the bus, and Jalon's own services.
var calls = regexp.MustCompile(`\bhttp\.(Get|Post|PostForm|Head|Client|DefaultClient|NewRequest)|\bnet\.Dial|\bsmtp\.|\bexec\.Command`)

// No comment is translated, judged or read by anybody's machine: the service speaks to nobody outside (A38).
func TestTheServiceSpeaksToNobodyOutside(t *testing.T) {
	files := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		source, err := os.ReadFile(path)
		require.Empty(t, calls.FindAllString(string(source), -1), path)
		return err
	}))
	require.Greater(t, files, 50, "it looked")
	imports, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	for _, other := range []string{"openai", "anthropic", "deepl", "translate", "mistral", "aiplatform"} {
		require.NotContains(t, string(imports), other)
	}
}

// What is left of a closed edition, or not as it should be in numbers and keys, is seen too.
func TestWhatIsLeftOrDoesNotAddUpIsSeenByTheWorksCouncil(t *testing.T) {
	w := start(t, company(40, 14))
	first := w.launched()
	w.votes(w.nantes, 24, 3, 9, "")
	during := w.copyAll()
	w.closes(first)
	after := w.copyAll()
	put := func(collection string, change func([]bson.Raw) []any) {
		coll := w.parts.DB.Collection(collection)
		_, err := coll.DeleteMany(t.Context(), bson.D{})
		require.NoError(t, err)
		if docs := change(slices.Clone(after.collections[collection])); len(docs) > 0 {
			_, err = coll.InsertMany(t.Context(), docs)
			require.NoError(t, err)
		}
	}
	every := func(docs []bson.Raw) (all []any) {
		for _, doc := range docs {
			all = append(all, doc)
		}
		return all
	}
	// set gives the first document another value, which a bson.D with the same field twice would not.
	set := func(field string, value any) func([]bson.Raw) []any {
		return func(docs []bson.Raw) []any {
			var first bson.M
			require.NoError(t, bson.Unmarshal(docs[0], &first))
			first[field] = value
			return append([]any{first}, every(docs[1:])...)
		}
	}
	for name, c := range map[string]struct {
		collection string
		change     func([]bson.Raw) []any
		promise    inspection.Promise
		what       string
	}{
		"the hashes of tokens":   {"spool", func([]bson.Raw) []any { return every(during.collections["spool"]) }, inspection.Forgotten, inspection.HashLeft},
		"a key of the vault":     {"keys", func([]bson.Raw) []any { return every(during.collections["keys"]) }, inspection.Forgotten, inspection.KeyLeft},
		"the key of a cell":      {"cells", func([]bson.Raw) []any { return every(during.collections["cells"]) }, inspection.Forgotten, inspection.KeyLeft},
		"another key":            {"cells", set("public", []byte("another")), inspection.Cells, inspection.WrongKey},
		"a cell of few":          {"cells", set("eligible", 9), inspection.Cells, inspection.SmallCell},
		"several batches":        {"ballots", func(docs []bson.Raw) []any { return split(t, docs) }, inspection.Mixed, inspection.SeveralBatches},
		"a batch that miscounts": {"ballots", set("n", 3), inspection.Mixed, inspection.WrongCount},
		"an invented ballot": {"electors", func(docs []bson.Raw) []any {
			var all []any
			for _, doc := range docs {
				var d bson.D
				require.NoError(t, bson.Unmarshal(doc, &d))
				all = append(all, slices.DeleteFunc(d, func(e bson.E) bool { return e.Key == "blinded" }))
			}
			return all
		}, inspection.Numbers, inspection.MoreBallotsThanTokens},
		"other results": {"results", set("ballots", 23), inspection.Numbers, inspection.OtherResults},
		"electors in the order in which they came": {"electors", func(docs []bson.Raw) []any {
			slices.Reverse(docs)
			return every(docs)
		}, inspection.Order, inspection.OrderOfIssue},
	} {
		t.Run(name, func(t *testing.T) {
			put(c.collection, c.change)
			defer func() {
				put(c.collection, every)
				require.Empty(t, broken(w.inspect()))
			}()
			seen := broken(w.inspect())
			require.True(t, slices.ContainsFunc(seen[c.promise], func(b inspection.Breach) bool { return b.What == c.what }), "%v", seen)
		})
	}
}

// split makes two batches of the first one.
func split(t *testing.T, docs []bson.Raw) []any {
	t.Helper()
	var all []any
	for i, half := range []string{"first", "second"} {
		var d bson.M
		require.NoError(t, bson.Unmarshal(docs[0], &d))
		packed := d["answers"].(bson.Binary).Data
		middle := len(packed) / 46 / 2 * 46
		part := [][]byte{packed[:middle], packed[middle:]}[i]
		d["_id"], d["n"], d["answers"] = event.ID(half), len(part)/46, part
		all = append(all, d)
	}
	return all
}
