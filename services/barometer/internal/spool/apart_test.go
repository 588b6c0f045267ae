package spool

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/barometer/internal/ballot"
)

// rarely is what chance exceeds less than once in ten thousand times, where it is right expected times on average.
func rarely(expected float64) float64 { return expected + 4.5*math.Sqrt(expected) + 4 }

// Whose comment is whose answers' neighbour, and whose comments lie beside each other, is chance: they are shuffled each by
// themselves, so that nobody's answers are found by their words, nor their words by each other (A27, A28).
func TestCommentsSayNothingOfAnswersNorOfEachOther(t *testing.T) {
	const voters = 120
	s := open(t, mongotest.Database(t))
	for n := range voters {
		cast1(t, s, "nantes", n,
			ballot.Comment{Theme: "pay", Text: fmt.Sprint(n)}, ballot.Comment{Theme: "pleasure", Text: fmt.Sprint(n)})
		if n == voters/2 {
			require.NoError(t, s.Release(t.Context(), edition))
		}
	}
	require.NoError(t, s.ReleaseLast(t.Context(), edition, noMoves))
	all := batches(t, s)
	require.Len(t, all, 1)
	answers, err := ballot.Unpack(all[0].Answers)
	require.NoError(t, err)
	said := all[0].Comments
	require.Len(t, said, 2*voters)
	together, neighbours := 0, 0
	for i, c := range said {
		var n int
		_, err := fmt.Sscan(c.Text, &n)
		require.NoError(t, err)
		if answers[i/2] == numbered(n) {
			together++
		}
		if i > 0 && said[i-1].Text == c.Text {
			neighbours++
		}
	}
	// Of 240 comments, two lie where the answers of their writer do on average, and one beside the writer's other.
	require.Less(t, float64(together), rarely(2))
	require.Less(t, float64(neighbours), rarely(1))
}

// Whoever keeps a copy of every day finds, from one to the next, no ballots that can be read or ten of them at least, however few people
// voted on that day (A31).
func TestFromOneCopyToTheNextAtLeastTenBallotsCanBeRead(t *testing.T) {
	seed := rand.Uint64()
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, seed))
	s := open(t, mongotest.Database(t))
	cast, readable, smallest := 0, 0, voterless
	for range 40 { // days, or hours
		for range random.IntN(6) {
			cast1(t, s, "nantes", cast)
			cast++
		}
		require.NoError(t, s.Release(t.Context(), edition))
		now := len(numbers(t, s, "nantes"))
		if now > readable {
			smallest = min(smallest, now-readable)
		}
		require.LessOrEqual(t, now, max(0, cast-Smallest), "as many as a batch wait on, whoever came last")
		readable = now
	}
	t.Logf("%d cast, %d released; the smallest difference between two copies: %d", cast, readable, smallest)
	require.NotZero(t, readable)
	require.GreaterOrEqual(t, smallest, Smallest)
}

// voterless is more than any difference.
const voterless = math.MaxInt
