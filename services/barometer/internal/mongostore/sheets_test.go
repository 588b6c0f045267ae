package mongostore_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/barometer/internal/mongostore"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// office is the cell of an edition with some people, and one of another cell.
type office struct {
	db       *mongo.Database
	electors *mongostore.Electors
	sheets   *mongostore.Sheets
}

func newOffice(t *testing.T, people int) office {
	t.Helper()
	db := mongotest.Database(t)
	o := office{db, mongostore.NewElectors(db), mongostore.NewSheets(db)}
	require.NoError(t, mongodb.Migrate(t.Context(), db, append(mongostore.Migrations(), mongostore.SheetMigration(5))))
	everybody := []mongostore.Elector{{ID: mongostore.ElectorID("2026", "elsewhere"), EditionID: "2026", PersonID: "elsewhere", CellID: "vitre"}}
	for _, person := range persons(0, people) {
		everybody = append(everybody, mongostore.Elector{ID: mongostore.ElectorID("2026", person), EditionID: "2026", PersonID: person, CellID: "nantes"})
	}
	require.NoError(t, o.electors.Insert(t.Context(), everybody))
	return o
}

func persons(from, to int) (ids []string) {
	for i := from; i < to; i++ {
		ids = append(ids, fmt.Sprintf("person-%02d", i))
	}
	return ids
}

func sheet(name string, n int) (cards []mongostore.Card) {
	for i := range n {
		cards = append(cards, mongostore.Card{Place: fmt.Sprintf("%s-%02d", name, i), Key: "key", Sealed: []byte("sealed")})
	}
	return cards
}

// has is how many people have a token, and how many cards there are.
func (o office) has(t *testing.T) (tokens, cards int) {
	t.Helper()
	issued, err := o.electors.CountIssued(t.Context(), "2026")
	require.NoError(t, err)
	cursor, err := o.db.Collection("sheets").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	for one, err := range mongodb.Each[struct{ Cards []mongostore.Card }](t.Context(), cursor) {
		require.NoError(t, err)
		cards += len(one.Cards)
	}
	for _, count := range issued {
		tokens += count
	}
	return tokens, cards
}

func TestASheetMarksPeopleAndKeepsAsManyCards(t *testing.T) {
	o := newOffice(t, 14)
	require.NoError(t, o.sheets.Keep(t.Context(), "2026", "nantes", persons(0, 12), sheet("a", 12)))
	tokens, cards := o.has(t)
	require.Equal(t, []int{12, 12}, []int{tokens, cards})
	_, err := o.electors.Issue(t.Context(), "2026", "person-00", "a hash")
	require.ErrorIs(t, err, mongostore.ErrIssued, "who has a card gets no token")
	_, err = o.electors.Issue(t.Context(), "2026", "person-12", "a hash")
	require.NoError(t, err)
	found, err := o.sheets.Find(t.Context(), "2026", "a-03")
	require.NoError(t, err)
	require.Equal(t, sheet("a", 12)[3], found)
	_, err = o.sheets.Find(t.Context(), "2026", "nowhere")
	require.ErrorIs(t, err, mongodb.ErrNotFound)

	require.NoError(t, o.sheets.Forget(t.Context(), "2025"))
	_, cards = o.has(t)
	require.Equal(t, 12, cards)
	require.NoError(t, o.sheets.Forget(t.Context(), "2026"))
	_, cards = o.has(t)
	require.Zero(t, cards)
}

func TestASheetIsKeptWholeOrNotAtAll(t *testing.T) {
	o := newOffice(t, 14)
	_, err := o.electors.Issue(t.Context(), "2026", "person-13", "a hash")
	require.NoError(t, err)
	for what, keep := range map[string]struct {
		people []string
		sheet  []mongostore.Card
		want   error
	}{
		"one has a token":        {persons(4, 14), sheet("b", 10), mongostore.ErrNotInCell},
		"one votes elsewhere":    {append(persons(0, 9), "elsewhere"), sheet("b", 10), mongostore.ErrNotInCell},
		"one is a stranger":      {append(persons(0, 9), "nobody"), sheet("b", 10), mongostore.ErrNotInCell},
		"too few":                {persons(0, 9), sheet("b", 9), mongostore.ErrFewCards},
		"more cards than people": {persons(0, 10), sheet("b", 11), nil},
		"one person twice":       {append(persons(0, 9), "person-00"), sheet("b", 10), nil},
	} {
		err := o.sheets.Keep(t.Context(), "2026", "nantes", keep.people, keep.sheet)
		require.Error(t, err, what)
		if keep.want != nil {
			require.ErrorIs(t, err, keep.want, what)
		}
		tokens, cards := o.has(t)
		require.Equal(t, []int{1, 0}, []int{tokens, cards}, what)
	}
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, o.sheets.Keep(cut, "2026", "nantes", persons(0, 10), sheet("c", 10)))
	require.NoError(t, o.sheets.Keep(t.Context(), "2026", "nantes", persons(0, 10), sheet("c", 10)), "done again")
	tokens, cards := o.has(t)
	require.Equal(t, []int{11, 10}, []int{tokens, cards})
}

// Killed between holding people and keeping cards, or between keeping cards and marking people: whoever comes next finds nothing, or
// all of it.
func TestAnInterruptedSheetIsNothingOrWhole(t *testing.T) {
	for made, want := range map[bool][]int{false: {1, 0}, true: {10, 10}} {
		o := newOffice(t, 10)
		_, err := o.db.Collection("electors").UpdateMany(t.Context(), bson.D{{Key: "cell", Value: "nantes"}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "sheet", Value: "interrupted"}}}})
		require.NoError(t, err)
		if made {
			_, err = o.db.Collection("sheets").InsertOne(t.Context(), bson.M{"_id": "interrupted", "edition": "2026", "cards": sheet("a", 10)})
			require.NoError(t, err)
		}
		_, err = o.electors.Issue(t.Context(), "2026", "person-00", "a hash")
		require.Equal(t, made, err != nil, "%v", err)
		tokens, cards := o.has(t)
		require.Equal(t, want, []int{tokens, cards})
		left, err := o.db.Collection("electors").CountDocuments(t.Context(), bson.D{{Key: "sheet", Value: bson.D{{Key: "$exists", Value: true}}}})
		require.NoError(t, err)
		require.Zero(t, left)
	}
}

// Two sheets for the same people, and one of them who begins to vote, all at once: nobody has two tokens, and there are never more
// cards than people without a token of their own.
func TestNobodyGetsTwoTokensWhateverHappensAtOnce(t *testing.T) {
	o := newOffice(t, 10)
	var together sync.WaitGroup
	var kept [2]error
	var taken error
	for i := range kept {
		together.Go(func() {
			kept[i] = o.sheets.Keep(t.Context(), "2026", "nantes", persons(0, 10), sheet(fmt.Sprint(i), 10))
		})
	}
	together.Go(func() { _, taken = o.electors.Issue(t.Context(), "2026", "person-05", "a hash") })
	together.Wait()
	tokens, cards := o.has(t)
	switch {
	case kept[0] == nil || kept[1] == nil:
		require.Equal(t, []int{10, 10}, []int{tokens, cards})
		require.ErrorIs(t, taken, mongostore.ErrIssued)
	default: // each may stop the other, and is asked for again
		require.Zero(t, cards)
		require.LessOrEqual(t, tokens, 1)
	}
	require.False(t, kept[0] == nil && kept[1] == nil)
}
