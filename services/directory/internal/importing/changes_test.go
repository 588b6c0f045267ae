package importing_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
)

func TestTheFirstImportRegistersAndTheNextHires(t *testing.T) {
	c := &company{}
	plan, report := c.take(t, file(t, someone("1")), "2026-10-01")
	require.True(t, report.Baseline)
	require.Equal(t, importing.Tells{Registered: true}, plan.Changes[0].Tells)

	plan, report = c.take(t, file(t, someone("1"), someone("2", hired("2026-11-09"), reportsTo("1"))), "2026-11-02")
	require.False(t, report.Baseline)
	require.Equal(t, 1, report.Added)
	require.Len(t, plan.Changes, 1)
	change := plan.Changes[0]
	require.Equal(t, importing.Tells{Hired: true}, change.Tells)
	require.Equal(t, day("2026-11-09"), change.Person.HiredOn, "a hire may start in the coming days")
	require.Equal(t, c.person(t, "1").ID, change.Person.ManagerID)
	require.Equal(t, "Europe/Paris", change.TimeZone)
	require.Len(t, change.UnitPath, 3)
	require.Equal(t, []person.Entry{{On: day("2026-11-09"), NotedOn: day("2026-11-02"), What: person.Hired, To: change.Person.UnitID}}, change.Person.History)
}

func TestEachPersonCountsOnceAndTheStrongestWins(t *testing.T) {
	for name, c := range map[string]struct {
		after  somebody
		counts importing.Report
		tells  importing.Tells
	}{
		"nothing":             {someone("1"), importing.Report{Unchanged: 1}, importing.Tells{}},
		"moved":               {someone("1", in("Nantes", "Accueil")), importing.Report{Moved: 1}, importing.Tells{Moved: true}},
		"moved, new boss":     {someone("1", in("Nantes", "Accueil"), reportsTo("2")), importing.Report{Moved: 1}, importing.Tells{Moved: true}},
		"new boss":            {someone("1", reportsTo("2")), importing.Report{Changed: 1}, importing.Tells{Updated: true}},
		"left":                {someone("1", left("2026-10-20")), importing.Report{Ended: 1}, importing.Tells{Left: true}},
		"will leave":          {someone("1", left("2026-12-20")), importing.Report{Ended: 1}, importing.Tells{Left: true}},
		"moved and leaving":   {someone("1", in("Nantes", "Accueil"), left("2026-12-20")), importing.Report{Ended: 1}, importing.Tells{Moved: true, Left: true}},
		"hire corrected":      {someone("1", hired("2020-03-15")), importing.Report{Changed: 1}, importing.Tells{Updated: true}},
		"new job":             {someone("1", func(s *somebody) { s.job = "Vendeur" }), importing.Report{Changed: 1}, importing.Tells{}},
		"new name":            {someone("1", func(s *somebody) { s.family = "RICARD" }), importing.Report{Changed: 1}, importing.Tells{}},
		"better spelling":     {someone("1", func(s *somebody) { s.family = "Picard" }), importing.Report{Unchanged: 1}, importing.Tells{}},
		"address in capitals": {someone("1", func(s *somebody) { s.email = "P1@EXEMPLE.FR" }), importing.Report{Unchanged: 1}, importing.Tells{}},
	} {
		t.Run(name, func(t *testing.T) {
			boss, other := someone("2"), someone("3", in("Nantes", "Accueil"))
			world := baseline(t, someone("1"), boss, other)
			plan, report := world.take(t, file(t, c.after, boss, other), "2026-11-02")
			c.counts.Unchanged += 2
			require.Equal(t, [5]int{0, c.counts.Changed, c.counts.Moved, c.counts.Ended, c.counts.Unchanged},
				[5]int{report.Added, report.Changed, report.Moved, report.Ended, report.Unchanged})
			if c.tells != (importing.Tells{}) {
				require.Equal(t, c.tells, plan.Changes[0].Tells)
			}
			// And the same file once more changes nothing.
			plan, report = world.take(t, file(t, c.after, boss, other), "2026-11-02")
			require.Empty(t, plan.Changes)
			require.Equal(t, 3, report.Unchanged)
		})
	}
}

func TestABetterSpellingIsKeptWithoutAVersion(t *testing.T) {
	c := baseline(t, someone("1"))
	plan, _ := c.take(t, file(t, someone("1", func(s *somebody) { s.family = "Picard" })), "2026-11-02")
	require.Len(t, plan.Changes, 1)
	require.Equal(t, int64(1), plan.Changes[0].Person.Version)
	require.Empty(t, plan.Changes[0].Person.History)
	plan, _ = c.take(t, file(t, someone("1")), "2026-11-02")
	require.Empty(t, plan.Changes, "capitals do not come back")
	require.Equal(t, "Picard", c.person(t, "1").FamilyName)
}

func TestADepartureMayBeTakenBackOrFollowedByAReturn(t *testing.T) {
	c := baseline(t, someone("1", left("2026-12-31")))
	plan, report := c.take(t, file(t, someone("1")), "2026-11-02")
	require.Equal(t, 1, report.Changed)
	require.Equal(t, importing.Tells{Updated: true}, plan.Changes[0].Tells)

	c = baseline(t, someone("1", left("2026-09-30")))
	plan, report = c.take(t, file(t, someone("1", hired("2027-04-01"))), "2027-04-02")
	require.Equal(t, 1, report.Added)
	require.Equal(t, importing.Tells{Hired: true}, plan.Changes[0].Tells)
	require.Equal(t, int64(2), plan.Changes[0].Person.Version)
}

func TestSomebodyHiredAgainByAFileWithoutDeparturesIsHiredOnce(t *testing.T) {
	c := baseline(t, someone("1", left("2026-09-30")))
	narrow := parse(t, "Matricule;Nom;Prénom;Site;Date d'entrée\n1;Picard;Jeanne;Nantes;2027-04-01\n")
	_, report := c.take(t, narrow, "2027-04-02")
	require.Equal(t, 1, report.Added)
	require.True(t, c.person(t, "1").LeftOn.IsZero())
	_, report = c.take(t, narrow, "2027-04-02")
	require.Equal(t, 1, report.Unchanged)
}

func TestAbsentPeopleAreReportedAndOnlyAFullFileEndsTheirContracts(t *testing.T) {
	lines := []somebody{someone("gone", left("2026-01-31")), someone("leaving", left("2026-12-31"))}
	for _, n := range strings.Split("abcdefghijklmnopqrst", "") {
		lines = append(lines, someone(n))
	}
	c := baseline(t, lines...)
	plan, report := c.take(t, file(t, lines[4:]...), "2026-11-02")
	require.Equal(t, 3, report.Absent, "whoever has left is not missed")
	require.Empty(t, plan.Changes)
	require.Zero(t, report.Ended)

	_, report = c.take(t, file(t, lines[4:]...), "2026-11-02", full)
	require.Nil(t, report.Refusal)
	require.Equal(t, 2, report.Ended, "an end that is known stays")
	require.Equal(t, day("2026-11-02"), c.person(t, "a").LeftOn)
	require.Equal(t, day("2026-12-31"), c.person(t, "leaving").LeftOn)
}

func TestAFullFileThatEndsTooManyContractsIsRefusedUnlessConfirmed(t *testing.T) {
	var lines []somebody
	for _, n := range strings.Split("abcdefghijklmnopqrst", "") {
		lines = append(lines, someone(n))
	}
	c := baseline(t, lines...)
	_, report := importing.Make(file(t, lines[3:]...), c.State, c.options("2026-11-02", full))
	require.Equal(t, roster.EndsTooMany, report.Refusal.Code)
	require.True(t, report.Refused(true))
	_, report = importing.Make(file(t, lines[2:]...), c.State, c.options("2026-11-02", full))
	require.Nil(t, report.Refusal, "exactly 10 % is no more than 10 %")
	_, report = importing.Make(file(t, lines[3:]...), c.State, c.options("2026-11-02", full, confirmed))
	require.Nil(t, report.Refusal)
}

func TestARejectedLineEndsNobodysContract(t *testing.T) {
	c := baseline(t, someone("1"), someone("2"))
	_, report := c.take(t, file(t, someone("1"), someone("2", hired("x"))), "2026-11-02", full, confirmed)
	require.Zero(t, report.Absent)
	require.Zero(t, report.Ended)
}

func TestAnOlderFileIsRefusedUnlessConfirmed(t *testing.T) {
	c := baseline(t, someone("1"))
	_, report := importing.Make(file(t, someone("1")), c.State, c.options("2026-09-30"))
	require.Equal(t, roster.FileOlder, report.Refusal.Code)
	_, report = importing.Make(file(t, someone("1")), c.State, c.options("2026-09-30", confirmed))
	require.Nil(t, report.Refusal)
	_, report = importing.Make(file(t, someone("1")), c.State, c.options("2026-10-01"))
	require.Nil(t, report.Refusal, "the same day is not older")
}

func TestWhatAFileDoesNotSpeakOfStays(t *testing.T) {
	c := baseline(t, someone("1", left("2026-12-31")), someone("2", reportsTo("1")))
	narrow := parse(t, "Matricule;Nom;Prénom;Site;Date d'entrée\n1;Picard;Jeanne;Nantes;2020-03-14\n2;Picard;Jeanne;Nantes;2020-03-14\n")
	_, report := c.take(t, narrow, "2026-11-02")
	require.Equal(t, 2, report.Unchanged)
	require.Equal(t, someone("1", left("2026-12-31")).left, c.person(t, "1").LeftOn.String())
	require.Equal(t, "1", c.describe(c.person(t, "2")).manager)
	require.Equal(t, "Vélo", c.describe(c.person(t, "2")).team)
}

func TestLanguagesAndTimeZones(t *testing.T) {
	c := &company{}
	_, report := c.take(t, parse(t, "Employee ID,Last Name,First Name,Location,Hire Date,Preferred Language,Time Zone\n"+
		"1,A,B,Nantes,2020-03-14,en-GB,Indian/Reunion\n2,A,B,Nantes,2020-03-14,,\n3,A,B,Nantes,2020-03-14,Klingon,Mars/Olympus\n"), "2026-10-01")
	require.Equal(t, 3, report.Warnings)
	require.Equal(t, "en", c.person(t, "1").Language)
	require.Equal(t, "Indian/Reunion", c.person(t, "1").TimeZone)
	require.Equal(t, "fr", c.person(t, "2").Language)
	require.Equal(t, "fr", c.person(t, "3").Language)
	require.Empty(t, c.person(t, "3").TimeZone)
}
