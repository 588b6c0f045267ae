package e2e

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/services/jalon/internal/voter"
)

// The steps of a ballot's way at which Jalon is killed, in order. Each is known by what is in the database from then on.
var (
	issued     = step{"a token is issued", "barometer", "electors", bson.D{{Key: "blinded", Value: bson.D{{Key: "$gt", Value: ""}}}}}
	cast       = step{"a ballot is cast", "barometer", "spool", bson.D{}}
	released   = step{"ballots are released", "barometer", "ballots", bson.D{}}
	counting   = step{"the edition is being counted", "barometer", "editions", bson.D{{Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{"counting", "published"}}}}}}
	computed   = step{"results are computed", "barometer", "results", bson.D{}}
	publicised = told("the publication is announced", "barometer", "jalon.barometer.v1.EditionPublished")
)

// electorate is how many people there are in the one cell: enough for ballots to be released while the edition runs.
const electorate = 24

// poll is an edition in which votes are cast while Jalon is killed, with the books of who was thanked.
type poll struct {
	*drill
	thanked [][]byte // the ballots that were thanked for
}

func (p *poll) jalonProcess() *process { return p.process("jalon") }

// again starts Jalon after a kill, as whoever supervises it would.
func (p *poll) again() {
	p.t.Helper()
	p.jalonProcess().start()
	p.jalonProcess().ready()
	p.client = connectTo(p.t, p.engineSocket())
}

func (p *poll) killed() {
	p.t.Helper()
	p.jalonProcess().kill()
	p.again()
}

// opinion is the n-th voter's, which nobody else has.
func opinion(n int) []byte {
	answers := slices.Repeat([]byte{3}, 45)
	answers[0], answers[1], answers[2] = byte(n%5)+1, byte(n/5%5)+1, byte(n/25%5)+1
	return append(answers, byte(n%11))
}

// votes casts the n-th person's ballot and, for as long as nothing is answered, the same again.
func (p *poll) votes(n int, v *visitor, paper map[string]string, token voter.Token, fault func()) {
	p.t.Helper()
	ballot, err := token.Ballot(opinion(n))
	require.NoError(p.t, err)
	bring := func() error {
		status, err := v.casts(paper, ballot)
		if err == nil && status != http.StatusNoContent && status != http.StatusConflict { // a conflict: it arrived the first time
			err = &unexpected{http.StatusText(status)}
		}
		return err
	}
	if fault == nil {
		require.NoError(p.t, bring())
	} else {
		p.at(cast, func() { _ = bring() }, fault) // the fault may cut it off
		waitFor(p.t, "the ballot to be taken", bring)
	}
	p.thanked = append(p.thanked, opinion(n))
}

// takes has the person take a token; the same once more where a fault cut it off, and never another.
func (p *poll) takes(v *visitor, fault func()) (map[string]string, voter.Token) {
	p.t.Helper()
	paper := v.paper()
	secret := v.draws(paper)
	if fault == nil {
		token, err := v.asks(paper, secret)
		require.NoError(p.t, err)
		return paper, token
	}
	p.at(issued, func() { _, _ = v.asks(paper, secret) }, fault) // the fault may cut it off
	var token voter.Token
	waitFor(p.t, "the token to be signed again", func() (err error) {
		token, err = v.asks(paper, secret)
		return err
	})
	_, err := v.asks(paper, v.draws(paper))
	require.ErrorContains(p.t, err, "409", "nobody has a second token")
	return paper, token
}

// diesAt kills Jalon, starts it at another time, and kills it again as soon as the step is seen there, or a seeded moment later.
func (p *poll) diesAt(now time.Time, s step) {
	p.t.Helper()
	j := p.jalonProcess()
	j.kill()
	j.env = append(j.env[:len(j.env):len(j.env)], "JALON_CLOCK_OFFSET="+time.Until(now).String())
	j.start()
	p.client = connectTo(p.t, p.engineSocket())
	for deadline := time.Now().Add(patience); ; {
		if n, err := p.count(s.service, s.collection, s.filter...); err == nil && n > 0 {
			break
		}
		require.True(p.t, time.Now().Before(deadline), "%s: not seen within %s", s.name, patience)
	}
	moment := time.NewTimer(time.Duration(p.random.IntN(8000)) * time.Microsecond)
	<-moment.C
	j.kill()
	p.t.Logf("killed when %s", s.name)
}

// seenByTheWorksCouncil runs the check that a works council runs.
func (p *poll) seenByTheWorksCouncil(when string) {
	p.t.Helper()
	said, errs, exit := p.jalon("ballots", "check", "--lang", "fr")
	require.Zero(p.t, exit, "%s: %s%s", when, said, errs)
}

var editionPath = regexp.MustCompile(`^/hr/barometer/([0-9a-f-]{36})$`)

// launches has HR launch an edition of three days, which opens at once.
func (p *poll) launches() {
	p.t.Helper()
	hr := p.stranger()
	status, _ := hr.post(p.signInLink("--name", "Jeanne Martin", "--hr"), nil)
	require.Equal(p.t, http.StatusOK, status)
	response, err := hr.client.PostForm(hr.url+"/hr/barometer", url.Values{
		"name": {"2026"}, "opens_on": {opensOn}, "closes_on": {closesOn}, "scores_from": {"5"}, "details_from": {"10"},
	})
	require.NoError(p.t, err)
	require.NoError(p.t, response.Body.Close())
	found := editionPath.FindStringSubmatch(response.Request.URL.Path)
	require.NotNil(p.t, found, response.Request.URL.Path)
	status, body := hr.post("/hr/barometer/"+found[1]+"/launch", url.Values{"version": {"1"}})
	require.Equal(p.t, http.StatusOK, status)
	require.NotContains(p.t, body, `role="alert"`)
	waitFor(p.t, "the edition to open", func() error {
		return p.expect("open editions", 1, "barometer", "editions", bson.E{Key: "state", Value: "open"})
	})
}

// everybodyOnce checks that each ballot that was thanked for is counted once in the publication, and nothing else is.
func (p *poll) everybodyOnce() {
	p.t.Helper()
	batches, err := all[struct {
		Answers []byte `bson:"answers"`
	}](p.auditor, "barometer", "ballots")
	require.NoError(p.t, err)
	var counted [][]byte
	for _, b := range batches {
		counted = slices.AppendSeq(counted, slices.Chunk(b.Answers, 46))
	}
	require.ElementsMatch(p.t, p.thanked, counted)
	results, err := all[struct {
		Ballots int `bson:"ballots"`
	}](p.auditor, "barometer", "results", bson.E{Key: "parent", Value: ""})
	require.NoError(p.t, err)
	require.Len(p.t, results, 1)
	require.Equal(p.t, len(p.thanked), results[0].Ballots)
	require.NoError(p.t, p.expect("publications", 1, "barometer", "events", publicised.filter...))
	require.NoError(p.t, p.expect("tokens", len(p.thanked), "barometer", "electors", issued.filter...))
}

// Jalon is killed between a token and its ballot, while a ballot is cast, while ballots are released and while they are counted. With
// JALON_FULL_FAULTS it is killed at every one of these steps, else at a seeded sample of them.
func TestKillingJalonLosesNoBallotAndCountsNoneTwice(t *testing.T) {
	t.Parallel()
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("JALON_FAULT_SEED"), strconv.Itoa(faultSeed)), 10, 64)
	require.NoError(t, err, "JALON_FAULT_SEED")
	random := rand.New(rand.NewPCG(seed, 1))
	full := os.Getenv("JALON_FULL_FAULTS") != ""
	t.Logf("the sample of seed %d; JALON_FULL_FAULTS=1 goes through all of them", seed)

	i := standalone(t, time.Date(2026, time.November, 4, 10, 10, 0, 0, paris))
	i.ready()
	p := &poll{drill: &drill{
		installation: i, auditor: auditor{test: t, client: connectTo(t, i.engineSocket())}, random: random, answered: map[string]bool{},
	}}
	people := make([]employee, electorate)
	for n := range people {
		people[n] = employee{number: fmt.Sprintf("V%02d", n), given: "Inès", family: "Riou", store: stores[0], service: services[0], hired: "01/03/2020"}
	}
	p.accept(export(t, "voters.csv", people), "--as-of", "2026-11-03")
	waitFor(t, "the barometer to know everybody", func() error {
		return errors.Join(p.expect("people", electorate, "barometer", "people"), p.expect("units", 3, "barometer", "units"))
	})
	p.launches()

	early := [2]int{random.IntN(electorate - 2), random.IntN(electorate - 2)} // who is cut off when taking a token, and when casting
	for n := range electorate - 1 {
		v := p.employee(people[n].number)
		var onIssue, onCast func()
		if n == early[0] || full && n%3 == 0 {
			onIssue = p.killed
		}
		if n == early[1] || full && n%3 == 1 {
			onCast = p.killed
		}
		paper, token := p.takes(v, onIssue)
		p.votes(n, v, paper, token, onCast)
	}
	p.seenByTheWorksCouncil("while ballots wait")
	p.diesAt(time.Date(2026, time.November, 4, 11, 10, 0, 0, paris), released)
	p.again()
	p.seenByTheWorksCouncil("while an edition runs")

	late := []step{counting, computed, publicised}
	if !full {
		late = []step{late[random.IntN(len(late))]}
	}
	for _, s := range late {
		p.diesAt(saturday, s)
	}
	p.again()
	waitFor(t, "the publication", func() error {
		return p.expect("published editions", 1, "barometer", "editions", bson.E{Key: "state", Value: "published"})
	})
	p.everybodyOnce()
	p.seenByTheWorksCouncil("after the close")

	log, err := os.ReadFile(p.jalonProcess().log)
	require.NoError(t, err)
	require.Contains(t, string(log), "signed in", "or this test could not fail")
	for _, mark := range []string{"/ballots", "/barometer/token", "V03"} {
		require.NotContains(t, string(log), mark, "the log tells of a ballot or a voter")
	}

	said, _, exit := p.jalon("ballots", "check", "--json")
	require.Zero(t, exit)
	require.True(t, json.Valid([]byte(said)))
	_, err = p.in("barometer", "ballots").UpdateOne(t.Context(), bson.D{}, bson.D{{Key: "$set", Value: bson.D{{Key: "at", Value: time.Now()}}}})
	require.NoError(t, err)
	said, errs, exit := p.jalon("ballots", "check", "--lang", "fr")
	require.Equal(t, 1, exit, errs)
	require.Contains(t, said, "ballots.at: on y lit un moment")
}
