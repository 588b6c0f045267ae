//go:build linux || darwin

package mongolocal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sys/unix"
)

// process is one run of an engine's process.
type process struct {
	cmd    *exec.Cmd
	dir    string
	stdin  io.Closer // open for as long as this process lives, which is how the child notices
	ready  chan struct{}
	ended  chan struct{}
	last   report // the reason it gave for ending; to be read once it ended
	full   bool   // it could not write for lack of space; as above
	result error  // how it ended; as above
	crash  crashLine
}

func launch(cfg ChildConfig, socket string) (*process, error) {
	p := &process{dir: cfg.DataDir, ready: make(chan struct{}), ended: make(chan struct{})}
	args := append(append([]string{}, cfg.Args...), "-parent", "-lib", cfg.Library, "-dir", cfg.DataDir, "-listen", socket,
		"-cache", strconv.FormatUint(uint64(cfg.CacheMiB), 10))
	p.cmd = exec.Command(cfg.Executable, args...) //nolint:gosec,noctx // this program itself, which ends when its stdin does
	p.cmd.Env = environment()
	p.cmd.SysProcAttr = attributes()
	p.cmd.Stderr = &p.crash
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the local MongoDB engine: %w", err)
	}
	p.stdin = stdin
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the local MongoDB engine: %w", err)
	}
	// A folder removed meanwhile, by a cleaner of temporary files, is made again.
	if err := os.MkdirAll(filepath.Dir(socket), 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of the engine's socket: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the local MongoDB engine: %w", err)
	}
	go func() {
		defer close(p.ended)
		readReports(stdout, func(line report) { p.receive(line, cfg.Log) })
		p.result = p.cmd.Wait()
	}()
	return p, nil
}

// environment is what the engine's process sees of this one's: no secrets.
func environment() []string {
	// Without a bound on its arenas the C library's allocator keeps several times the memory.
	env := []string{"MALLOC_ARENA_MAX=2"}
	for _, name := range []string{"HOME", "PATH", "TMPDIR", "TZ", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "GOTRACEBACK", "GOCOVERDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) receive(line report, log *zap.Logger) {
	switch {
	case line.Ready:
		close(p.ready)
	case line.Log != nil:
		p.full = p.full || line.Log.DiskFull
		logMessage(log, *line.Log)
	default:
		p.last = line
	}
}

func logMessage(log *zap.Logger, m Message) {
	write := log.Debug
	switch {
	case m.Severity <= Error:
		write = log.Error
	case m.Severity == Warning:
		write = log.Warn
	}
	write("the local MongoDB engine says: "+m.Text, zap.String("component", m.Component), zap.Int("id", m.ID))
}

// end asks the process to close the engine, makes it end if it does not in time, and waits until it has.
func (p *process) end(patience time.Duration) {
	defer p.stdin.Close()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	overdue := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer overdue.Stop()
	<-p.ended
}

// cause says why the process ended by itself.
func (p *process) cause() error {
	switch {
	case p.last.InUse:
		return &InUseError{Dir: p.dir}
	case p.last.DiskFull, p.full, diskFull(p.dir):
		return &DiskFullError{Dir: p.dir}
	case p.last.Failed != "":
		return errors.New(p.last.Failed)
	}
	if line := p.crash.String(); line != "" {
		return fmt.Errorf("the local MongoDB engine ended (%w): %s", orClean(p.result), line)
	}
	return fmt.Errorf("the local MongoDB engine ended: %w", orClean(p.result))
}

var errUnasked = errors.New("without being asked to")

func orClean(result error) error {
	if result == nil {
		return errUnasked
	}
	return result
}

// diskFull tells whether a folder's disk has no space for another journal file to speak of. The engine often dies of it
// before it can say so.
func diskFull(dir string) bool {
	const little = 1 << 20
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil {
		return false
	}
	return disk.Bavail*uint64(disk.Bsize) < little
}
