package people_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// A store with a team of bikes and a team of boats; the director leads through two team leaders.
func aStore(t *testing.T, bikers int) *people.Register {
	t.Helper()
	reg := people.NewRegister(mongotest.Database(t))
	require.NoError(t, reg.ApplyUnits(t.Context(), []*directoryv1.Unit{
		{Id: "company", Version: 1, Name: "Exemple", Kind: "company"},
		{Id: "store", Version: 1, Name: "Lille", Kind: "store", ParentId: "company"},
		{Id: "bikes", Version: 1, Name: "Vélo", Kind: "team", ParentId: "store"},
		{Id: "boats", Version: 1, Name: "Voile", Kind: "team", ParentId: "store"},
	}))
	require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{
		member("director", "store", "boss"), member("paul", "bikes", "director"), member("zoe", "boats", "director"),
	}))
	for i := range bikers {
		require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{member(fmt.Sprint("biker-", i), "bikes", "paul")}))
	}
	return reg
}

func member(id, unit, manager string) *directoryv1.Employee {
	return employee(id, 1, func(e *directoryv1.Employee) {
		e.UnitId, e.ManagerId = unit, manager
		e.UnitPath = slices.Compact([]string{"company", "store", unit})
	})
}

func TestAManagerLeadsTheUnitInWhichEverybodyElseReportsToThem(t *testing.T) {
	reg := aStore(t, people.LeastLed)
	on := day(t, "2026-11-10")
	for manager, leads := range map[string][]string{"paul": {"bikes"}, "zoe": nil, "director": nil, "boss": nil, "": nil} {
		var found []string
		units, err := reg.LedUnits(t.Context(), manager, on)
		require.NoError(t, err)
		for _, unit := range units {
			found = append(found, unit.ID)
		}
		require.Equal(t, leads, found, "%q", manager)
		for _, unit := range []string{"company", "store", "bikes", "boats", "nowhere"} {
			led, err := reg.Leads(t.Context(), manager, unit, on)
			require.NoError(t, err)
			require.Equal(t, slices.Contains(leads, unit), led, "%q of %s", manager, unit)
		}
	}
}

func TestOneWhoReportsToSomebodyElseIsEnough(t *testing.T) {
	reg := aStore(t, people.LeastLed)
	require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{member("guest", "bikes", "zoe")}))
	led, err := reg.Leads(t.Context(), "paul", "bikes", day(t, "2026-11-10"))
	require.NoError(t, err)
	require.False(t, led)
}

func TestThoseWhoLeftAndThoseToComeCountForNothing(t *testing.T) {
	reg := aStore(t, people.LeastLed)
	gone := func(e *directoryv1.Employee) { e.Version, e.LeftOn = 2, "2026-11-05" }
	stranger := member("guest", "bikes", "zoe")
	gone(stranger)
	future := member("next", "bikes", "zoe")
	future.HiredOn = "2026-12-01"
	require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{stranger, future}))
	led, err := reg.Leads(t.Context(), "paul", "bikes", day(t, "2026-11-10"))
	require.NoError(t, err)
	require.True(t, led)

	biker := member("biker-0", "bikes", "paul")
	gone(biker)
	require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{biker}))
	led, err = reg.Leads(t.Context(), "paul", "bikes", day(t, "2026-11-10"))
	require.NoError(t, err)
	require.False(t, led, "four are too few")
}

func TestAManagerOfAWholeSmallStoreLeadsItAndItsTeams(t *testing.T) {
	reg := people.NewRegister(mongotest.Database(t))
	require.NoError(t, reg.ApplyUnits(t.Context(), []*directoryv1.Unit{
		{Id: "company", Version: 1, Kind: "company"},
		{Id: "store", Version: 1, Kind: "store", ParentId: "company"},
		{Id: "bikes", Version: 1, Kind: "team", ParentId: "store"},
	}))
	require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{member("boss", "company", ""), member("paul", "store", "boss"), member("ana", "store", "paul")}))
	for i := range people.LeastLed - 1 {
		require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{member(fmt.Sprint("biker-", i), "bikes", "paul")}))
	}
	units, err := reg.LedUnits(t.Context(), "paul", day(t, "2026-11-10"))
	require.NoError(t, err)
	require.Len(t, units, 1, "the team of four is too small, the store is not")
	require.Equal(t, "store", units[0].ID)
}
