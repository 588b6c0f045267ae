package e2e

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience bounds every wait for a process; the machines of CI are slow.
const patience = 90 * time.Second

// process is one program of an installation under test. It can be killed and started again on the same address and data.
type process struct {
	t    testing.TB
	name string
	path string
	args []string
	env  []string
	url  string // where /readyz is asked; empty for programs without pages
	log  string

	cmd   *exec.Cmd
	ended chan struct{}
}

func (p *process) start() {
	p.t.Helper()
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(p.t, err)
	defer func() { _ = out.Close() }() // the program has its own
	p.cmd = exec.CommandContext(context.WithoutCancel(p.t.Context()), p.path, p.args...)
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = append(os.Environ(), p.env...), out, out
	p.run(syscall.SIGKILL)
}

// run starts the command. The signal is sent to it when the test dies.
func (p *process) run(orphaned syscall.Signal) {
	p.t.Helper()
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: orphaned}
	started, ended := make(chan error, 1), make(chan struct{})
	p.ended = ended
	cmd := p.cmd
	go func() {
		// The system kills the program when the thread ends that started it: the thread stays until the program ended.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(ended)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // the process's state tells
		}
	}()
	require.NoError(p.t, <-started, p.name)
}

// ready waits until the program answers that it is ready.
func (p *process) ready() {
	p.t.Helper()
	waitFor(p.t, p.name+" to be ready (log: "+p.log+")", func() error {
		select {
		case <-p.ended:
			log, _ := os.ReadFile(p.log)
			return stopWaitingError{fmt.Errorf("%s ended:\n%s", p.name, tail(log, 4000))}
		default:
		}
		return get(p.url + "/readyz")
	})
}

// kill ends the program as a power cut would.
func (p *process) kill() {
	p.t.Helper()
	_ = p.cmd.Process.Kill() // an ended process is what is wanted
	<-p.ended
}

// stop ends the program as an operator would, and checks that it ends well.
func (p *process) stop() {
	p.t.Helper()
	select {
	case <-p.ended:
		return
	default:
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may just have ended
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.kill()
		p.t.Errorf("%s did not stop within %s of SIGTERM", p.name, patience)
	}
}

// stopWaitingError is an error that no more waiting can mend.
type stopWaitingError struct{ error }

func waitFor(tb testing.TB, what string, attempt func() error) {
	tb.Helper()
	waitUpTo(tb, patience, what, attempt)
}

func waitUpTo(tb testing.TB, limit time.Duration, what string, attempt func() error) {
	tb.Helper()
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	again := time.NewTicker(max(50*time.Millisecond, limit/1000)) // asking is work for whoever is waited for
	defer again.Stop()
	for {
		err := attempt()
		if err == nil {
			return
		}
		if errors.As(err, &stopWaitingError{}) {
			require.NoError(tb, err, "waiting for %s", what)
		}
		select {
		case <-deadline.C:
			require.NoError(tb, err, "waited %s for %s", limit, what)
		case <-again.C:
		}
	}
}

func get(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	return nil
}

func tail(text []byte, n int) []byte {
	if len(text) > n {
		return text[len(text)-n:]
	}
	return text
}

// triedPorts counts the ports that were looked at.
var triedPorts atomic.Int32

// freePort finds a port for a program that may be stopped and started again on it: one below those from which the system
// serves outgoing connections, which would take it meanwhile.
func freePort(tb testing.TB) int {
	tb.Helper()
	return freePorts(tb, 1)
}

// freePorts finds the first of so many free ports in a row.
func freePorts(tb testing.TB, row int) int {
	tb.Helper()
	const first, count = 20_000, 12_000
	for range count {
		last := int(triedPorts.Add(int32(row)))
		port := first + (os.Getpid()*97+last-row+1)%count
		if allFree(tb, port, row) {
			return port
		}
	}
	require.Fail(tb, "no port is free")
	return 0
}

func allFree(tb testing.TB, port, row int) bool {
	tb.Helper()
	for ; row > 0; row-- {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+row-1))
		if err != nil {
			return false
		}
		require.NoError(tb, listener.Close())
	}
	return true
}

// repository is the folder of go.work.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("go.work is in no folder above")
}

// programs is a folder of what the tests run, named as make build names it: the one in JALON_TEST_PROGRAMS, which make test
// has just filled, or a temporary one, filled once for all tests.
var programs = sync.OnceValues(func() (string, error) {
	if bin := os.Getenv("JALON_TEST_PROGRAMS"); bin != "" {
		return bin, nil
	}
	root, err := repository()
	if err != nil {
		return "", err
	}
	bin, err := os.MkdirTemp("", "jalon-e2e-bin-")
	if err != nil {
		return "", err
	}
	atTheEnd(func() { _ = os.RemoveAll(bin) }) // temporary
	// As make build does it, so that one finds in the cache what the other compiled.
	args := []string{"build", "-trimpath", "-o", bin + "/", "github.com/nats-io/nats-server/v2", "./services/jalon/cmd/jalon"}
	for _, name := range serviceNames {
		args = append(args, "./services/"+name+"/cmd/"+name)
	}
	build := exec.Command("go", args...)
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return bin, fmt.Errorf("building the programs: %w\n%s", err, out)
	}
	for _, name := range serviceNames {
		if err := os.Rename(filepath.Join(bin, name), filepath.Join(bin, "jalon-"+name)); err != nil {
			return bin, err
		}
	}
	return bin, nil
})

// closing is what remains to be done when all tests are over.
var closing struct {
	sync.Mutex
	last []func()
}

func atTheEnd(fn func()) {
	closing.Lock()
	defer closing.Unlock()
	closing.last = append(closing.last, fn)
}

func TestMain(m *testing.M) {
	code := m.Run()
	closing.Lock()
	for _, fn := range slices.Backward(closing.last) {
		fn()
	}
	os.Exit(code)
}
