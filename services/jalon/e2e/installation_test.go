package e2e

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/mongolocal/install"
)

var serviceNames = []string{"portal", "directory", "moments", "interviews", "barometer", "notifications"}

// operatorKey opens the installations under test.
const operatorKey = "an-operator-key-for-tests-only-0123456789"

// installation is a running Jalon, in either way of running.
type installation struct {
	t         testing.TB
	data      string
	url       string
	natsURL   string   // of a distributed one
	env       []string // for the command line
	processes []*process
}

// waysOfRunning are the two that every test of the path walks.
var waysOfRunning = map[string]func(testing.TB, time.Time) *installation{
	"standalone":  standalone,
	"distributed": distributed,
}

// standalone starts everything in one process, which lives at now.
func standalone(tb testing.TB, now time.Time) *installation {
	tb.Helper()
	bin, err := programs()
	require.NoError(tb, err)
	i := &installation{t: tb, data: tb.TempDir()}
	address := fmt.Sprintf("127.0.0.1:%d", freePort(tb))
	i.url = "http://" + address
	i.env = []string{
		"JALON_ADDR=" + address, "JALON_DATA=" + filepath.Join(i.data, "data"), "JALON_PUBLIC_URL=" + i.url,
		"JALON_CLOCK_OFFSET=" + time.Until(now).String(), "JALON_LOG_FORMAT=json", "MONGODB_URI=", "NATS_URL=",
	}
	i.add(&process{name: "jalon", path: filepath.Join(bin, "jalon"), args: []string{"serve"}, env: i.env, url: i.url})
	return i
}

// distributed starts NATS, the engine, and each service as a process of its own.
func distributed(tb testing.TB, now time.Time) *installation {
	tb.Helper()
	bin, err := programs()
	require.NoError(tb, err)
	i := &installation{t: tb, data: tb.TempDir()}

	natsPort := freePort(tb)
	i.natsURL = fmt.Sprintf("nats://127.0.0.1:%d", natsPort)
	i.add(&process{name: "nats", path: filepath.Join(bin, "nats-server"), args: []string{
		"--addr", "127.0.0.1", "--port", fmt.Sprint(natsPort), "--jetstream", "--store_dir", filepath.Join(i.data, "nats"),
	}})
	library, err := install.Find()
	require.NoError(tb, err)
	// A Unix socket's path is short by law of the kernel; the test's own folder may not be.
	sockets, err := os.MkdirTemp("", "jalon") //nolint:usetesting // see above
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = os.RemoveAll(sockets) })
	socket := filepath.Join(sockets, "mongodb.sock")
	i.add(&process{name: "engine", path: filepath.Join(bin, "jalon"), args: []string{
		"engine", "-lib", library, "-dir", filepath.Join(i.data, "mongodb"), "-listen", socket,
	}})

	env := []string{
		"MONGODB_URI=mongodb://" + url.QueryEscape(socket) + "/?directConnection=true",
		"NATS_URL=" + i.natsURL,
		"JALON_SERVICE_KEY=a-service-key-for-tests-only-0123456789ab", "JALON_OPERATOR_KEY=" + operatorKey,
		"JALON_TALKS_KEY=a-talks-key-for-tests-only-0123456789abcd",
		"JALON_BALLOTS_KEY=a-ballots-key-for-tests-only-0123456789ab",
		"JALON_CLOCK_OFFSET=" + time.Until(now).String(), "JALON_LOG_FORMAT=json",
	}
	addresses := map[string]string{}
	for _, name := range serviceNames {
		addresses[name] = fmt.Sprintf("127.0.0.1:%d", freePort(tb))
		env = append(env, "JALON_"+strings.ToUpper(name)+"_URL=http://"+addresses[name])
	}
	i.url = "http://" + addresses["portal"]
	env = append(env, "JALON_PUBLIC_URL="+i.url)
	i.env = []string{"JALON_ADDR=" + addresses["portal"], "JALON_OPERATOR_KEY=" + operatorKey, "JALON_PUBLIC_URL=" + i.url, env[0]}
	waitFor(tb, "the engine's socket", func() error { _, err := os.Stat(socket); return err })
	for _, name := range serviceNames {
		i.add(&process{
			name: name, path: filepath.Join(bin, "jalon-"+name), args: []string{"serve"},
			env: append(env[:len(env):len(env)], "JALON_ADDR="+addresses[name]), url: "http://" + addresses[name],
		})
	}
	return i
}

// add starts a program of the installation and stops it at the end of the test.
func (i *installation) add(p *process) {
	i.t.Helper()
	p.t, p.log = i.t, filepath.Join(i.data, p.name+".log")
	p.start()
	i.processes = append(i.processes, p)
	i.t.Cleanup(func() {
		select {
		case <-p.ended:
			i.t.Logf("%s had ended before: %s", p.name, p.cmd.ProcessState)
		default:
		}
		p.stop()
		if i.t.Failed() {
			log, _ := os.ReadFile(p.log)
			i.t.Logf("log of %s, which ended with %s:\n%s", p.name, p.cmd.ProcessState, tail(log, 6000))
		}
	})
}

func (i *installation) ready() *installation {
	i.t.Helper()
	for _, p := range i.processes {
		if p.url != "" {
			p.ready()
		}
	}
	return i
}

// liveAt stops everything that has a clock, and starts it again at another time, as after a night.
func (i *installation) liveAt(now time.Time) {
	i.t.Helper()
	for _, p := range slices.Backward(i.processes) {
		if p.url != "" {
			p.stop()
		}
	}
	for _, p := range i.processes {
		if p.url != "" {
			p.env = append(p.env[:len(p.env):len(p.env)], "JALON_CLOCK_OFFSET="+time.Until(now).String())
			p.start()
		}
	}
	i.ready()
}

// process finds one by name.
func (i *installation) process(name string) *process {
	i.t.Helper()
	for _, p := range i.processes {
		if p.name == name {
			return p
		}
	}
	require.Fail(i.t, "no such process", name)
	return nil
}

// jalon runs the command line against the installation.
func (i *installation) jalon(args ...string) (stdout, stderr string, exit int) {
	i.t.Helper()
	bin, err := programs()
	require.NoError(i.t, err)
	cmd := exec.CommandContext(i.t.Context(), filepath.Join(bin, "jalon"), args...)
	cmd.Env = append(os.Environ(), i.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run() // the exit code tells
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}
