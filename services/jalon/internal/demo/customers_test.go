package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
)

func TestAWaveHasTwoHundredCustomersOfEachStoreAndIsTheSameEachTime(t *testing.T) {
	file := string(panel(cities, "2026-2", 1))
	require.Equal(t, file, string(panel(cities, "2026-2", 1)))
	lines := strings.Split(strings.TrimSpace(file), "\n")
	require.Len(t, lines, 1+customersAsked*len(cities))
	for _, city := range cities {
		require.Contains(t, file, ";"+city+";")
	}
	require.NotEqual(t, file, string(panel(cities, "2026-3", 1)))
}

func TestThirdsOfYearsFollowEachOther(t *testing.T) {
	december, january := clock.Date{Year: 2026, Month: time.December, Day: 31}, clock.Date{Year: 2027, Month: time.January, Day: 1}
	require.Equal(t, third(december)+1, third(january))
	require.Equal(t, third(january), third(clock.Date{Year: 2027, Month: time.April, Day: 30}))
}
