package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"jalon.dev/services/jalon/internal/demo"
)

// standaloneStart measures how long bin/jalon takes from its start to being ready, with the sample company lived.
func standaloneStart(ctx context.Context) (_ []figure, err error) {
	sample, err := startSample(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, sample.remove()) }()
	lived := sample.ready
	if err := sample.stop(); err != nil {
		return nil, err
	}
	if err := sample.start(ctx); err != nil {
		return nil, err
	}
	again := sample.ready
	if err := sample.stop(); err != nil {
		return nil, err
	}
	return []figure{{Name: "standalone_start", Value: again.Seconds(), Unit: "s", Detail: map[string]any{
		"first_start_with_three_months_lived": lived.Seconds(),
	}}}, nil
}

// standaloneMemory measures the memory of bin/jalon at rest with the sample company, the engine's process included.
func standaloneMemory(ctx context.Context) (_ []figure, err error) {
	sample, err := startSample(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, sample.stop(), sample.remove()) }()
	own, err := resident(sample.cmd.Process.Pid)
	if err != nil {
		return nil, err
	}
	engine := 0
	children, err := childrenOf(sample.cmd.Process.Pid)
	if err != nil {
		return nil, err
	}
	for _, pid := range children {
		memory, err := resident(pid)
		if err != nil {
			return nil, err
		}
		engine += memory
	}
	return []figure{{Name: "standalone_memory", Value: float64(own + engine), Unit: "MiB", Detail: map[string]any{
		"jalon": own, "engine": engine,
	}}}, nil
}

// childrenOf lists a process's children, whichever of its threads started them.
func childrenOf(pid int) ([]int, error) {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return nil, err
	}
	var children []int
	for _, list := range lists {
		content, err := os.ReadFile(list)
		if err != nil {
			return nil, fmt.Errorf("finding the engine's process: %w", err)
		}
		for _, field := range strings.Fields(string(content)) {
			child, err := strconv.Atoi(field)
			if err != nil {
				return nil, fmt.Errorf("finding the engine's process: %w", err)
			}
			children = append(children, child)
		}
	}
	return children, nil
}

// sample is bin/jalon running the sample company.
type sample struct {
	dir, address string
	cmd          *exec.Cmd
	ready        time.Duration
}

func startSample(ctx context.Context) (*sample, error) {
	dir, err := os.MkdirTemp("", "jalon-sample-")
	if err != nil {
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s := &sample{dir: dir, address: address}
	return s, s.start(ctx)
}

func (s *sample) start(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	s.cmd = exec.CommandContext(ctx, filepath.Join(filepath.Dir(self), "jalon"), "demo") //nolint:gosec // our own program beside this one
	s.cmd.Env = append(os.Environ(), "JALON_DATA="+filepath.Join(s.dir, "data"), "JALON_ADDR="+s.address, "JALON_LOG_LEVEL=error",
		"MONGODB_URI=", "NATS_URL=")
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("starting bin/jalon (make bench builds it): %w", err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), demo.LivedLine) {
			s.ready = time.Since(begin)
			return nil
		}
	}
	return errors.Join(errors.New("bin/jalon ended before the sample company was there"), s.cmd.Wait())
}

func (s *sample) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stopping bin/jalon: %w", err)
	}
	return s.cmd.Wait()
}

func (s *sample) remove() error { return os.RemoveAll(s.dir) }

// resident is a process's resident memory in MiB.
func resident(pid int) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("reading the memory of process %d: %w", pid, err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
			return kilobytes >> 10, err
		}
	}
	return 0, fmt.Errorf("process %d does not tell its memory", pid)
}
