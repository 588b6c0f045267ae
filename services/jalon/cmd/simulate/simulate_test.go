package main

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongolocal"
	"jalon.dev/services/jalon/internal/standalone"
)

// TestMain makes the test's own executable host the engine.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == standalone.EngineArgument {
		os.Exit(mongolocal.ServeMain(os.Args[2:]))
	}
	os.Exit(m.Run())
}

func TestTheCompanyKeepsItsPromisesThroughEveryFault(t *testing.T) {
	var out bytes.Buffer
	err := simulate(t.Context(), plan{seed: 7, days: 13, people: 50, importDays: 4, faultsOften: 40, each: true, log: "fatal"}, &out)
	require.NoError(t, err, out.String())
	for _, f := range newFaults(plan{}, nil).all {
		require.Contains(t, out.String(), f.name, "a fault did not strike")
	}
	require.NotContains(t, out.String(), " 0 campaigns")
	require.Contains(t, out.String(), "Every promise was kept")
}

func TestTheRunSaysItsSeedFirst(t *testing.T) {
	var out bytes.Buffer
	require.ErrorContains(t, run(t.Context(), []string{"-days", "0"}, &out), "days")
	require.Empty(t, out.String())
}

func TestTheSameSeedIsTheSameCompany(t *testing.T) {
	files := func() (all [][]byte) {
		s := found(11, 100, firstDay)
		for month := range 4 {
			require.NoError(t, s.live(firstDay.AddDays(30*month), firstDay.AddDays(30*month+30)))
			file, err := s.export()
			require.NoError(t, err)
			all = append(all, file)
		}
		return all
	}
	first := files()
	require.Equal(t, first, files())
	require.NotEqual(t, first[0], first[3])
}

func TestHolidaysOfFrance(t *testing.T) {
	for date, holidays := range map[string][2]bool{ // in France, in Alsace-Moselle
		"2027-01-01": {true, true}, "2027-03-26": {false, true}, "2027-03-29": {true, true}, "2027-05-06": {true, true},
		"2027-05-17": {true, true}, "2027-07-14": {true, true}, "2027-07-15": {}, "2027-12-26": {false, true}, "2028-04-17": {true, true},
	} {
		on, err := clock.ParseDate(date)
		require.NoError(t, err)
		require.Equal(t, holidays[0], holiday(on, ""), date)
		require.Equal(t, holidays[1], holiday(on, "FR-57"), date)
	}
}

func TestABrokenPromiseIsNoticed(t *testing.T) {
	paris, err := clock.Zone(homeZone)
	require.NoError(t, err)
	friday := time.Date(2027, time.April, 9, 10, 0, 0, 0, paris)
	fresh := func() *books {
		b := newBooks()
		b.people["anna"] = facts{Zone: paris, LeftOn: clock.Date{Year: 2027, Month: time.April, Day: 20}, AwayFrom: clock.Date{Year: 2027, Month: time.April, Day: 13}, AwayUntil: clock.Date{Year: 2027, Month: time.April, Day: 14}}
		b.read = friday.AddDate(0, 1, 0)
		return b
	}
	shown := func(b *books, id string, at time.Time) error {
		err := b.message("anna", messageDoc{ID: id, KeyMoment: "onboarding", State: "closed", EndedBy: "x", ShownAt: at})
		if err == nil {
			err = b.withinLimits("anna")
		}
		return err
	}
	b := fresh()
	require.NoError(t, shown(b, "1", friday))
	require.NoError(t, shown(b, "2", friday.Add(time.Hour)))
	require.ErrorContains(t, shown(b, "3", friday.AddDate(0, 0, 6)), pressure)
	require.ErrorContains(t, shown(fresh(), "1", friday.Add(5*time.Hour)), quiet, "Friday afternoon")
	require.ErrorContains(t, shown(fresh(), "1", friday.AddDate(0, 0, 4)), quiet, "on leave")
	require.ErrorContains(t, shown(fresh(), "1", friday.AddDate(0, 0, 12)), gone)
	b = fresh()
	require.NoError(t, shown(b, "1", friday))
	require.ErrorContains(t, shown(b, "1", friday.Add(time.Hour)), once)
	require.ErrorContains(t, fresh().message("anna", messageDoc{ID: "1", State: "waiting"}), accounted)
	require.ErrorContains(t, fresh().message("anna", messageDoc{ID: "1", State: "expired", EndedBy: "x"}), accounted)
}
