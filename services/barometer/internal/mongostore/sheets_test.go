package mongostore_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/barometer/internal/mongostore"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// friday is the last day on which the sheets of these tests are confirmed.
var friday = clock.Date{Year: 2026, Month: time.November, Day: 6}

// office is the cell of an edition with some people, and one of another cell.
type office struct {
	t        *testing.T
	db       *mongo.Database
	electors *mongostore.Electors
	sheets   *mongostore.Sheets
}

func newOffice(t *testing.T, people int) office {
	t.Helper()
	db := mongotest.Database(t)
	o := office{t, db, mongostore.NewElectors(db), mongostore.NewSheets(db)}
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

func sheet(name string, n int) mongostore.Sheet {
	of := mongostore.Sheet{EditionID: "2026", CellID: "nantes", Until: friday}
	for i := range n {
		of.Cards = append(of.Cards, mongostore.Card{Place: fmt.Sprintf("%s-%02d", name, i), Sealed: []byte("sealed")})
	}
	return of
}

// keeps makes a sheet that waits to be confirmed.
func (o office) keeps(people []string, of mongostore.Sheet) mongostore.Sheet {
	o.t.Helper()
	kept, err := o.sheets.Keep(o.t.Context(), of, people)
	require.NoError(o.t, err)
	return kept
}

func (o office) issue(person string) error {
	_, err := o.electors.Issue(o.t.Context(), "2026", person, "a hash")
	return err
}

// has is how many people have a token, how many cards there are, and how many people are held for one.
func (o office) has(tokens, cards, held int) {
	o.t.Helper()
	issued, err := o.electors.CountIssued(o.t.Context(), "2026")
	require.NoError(o.t, err)
	cursor, err := o.db.Collection("sheets").Find(o.t.Context(), bson.D{})
	require.NoError(o.t, err)
	found := []int{0, 0, 0}
	for one, err := range mongodb.Each[mongostore.Sheet](o.t.Context(), cursor) {
		require.NoError(o.t, err)
		found[1] += len(one.Cards)
	}
	for _, count := range issued {
		found[0] += count
	}
	waiting, err := o.db.Collection("electors").CountDocuments(o.t.Context(), bson.D{{Key: "sheet", Value: bson.D{{Key: "$exists", Value: true}}}})
	require.NoError(o.t, err)
	found[2] = int(waiting)
	require.Equal(o.t, []int{tokens, cards, held}, found)
}

func (o office) opens(place string) bool {
	o.t.Helper()
	found, err := o.sheets.Find(o.t.Context(), "2026", place)
	if err == nil {
		require.Equal(o.t, mongostore.Card{Place: place, Sealed: []byte("sealed")}, found)
		return true
	}
	require.ErrorIs(o.t, err, mongodb.ErrNotFound)
	require.NotContains(o.t, err.Error(), place)
	return false
}

func TestASheetWaitsUntilItIsOnPaper(t *testing.T) {
	o := newOffice(t, 14)
	kept := o.keeps(persons(0, 12), sheet("a", 12))
	require.Equal(t, 12, kept.Size)
	o.has(0, 12, 12)
	require.False(t, o.opens("a-03"), "nobody votes with a card that may never be printed")
	require.ErrorIs(t, o.issue("person-00"), mongostore.ErrHeld)
	require.NoError(t, o.issue("person-12"))

	require.NoError(t, o.sheets.Confirm(t.Context(), "2026", kept.ID))
	require.NoError(t, o.sheets.Confirm(t.Context(), "2026", kept.ID), "the button, twice")
	o.has(13, 12, 0)
	require.True(t, o.opens("a-03"))
	require.False(t, o.opens("nowhere"))
	require.ErrorIs(t, o.issue("person-00"), mongostore.ErrIssued, "who has a card gets no token")
	require.ErrorIs(t, o.sheets.GiveUp(t.Context(), "2026", kept.ID), mongostore.ErrDecided, "somebody may have voted")
	o.has(13, 12, 0)

	require.NoError(t, o.sheets.Forget(t.Context(), "2025"))
	o.has(13, 12, 0)
	require.NoError(t, o.sheets.Forget(t.Context(), "2026"))
	o.has(13, 0, 0)
}

func TestASheetThatIsGivenUpSetsItsPeopleFree(t *testing.T) {
	o := newOffice(t, 14)
	kept := o.keeps(persons(0, 12), sheet("a", 12))
	require.ErrorIs(t, o.sheets.GiveUp(t.Context(), "2025", kept.ID), mongodb.ErrNotFound)
	require.NoError(t, o.sheets.GiveUp(t.Context(), "2026", kept.ID))
	require.NoError(t, o.sheets.GiveUp(t.Context(), "2026", kept.ID), "the button, twice")
	o.has(0, 0, 0)
	require.ErrorIs(t, o.sheets.Confirm(t.Context(), "2026", kept.ID), mongostore.ErrDecided)
	require.NoError(t, o.issue("person-00"))
	listed, err := o.sheets.List(t.Context(), "2026")
	require.NoError(t, err)
	require.Empty(t, listed)
}

func TestASheetThatNobodyConfirmsIsGivenUp(t *testing.T) {
	o := newOffice(t, 24)
	confirmed := o.keeps(persons(0, 10), sheet("a", 10))
	require.NoError(t, o.sheets.Confirm(t.Context(), "2026", confirmed.ID))
	o.keeps(persons(10, 22), sheet("b", 12))
	require.NoError(t, o.sheets.Settle(t.Context(), "2026", friday))
	o.has(10, 22, 12)
	require.NoError(t, o.sheets.Settle(t.Context(), "2026", friday.AddDays(1)))
	o.has(10, 10, 0)

	o.keeps(persons(10, 22), sheet("c", 12))
	require.NoError(t, o.sheets.Forget(t.Context(), "2026"))
	o.has(10, 0, 0)
}

func TestASheetIsKeptWholeOrNotAtAll(t *testing.T) {
	o := newOffice(t, 14)
	require.NoError(t, o.issue("person-13"))
	for what, keep := range map[string]struct {
		people []string
		sheet  mongostore.Sheet
		want   error
	}{
		"one has a token":        {persons(4, 14), sheet("b", 10), mongostore.ErrNotInCell},
		"one votes elsewhere":    {append(persons(0, 9), "elsewhere"), sheet("b", 10), mongostore.ErrNotInCell},
		"one is a stranger":      {append(persons(0, 9), "nobody"), sheet("b", 10), mongostore.ErrNotInCell},
		"too few":                {persons(0, 9), sheet("b", 9), mongostore.ErrFewCards},
		"more cards than people": {persons(0, 10), sheet("b", 11), nil},
		"one person twice":       {append(persons(0, 9), "person-00"), sheet("b", 10), nil},
	} {
		_, err := o.sheets.Keep(t.Context(), keep.sheet, keep.people)
		require.Error(t, err, what)
		if keep.want != nil {
			require.ErrorIs(t, err, keep.want, what)
		}
		o.has(1, 0, 0)
	}
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := o.sheets.Keep(cut, sheet("c", 10), persons(0, 10))
	require.Error(t, err)
	o.keeps(persons(0, 10), sheet("c", 10))
	_, err = o.sheets.Keep(t.Context(), sheet("d", 10), persons(3, 13))
	require.ErrorIs(t, err, mongostore.ErrNotInCell, "seven of them wait for a card")
	o.has(1, 10, 10)
}

// Killed between holding people and keeping cards, or between a decision and what follows from it: whoever comes next finds nothing, or
// all of it.
func TestAnInterruptedSheetIsNothingOrWhole(t *testing.T) {
	for state, want := range map[mongostore.SheetState]struct {
		issued              error
		tokens, cards, held int
	}{
		"":                        {nil, 1, 0, 0},
		mongostore.SheetPending:   {mongostore.ErrHeld, 0, 10, 10},
		mongostore.SheetConfirmed: {mongostore.ErrIssued, 10, 10, 0},
		mongostore.SheetGivenUp:   {nil, 1, 0, 0},
	} {
		t.Run(string(state), func(t *testing.T) {
			o := newOffice(t, 10)
			_, err := o.db.Collection("electors").UpdateMany(t.Context(), bson.D{{Key: "cell", Value: "nantes"}},
				bson.D{{Key: "$set", Value: bson.D{{Key: "sheet", Value: "interrupted"}}}})
			require.NoError(t, err)
			if state != "" {
				left := sheet("a", 10)
				left.ID, left.State = "interrupted", state
				if state == mongostore.SheetGivenUp {
					left.Cards = nil
				}
				_, err = o.db.Collection("sheets").InsertOne(t.Context(), left)
				require.NoError(t, err)
			}
			require.ErrorIs(t, o.issue("person-00"), want.issued)
			o.has(want.tokens, want.cards, want.held)
		})
	}
}

// Two sheets for the same people, and one of them who begins to vote, all at once: nobody has two tokens, and there are never more
// cards than people without a token of their own.
func TestNobodyGetsTwoTokensWhateverHappensAtOnce(t *testing.T) {
	o := newOffice(t, 10)
	var together sync.WaitGroup
	var kept [2]mongostore.Sheet
	var errs [2]error
	for i := range kept {
		together.Go(func() {
			if kept[i], errs[i] = o.sheets.Keep(t.Context(), sheet(fmt.Sprint(i), 10), persons(0, 10)); errs[i] == nil {
				errs[i] = o.sheets.Confirm(t.Context(), "2026", kept[i].ID)
			}
		})
	}
	var taken error
	together.Go(func() { taken = o.issue("person-05") })
	together.Wait()
	require.False(t, errs[0] == nil && errs[1] == nil)
	if errs[0] == nil || errs[1] == nil {
		require.Error(t, taken)
		o.has(10, 10, 0)
	} else { // each may stop the other, and is asked for again
		tokens := 0
		if taken == nil {
			tokens = 1
		}
		o.has(tokens, 0, 0)
	}
}

// Confirmed and given up at the same moment, it is one of the two, for everybody.
func TestASheetIsDecidedOnce(t *testing.T) {
	o := newOffice(t, 10)
	kept := o.keeps(persons(0, 10), sheet("a", 10))
	var together sync.WaitGroup
	var confirmed, givenUp error
	together.Go(func() { confirmed = o.sheets.Confirm(t.Context(), "2026", kept.ID) })
	together.Go(func() { givenUp = o.sheets.GiveUp(t.Context(), "2026", kept.ID) })
	together.Wait()
	if confirmed == nil {
		require.ErrorIs(t, givenUp, mongostore.ErrDecided)
		o.has(10, 10, 0)
	} else {
		require.ErrorIs(t, confirmed, mongostore.ErrDecided)
		require.NoError(t, givenUp)
		o.has(0, 0, 0)
	}
}
