package customers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/customers"
)

func TestEveryProblemIsToldInASentence(t *testing.T) {
	for _, code := range []customers.Code{
		customers.StoreUnknown, customers.StoreAmbiguous, customers.StoreMissing, customers.WaveMissing, customers.WaveTooLong, customers.RespondentMissing,
		customers.RespondentSeen, customers.ValueImpossible, customers.AnswersMissing, customers.ColumnsMissing, customers.ColumnsExtra,
		customers.QuoteMalformed, customers.LineTooLong, customers.RespondentRepeated, customers.AnswerMissing, customers.WaveUnplaced,
		customers.FileEmpty, customers.FileNotText, customers.FileTooLarge, customers.LinesTooMany, customers.WavesTooMany, customers.ColumnMissing,
		customers.ColumnDoubled,
	} {
		require.NotEqual(t, "is not understood", customers.Problem{Code: code}.Reason(), "%s", code)
	}
	require.Equal(t, `no store is called "Renes": give its name or code as the organisation has it`, customers.Problem{Code: customers.StoreUnknown, Value: "Renes"}.Reason())
	require.Equal(t, "line 7 has the same respondent in this wave and says something else: the first one stands",
		customers.Problem{Code: customers.RespondentSeen, Expected: "7"}.Reason())
	// What a file holds is not read as the place for something else.
	require.Contains(t, customers.Problem{Code: customers.StoreUnknown, Value: "EXPECTED"}.Reason(), `"EXPECTED"`)
}

func TestTheCountsOfTwoStoresAddUp(t *testing.T) {
	one, other := customers.Counts{Respondents: 3}, customers.Counts{Respondents: 2}
	one.Rated[1][4], other.Rated[1][4], other.Rated[0][0] = 3, 1, 2
	one.Recommendation[10], other.Recommendation[0] = 3, 2
	one.Add(other)
	require.Equal(t, 5, one.Respondents)
	require.Equal(t, 4, one.Rated[1][4])
	require.Equal(t, 2, one.Rated[0][0])
	require.Equal(t, [11]int{0: 2, 10: 3}, one.Recommendation)
	m, err := customers.Measure(one)
	require.NoError(t, err)
	require.Equal(t, []int{2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}, m.Answers(customers.Recommendation))
	require.Equal(t, []int{0, 0, 0, 0, 4}, m.Answers(customers.Welcome))
}

func TestTheNearestWaveIsThatOfTheEditionOrTheOneBefore(t *testing.T) {
	edition := customers.Period{Year: 2026, Number: 2}
	for _, c := range []struct {
		waves []customers.Wave
		want  customers.Wave
	}{
		{[]customers.Wave{"2026-3", "2026-2", "2026-1"}, "2026-2"},
		{[]customers.Wave{"2026-3", "2025-3", "2026-1"}, "2026-1"},
		{[]customers.Wave{"pilot", "2027-1", "2026-3"}, "2026-3"},
		{[]customers.Wave{"pilot"}, "pilot"},
		{nil, ""},
	} {
		require.Equal(t, c.want, customers.Nearest(edition, c.waves), "%v", c.waves)
	}
}
