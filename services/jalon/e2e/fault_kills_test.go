package e2e

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// tryHire prepares the import of the next newcomers; the action runs it once and does not mind how it ends.
func (d *drill) tryHire() (path string, numbers []string, action func()) {
	people, numbers := d.newcomers()
	path = export(d.t, "newcomers.csv", people)
	return path, numbers, func() { d.jalon("import", "people", path) }
}

// hireWith hires, has the fault happen at the step, and goes on as whoever was cut off would: import the same file again.
func (d *drill) hireWith(s step, fault func()) (numbers []string) {
	d.t.Helper()
	path, numbers, action := d.tryHire()
	d.at(s, action, fault)
	d.accept(path)
	d.numbers = append(d.numbers, numbers...)
	return numbers
}

// answerWith answers, has the fault happen at the step, and answers again where the first time was not confirmed.
func (d *drill) answerWith(number string, s step, fault func()) {
	d.t.Helper()
	v := d.employee(number)
	invitation := v.awaitInvitation()
	d.at(s, func() { _ = v.submit(invitation, "confident") }, fault) // the fault may cut it off
	waitFor(d.t, "the answer to be taken", func() error { return v.submit(invitation, "confident") })
	d.answered[number] = true
}

// submit posts an answer to the survey of day 1, and does not mind when nobody is there.
func (v *visitor) submit(invitation, feeling string) error {
	response, err := v.client.PostForm(v.url+"/survey/"+invitation, day1(feeling))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return &unexpected{response.Status}
	}
	return nil
}

type unexpected struct{ status string }

func (u *unexpected) Error() string { return "answered " + u.status }

// day1 is a complete answer to the survey of day 1.
func day1(feeling string) url.Values {
	return url.Values{
		"emotion-feeling": {feeling}, "scale-welcomed": {"4"}, "scale-whom_to_ask": {"5"}, "scale-ready_for_me": {"3"}, "text-first_days_wish": {""},
	}
}

// standaloneVictims are the processes of the standalone.
var standaloneVictims = []string{"jalon", "engine"}

func TestKillingTheStandaloneAtAnyStepLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	i := standalone(t, drillTime)
	d := startDrill(t, i, faultSeed)
	jalon := i.process("jalon")
	restarted := func() {
		jalon.start()
		jalon.ready()
		d.client = connectTo(t, i.engineSocket())
	}
	kill := map[string]func(){
		"jalon":  func() { jalon.kill(); restarted() },
		"engine": d.killEngine,
	}

	d.hire() // somebody has to be there who answers
	for _, f := range faults(t, standaloneVictims) {
		d.suffers(f, kill[f.victim])
	}
	// The bus's data lost with the process: the engine's data alone bring everything back.
	d.hireWith(announced, func() {
		jalon.kill()
		require.NoError(t, os.RemoveAll(filepath.Join(i.data, "data", "nats")))
		restarted()
	})
	d.hire()
	d.answers(d.unanswered())
	d.complete()
}
