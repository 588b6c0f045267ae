package spool

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"pgregory.net/rapid"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/barometer/internal/ballot"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

const edition = "6f1e0d5a-6a55-4b7b-9b0e-3a3f4f0a6a01"

func open(t *testing.T, db *mongo.Database) *Spool {
	t.Helper()
	masters, err := vault.ParseMasters(vault.Use{Setting: "TEST"}, "a master key that only this test ever seals with")
	require.NoError(t, err)
	require.NoError(t, mongodb.Migrate(t.Context(), db, []mongodb.Migration{Migration(1)}))
	return New(db, vault.New(db, masters))
}

// numbered is a ballot that can be told from others by its number.
func numbered(n int) ballot.Ballot {
	var b ballot.Ballot
	for i := range ballot.Answers {
		b[i] = byte(n%5) + 1
		n /= 5
	}
	return b
}

func cast1(t *testing.T, s *Spool, cell string, n int, comments ...ballot.Comment) {
	t.Helper()
	taken, err := s.Take(t.Context(), Cast{Spent: fmt.Sprint(cell, "-", n), EditionID: edition, CellID: cell, Ballot: numbered(n), Comments: comments})
	require.NoError(t, err)
	require.True(t, taken)
}

func noMoves(map[string]int) map[string]string { return nil }

// numbers are the ballots of a cell that were released, in order of their numbers.
func numbers(t *testing.T, s *Spool, cell string) []int {
	t.Helper()
	cells, err := s.Read(t.Context(), edition)
	require.NoError(t, err)
	ballots, err := ballot.Unpack(cells[cell].Answers)
	require.NoError(t, err)
	var found []int
	for _, b := range ballots {
		n, weight := 0, 1
		for _, answer := range b[:6] {
			n, weight = n+int(answer-1)*weight, weight*5
		}
		found = append(found, n)
	}
	slices.Sort(found)
	return found
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func batches(t *testing.T, s *Spool) []batch {
	t.Helper()
	cursor, err := s.batches.Find(t.Context(), bson.D{})
	require.NoError(t, err)
	all, err := mongodb.All[batch](t.Context(), cursor)
	require.NoError(t, err)
	return all
}

func TestBallotsAreReleasedInBatchesThatHideThem(t *testing.T) {
	s := open(t, mongotest.Database(t))
	for n := range 19 {
		cast1(t, s, "nantes", n)
	}
	require.NoError(t, s.Release(t.Context(), edition))
	require.Empty(t, batches(t, s), "nobody could be hidden among fewer")
	cast1(t, s, "nantes", 19)
	require.NoError(t, s.Release(t.Context(), edition))
	require.Len(t, batches(t, s), 1)
	require.Equal(t, Smallest, batches(t, s)[0].Count)

	for n := 20; n < 45; n++ {
		cast1(t, s, "nantes", n)
	}
	require.NoError(t, s.Release(t.Context(), edition))
	require.Len(t, batches(t, s), 2)
	for _, b := range batches(t, s) {
		require.GreaterOrEqual(t, b.Count, Smallest)
	}
	require.NoError(t, s.ReleaseLast(t.Context(), edition, noMoves))
	require.Equal(t, upTo(45), numbers(t, s, "nantes"))
	require.Len(t, batches(t, s), 1, "when a ballot was released is not told any more")
}

// A process may die at any point of the merging too.
func TestAMergeThatIsInterruptedIsDoneAgain(t *testing.T) {
	s := open(t, mongotest.Database(t))
	var ids []string
	for i := range 3 {
		id := uuid.NewString()
		ids = append(ids, id)
		var some []ballot.Ballot
		for n := range 12 {
			some = append(some, numbered(12*i+n))
		}
		require.NoError(t, s.Put(t.Context(), id, edition, "nantes", some, nil))
	}
	all, err := s.read(t.Context(), edition)
	require.NoError(t, err)
	dead := batch{ID: uuid.NewString(), EditionID: edition, CellID: "nantes", Of: ids}
	require.NoError(t, s.put(t.Context(), dead, all["nantes"].ballots, nil)) // it died before it removed the others
	require.Equal(t, upTo(36), numbers(t, s, "nantes"))
	_, err = s.batches.DeleteOne(t.Context(), bson.D{{Key: "_id", Value: ids[0]}}) // or between
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, s.ReleaseLast(t.Context(), edition, noMoves))
		require.Equal(t, upTo(36), numbers(t, s, "nantes"))
		require.Len(t, batches(t, s), 1)
		require.Empty(t, batches(t, s)[0].Of)
	}
}

func TestATokenIsUsedOnce(t *testing.T) {
	s := open(t, mongotest.Database(t))
	cast1(t, s, "nantes", 1)
	again := Cast{Spent: "nantes-1", EditionID: edition, CellID: "nantes", Ballot: numbered(2)}
	for range 2 {
		taken, err := s.Take(t.Context(), again)
		require.NoError(t, err)
		require.False(t, taken)
		require.NoError(t, s.ReleaseLast(t.Context(), edition, noMoves)) // after its release too
	}
	require.Equal(t, []int{1}, numbers(t, s, "nantes"))
}

func TestWhoeverCastsTheSameTokenAtTheSameMomentCastsItOnce(t *testing.T) {
	s := open(t, mongotest.Database(t))
	var taken [8]bool
	var casting sync.WaitGroup
	for i := range taken {
		casting.Go(func() {
			ok, err := s.Take(context.WithoutCancel(t.Context()), Cast{Spent: "one", EditionID: edition, CellID: "nantes", Ballot: numbered(i)})
			taken[i] = ok && err == nil
		})
	}
	casting.Wait()
	require.Len(t, slices.DeleteFunc(taken[:], func(ok bool) bool { return !ok }), 1)
}

func TestFewBallotsGoToTheParentsCell(t *testing.T) {
	s := open(t, mongotest.Database(t))
	for n := range 4 {
		cast1(t, s, "small", n)
	}
	for n := 4; n < 30; n++ {
		cast1(t, s, "north", n)
	}
	require.NoError(t, s.Release(t.Context(), edition))
	require.NoError(t, s.ReleaseLast(t.Context(), edition, func(cast map[string]int) map[string]string {
		require.Equal(t, map[string]int{"small": 4, "north": 26}, cast)
		return map[string]string{"small": "north"}
	}))
	require.Equal(t, upTo(30), numbers(t, s, "north"))
	for _, b := range batches(t, s) {
		require.Equal(t, "north", b.CellID, "what would single them out is nowhere")
	}
}

// Whatever is stored at any time tells neither the order in which ballots came nor which token cast which.
func TestWhatWaitsIsSealedAndWhatIsReleasedHasNoToken(t *testing.T) {
	db := mongotest.Database(t)
	s := open(t, db)
	for n := range 40 {
		cast1(t, s, "nantes", n, ballot.Comment{Theme: "pay", Text: "Un mot, n° " + fmt.Sprint(n)})
	}
	answers := numbered(7)
	require.False(t, stored(t, db, answers[:]), "a ballot that waits lies there in clear")
	require.False(t, stored(t, db, []byte("Un mot")))
	require.NoError(t, s.Release(t.Context(), edition))
	require.NoError(t, s.ReleaseLast(t.Context(), edition, noMoves))

	require.True(t, stored(t, db, []byte("Un mot")), "or this test could not fail")
	n, err := s.waiting.CountDocuments(t.Context(), bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "sealed", Value: bson.D{{Key: "$exists", Value: true}}}},
		bson.D{{Key: "batch", Value: bson.D{{Key: "$exists", Value: true}}}},
		bson.D{{Key: "cell", Value: bson.D{{Key: "$exists", Value: true}}}},
	}}})
	require.NoError(t, err)
	require.Zero(t, n, "only hashes are left in the spool")
	for _, b := range batches(t, s) {
		require.NotContains(t, fmt.Sprint(b), "nantes-", "a batch holds hashes of tokens")
		id, err := uuid.Parse(b.ID)
		require.NoError(t, err)
		require.EqualValues(t, 4, id.Version(), "its id tells when it was made")
	}
	require.NoError(t, s.Forget(t.Context(), edition))
	left, err := s.waiting.CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.Zero(t, left)
}

// stored tells whether the bytes lie anywhere in the database.
func stored(t *testing.T, db *mongo.Database, what []byte) bool {
	t.Helper()
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	require.NoError(t, err)
	for _, name := range names {
		cursor, err := db.Collection(name).Find(t.Context(), bson.D{})
		require.NoError(t, err)
		for cursor.Next(t.Context()) {
			if bytes.Contains(cursor.Current, what) {
				return true
			}
		}
		require.NoError(t, cursor.Err())
	}
	return false
}

// A process that dies at any point of a release leaves what the next one brings to its end: nothing lost, nothing twice.
func TestADeathInTheMiddleLosesNothingAndDoublesNothing(t *testing.T) {
	deaths := map[string]func(ctx context.Context, s *Spool, waiting []string) error{
		"after choosing": func(ctx context.Context, s *Spool, waiting []string) error {
			return s.claim(ctx, "nantes", waiting[:12])
		},
		"while choosing": func(ctx context.Context, s *Spool, waiting []string) error {
			return s.claim(ctx, "nantes", waiting[:3])
		},
		"after writing": func(ctx context.Context, s *Spool, waiting []string) error {
			if err := s.claim(ctx, "nantes", waiting[:12]); err != nil {
				return err
			}
			begun, err := s.begun(ctx, edition)
			for id, casts := range begun {
				_, err = s.batches.InsertOne(ctx, batch{ID: id, EditionID: edition, CellID: "nantes", Count: 12, Answers: opened(ctx, s, casts)})
			}
			return err
		},
		"while removing what was sealed": func(ctx context.Context, s *Spool, waiting []string) error {
			if err := s.claim(ctx, "nantes", waiting[:12]); err != nil {
				return err
			}
			begun, err := s.begun(ctx, edition)
			for id, casts := range begun {
				_, err = s.batches.InsertOne(ctx, batch{ID: id, EditionID: edition, CellID: "nantes", Count: 12, Answers: opened(ctx, s, casts)})
				if err == nil {
					_, err = s.waiting.UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: waiting[:9]}}}},
						bson.D{{Key: "$unset", Value: bson.D{{Key: "sealed", Value: ""}, {Key: "batch", Value: ""}, {Key: "cell", Value: ""}}}})
				}
			}
			return err
		},
	}
	for when, die := range deaths {
		t.Run(when, func(t *testing.T) {
			db := mongotest.Database(t)
			s := open(t, db)
			for n := range 25 {
				cast1(t, s, "nantes", n)
			}
			cells, err := s.waitingIn(t.Context(), edition)
			require.NoError(t, err)
			require.NoError(t, die(t.Context(), s, cells["nantes"]))

			next := open(t, db)
			require.NoError(t, next.Release(t.Context(), edition))
			for _, b := range batches(t, next) {
				require.GreaterOrEqual(t, b.Count, Smallest)
			}
			require.NoError(t, next.ReleaseLast(t.Context(), edition, noMoves))
			require.Equal(t, upTo(25), numbers(t, next, "nantes"))
		})
	}
}

func opened(ctx context.Context, s *Spool, casts []cast) []byte {
	var packed []byte
	for _, c := range casts {
		key, _ := s.keys.of(ctx, s.vault, edition)
		plain, _ := key.Open(c.Spent, c.Sealed)
		e, _ := unpack(plain)
		packed = append(packed, e.Answers...)
	}
	return packed
}

func TestAMixKeepsEnoughBackAndTakesAnyOfThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 80).Draw(t, "waiting")
		released := mix(upTo(n))
		if n < 2*Smallest {
			require.Empty(t, released)
			return
		}
		require.Len(t, released, n-Smallest)
	})
	// Each of thirty is released two times in three, whether it came first or last: 6,000 mixes miss by at most 5 standard deviations.
	const mixes = 6000
	var times [30]int
	for range mixes {
		for _, n := range mix(upTo(30)) {
			times[n]++
		}
	}
	for n, count := range times {
		require.InDelta(t, mixes*2/3, count, 5*36.6, "the %dth", n)
	}
}

func TestASealedBallotTellsLittleByItsLength(t *testing.T) {
	short, err := envelope{Answers: make([]byte, ballot.Size)}.pack()
	require.NoError(t, err)
	long, err := envelope{Answers: make([]byte, ballot.Size), Comments: []ballot.Comment{{Theme: "pay", Text: "Un mot"}}}.pack()
	require.NoError(t, err)
	require.Len(t, long, len(short))
	for _, cut := range [][]byte{nil, short[:3], {0, 0, 9, 0, 1}} {
		_, err := unpack(cut)
		require.Error(t, err)
	}
}
