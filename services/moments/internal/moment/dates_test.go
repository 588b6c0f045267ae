package moment

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
)

func TestAnniversariesStayInTheirMonth(t *testing.T) {
	first := clock.Date{Year: 2024, Month: time.February, Day: 29}
	for year, day := range map[int]string{2025: "2025-02-28", 2026: "2026-02-28", 2028: "2028-02-29", 2100: "2100-02-28"} {
		require.Equal(t, day, AnniversaryIn(year, first).String())
		require.True(t, IsAnniversary(first, AnniversaryIn(year, first)))
	}
	require.False(t, IsAnniversary(first, first), "the first day is no anniversary")
	require.False(t, IsAnniversary(first, clock.Date{Year: 2028, Month: time.February, Day: 28}))
}

func TestASecondTellingOfTheSameMoveCorrectsTheFirst(t *testing.T) {
	day := func(n int) clock.Date { return clock.Date{Year: 2026, Month: time.November, Day: n} }
	moves := []Move{{Version: 5, From: "a", To: "b", On: day(9)}, {Version: 2, From: "a", To: "b", On: day(2)}}
	require.False(t, arrived(moves, day(2)))
	require.True(t, arrived(moves, day(9)))
	moves = append(moves, Move{Version: 3, From: "b", To: "a", On: day(5)})
	require.True(t, arrived(moves, day(2)), "there was a way back in between")
}
