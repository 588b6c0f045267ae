package importing_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

// somebody is a line of a test's HR file.
type somebody struct {
	number, family, given, email, manager, site, team, job, hired, left string
}

// company is a directory in memory that plans are applied to.
type company struct {
	importing.State
	ids int
}

func someone(number string, edit ...func(*somebody)) somebody {
	s := somebody{
		number: number, family: "PICARD", given: "Jeanne", email: "p" + number + "@exemple.fr", site: "Nantes", team: "Vélo",
		job: "Vendeuse", hired: "2020-03-14",
	}
	for _, e := range edit {
		e(&s)
	}
	return s
}

func reportsTo(number string) func(*somebody) { return func(s *somebody) { s.manager = number } }
func in(site, team string) func(*somebody) {
	return func(s *somebody) { s.site, s.team = site, team }
}
func hired(on string) func(*somebody) { return func(s *somebody) { s.hired = on } }
func left(on string) func(*somebody)  { return func(s *somebody) { s.left = on } }

// file writes the lines as one of the systems would.
func file(t require.TestingT, lines ...somebody) *roster.Roster {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = ';'
	require.NoError(t, w.Write([]string{
		"Matricule", "Nom", "Prénom", "E-mail professionnel", "Matricule du manager", "Établissement", "Service",
		"Intitulé du poste", "Date d'entrée", "Date de sortie",
	}))
	for _, l := range lines {
		require.NoError(t, w.Write([]string{l.number, l.family, l.given, l.email, l.manager, l.site, l.team, l.job, l.hired, l.left}))
	}
	w.Flush()
	return parse(t, b.String())
}

func parse(t require.TestingT, text string) *roster.Roster {
	r, err := roster.Read([]byte(text))
	require.NoError(t, err)
	return r
}

func day(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (c *company) options(asOf string, edit ...func(*importing.Options)) importing.Options {
	o := importing.Options{
		AsOf: day(asOf), Company: "Entreprise", TimeZone: "Europe/Paris", Language: "fr", MaxEnded: 0.1, Calendars: holidays.Standard(),
		NewID: func() string { c.ids++; return fmt.Sprintf("id-%06d", c.ids) },
	}
	for _, e := range edit {
		e(&o)
	}
	return o
}

func full(o *importing.Options)      { o.Full = true }
func confirmed(o *importing.Options) { o.Confirm.Shown = true }

// take plans and applies, whatever was rejected.
func (c *company) take(t require.TestingT, r *roster.Roster, asOf string, edit ...func(*importing.Options)) (importing.Plan, importing.Report) {
	plan, report := importing.Make(r, c.State, c.options(asOf, edit...))
	c.apply(t, plan)
	c.LastAsOf = report.AsOf
	return plan, report
}

func (c *company) apply(t require.TestingT, plan importing.Plan) {
	for _, u := range plan.Units {
		require.False(t, slices.ContainsFunc(c.Units, func(k unit.Unit) bool { return k.ID == u.ID }))
		c.Units = append(c.Units, u)
	}
	for _, change := range plan.Changes {
		at := slices.IndexFunc(c.People, func(p person.Person) bool { return p.ID == change.Person.ID })
		if change.Replaces == 0 {
			require.Equal(t, -1, at)
			c.People = append(c.People, change.Person)
			continue
		}
		require.Equal(t, c.People[at].Version, change.Replaces)
		history := append(slices.Clone(c.People[at].History), change.Person.History...)
		c.People[at] = change.Person
		c.People[at].History = history
	}
}

func (c *company) person(t require.TestingT, number string) person.Person {
	at := slices.IndexFunc(c.People, func(p person.Person) bool { return p.Number == number })
	require.NotEqual(t, -1, at, "nobody has number %s", number)
	return c.People[at]
}

// describe says what is known of a person in the words of a file, names in small letters.
func (c *company) describe(p person.Person) somebody {
	tree := unit.NewTree(c.Units)
	team, _ := tree.Get(p.UnitID)
	site, _ := tree.Get(team.ParentID)
	manager := ""
	for _, m := range c.People {
		if m.ID == p.ManagerID {
			manager = m.Number
		}
	}
	return somebody{
		number: p.Number, family: strings.ToLower(p.FamilyName), given: strings.ToLower(p.GivenName), email: p.Email,
		manager: manager, site: site.Name, team: team.Name, job: p.JobTitle, hired: p.HiredOn.String(), left: p.LeftOn.String(),
	}
}

// codes maps lines to what is said of them.
func codes(report importing.Report, s roster.Severity) map[int]roster.Code {
	found := map[int]roster.Code{}
	for _, p := range report.Problems {
		if p.Severity == s {
			found[p.Line] = p.Code
		}
	}
	return found
}

func baseline(t *testing.T, lines ...somebody) *company {
	t.Helper()
	c := &company{}
	_, report := c.take(t, file(t, lines...), "2026-10-01")
	require.True(t, report.Baseline)
	require.Zero(t, report.Rejected)
	return c
}
