package barometer_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/services/barometer/inspection"
)

func (w world) inspect() inspection.Report {
	w.t.Helper()
	report, err := inspection.Look(w.t.Context(), w.parts.DB)
	require.NoError(w.t, err)
	return report
}

// broken are the promises that are not kept, with what was seen.
func broken(r inspection.Report) map[inspection.Promise][]inspection.Breach {
	seen := map[inspection.Promise][]inspection.Breach{}
	for _, f := range r.Findings {
		if !f.Kept {
			seen[f.Promise] = f.Breaches
		}
	}
	return seen
}

// A works council looks at a running Jalon before, while and after people vote, and finds what was promised.
func TestWhatIsPromisedToTheWorksCouncilIsSeenInTheDatabase(t *testing.T) {
	w := start(t, company(40, 14))
	require.Empty(t, broken(w.inspect()), "before anything happened")
	e := w.launched()
	require.Empty(t, broken(w.inspect()), "before anybody voted")
	w.votes(w.nantes, 30, 3, 9, "Écrivez-moi à jeanne@example.com avant le 2026-11-30, à 10:30")
	w.votes(w.vitre, 3, 1, 2, "")
	w.holds(w.nantes(31))
	require.Empty(t, broken(w.inspect()), "while ballots wait")
	w.clock.Set(tuesday.AddDate(0, 0, 2))
	w.settle()
	require.NotEmpty(t, w.copyAll().collections["ballots"], "some were released, or this test says little")
	require.Empty(t, broken(w.inspect()), "while some wait and some were released")
	_, err := w.parts.DB.Collection("electors").DeleteOne(t.Context(), bson.D{{Key: "person", Value: w.nantes(3)}})
	require.NoError(t, err)
	require.Empty(t, broken(w.inspect()), "somebody who voted was erased")
	w.closes(e)
	report := w.inspect()
	require.Empty(t, broken(report), "after the close")
	require.Equal(t, 1, report.Editions)
	require.Len(t, report.Findings, len(inspection.Promises))
}

// Whatever is put to what is stored of ballots is seen, and told by what it is.
func TestWhatIsPlantedIsSeenByTheWorksCouncil(t *testing.T) {
	w := start(t, company(40, 14))
	e := w.launched()
	w.votes(w.nantes, 24, 3, 9, "")
	w.clock.Set(tuesday.AddDate(0, 0, 2))
	w.settle() // ten wait, and fourteen were released
	timed, err := uuid.NewV7()
	require.NoError(t, err)
	person := w.nantes(7)
	clear := answers(4, 9)
	any1 := bson.D{}
	set := func(field string, value any) func(string) {
		return func(collection string) {
			_, err := w.parts.DB.Collection(collection).UpdateOne(t.Context(), any1, bson.D{{Key: "$set", Value: bson.D{{Key: field, Value: value}}}})
			require.NoError(t, err)
		}
	}
	insert := func(doc bson.D) func(string) {
		return func(collection string) {
			_, err := w.parts.DB.Collection(collection).InsertOne(t.Context(), doc)
			require.NoError(t, err)
		}
	}
	for name, c := range map[string]struct {
		collection string
		plant      func(string)
		promise    inspection.Promise
		what       string
	}{
		"a person beside a ballot that waits": {"spool", set("person", person), inspection.Nobody, inspection.Person},
		"a person in a batch":                 {"ballots", set("voters", bson.A{person}), inspection.Nobody, inspection.Person},
		"a person behind another name":        {"ballots", set("batch", "x-"+person), inspection.Nobody, inspection.Person},
		"a person in place of a cell":         {"ballots", set("cell", person), inspection.Nobody, inspection.Person},
		"a person deep inside":                {"ballots", set("meta", bson.D{{Key: "by", Value: bson.D{{Key: "id", Value: person}}}}), inspection.Nobody, inspection.Person},
		"a person as bytes":                   {"spool", set("who", bson.Binary{Subtype: bson.TypeBinaryUUID, Data: bytesOf(person)}), inspection.Nobody, inspection.Person},
		"a person as a name":                  {"spool", set("voters", bson.D{{Key: person, Value: true}}), inspection.Nobody, inspection.Person},
		"a field without a value":             {"spool", set("voted", nil), inspection.Fields, inspection.UnknownField},
		"when a ballot came":                  {"spool", set("at", time.Now()), inspection.NoTime, inspection.Time},
		"when, as a number":                   {"spool", set("at", time.Now().UnixMilli()), inspection.NoTime, inspection.Time},
		"when, as a text":                     {"spool", set("at", time.Now().Format(time.RFC3339)), inspection.NoTime, inspection.Time},
		"when a token was taken":              {"electors", set("issued_at", time.Now()), inspection.NoTime, inspection.Time},
		"when, in an id":                      {"ballots", set("batch_id", bson.NewObjectID()), inspection.NoTime, inspection.Time},
		"when, in a UUID":                     {"spool", set("batch", timed.String()), inspection.NoTime, inspection.Time},
		"when, in a count":                    {"ballots", set("n", time.Now().Unix()), inspection.NoTime, inspection.Time},
		"from which address":                  {"spool", set("from", "192.0.2.7:50123"), inspection.Nobody, inspection.Address},
		"whose e-mail":                        {"spool", set("mail", "jeanne@example.com"), inspection.Nobody, inspection.Address},
		"anything at all":                     {"electors", set("seq", 3), inspection.Fields, inspection.UnknownField},
		"another kind of value":               {"electors", set("told", "yes"), inspection.Fields, inspection.OtherShape},
		"a ballot in the clear":               {"spool", set("sealed", clear), inspection.Sealed, inspection.InClear},
		"a ballot elsewhere":                  {"agenda", insert(bson.D{{Key: "_id", Value: "x"}, {Key: "kept", Value: clear}}), inspection.Sealed, inspection.InClear},
		"a list of who voted":                 {"votes", insert(bson.D{{Key: "_id", Value: person}}), inspection.Collections, inspection.UnknownCollection},
		"a batch of one": {"ballots", insert(bson.D{
			{Key: "_id", Value: uuid.NewString()}, {Key: "edition", Value: e.GetId()}, {Key: "cell", Value: "nantes"}, {Key: "n", Value: 1}, {Key: "answers", Value: clear},
		}), inspection.Mixed, inspection.SmallBatch},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.copyAll()
			defer func() {
				w.restore(before, c.collection)
				require.Empty(t, broken(w.inspect()), "and what was planted is gone")
			}()
			c.plant(c.collection)
			seen := broken(w.inspect())
			require.NotContains(t, fmt.Sprint(seen), person, "the check itself names nobody")
			require.True(t, slices.ContainsFunc(seen[c.promise], func(b inspection.Breach) bool {
				return b.What == c.what && b.Collection == c.collection && b.Documents == 1
			}), "%v", seen)
		})
	}
}

func bytesOf(id string) []byte {
	parsed := uuid.MustParse(id)
	return parsed[:]
}

// restore puts a collection back to what it was.
func (w world) restore(before copies, collection string) {
	w.t.Helper()
	coll := w.parts.DB.Collection(collection)
	if len(before.collections[collection]) == 0 {
		require.NoError(w.t, coll.Drop(w.t.Context()))
		return
	}
	_, err := coll.DeleteMany(w.t.Context(), bson.D{})
	require.NoError(w.t, err)
	_, err = coll.InsertMany(w.t.Context(), before.collections[collection])
	require.NoError(w.t, err)
}

// What the check knows is what people read in docs/barometer.md: every collection, and every field but those in figures.
func TestWhatIsDocumentedIsWhatTheCheckKnows(t *testing.T) {
	_, section, found := strings.Cut(document(t, "barometer.md"), "\n## What is stored\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	code := regexp.MustCompile("`([a-z_.]+)`")
	codes := func(text string) (all []string) {
		for _, name := range code.FindAllStringSubmatch(text, -1) {
			all = append(all, name[1])
		}
		return all
	}
	documented := map[string][]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z]+)` \\| ([^|]+) \\|").FindAllStringSubmatch(section, -1) {
		documented[row[1]] = codes(row[2])
	}
	_, beside, found := strings.Cut(section, "Beside these")
	require.True(t, found)
	for _, c := range inspection.Layout {
		if c.Beside {
			require.Contains(t, codes(beside), c.Name)
			continue
		}
		fields := slices.Collect(maps.Keys(c.Fields))
		if c.Name == "results" { // figures are documented as such
			fields = slices.DeleteFunc(fields, func(field string) bool { return strings.Contains(field, ".") })
		}
		require.ElementsMatch(t, documented[c.Name], fields, c.Name)
		delete(documented, c.Name)
	}
	require.Empty(t, documented)
}
