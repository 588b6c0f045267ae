package customers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/barometer/internal/customers"
)

func TestAWaveInFiguresHasOneForm(t *testing.T) {
	for text, want := range map[string]customers.Wave{
		"2026-1": "2026-1", " 2026-01 ": "2026-1", "1/2026": "2026-1", "2026 / 12": "2026-12",
		"Vague 1  2026": "Vague 1 2026", "2026": "2026", "01/01/2026": "01/01/2026", "janv-26": "janv-26", "2026-0": "2026-0",
		"2026-123": "2026-123", "vague\u202E d'été": "vague d'été",
	} {
		wave, err := customers.NewWave(text)
		require.NoError(t, err)
		require.Equal(t, want, wave)
	}
}

func TestAWavesNameHasTwentyCharacters(t *testing.T) {
	_, err := customers.NewWave(strings.Repeat("é", 20))
	require.NoError(t, err)
	for _, text := range []string{"", " \t\u200B", strings.Repeat("é", 21)} {
		_, err := customers.NewWave(text)
		require.ErrorIs(t, err, customers.ErrWave)
	}
}

func TestWavesAreOrderedByYearThenNumber(t *testing.T) {
	want := []customers.Wave{"2027", "pilote", "2025-3", "2026-1", "Vague 2 2026", "2026-10", "2027-1"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, customers.Wave.Compare)
	require.Equal(t, want, got, "a wave that is nowhere never passes for the latest")
}

func TestWavesHaveOneOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w [3]customers.Wave
		for i := range w {
			text := rapid.StringMatching(`[vV]?(202[5-7]|9|)[ /-]?[0-9]{0,2}`).Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
			var err error
			w[i], err = customers.NewWave(text.Draw(t, "wave"))
			require.NoError(t, err)
		}
		require.Equal(t, w[0] == w[1], w[0].Compare(w[1]) == 0)
		require.Equal(t, w[0].Compare(w[1]), -w[1].Compare(w[0]))
		if w[0].Compare(w[1]) <= 0 && w[1].Compare(w[2]) <= 0 {
			require.LessOrEqual(t, w[0].Compare(w[2]), 0)
		}
	})
}

func TestAPeriodIsAThirdOfTheYear(t *testing.T) {
	for month, number := range map[time.Month]int{1: 1, 4: 1, 5: 2, 8: 2, 9: 3, 12: 3} {
		require.Equal(t, customers.Period{Year: 2026, Number: number}, customers.PeriodOf(clock.Date{Year: 2026, Month: month, Day: 30}))
	}
}
