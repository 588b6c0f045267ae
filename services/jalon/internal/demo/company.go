// Package demo makes the sample company that a newcomer meets, and lets it live three months in a minute: HR exports
// arrive every week, follow-ups come due, people answer, all of it through the services themselves.
package demo

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"jalon.dev/pkg/clock"
)

// companySize is about the region of one HR officer: 25 stores and 1,250 people.
const companySize = 1250

// CompanyName is what the sample company is called.
const CompanyName = "Cimes Sport"

const headOffice = "Région Alpes"

// Company is the sample company as its HR system knows it. The same seed lives the same life.
type Company struct {
	random *rand.Rand
	people []*employee
	stores []string
	number int
	emails map[string]bool
	size   int
	// lived is the last week that went by, so that living one twice changes nothing.
	lived clock.Date
}

type employee struct {
	number, given, family, email string
	manager                      *employee
	store, team, job, contract   string
	language                     string
	hired, left                  clock.Date
	leads                        bool
}

// peoplePerStore is about how many people work in a store.
const peoplePerStore = 50

// Units is the file of the stores, as HR hands it in before the people.
func (c *Company) Units() []byte {
	var file strings.Builder
	file.WriteString("code,name,kind,parent,time_zone,holidays\n")
	fmt.Fprintf(&file, "SOC,%s,company,,Europe/Paris,FR\n", CompanyName)
	fmt.Fprintf(&file, "SIEGE,%s,store,SOC,,\n", headOffice)
	for i, store := range c.stores {
		fmt.Fprintf(&file, "M%02d,%s,store,SOC,,\n", i+1, store)
	}
	return []byte(file.String())
}

// inPilot tells whether people of the store meet their manager every four weeks.
func (c *Company) inPilot(store string) bool {
	middle := len(c.stores) / 2 // those of middling size
	return slices.Contains(c.stores[middle:min(middle+pilotStores, len(c.stores))], store)
}

// NewCompany founds a company of about so many people, 50 at least, in fewer stores where they are few. All were hired before the day.
func NewCompany(seed uint64, day clock.Date, size int) *Company {
	c := &Company{
		random: rand.New(rand.NewPCG(seed, 25)), stores: cities[:min(max(2, size/peoplePerStore), len(cities))], number: 40000,
		emails: map[string]bool{}, size: size,
	}
	director := c.hire(nil, headOffice, "Direction", "Directrice régionale", c.longAgo(day))
	director.leads = true
	hr := c.hire(director, headOffice, "Ressources humaines", "Responsable ressources humaines", c.longAgo(day))
	hr.leads = true
	perStore := (size - 2) / len(c.stores)
	for i, store := range c.stores {
		c.openStore(director, store, perStore*(60+80*i/(len(c.stores)-1))/100, day)
	}
	return c
}

// openStore staffs one store: a director, a lead per team, and the others spread over the teams.
func (c *Company) openStore(region *employee, store string, size int, day clock.Date) {
	director := c.hire(region, store, "Direction", "Directeur de magasin", c.longAgo(day))
	director.leads = true
	var leads []*employee
	for _, team := range teams {
		lead := c.hire(director, store, team.name, "Responsable "+team.name, c.longAgo(day))
		lead.leads = true
		leads = append(leads, lead)
	}
	for n := len(leads) + 1; n < size; n++ {
		at := c.random.IntN(len(teams))
		hired := c.longAgo(day)
		if c.random.IntN(12) == 0 {
			hired = day.AddDays(-3 - c.random.IntN(75)) // still within onboarding when Jalon arrives
		}
		c.hire(leads[at], store, teams[at].name, pick(c.random, teams[at].jobs), hired)
	}
}

func (c *Company) longAgo(day clock.Date) clock.Date { return day.AddDays(-120 - c.random.IntN(4000)) }

func (c *Company) hire(manager *employee, store, team, job string, on clock.Date) *employee {
	c.number += 1 + c.random.IntN(3)
	e := &employee{
		number: fmt.Sprintf("%06d", c.number), given: pick(c.random, givenNames), family: pick(c.random, familyNames),
		manager: manager, store: store, team: team, job: job, hired: on,
		contract: weighted(c.random, "CDI", 74, "CDD", 14, "Alternance", 7, "Saisonnier", 5),
		language: weighted(c.random, "fr", 96, "en", 4),
	}
	if c.random.IntN(100) >= 70 { // most people in stores have no address
		e.email = c.address(e.given, e.family)
	}
	c.people = append(c.people, e)
	return e
}

func (c *Company) address(given, family string) string {
	base := plain(given) + "." + plain(family)
	for n := 1; ; n++ {
		address := base + "@cimes-sport.example"
		if n > 1 {
			address = fmt.Sprintf("%s%d@cimes-sport.example", base, n)
		}
		if !c.emails[address] {
			c.emails[address] = true
			return address
		}
	}
}

// LiveAWeek changes the company as a week does: some arrive, some of them next week only, some change team, some leave.
func (c *Company) LiveAWeek(monday clock.Date) {
	if !monday.After(c.lived) {
		return
	}
	c.lived = monday
	for range c.share(6 + c.random.IntN(6)) {
		lead := c.anyone(monday, func(e *employee) bool { return e.leads && e.team != "Direction" && e.store != headOffice })
		team := slices.IndexFunc(teams, func(d department) bool { return d.name == lead.team })
		c.hire(lead, lead.store, lead.team, pick(c.random, teams[team].jobs), monday.AddDays(c.random.IntN(9)-3))
	}
	for range c.share(2 + c.random.IntN(3)) {
		e := c.anyone(monday, func(e *employee) bool { return !e.leads })
		lead := c.anyone(monday, func(l *employee) bool {
			return l.leads && l.team != "Direction" && l.store != headOffice && (l.store != e.store || l.team != e.team)
		})
		e.store, e.team, e.manager = lead.store, lead.team, lead
	}
	for range c.share(4 + c.random.IntN(5)) {
		e := c.anyone(monday, func(e *employee) bool { return !e.leads && e.hired.Before(monday.AddDays(-30)) })
		e.left = monday.AddDays(c.random.IntN(14))
	}
}

// share is how many of a company of this size do what so many do in the sample company, one at least.
func (c *Company) share(people int) int { return (people*c.size + companySize - 1) / companySize }

// anyone picks one of those still there who fit.
func (c *Company) anyone(on clock.Date, fits func(*employee) bool) *employee {
	for {
		e := c.people[c.random.IntN(len(c.people))]
		if e.left.IsZero() && !e.hired.After(on) && fits(e) {
			return e
		}
	}
}

// Export writes the company as its HR system exports it: French headers, semicolons, day first.
func (c *Company) Export() []byte {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	rows := [][]string{{
		"Matricule", "Nom", "Prénom", "E-mail professionnel", "Matricule du manager", "Établissement", "Service",
		"Intitulé du poste", "Type de contrat", "Date d'entrée", "Date de sortie", "Langue",
	}}
	for _, e := range c.people {
		manager := ""
		if e.manager != nil {
			manager = e.manager.number
		}
		rows = append(rows, []string{
			e.number, e.family, e.given, e.email, manager, e.store, e.team, e.job, e.contract,
			french(e.hired), french(e.left), e.language,
		})
	}
	_ = w.WriteAll(rows) // a bytes.Buffer takes everything
	return out.Bytes()
}

func french(d clock.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Day, int(d.Month), d.Year)
}

// plain writes a name as addresses do: no accent, no space, lower case.
func plain(name string) string {
	bare, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), name)
	if err != nil {
		bare = name
	}
	return strings.ToLower(strings.NewReplacer(" ", "", "'", "").Replace(bare))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// weighted picks among words that are each followed by their weight in percent.
func weighted(r *rand.Rand, wordsAndWeights ...any) string {
	at := r.IntN(100)
	for pair := range slices.Chunk(wordsAndWeights, 2) {
		if at -= pair[1].(int); at < 0 {
			return pair[0].(string)
		}
	}
	return wordsAndWeights[0].(string)
}
