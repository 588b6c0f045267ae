package importing_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
)

func TestAChangeHappensOnTheDayThatHRSays(t *testing.T) {
	at := func(date, site, manager, effect string) [2]string {
		return [2]string{date, "1;PICARD;Léa;" + site + ";Vendeuse;2020-01-06;" + manager + ";" + effect + "\n" +
			"2;NOËL;Ève;Nantes;Vendeuse;2020-01-06;9;\n"}
	}
	before := at("2026-10-01", "Nantes", "9", "")
	for name, c := range map[string]struct {
		after   [2]string
		on      string
		doubted bool
	}{
		"a move":                      {at("2026-11-02", "Rennes", "9", "15/10/2026"), "2026-10-15", false},
		"a new manager":               {at("2026-11-02", "Nantes", "2", "15/10/2026"), "2026-10-15", false},
		"both":                        {at("2026-11-02", "Rennes", "2", "15/10/2026"), "2026-10-15", false},
		"a move that is announced":    {at("2026-11-02", "Rennes", "9", "01/12/2026"), "2026-12-01", false},
		"no day":                      {at("2026-11-02", "Rennes", "9", ""), "2026-11-02", false},
		"a day that is not":           {at("2026-11-02", "Rennes", "9", "31/02/2026"), "2026-11-02", true},
		"a day before the hire":       {at("2026-11-02", "Rennes", "9", "05/01/2020"), "2026-11-02", true},
		"a day in another generation": {at("2026-11-02", "Rennes", "9", "01/12/2062"), "2026-11-02", true},
	} {
		t.Run(name, func(t *testing.T) {
			c1, change, report := story(t, "Date d'effet", before, c.after)
			require.True(t, change.Tells.Moved || change.Tells.Updated)
			require.Equal(t, c.on, change.On.String())
			require.Equal(t, c.on, lastEntry(t, c1).On.String())
			require.Equal(t, "2026-11-02", lastEntry(t, c1).NotedOn.String())
			require.Zero(t, report.Rejected)
			require.Equal(t, c.doubted, slices.ContainsFunc(report.Problems, func(p roster.Problem) bool {
				return p.Code == roster.EffectUnclear && p.Line == 2 && p.Column == "Date d'effet"
			}))
			if change.Tells.Moved {
				require.NotEqual(t, change.FromUnit, change.Person.UnitID, "whoever is announced is placed: the file says where")
			}
		})
	}
	_, change, report := story(t, "Date d'effet", before, at("2026-11-02", "Nantes", "9", "05/01/2020"))
	require.Equal(t, importing.Change{}, change)
	require.Zero(t, report.Warnings, "where nothing changes, the day says nothing")
	c, change, _ := story(t, "Date d'effet", [2]string{"2026-10-01", "1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;9;\n"},
		[2]string{"2026-11-02", "1;PICARD;Léa;Nantes;Responsable;2020-01-06;9;15/10/2026\n"})
	require.False(t, change.Tells.Moved)
	require.Equal(t, person.JobChanged, lastEntry(t, c).What)
	require.Equal(t, "2026-11-02", lastEntry(t, c).On.String(), "a job has no day of its own, and promotions have their column")
}
