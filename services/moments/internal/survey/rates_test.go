package survey_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/stats"
	"jalon.dev/services/moments/internal/survey"
)

func TestTheRatesOfAllUnitsAreThoseOfEachByItself(t *testing.T) {
	units := [][]string{{"company"}, {"company", "store-1"}, {"company", "store-2"}, {"company", "region", "store-3"}, {"company", "region", "store-4"}}
	rapid.Check(t, func(t *rapid.T) {
		var responses []survey.Response
		for range rapid.IntRange(0, 60).Draw(t, "answers") {
			r := survey.Response{
				FollowUp: "a", UnitPath: rapid.SampledFrom(units).Draw(t, "unit"),
				AnsweredOn: clock.Date{Year: 2026, Month: 11, Day: 1}.AddDays(rapid.IntRange(0, 6).Draw(t, "day")),
			}
			if rapid.Bool().Draw(t, "named") {
				r.PersonID = "somebody"
			}
			responses = append(responses, r)
		}
		until := clock.Date{Year: 2026, Month: 11, Day: 5}
		rates := survey.AnsweredByUnit(responses, until)
		for _, unit := range []string{"", "company", "store-1", "store-2", "region", "store-3", "store-4"} {
			n := 0
			for _, of := range survey.Summarise(nil, responses, survey.Scope{FollowUp: "a", UnitID: unit, Until: until}).Answered {
				n += of
			}
			require.Equal(t, n, rates[unit], unit)
			require.True(t, rates[unit] == 0 || rates[unit] >= survey.LeastForFigures)
		}
	})
}

func question(id string, kind survey.Kind, counts ...int) survey.QuestionResult {
	n := 0
	for _, c := range counts {
		n += c
	}
	return survey.QuestionResult{
		Question: survey.Question{ID: id, Kind: kind, Points: 5}, Figures: survey.Figures{N: n, Counts: counts},
	}
}

func TestAChangeIsToldOfWhatIsBetterOrWorseOnly(t *testing.T) {
	before := survey.Result{Questions: []survey.QuestionResult{
		question("calm", survey.Scale, 10, 10, 10, 5, 5), question("again", survey.Rating, 0, 0, 0, 0, 0, 0, 0, 10, 10, 10, 10),
		question("colour", survey.Single, 20, 20), question("gone", survey.Scale, 1, 1, 1, 1, 1),
	}}
	now := survey.Result{Questions: []survey.QuestionResult{
		question("calm", survey.Scale, 2, 2, 6, 20, 10), question("again", survey.Rating, 0, 0, 0, 0, 0, 0, 0, 10, 10, 10, 10),
		question("colour", survey.Single, 30, 10), question("new", survey.Scale, 1, 1, 1, 1, 1),
	}}
	changes, err := survey.Changes(before, now, 60, 60)
	require.NoError(t, err)
	require.Len(t, changes, 2, "a colour is not better than another, and what is new has nothing before it")
	require.Equal(t, "calm", changes[0].Question)
	require.InDelta(t, 50, changes[0].Points, 1e-9)
	require.Equal(t, stats.Rising, changes[0].Verdict)
	require.InDelta(t, 0.25, changes[0].Before, 1e-9)
	require.Zero(t, changes[1].Points)
	require.Equal(t, stats.Stable, changes[1].Verdict)
}
