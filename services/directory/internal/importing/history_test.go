package importing_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
)

const historyHeader = "Matricule;Nom;Prénom;Établissement;Intitulé du poste;Date d'entrée;Matricule du manager;"

// story takes one file after the other and returns what the last changed about person 1.
func story(t *testing.T, columns string, files ...[2]string) (*company, importing.Change, importing.Report) {
	t.Helper()
	c := &company{}
	var plan importing.Plan
	var report importing.Report
	for _, f := range files {
		plan, report = c.take(t, parse(t, historyHeader+columns+"\n"+f[1]+"9;CHEF;Zoé;Nantes;Directrice;2015-01-05;;"+dots(columns)+"\n"), f[0])
	}
	for _, change := range plan.Changes {
		if change.Person.Number == "1" {
			return c, change, report
		}
	}
	return c, importing.Change{}, report
}

func dots(columns string) string {
	blank := ""
	for _, r := range columns {
		if r == ';' {
			blank += ";"
		}
	}
	return blank
}

func lastEntry(t *testing.T, c *company) person.Entry {
	t.Helper()
	history := c.person(t, "1").History
	return history[len(history)-1]
}

func TestANewJobTitleIsAPromotionOnlyWhereHRSaysSo(t *testing.T) {
	before := [2]string{"2026-10-01", "1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;9;;\n"}
	for name, f := range map[string]struct {
		line string
		on   string // empty: no promotion
	}{
		"a title alone":                      {"1;PICARD;Léa;Nantes;Responsable;2020-01-06;9;;\n", ""},
		"a title and another reason":         {"1;PICARD;Léa;Nantes;Responsable;2020-01-06;9;;Harmonisation\n", ""},
		"a title that is called a promotion": {"1;PICARD;Léa;Nantes;Responsable;2020-01-06;9;;Promotion interne\n", "2026-11-02"},
		"a dated promotion":                  {"1;PICARD;Léa;Nantes;Responsable;2020-01-06;9;15/10/2026;\n", "2026-10-15"},
		"a promotion in the same job":        {"1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;9;15/10/2026;\n", "2026-10-15"},
		"a promotion of old":                 {"1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;9;15/10/2022;\n", ""},
		"the reason of an old change":        {"1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;9;;Promotion\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, change, _ := story(t, "Date de promotion;Motif de changement", before, [2]string{"2026-11-02", f.line})
			require.Equal(t, f.on != "", change.Tells.Promoted)
			require.Equal(t, strings.Contains(f.line, "Responsable"), change.Tells.Updated, "audiences are of jobs")
			if f.on != "" {
				require.Equal(t, f.on, change.Person.PromotedOn.String())
				require.Equal(t, person.Promoted, lastEntry(t, c).What)
				require.Equal(t, f.on, lastEntry(t, c).On.String())
			}
			_, again, report := story(t, "Date de promotion;Motif de changement", before, [2]string{"2026-11-02", f.line}, [2]string{"2026-11-03", f.line})
			require.Equal(t, importing.Change{}, again)
			require.Equal(t, 2, report.Unchanged)
		})
	}
	_, change, _ := story(t, "Date de promotion", [2]string{"2026-10-01", "1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;9;\n"},
		[2]string{"2026-11-02", "1;PICARD;Léa;Nantes;Responsable;2020-01-06;9;15/10/2026\n"},
		[2]string{"2026-11-03", "1;PICARD;Léa;Nantes;Responsable;2020-01-06;9;16/10/2026\n"})
	require.False(t, change.Tells.Promoted, "a corrected date is no second promotion")
	require.Equal(t, "2026-10-16", change.Person.PromotedOn.String())
}

func TestAChangeOfManagerNamesTheFormerOne(t *testing.T) {
	_, change, _ := story(t, "", [2]string{"2026-10-01", "1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;9;\n2;NOËL;Ève;Nantes;Vendeuse;2020-01-06;9;\n"},
		[2]string{"2026-11-02", "1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;2;\n2;NOËL;Ève;Nantes;Vendeuse;2020-01-06;9;\n"})
	require.True(t, change.Tells.Updated)
	require.True(t, change.ManagerChanged)
	require.NotEmpty(t, change.FormerManager)
	require.NotEqual(t, change.FormerManager, change.Person.ManagerID)
}

func TestACorrectedHireDateIsNoSecondArrival(t *testing.T) {
	_, change, report := story(t, "", [2]string{"2026-10-01", "1;PICARD;Léa;Nantes;Vendeuse;2026-09-07;9;\n"},
		[2]string{"2026-11-02", "1;PICARD;Léa;Nantes;Vendeuse;2026-09-14;9;\n"})
	require.Equal(t, importing.Tells{Updated: true}, change.Tells)
	require.Equal(t, "2026-09-07", change.FormerHiredOn.String())
	require.Equal(t, person.Corrected, change.Person.History[0].What)
	require.Equal(t, 1, report.Changed)
}

func TestALongLeaveIsToldOnceAndSoIsTheReturn(t *testing.T) {
	const columns = "Absence du;Absence au"
	at := func(date, from, until string) [2]string {
		return [2]string{date, "1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;9;" + from + ";" + until + "\n"}
	}
	works := at("2026-03-01", "", "")
	c, change, _ := story(t, columns, works, at("2026-04-01", "20/03/2026", "31/08/2026"))
	require.Equal(t, importing.Tells{Updated: true, OnLeave: true}, change.Tells)
	require.Equal(t, person.Entry{On: day("2026-03-20"), NotedOn: day("2026-04-01"), What: person.WentOnLeave, To: "2026-08-31"}, lastEntry(t, c))

	_, change, _ = story(t, columns, works, at("2026-04-01", "20/03/2026", "31/08/2026"), at("2026-05-01", "20/03/2026", "30/09/2026"))
	require.Equal(t, importing.Tells{Updated: true}, change.Tells, "other dates are the same leave")

	for name, end := range map[string][2]string{
		"the columns are empty":    at("2026-09-10", "", ""),
		"the leave lies behind":    at("2026-09-10", "20/03/2026", "31/08/2026"),
		"and the dates lie behind": at("2026-09-10", "19/03/2026", "31/08/2026"),
	} {
		t.Run(name, func(t *testing.T) {
			c, change, _ := story(t, columns, works, at("2026-04-01", "20/03/2026", "31/08/2026"), end)
			require.Equal(t, importing.Tells{Updated: true, Returned: true}, change.Tells)
			require.Equal(t, "2026-09-01", change.ReturnedOn.String())
			require.Equal(t, "2026-03-20", change.LeaveBegan.String())
			require.Equal(t, person.Returned, lastEntry(t, c).What)
		})
	}
	_, change, _ = story(t, columns, works, at("2026-04-01", "20/03/2026", ""), at("2026-06-10", "", ""))
	require.Equal(t, "2026-06-10", change.ReturnedOn.String(), "the file's date where nothing tells the day")
	_, change, _ = story(t, columns, works, at("2026-04-01", "20/05/2026", ""), at("2026-04-10", "", ""))
	require.Equal(t, importing.Tells{Updated: true}, change.Tells, "nobody returns from a leave that never began")
	_, change, _ = story(t, columns, works, at("2026-04-01", "20/03/2026", "30/04/2026"), at("2026-06-10", "01/06/2026", ""))
	require.True(t, change.Tells.Returned && change.Tells.OnLeave, "two leaves are two")
	_, change, _ = story(t, columns, works, at("2026-09-10", "20/03/2026", "31/08/2026"))
	require.Equal(t, importing.Change{}, change, "a leave that is over when first heard of is no news")

	c, _, report := story(t, columns, works, at("2026-04-01", "20/03/2026", "01/02/2026"))
	require.Equal(t, roster.AwayUnclear, codes(report, roster.Warning)[2])
	require.Equal(t, "2026-03-20", c.person(t, "1").AwayFrom.String())
	_, change, report = story(t, columns, works, at("2026-04-01", "", "31/08/2026"))
	require.Equal(t, roster.AwayUnclear, codes(report, roster.Warning)[2])
	require.Equal(t, importing.Change{}, change)
}

func TestAStatusTellsLeaveWhereNoDatesDo(t *testing.T) {
	at := func(date, status string) [2]string {
		return [2]string{date, "1;PICARD;Léa;Nantes;Vendeuse;2020-01-06;9;" + status + "\n"}
	}
	_, change, _ := story(t, "Situation", at("2026-03-01", "Actif"), at("2026-04-01", "En congé parental"))
	require.True(t, change.Tells.OnLeave)
	require.Equal(t, "2026-04-01", change.Person.AwayFrom.String())
	c, change, _ := story(t, "Situation", at("2026-03-01", "Actif"), at("2026-04-01", "En congé parental"), at("2026-05-01", "En congé parental"))
	require.Equal(t, importing.Change{}, change)
	require.Equal(t, "2026-04-01", c.person(t, "1").AwayFrom.String())
	c, change, _ = story(t, "Situation", at("2026-03-01", "Actif"), at("2026-04-01", "En congé parental"), at("2026-05-01", "Actif"))
	require.True(t, change.Tells.Returned)
	require.Equal(t, "2026-05-01", change.ReturnedOn.String())
	require.Equal(t, clock.Date{}, c.person(t, "1").AwayFrom)
	_, change, report := story(t, "Situation", at("2026-03-01", "Actif"), at("2026-04-01", "Cadre"))
	require.Equal(t, importing.Change{}, change)
	require.Equal(t, roster.StatusUnknown, codes(report, roster.Warning)[2])
}
