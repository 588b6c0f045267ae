package importing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

func TestLinesThatAreRejected(t *testing.T) {
	for name, c := range map[string]struct {
		lines    []somebody
		rejected map[int]roster.Code
	}{
		"a number seen before":          {[]somebody{someone("1"), someone("1")}, map[int]roster.Code{3: roster.NumberSeen}},
		"seen on a rejected line":       {[]somebody{someone("1", hired("x")), someone("1")}, map[int]roster.Code{2: roster.DateImpossible, 3: roster.NumberSeen}},
		"left before hired":             {[]somebody{someone("1", left("2019-01-01"))}, map[int]roster.Code{2: roster.LeftBeforeHired}},
		"left on the first day is fine": {[]somebody{someone("1", left("2020-03-14"))}, map[int]roster.Code{}},
		"two who manage each other": {
			[]somebody{someone("1", reportsTo("2")), someone("2", reportsTo("1")), someone("3", reportsTo("1"))},
			map[int]roster.Code{2: roster.ManagerCycle, 3: roster.ManagerCycle},
		},
		"three in a ring": {
			[]somebody{someone("1", reportsTo("2")), someone("2", reportsTo("3")), someone("3", reportsTo("1"))},
			map[int]roster.Code{2: roster.ManagerCycle, 3: roster.ManagerCycle, 4: roster.ManagerCycle},
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, report := importing.Make(file(t, c.lines...), importing.State{}, (&company{}).options("2026-10-01"))
			require.Equal(t, c.rejected, codes(report, roster.Rejected))
			require.Equal(t, len(c.rejected), report.Rejected)
			require.Equal(t, len(c.lines)-len(c.rejected), report.Added)
			require.Len(t, plan.Changes, report.Added)
			require.Equal(t, len(c.rejected) > 0, report.Refused(false))
			require.False(t, report.Refused(true))
		})
	}
}

func TestDoubtfulValuesWarnAndAreLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		line somebody
		code roster.Code
		seen func(t *testing.T, c *company, p person.Person)
	}{
		"an unknown manager": {
			someone("2", reportsTo("9")), roster.ManagerUnknown,
			func(t *testing.T, _ *company, p person.Person) { t.Helper(); require.Empty(t, p.ManagerID) },
		},
		"a manager on a rejected line": {
			someone("2", reportsTo("3")), roster.ManagerRejected,
			func(t *testing.T, _ *company, p person.Person) { t.Helper(); require.Empty(t, p.ManagerID) },
		},
		"oneself": {
			someone("2", reportsTo("2")), roster.ManagerSelf,
			func(t *testing.T, _ *company, p person.Person) { t.Helper(); require.Empty(t, p.ManagerID) },
		},
		"no address": {
			someone("2", func(s *somebody) { s.email = "pas-un-mail" }), roster.EmailMalformed,
			func(t *testing.T, _ *company, p person.Person) { t.Helper(); require.Empty(t, p.Email) },
		},
		"no name": {
			someone("2", func(s *somebody) { s.given, s.family = "", "" }), roster.NameMissing,
			func(t *testing.T, _ *company, p person.Person) { t.Helper(); require.Empty(t, p.FamilyName) },
		},
		"no unit": {someone("2", in("", "Vélo")), roster.UnitMissing, func(t *testing.T, c *company, p person.Person) {
			t.Helper()
			root, _ := unit.NewTree(c.Units).Company()
			require.Equal(t, root.ID, p.UnitID)
		}},
		"a new store": {
			someone("2", in("Rennes", "Vélo")), roster.UnitCreated,
			func(t *testing.T, c *company, p person.Person) {
				t.Helper()
				require.Equal(t, "Rennes", c.describe(p).site)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			world := baseline(t, someone("1"))
			_, report := world.take(t, file(t, someone("1"), c.line, someone("3", hired("never"))), "2026-11-02")
			require.Equal(t, map[int]roster.Code{3: c.code}, codes(report, roster.Warning))
			require.Equal(t, 1, report.Warnings)
			require.Equal(t, 1, report.Added)
			c.seen(t, world, world.person(t, "2"))
		})
	}
}

func TestADoubtfulValueDoesNotDestroyAGoodOne(t *testing.T) {
	c := baseline(t, someone("1"), someone("2", reportsTo("1")))
	_, report := c.take(t, file(t, someone("1"), someone("2", reportsTo("9"), func(s *somebody) { s.email = "@" })), "2026-11-02")
	require.Equal(t, 2, report.Warnings)
	require.Equal(t, 2, report.Unchanged)
	require.Equal(t, "1", c.describe(c.person(t, "2")).manager)
	require.Equal(t, "p2@exemple.fr", c.person(t, "2").Email)
}

func TestACycleThroughPeopleWhomTheFileDoesNotNameRejectsItsLines(t *testing.T) {
	c := baseline(t, someone("1"), someone("2", reportsTo("1")))
	_, report := c.take(t, file(t, someone("1", reportsTo("2"))), "2026-11-02")
	require.Equal(t, map[int]roster.Code{2: roster.ManagerCycle}, codes(report, roster.Rejected))
}

func TestAManagerKeptFromBeforeGivesWayToACycle(t *testing.T) {
	c := baseline(t, someone("1"), someone("2", reportsTo("1")))
	_, report := c.take(t, file(t, someone("1", reportsTo("2")), someone("2", reportsTo("9"))), "2026-11-02")
	require.Zero(t, report.Rejected)
	require.Equal(t, map[int]roster.Code{3: roster.ManagerUnknown}, codes(report, roster.Warning))
	require.Empty(t, c.person(t, "2").ManagerID)
	require.Equal(t, "2", c.describe(c.person(t, "1")).manager)
}

func TestAnUnknownUnitIsSaidOncePerEstablishment(t *testing.T) {
	c := &company{}
	_, report := c.take(t, file(t, someone("1"), someone("2"), someone("3", in("NANTES", "Accueil")), someone("4", in("Région Ouest", "Direction"))), "2026-10-01")
	require.Equal(t, map[int]roster.Code{2: roster.UnitCreated, 5: roster.UnitCreated}, codes(report, roster.Warning))
	tree := unit.NewTree(c.Units)
	root, _ := tree.Company()
	require.Equal(t, unit.Unit{ID: root.ID, Version: 1, Name: "Entreprise", Kind: unit.Company, TimeZone: "Europe/Paris"}, root)
	site, _ := tree.Site("nantes")
	require.Equal(t, unit.Store, site.Kind)
	require.True(t, site.Unplaced)
	team, _ := tree.Child(site.ID, "accueil")
	require.Equal(t, unit.Team, team.Kind)
	require.False(t, team.Unplaced)
	region, _ := tree.Site("region ouest")
	require.Equal(t, unit.Region, region.Kind)
	require.Len(t, c.Units, 1+2+3)
}

func TestAPlacedStoreIsFoundWhereverItStands(t *testing.T) {
	c := baseline(t, someone("1"), someone("2", in("Région Ouest", "Direction")))
	tree := unit.NewTree(c.Units)
	region, _ := tree.Site("Région Ouest")
	for i, u := range c.Units {
		if u.Name == "Nantes" {
			c.Units[i].ParentID, c.Units[i].Unplaced = region.ID, false
		}
	}
	plan, report := c.take(t, file(t, someone("1"), someone("2", in("Région Ouest", "Direction"))), "2026-11-02")
	require.Empty(t, plan.Units)
	require.Equal(t, 2, report.Unchanged)
}

func TestRejectedLinesCreateNoUnits(t *testing.T) {
	plan, _ := importing.Make(file(t, someone("1", in("Rennes", "Vélo"), hired("x")), someone("2")), importing.State{}, (&company{}).options("2026-10-01"))
	for _, u := range plan.Units {
		require.NotEqual(t, "Rennes", u.Name)
	}
}

func TestAReportThatIsCutShowsRejectionsFirst(t *testing.T) {
	_, report := importing.Make(file(t, someone("1"), someone("2", reportsTo("9")), someone("3", hired("x")), someone("4", hired("y"))),
		importing.State{}, (&company{}).options("2026-10-01"))
	require.Len(t, report.Problems, 4)
	shown := report.Foremost(3)
	require.Equal(t, []int{2, 4, 5}, []int{shown[0].Line, shown[1].Line, shown[2].Line})
	require.Equal(t, 2, report.Rejected)
	require.Equal(t, 2, report.Warnings)
}
