package e2e

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// drillTime is a Tuesday at 10:30 in Paris: the send window is open, and the day 1 follow-ups of Monday's hires are due.
var drillTime = time.Date(2026, time.November, 3, 9, 30, 0, 0, time.UTC)

// hiresPerRound arrive in each round of a drill, all on the day before drillTime.
const hiresPerRound = 5

// drill is an installation that things are done to, with the books of what it has accepted.
type drill struct {
	*installation
	auditor
	random   *rand.Rand
	numbers  []string        // of the newcomers that were accepted
	answered map[string]bool // by number, whose answer was accepted
	rounds   int
}

// startDrill takes an installation in and imports the people who were there before.
func startDrill(t *testing.T, i *installation, seed uint64) *drill {
	t.Helper()
	i.ready()
	d := &drill{
		installation: i, auditor: auditor{test: t, client: connectTo(t, i.engineSocket())},
		random: rand.New(rand.NewPCG(seed, 0)), answered: map[string]bool{},
	}
	d.accept(export(t, "baseline.csv", octoberCompany()), "--as-of", "2026-10-15")
	return d
}

// engineSocket is where the installation's MongoDB engine answers, whoever started it; it waits for one that does.
func (i *installation) engineSocket() (socket string) {
	i.t.Helper()
	waitFor(i.t, "the engine", func() error {
		var pid int
		if i.processes[0].name == "jalon" {
			pid = i.engine()
		} else {
			pid = i.process("engine").cmd.Process.Pid
		}
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)) // one that just ended has none
		args := strings.Split(string(line), "\x00")
		at := slices.Index(args, "-listen")
		if at < 0 {
			return errors.New("there is none yet")
		}
		socket = args[at+1]
		_, err := os.Stat(socket)
		return err
	})
	return socket
}

// engine is the process id of the engine that the standalone keeps as a child; 0 where there is none.
func (i *installation) engine() int {
	i.t.Helper()
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", i.process("jalon").cmd.Process.Pid))
	require.NoError(i.t, err)
	for _, list := range lists {
		children, _ := os.ReadFile(list) // a thread may just have ended
		for _, child := range strings.Fields(string(children)) {
			line, _ := os.ReadFile("/proc/" + child + "/cmdline") // so may a child
			if strings.Contains(string(line), "\x00engine\x00") {
				pid, err := strconv.Atoi(child)
				require.NoError(i.t, err)
				return pid
			}
		}
	}
	return 0
}

// killEngine ends the engine as a power cut would and waits for the next one.
func (d *drill) killEngine() {
	d.t.Helper()
	before := d.engine()
	require.NotZero(d.t, before)
	require.NoError(d.t, syscall.Kill(before, syscall.SIGKILL))
	waitFor(d.t, "another engine", func() error {
		if now := d.engine(); now == 0 || now == before {
			return errors.New("there is none yet")
		}
		return nil
	})
	d.process("jalon").ready()
}

func connectTo(t testing.TB, socket string) *mongo.Client {
	t.Helper()
	client, err := mongo.Connect(options.Client().
		ApplyURI("mongodb://" + url.QueryEscape(socket) + "/?directConnection=true").
		SetServerSelectionTimeout(2 * time.Second).SetTimeout(10 * time.Second))
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Disconnect(t.Context()) }) // the engine may be gone
	return client
}

// accept imports a file, as often as it takes until the installation says that it is done: whoever was cut off tries again.
func (d *drill) accept(path string, flags ...string) {
	d.t.Helper()
	waitFor(d.t, "the import of "+filepath.Base(path), func() error {
		stdout, stderr, exit := d.jalon(append([]string{"import", "people", path}, flags...)...)
		if exit != 0 {
			return fmt.Errorf("exit %d: %s%s", exit, stdout, stderr)
		}
		return nil
	})
}

// newcomers are the next round's.
func (d *drill) newcomers() (people []employee, numbers []string) {
	d.rounds++
	people = hires(hiresPerRound, "02/11/2026")
	for i := range people {
		people[i].number = fmt.Sprintf("N%02d%02d", d.rounds, i)
		numbers = append(numbers, people[i].number)
	}
	return people, numbers
}

// hire imports the next newcomers.
func (d *drill) hire() (numbers []string) {
	d.t.Helper()
	people, numbers := d.newcomers()
	d.accept(export(d.t, fmt.Sprintf("round-%02d.csv", d.rounds), people))
	d.numbers = append(d.numbers, numbers...)
	return numbers
}

// complete waits until everything accepted has come to its end, and nothing more than that.
func (d *drill) complete() {
	d.t.Helper()
	waitFor(d.t, "everything accepted to be complete", func() error {
		return errors.Join(d.auditor.newcomers(d.numbers, d.answered), d.drained())
	})
	d.noDeadLetters()
}

// answers has the newcomer answer what is asked on the own page, which must be one thing.
func (d *drill) answers(number string) {
	d.t.Helper()
	v := d.employee(number)
	v.answer(v.awaitInvitation())
	d.answered[number] = true
}

// step is a moment of the path, known by a document that was not there before.
type step struct {
	name       string
	service    string
	collection string
	filter     bson.D
}

func told(name, service, typ string) step {
	return step{name, service, "events", bson.D{{Key: "event.type", Value: typ}}}
}

var (
	planned    = step{"the plan is written", "directory", "batches", bson.D{}}
	registered = step{"people are written", "directory", "people", bson.D{}}
	announced  = told("hires are announced", "directory", "jalon.directory.v1.PeopleHired")
	opened     = step{"moments are opened", "moments", "moments", bson.D{}}
	scheduled  = step{"follow-ups are scheduled", "moments", "agenda", bson.D{{Key: "kind", Value: "follow_up"}}}
	talked     = step{"first talks are planned", "interviews", "talks", bson.D{}}
	counted    = step{"the barometer counts them", "barometer", "people", bson.D{}}
	requested  = told("invitations are asked for", "moments", "jalon.moments.v1.InvitationsRequested")
	decided    = step{"the gate has decided", "notifications", "inboxes", bson.D{}}
	shown      = told("prompts are shown", "notifications", "jalon.notifications.v1.PromptsShown")
	stored     = step{"an answer is stored", "moments", "responses", bson.D{}}
	closed     = told("invitations are closed", "moments", "jalon.moments.v1.InvitationsClosed")
)

// at runs the action and, as soon as the step is seen or a seeded moment later, the fault. It returns when both are over. The
// step comes or the action has failed: whoever started it tries again.
func (d *drill) at(s step, action, fault func()) {
	d.t.Helper()
	before, err := d.count(s.service, s.collection, s.filter...)
	require.NoError(d.t, err)
	delay := time.Duration(d.random.IntN(4000)) * time.Microsecond
	acted := make(chan struct{})
	go func() { defer close(acted); action() }()
	deadline := time.Now().Add(patience)
	for {
		now, err := d.count(s.service, s.collection, s.filter...)
		if err == nil && now > before {
			break
		}
		require.True(d.t, time.Now().Before(deadline), "%s: not seen within %s", s.name, patience)
	}
	spin := time.NewTimer(delay)
	<-spin.C
	fault()
	<-acted
}
