package importing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

func (c *company) named(t require.TestingT, name string) unit.Unit {
	u, ok := unit.NewTree(c.Units).Named(name)
	require.True(t, ok, name)
	return u
}

// merge plans and applies.
func (c *company) merge(t require.TestingT, id, into string) importing.Plan {
	plan, err := importing.Merge(c.State, id, into, c.options("2026-11-03"))
	require.NoError(t, err)
	c.applyUnits(t, plan)
	living := c.Units[:0:0]
	for _, u := range c.Units {
		if u.MergedInto == "" {
			living = append(living, u)
		} else {
			c.Merged = append(c.Merged, u)
		}
	}
	c.Units = living
	return plan
}

// Somebody typed "Nantse": the import took it for a store.
func mistyped(t *testing.T) (c *company, lines []somebody) {
	t.Helper()
	lines = []somebody{
		someone("1"), someone("2", in("Nantes", "Accueil")),
		someone("3", in("Nantse", "Vélo")), someone("4", in("Nantse", "Ski")), someone("5", in("Nantse", "")),
	}
	return baseline(t, lines...), lines
}

func TestAMistypedUnitIsMergedAndNobodyArrivesAnywhere(t *testing.T) {
	c, lines := mistyped(t)
	c.organise(t, organisation)
	wrong, right := c.named(t, "Nantse"), c.named(t, "Nantes")
	plan := c.merge(t, wrong.ID, right.ID)
	require.Len(t, plan.Changes, 3)
	for _, change := range plan.Changes {
		require.Equal(t, importing.Tells{Updated: true}, change.Tells)
		require.Equal(t, change.Replaces+1, change.Person.Version)
		require.Contains(t, change.UnitPath, right.ID)
		require.NotContains(t, change.UnitPath, wrong.ID)
	}
	require.Equal(t, c.person(t, "1").UnitID, c.person(t, "3").UnitID, "two teams of one name were meant to be one")
	require.Equal(t, "Ski", c.describe(c.person(t, "4")).team)
	require.Equal(t, "Nantes", c.describe(c.person(t, "4")).site)
	require.Equal(t, right.ID, c.person(t, "5").UnitID)
	last := func(number string) person.Entry { h := c.person(t, number).History; return h[len(h)-1] }
	require.Equal(t, person.Entry{On: day("2026-11-03"), NotedOn: day("2026-11-03"), What: person.UnitCorrected, From: "Nantse", To: right.ID}, last("5"))
	require.Equal(t, person.Hired, last("4").What, "a team that goes along is the same team")
	tree := unit.NewTree(c.Units)
	for _, someone := range c.People {
		require.NotEmpty(t, tree.Path(someone.UnitID))
	}
	_, ok := tree.Named("Nantse")
	require.False(t, ok)

	plan, report := c.take(t, file(t, lines...), "2026-11-04")
	require.Empty(t, plan.Units, "a file with the same mistake finds the store that was meant")
	require.Empty(t, plan.Changes)
	require.Equal(t, 5, report.Unchanged)
	require.Zero(t, report.Warnings)
	_, report = c.take(t, file(t, someone("6", in("NANTSE", "Ski"))), "2026-11-04")
	require.Equal(t, 1, report.Added)
	require.Equal(t, c.person(t, "4").UnitID, c.person(t, "6").UnitID)
}

func TestAFileOfUnitsDoesNotBringAMergedUnitBack(t *testing.T) {
	c := &company{}
	c.organise(t, organisation+"M09,Nantse,store,EXS,,\nT09,Ski,team,M09,,\n")
	c.merge(t, c.named(t, "Nantse").ID, c.named(t, "Nantes").ID)
	plan, report := c.organise(t, organisation+"M09,Nantse,store,EXS,,\nT09,Ski,team,M09,,\n")
	require.Empty(t, plan.Units)
	require.Equal(t, map[int]roster.Code{7: roster.UnitMerged}, codes(report, roster.Warning))
	require.False(t, report.Refused(false))
	require.Equal(t, "Exemple Sport / Région Ouest / Nantes / Ski", c.path(t, "T09"), "what stands beneath it stands beneath what was meant")
}

func TestTheCodeOfHRGoesWithTheNameThatStays(t *testing.T) {
	c := baseline(t, someone("1", in("Nantes", "Vélo")), someone("2", in("Nantse", "Vélo")))
	nantse := c.named(t, "Nantse")
	for i := range c.Units {
		if c.Units[i].ID == nantse.ID {
			c.Units[i].Code = "M01"
		}
	}
	c.merge(t, nantse.ID, c.named(t, "Nantes").ID)
	require.Equal(t, "M01", c.named(t, "Nantes").Code)
}

func TestWhatCannotBeMerged(t *testing.T) {
	c, _ := mistyped(t)
	c.organise(t, organisation+"SUD,Région Sud,region,OUEST,,\n")
	tree := unit.NewTree(c.Units)
	root, _ := tree.Company()
	nantes, nantse, region := c.named(t, "Nantes"), c.named(t, "Nantse"), c.named(t, "Région Ouest")
	velo, _ := tree.Child(nantes.ID, "Vélo")
	accueil, _ := tree.Child(nantes.ID, "Accueil")
	ski, _ := tree.Child(nantse.ID, "Ski")
	for name, bad := range map[string][2]string{
		"into itself":                 {nantse.ID, nantse.ID},
		"into nothing":                {nantse.ID, "nowhere"},
		"the company":                 {root.ID, nantes.ID},
		"into what is beneath":        {region.ID, nantes.ID},
		"a store into a team":         {nantse.ID, velo.ID},
		"a team into another store's": {ski.ID, velo.ID},
		"into one that is too small":  {region.ID, nantse.ID},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := importing.Merge(c.State, bad[0], bad[1], c.options("2026-11-03"))
			var wrong *importing.EditError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, "into_id", wrong.Field)
		})
	}
	c.merge(t, accueil.ID, velo.ID)
	require.Equal(t, velo.ID, c.person(t, "2").UnitID, "a team into its sister")
	c.merge(t, velo.ID, nantes.ID)
	require.Equal(t, nantes.ID, c.person(t, "2").UnitID, "or into its store")
	_, report := c.take(t, file(t, someone("2", in("Nantes", "Accueil"))), "2026-11-04")
	require.Equal(t, 1, report.Unchanged, "one merge leads to the next")
}

func TestAUnitIsCreatedWithinTheRulesOfTheTree(t *testing.T) {
	c := &company{}
	c.organise(t, organisation)
	region := c.named(t, "Région Ouest")
	want := unit.Unit{Code: "M07", Name: "Brest", Kind: unit.Store, ParentID: region.ID, TimeZone: "Europe/Paris", Holidays: "fr"}
	for name, bad := range map[string]struct {
		field string
		edit  func(*unit.Unit)
	}{
		"another's code": {"code", func(u *unit.Unit) { u.Code = "m01" }},
		"another's name": {"name", func(u *unit.Unit) { u.Name = "NANTES" }},
		"no parent":      {"parent_id", func(u *unit.Unit) { u.ParentID = "" }},
		"a company":      {"kind", func(u *unit.Unit) { u.Kind = unit.Company }},
		"no zone":        {"time_zone", func(u *unit.Unit) { u.TimeZone = "Brest" }},
	} {
		t.Run(name, func(t *testing.T) {
			wanted := want
			bad.edit(&wanted)
			_, err := importing.Create(c.State, wanted, c.options("2026-11-03"))
			var wrong *importing.EditError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, bad.field, wrong.Field)
		})
	}
	plan, err := importing.Create(c.State, want, c.options("2026-11-03"))
	require.NoError(t, err)
	require.Empty(t, plan.Changes)
	c.applyUnits(t, plan)
	require.Equal(t, "Exemple Sport / Région Ouest / Brest", c.path(t, "M07"))
	require.Equal(t, "FR", c.named(t, "Brest").Holidays)
}

func TestACalendarThatNobodyConfiguredIsNoticed(t *testing.T) {
	c := &company{}
	const file = "code,name,kind,parent,holidays\nE,Exemple,company,,France\nA,Colmar,store,E,FR-ALSACE\nB,Bruxelles,store,E,BE\nC,Metz,store,E,Moselle\n"
	_, report := c.organise(t, file)
	require.Equal(t, map[int]roster.Code{4: roster.UnitCalendarUnknown}, codes(report, roster.Warning))
	require.Equal(t, "FR-57", c.named(t, "Colmar").Holidays)
	require.Contains(t, report.Problems[0].Expected, "FR-ALSACE-MOSELLE")
}
