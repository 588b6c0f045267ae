package abtest_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/survey"
)

func day(text string) clock.Date {
	d, err := clock.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// Each person is in one group of a campaign, always the same, and the groups are as large as was asked for.
func TestTheGroupsAreAPartitionOfTheAudience(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		campaign := rapid.StringMatching(`[a-f0-9-]{36}`).Draw(t, "campaign")
		share := rapid.IntRange(abtest.LeastShare, abtest.MostShare).Draw(t, "share")
		const people = 4000
		sizes := map[abtest.Group]int{}
		for n := range people {
			person := fmt.Sprintf("%s-%d", campaign, n)
			g := abtest.Assign(campaign, person, share)
			require.Contains(t, abtest.Groups(), g)
			require.Equal(t, g, abtest.Assign(campaign, person, share), "whoever asks again is told the same")
			sizes[g]++
		}
		half := float64(people*share) / 200
		for _, g := range []abtest.Group{abtest.A, abtest.B} {
			require.InDelta(t, half, float64(sizes[g]), 6*max(5, math.Sqrt(half)), "%v of %d%%", sizes, share)
		}
	})
}

func TestTwoCampaignsHaveSamplesOfTheirOwn(t *testing.T) {
	one, other := uuid.NewString(), uuid.NewString()
	both, sample := 0, 0
	for range 5000 {
		person := uuid.NewString()
		if abtest.Assign(one, person, 20) != abtest.Rest {
			sample++
			if abtest.Assign(other, person, 20) != abtest.Rest {
				both++
			}
		}
	}
	require.InDelta(t, 0.2, float64(both)/float64(sample), 0.08)
}

func TestADecisionDoesNotDependOnTheNamesOfTheVariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := func(name string) abtest.Count {
			n := rapid.IntRange(0, 3000).Draw(t, name)
			return abtest.Count{Invited: n, Answered: rapid.IntRange(0, n+3).Draw(t, name+" answered")}
		}
		a, b := side("a"), side("b")
		there, back := abtest.Decide(a, b), abtest.Decide(b, a)
		require.Equal(t, there.Reason, back.Reason)
		other := map[abtest.Group]abtest.Group{abtest.A: abtest.B, abtest.B: abtest.A, "": ""}
		require.Equal(t, other[there.Winner()], back.Winner())
		require.Empty(t, abtest.Decide(a, a).Winner(), "what is equal has no winner")
		require.Equal(t, abtest.A, abtest.Decide(a, a).Chosen(), "and the campaign goes on as it is written")
	})
}

func TestADifferenceThatChanceExplainsHasNoWinner(t *testing.T) {
	little := abtest.Decide(abtest.Count{Invited: 100, Answered: 40}, abtest.Count{Invited: 100, Answered: 50})
	require.Equal(t, abtest.NoDifference, little.Reason)
	require.InDelta(t, 10, little.Points, 1e-9)
	require.InDelta(t, 0.1552, little.P, 0.0005) // z = 1.4213

	much := abtest.Decide(abtest.Count{Invited: 100, Answered: 40}, abtest.Count{Invited: 100, Answered: 60})
	require.Equal(t, abtest.Difference, much.Reason)
	require.Equal(t, abtest.B, much.Winner())
	require.Equal(t, abtest.B, much.Chosen())
	require.InDelta(t, 0.00468, much.P, 0.00005) // z = 2.8284
	require.Less(t, much.Low, much.Points)

	rare := abtest.Decide(abtest.Count{Invited: 60}, abtest.Count{Invited: 60, Answered: 7})
	require.True(t, rare.Exact, "where few answer, the chance is counted")
	require.InDelta(t, 0.0129845, rare.P, 1e-7)
	require.Equal(t, abtest.B, rare.Winner())

	require.Equal(t, abtest.TooFew, abtest.Decide(abtest.Count{Invited: 10}, abtest.Count{Invited: 10, Answered: 10}).Reason)
}

func TestWhatWasDisturbedHasNoWinner(t *testing.T) {
	at := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	side := func(sent, counted time.Duration, answered int) abtest.Side {
		return abtest.Side{SentAt: at.Add(sent), CountedAt: at.Add(counted), Count: abtest.Count{Invited: 100, Answered: answered}}
	}
	for _, c := range []struct {
		name  string
		a, b  abtest.Side
		apart time.Duration
		want  abtest.Reason
	}{
		{"as planned", side(0, 24*time.Hour, 40), side(0, 24*time.Hour, 60), 0, abtest.Difference},
		{"times as planned", side(0, 24*time.Hour, 40), side(4*time.Hour, 28*time.Hour, 60), 4 * time.Hour, abtest.Difference},
		{"both counted late alike", side(0, 60*time.Hour, 40), side(0, 60*time.Hour, 60), 0, abtest.Difference},
		{"a pause between the sides", side(0, 27*time.Hour, 40), side(3*time.Hour, 27*time.Hour, 60), 0, abtest.Disturbed},
		{"both times at once", side(5*time.Hour, 29*time.Hour, 40), side(5*time.Hour, 29*time.Hour, 60), 4 * time.Hour, abtest.Disturbed},
		{"one had longer", side(0, 24*time.Hour, 40), side(4*time.Hour, 34*time.Hour, 60), 4 * time.Hour, abtest.Disturbed},
	} {
		trial := abtest.Trial{A: c.a, B: c.b}.Decide(c.apart, at)
		require.Equal(t, c.want, trial.Decision.Reason, c.name)
		if c.want == abtest.Disturbed {
			require.Empty(t, trial.Decision.Winner(), c.name)
			require.Equal(t, abtest.A, trial.Decision.Chosen(), c.name)
		}
	}
}

func TestSidesAreCountedWhenTheyHadTheirTime(t *testing.T) {
	at, plan := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC), abtest.Plan{Wait: 24}
	trial := abtest.Trial{}.With(abtest.A, abtest.Side{SentAt: at})
	require.Empty(t, trial.Ripe(plan, at.Add(20*time.Hour)))
	require.Equal(t, []abtest.Group{abtest.A}, trial.Ripe(plan, at.Add(24*time.Hour)))
	trial = trial.With(abtest.B, abtest.Side{SentAt: at.Add(30 * time.Second)})
	require.Equal(t, []abtest.Group{abtest.A, abtest.B}, trial.Ripe(plan, at.Add(24*time.Hour)), "what is a few seconds short is counted with it")
	trial = trial.With(abtest.A, abtest.Side{SentAt: at, CountedAt: at.Add(24 * time.Hour)})
	require.Equal(t, []abtest.Group{abtest.B}, trial.Ripe(plan, at.Add(24*time.Hour)))
	require.False(t, trial.Counted())
}

func TestWhatIsWrongWithAPlanIsToldByField(t *testing.T) {
	fits := abtest.Campaign{Today: day("2026-11-02"), On: day("2026-11-03"), Until: day("2026-11-17"), At: 600, People: 1000}
	subjects := abtest.Plan{
		Criterion: abtest.Subject, SubjectA: survey.Wording{FR: "Deux minutes ?", EN: "Two minutes?"},
		SubjectB: survey.Wording{FR: "Votre avis", EN: "Your view"}, Share: 20, Wait: 48,
	}
	times := abtest.Plan{Criterion: abtest.SendTime, AtB: 840, Share: 20, Wait: 48}
	require.Empty(t, subjects.Problems(fits))
	require.Empty(t, times.Problems(fits))

	require.Equal(t, []abtest.Problem{{"criterion", "missing"}, {"share", "range"}, {"wait", "range"}}, abtest.Plan{}.Problems(fits))

	few := fits
	few.People = 499
	require.Equal(t, []abtest.Problem{{"share", "too_few"}}, subjects.Problems(few))

	message := fits
	message.IsMessage, message.Title = true, survey.Wording{FR: "Bonjour", EN: "Hello"}
	same := subjects
	same.SubjectA, same.SubjectB = survey.Wording{}, survey.Wording{FR: "Bonjour"}
	require.Equal(t, []abtest.Problem{{"subject_b.en", "missing"}, {"subject_b.fr", "same"}}, same.Problems(message))

	late := times
	late.AtB, late.Wait = 600, 168
	short := fits
	short.Today, short.Until = short.On, day("2026-11-10")
	require.Equal(t, []abtest.Problem{{"at_b", "same"}, {"at_b", "too_soon"}, {"wait", "too_long"}}, late.Problems(short))
}
