package demo

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
)

var founded = clock.Date{Year: 2026, Month: time.August, Day: 17} // a Monday

func lived(weeks int) *Company {
	c := NewCompany(seed, founded, companySize)
	for week := 1; week <= weeks; week++ {
		c.LiveAWeek(founded.AddDays(7 * week))
	}
	return c
}

func rows(t *testing.T, export []byte) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(export), "\ufeff")))
	r.Comma = ';'
	all, err := r.ReadAll()
	require.NoError(t, err)
	return all[1:]
}

func TestTheSameSeedLivesTheSameLife(t *testing.T) {
	one, another := lived(13), lived(13)
	require.Equal(t, one.Export(), another.Export())
}

func TestLivingAWeekTwiceIsLivingItOnce(t *testing.T) {
	twice := lived(3)
	twice.LiveAWeek(founded.AddDays(21))
	twice.LiveAWeek(founded.AddDays(14))
	require.Equal(t, lived(3).Export(), twice.Export())
}

func TestTheCompanyIsOneRegionOfOneHROfficer(t *testing.T) {
	people := rows(t, NewCompany(seed, founded, companySize).Export())
	require.InDelta(t, companySize, len(people), 50)
	stores, numbers, addresses, without := map[string]int{}, map[string]bool{}, map[string]bool{}, 0
	for _, row := range people {
		stores[row[5]]++
		require.False(t, numbers[row[0]], "number %s twice", row[0])
		numbers[row[0]] = true
		if row[3] == "" {
			without++
			continue
		}
		require.False(t, addresses[row[3]], "address %s twice", row[3])
		addresses[row[3]] = true
	}
	require.Len(t, stores, 26, "25 stores and the head office")
	require.InDelta(t, 0.7, float64(without)/float64(len(people)), 0.07, "most people in stores have no address")
}

func TestEverybodyButOneHasAManagerInTheFile(t *testing.T) {
	people := rows(t, lived(13).Export())
	numbers, alone := map[string]bool{}, 0
	for _, row := range people {
		numbers[row[0]] = true
	}
	for _, row := range people {
		if row[4] == "" {
			alone++
			continue
		}
		require.True(t, numbers[row[4]], "manager %s is not in the file", row[4])
	}
	require.Equal(t, 1, alone)
}

func TestPeopleArriveMoveAndLeave(t *testing.T) {
	before, after := rows(t, NewCompany(seed, founded, companySize).Export()), rows(t, lived(13).Export())
	known, arrived, moved, left := map[string][]string{}, 0, 0, 0
	for _, row := range before {
		known[row[0]] = row
	}
	for _, row := range after {
		old, ok := known[row[0]]
		switch {
		case !ok:
			arrived++
		case old[5] != row[5] || old[6] != row[6]:
			moved++
		}
		if row[10] != "" {
			left++
		}
	}
	require.Greater(t, arrived, 70)
	require.Greater(t, moved, 20)
	require.Greater(t, left, 50)
}
