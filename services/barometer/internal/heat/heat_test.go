package heat_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/heat"
	"jalon.dev/services/barometer/internal/publication"
)

// store is a unit of 100 people of whom 80 voted, so many of them favourably in its one theme.
func store(name string, favourable int, points int) heat.Unit {
	return heat.Unit{
		ID: "e/" + name, Name: name, Kind: "store", Detectable: []float64{float64(favourable)},
		Group: publication.Group{
			Eligible: 100, Ballots: 80, Themes: []publication.Figure{{Favourable: favourable, Unfavourable: 80 - favourable}}, ENPS: publication.ENPS{Points: points},
		},
	}
}

func stores() []heat.Unit {
	rest := store("Région", 60, 5)
	rest.Rest = true
	return []heat.Unit{store("Évry", 40, 30), store("Nantes", 20, -10), rest, store("Vannes", 79, 0), store("Vitré", 20, 60)}
}

func find(t *testing.T, want heat.Wanted) (ids []string, found int) {
	t.Helper()
	if want.Limit == 0 {
		want.Limit = 10
	}
	return heat.New(stores()).Find(want)
}

func TestUnitsComeInTheOrderThatIsWanted(t *testing.T) {
	byName, found := find(t, heat.Wanted{By: heat.ByName})
	require.Equal(t, []string{"e/Évry", "e/Nantes", "e/Vannes", "e/Vitré", "e/Région"}, byName, "what is left comes last")
	require.Equal(t, 5, found)
	byTheme, _ := find(t, heat.Wanted{By: 0})
	require.Equal(t, []string{"e/Nantes", "e/Vitré", "e/Évry", "e/Région", "e/Vannes"}, byTheme, "the lowest first, equals by name, and nothing is left out of it")
	byENPS, _ := find(t, heat.Wanted{By: 1})
	require.Equal(t, []string{"e/Nantes", "e/Vannes", "e/Région", "e/Évry", "e/Vitré"}, byENPS)
}

func TestUnitsAreFoundByAPartOfTheirName(t *testing.T) {
	ids, found := find(t, heat.Wanted{By: heat.ByName, NameContains: " EVRY "})
	require.Equal(t, []string{"e/Évry"}, ids)
	require.Equal(t, 1, found)
	ids, found = find(t, heat.Wanted{By: heat.ByName, NameContains: "n", Offset: 1, Limit: 2})
	require.Equal(t, []string{"e/Vannes", "e/Région"}, ids)
	require.Equal(t, 3, found, "how many there would be without a limit")
	ids, _ = find(t, heat.Wanted{By: heat.ByName, Offset: 99})
	require.Empty(t, ids)
}

func TestWhatIsSaidOfAllUnits(t *testing.T) {
	m := heat.New(stores())
	require.Equal(t, 5, m.All)
	require.Equal(t, "store", m.Kind)
	require.True(t, m.Rest)
	require.InDelta(t, 40, m.Detectable, 0, "the one in the middle of 20, 20, 40, 60, 79")
	require.Positive(t, m.Reach)

	region := store("Ouest", 40, 0)
	region.Kind = "region"
	mixed := heat.New([]heat.Unit{store("Évry", 40, 30), region, store("Nantes", 1, 1)})
	require.Empty(t, mixed.Kind)
	require.False(t, mixed.Rest)
	none := heat.New(nil)
	require.Equal(t, heat.Summary{}, none.Summary)
}

func TestABandIsOrderedByItsEdge(t *testing.T) {
	for _, c := range []struct {
		figure publication.Figure
		want   float64
	}{
		{publication.Figure{Favourable: 30, Unfavourable: 10}, 75},
		{publication.Figure{Favourable: 39, Neutral: 1}, 90},
		{publication.Figure{Favourable: 4, Neutral: 1}, 80},
		{publication.Figure{Unfavourable: 4, Neutral: 1}, 20},
		{publication.Figure{Neutral: 39, Favourable: 1}, 10},
	} {
		require.InDelta(t, c.want, heat.Shown(c.figure), 0, "%+v", c.figure)
	}
}

func TestAMapIsReadOnceAndTheOldestGoes(t *testing.T) {
	read := map[string]int{}
	kept := heat.Kept{Read: func(_ context.Context, _, unit string) ([]heat.Unit, error) {
		read[unit]++
		return stores(), nil
	}}
	of := func(unit string) {
		t.Helper()
		m, err := kept.Of(t.Context(), "e", unit)
		require.NoError(t, err)
		require.Equal(t, 5, m.All)
	}
	of("company")
	of("company")
	require.Equal(t, 1, read["company"])
	for i := range 40 {
		of(fmt.Sprint("region-", i))
		of("company")
	}
	require.Equal(t, 1, read["company"], "what is looked at stays")
	of("region-0")
	require.Equal(t, 2, read["region-0"], "what is not goes")
}

func TestAMapThatCouldNotBeReadIsReadAgain(t *testing.T) {
	down := errors.New("database away")
	kept := heat.Kept{Read: func(context.Context, string, string) ([]heat.Unit, error) { return nil, down }}
	_, err := kept.Of(t.Context(), "e", "company")
	require.ErrorIs(t, err, down)
	kept.Read = func(context.Context, string, string) ([]heat.Unit, error) { return stores(), nil }
	_, err = kept.Of(t.Context(), "e", "company")
	require.NoError(t, err)
}
