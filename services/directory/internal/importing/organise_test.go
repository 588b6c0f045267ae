package importing_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

const organisation = "code,name,kind,parent,time_zone,holidays\n" +
	"EXS,Exemple Sport,company,,Europe/Paris,FR\n" +
	"M01,Nantes,store,OUEST,,\n" + // before its region
	"OUEST,Région Ouest,region,EXS,,\n" +
	"M02,Strasbourg,store,EXS,,Alsace-Moselle\n" +
	"T01,Vélo,team,M01,,\n"

func (c *company) organise(t require.TestingT, text string) (importing.Plan, importing.Report) {
	list, err := roster.ReadUnits([]byte(text))
	require.NoError(t, err)
	plan, report := importing.Organise(list, c.State, c.options("2026-11-02"))
	if !report.Refused(false) {
		c.applyUnits(t, plan)
	}
	return plan, report
}

func (c *company) applyUnits(t require.TestingT, plan importing.Plan) {
	for _, u := range plan.Units {
		at := slices.IndexFunc(c.Units, func(k unit.Unit) bool { return k.ID == u.ID })
		if at < 0 {
			require.EqualValues(t, 1, u.Version)
			c.Units = append(c.Units, u)
			continue
		}
		require.Equal(t, c.Units[at].Version+1, u.Version)
		c.Units[at] = u
	}
	c.apply(t, importing.Plan{Changes: plan.Changes})
}

func (c *company) path(t require.TestingT, code string) string {
	tree := unit.NewTree(c.Units)
	u, ok := tree.Coded(code)
	require.True(t, ok, code)
	var names []string
	for _, id := range tree.Path(u.ID) {
		up, _ := tree.Get(id)
		names = append(names, up.Name)
	}
	return strings.Join(names, " / ")
}

func TestAFileOfUnitsMakesTheTree(t *testing.T) {
	c := &company{}
	plan, report := c.organise(t, organisation)
	require.Equal(t, importing.Report{Added: 5}, report)
	require.Equal(t, unit.Company, plan.Units[0].Kind, "parents come first")
	require.Equal(t, "Exemple Sport / Région Ouest / Nantes / Vélo", c.path(t, "t01"))
	strasbourg, _ := unit.NewTree(c.Units).Coded("M02")
	require.Equal(t, "FR-57", strasbourg.Holidays)

	plan, report = c.organise(t, organisation)
	require.Empty(t, plan.Units)
	require.Equal(t, 5, report.Unchanged)
	_, report = c.organise(t, strings.Replace(organisation, "M01,Nantes,store,OUEST", "M01,Nantes Centre,store,EXS", 1))
	require.Equal(t, 1, report.Moved)
	require.Equal(t, "Exemple Sport / Nantes Centre / Vélo", c.path(t, "T01"))
}

func TestFrenchHeadersAndKindsAndNamesOfParentsAreUnderstood(t *testing.T) {
	c := &company{}
	_, report := c.organise(t, "Code magasin;Libellé;Type d'unité;Rattachement;Fuseau horaire;Jours fériés\r\n"+
		"EXS;Exemple Sport;Entreprise;;Europe/Paris;France\r\nO;Région Ouest;Région;exemple sport;;\r\n"+
		"1;Nantes;Magasin;region ouest;;\r\n2;Vélo;Rayon;Nantes;;\r\n")
	require.Equal(t, importing.Report{Added: 4}, report)
	require.Equal(t, "Exemple Sport / Région Ouest / Nantes / Vélo", c.path(t, "2"))
}

func TestUnitsThatAnImportInventedArePlacedByNameWithTheirPeople(t *testing.T) {
	c := baseline(t, someone("1"), someone("2", in("NANTES", "Caisses")), someone("3", in("Brest", "Vélo")))
	before := c.person(t, "1")
	plan, report := c.organise(t, organisation)
	require.Zero(t, report.Rejected)
	require.Equal(t, 2, report.Added, "the region and Strasbourg")
	require.Equal(t, 1, report.Moved, "Nantes is placed")
	require.Equal(t, 2, report.Changed, "the company has its name, the team its code")
	require.Equal(t, "Exemple Sport / Région Ouest / Nantes / Vélo", c.path(t, "T01"))
	require.Equal(t, before.UnitID, c.person(t, "1").UnitID)

	require.Len(t, plan.Changes, 2, "the others hear of those whose place changed")
	for _, change := range plan.Changes {
		require.Equal(t, importing.Tells{Updated: true}, change.Tells)
		require.Len(t, change.UnitPath, 4)
		require.Equal(t, change.Replaces+1, change.Person.Version)
	}
	_, report = c.take(t, file(t, someone("1"), someone("2", in("Nantes", "Caisses")), someone("3", in("Brest", "Vélo"))), "2026-11-02")
	require.Equal(t, 3, report.Unchanged)
	_, report = c.take(t, file(t, someone("1", in("M01", "Vélo"))), "2026-11-02")
	require.Equal(t, 1, report.Unchanged, "HR files may name units by code")
}

func TestPeopleWithoutATimeZoneTakeTheirUnits(t *testing.T) {
	c := baseline(t, someone("1"))
	plan, _ := c.organise(t, strings.Replace(organisation, "OUEST,Région Ouest,region,EXS,,", "OUEST,Région Ouest,region,EXS,Indian/Reunion,", 1))
	require.Equal(t, "Indian/Reunion", plan.Changes[0].TimeZone)
	plan, _ = c.take(t, file(t, someone("2")), "2026-11-02")
	require.Equal(t, "Indian/Reunion", plan.Changes[0].TimeZone)
}

func TestLinesOfUnitsAreRejectedWithTheirReason(t *testing.T) {
	for name, c := range map[string]struct {
		lines string
		line  int
		code  roster.Code
	}{
		"no code":              {",Nantes,store,EXS,,\n", 3, roster.UnitCodeMissing},
		"a code twice":         {"M1,Nantes,store,EXS,,\nm1,Rennes,store,EXS,,\n", 4, roster.UnitCodeSeen},
		"no name":              {"M1,,store,EXS,,\n", 3, roster.UnitNameMissing},
		"an unknown kind":      {"M1,Nantes,galaxy,EXS,,\n", 3, roster.UnitKindUnknown},
		"no kind":              {"M1,Nantes,,EXS,,\n", 3, roster.UnitKindUnknown},
		"an unknown zone":      {"M1,Nantes,store,EXS,Europe/Nantes,\n", 3, roster.UnitZoneUnknown},
		"an unknown calendar":  {"M1,Nantes,store,EXS,,weekends off\n", 3, roster.UnitHolidaysUnknown},
		"an unknown parent":    {"M1,Nantes,store,NORD,,\n", 3, roster.UnitParentUnknown},
		"a parent too small":   {"T1,Vélo,team,EXS,,\nM1,Nantes,store,T1,,\n", 4, roster.UnitParentKind},
		"a company beneath":    {"X,Other,company,EXS,,\n", 3, roster.UnitCompanySecond},
		"its own parent":       {"M1,Nantes,store,M1,,\n", 3, roster.UnitCycle},
		"a cycle of two":       {"R1,Nord,region,R2,,\nR2,Sud,region,R1,,\n", 4, roster.UnitCycle},
		"columns are missing":  {"M1,Nantes\n", 3, roster.ColumnsMissing},
		"a quotation unclosed": {"\"M1,Nantes,store,EXS,,\n", 3, roster.QuoteMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			known := &company{}
			_, report := known.organise(t, "code,name,kind,parent,time_zone,holidays\nEXS,Exemple,company,,,\n"+c.lines)
			require.Equal(t, c.code, codes(report, roster.Rejected)[c.line])
			require.True(t, report.Refused(false))
			for _, p := range report.Problems {
				require.NotEmpty(t, p.Column)
				require.NotEmpty(t, p.Expected)
				require.NotEmpty(t, p.Reason)
			}
		})
	}
}

func TestACycleByWayOfKnownUnitsIsRejected(t *testing.T) {
	c := &company{}
	c.organise(t, "code,name,kind,parent\nE,Exemple,company,\nA,Nord,region,E\nB,Lille,region,A\n")
	_, report := c.organise(t, "code,name,kind,parent\nA,Nord,region,B\n")
	require.Equal(t, map[int]roster.Code{2: roster.UnitCycle}, codes(report, roster.Rejected))
	_, report = c.organise(t, "code,name,kind,parent\nZ,Autre,company,\n")
	require.Equal(t, map[int]roster.Code{2: roster.UnitCompanySecond}, codes(report, roster.Rejected))
	_, report = c.organise(t, "code,name,kind,parent\nE,Exemple,store,\n")
	require.Equal(t, map[int]roster.Code{2: roster.UnitCompanySecond}, codes(report, roster.Rejected))
	_, report = c.organise(t, "code,name,kind,parent\nC,Lille,store,A\nD,Lille,store,E\n")
	require.Equal(t, map[int]roster.Code{3: roster.UnitNameSeen}, codes(report, roster.Warning))
}

// Whatever order the lines have, and whatever was known before, an accepted file makes a tree, and the same tree again.
func TestAnAcceptedFileOfUnitsMakesATreeOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &company{}
		if rapid.Bool().Draw(t, "people first") {
			c.take(t, file(t, drawLines(t)...), "2026-10-01")
		}
		lines := []string{"E,Exemple,company,,,\n"}
		codes := []string{"E"}
		for i := range rapid.IntRange(0, 8).Draw(t, "units") {
			code := string(rune('a' + i))
			lines = append(lines, code+","+rapid.SampledFrom([]string{"Nantes", "Rennes", "Vélo", "Région Ouest", "U" + code}).Draw(t, "name")+","+
				rapid.SampledFrom([]string{"region", "store", "team"}).Draw(t, "kind")+","+
				rapid.SampledFrom(append(codes, "b", "c")).Draw(t, "parent")+","+rapid.SampledFrom([]string{"", "Europe/Paris", "Indian/Reunion"}).Draw(t, "zone")+",\n")
			codes = append(codes, code)
		}
		text := "code,name,kind,parent,time_zone,holidays\n" + strings.Join(rapid.Permutation(lines).Draw(t, "order"), "")
		_, report := c.organise(t, text)
		if report.Refused(false) {
			t.Skip("refused")
		}
		tree := unit.NewTree(c.Units)
		root, ok := tree.Company()
		require.True(t, ok)
		for _, u := range c.Units {
			require.Equal(t, root.ID, tree.Path(u.ID)[0], "everything stands beneath the company")
		}
		plan, again := c.organise(t, text)
		require.Empty(t, plan.Units)
		require.Empty(t, plan.Changes)
		require.Equal(t, len(lines), again.Unchanged)
	})
}

func TestAUnitIsEditedWithinTheRulesOfTheTree(t *testing.T) {
	c := baseline(t, someone("1"))
	c.organise(t, organisation)
	tree := unit.NewTree(c.Units)
	coded := func(code string) unit.Unit { u, _ := tree.Coded(code); return u }
	for name, bad := range map[string]struct {
		field string
		want  func() unit.Unit
	}{
		"no name":              {"name", func() unit.Unit { u := coded("M01"); u.Name = " "; return u }},
		"another's name":       {"name", func() unit.Unit { u := coded("M01"); u.Name = "STRASBOURG"; return u }},
		"no zone":              {"time_zone", func() unit.Unit { u := coded("M01"); u.TimeZone = "Mars/Base"; return u }},
		"no calendar":          {"holiday_calendar", func() unit.Unit { u := coded("M01"); u.Holidays = "?"; return u }},
		"no such parent":       {"parent_id", func() unit.Unit { u := coded("M01"); u.ParentID = "nowhere"; return u }},
		"beneath itself":       {"parent_id", func() unit.Unit { u := coded("OUEST"); u.ParentID = coded("M01").ID; return u }},
		"beneath a team":       {"parent_id", func() unit.Unit { u := coded("M02"); u.ParentID = coded("T01").ID; return u }},
		"another company":      {"kind", func() unit.Unit { u := coded("OUEST"); u.Kind = unit.Company; return u }},
		"the company beneath":  {"parent_id", func() unit.Unit { u := coded("EXS"); u.ParentID = coded("OUEST").ID; return u }},
		"too small for stores": {"kind", func() unit.Unit { u := coded("OUEST"); u.Kind = unit.Team; return u }},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := importing.Edit(c.State, bad.want(), c.options("2026-11-02"))
			var wrong *importing.EditError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, bad.field, wrong.Field)
		})
	}
	plan, err := importing.Edit(c.State, coded("M01"), c.options("2026-11-02"))
	require.NoError(t, err)
	require.Empty(t, plan.Units, "nothing changes")

	nantes := coded("M01")
	nantes.ParentID, nantes.TimeZone, nantes.Holidays, nantes.Code = coded("EXS").ID, "Europe/Lisbon", "pt", ""
	plan, err = importing.Edit(c.State, nantes, c.options("2026-11-02"))
	require.NoError(t, err)
	c.applyUnits(t, plan)
	require.Equal(t, "Exemple Sport / Nantes", c.path(t, "M01"), "the code stays")
	require.Equal(t, "Europe/Lisbon", plan.Changes[0].TimeZone)
	require.Len(t, plan.Changes[0].UnitPath, 3)
	require.Equal(t, c.person(t, "1").Facts, plan.Changes[0].Person.Facts)
}
