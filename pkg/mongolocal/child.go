//go:build linux || darwin

package mongolocal

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.uber.org/zap"
)

// ChildConfig says how to run an engine in a process of its own.
type ChildConfig struct {
	Executable string   // the program that calls [ServeMain]; empty means the running one
	Args       []string // what makes it do so, such as "engine"
	Library    string   // path of the engine's shared library
	DataDir    string   // data folder; made when missing
	CacheMiB   uint32   // cache for data pages in MiB; 0 leaves the engine's default of 256
	Log        *zap.Logger
	// OnRestart, when set, is told why the engine ended each time it is about to be started again. The restart waits for
	// it, and it must not call Stop.
	OnRestart func(cause error)
	// StopPatience is how long the engine may take to close before it is killed; 0 means 10 s.
	StopPatience time.Duration
}

// Child is an engine in a process of its own, which is started again whenever it ends by itself.
type Child struct {
	cfg    ChildConfig
	socket string

	stop     chan struct{} // closed when the engine is wanted no longer
	stopOnce sync.Once
	ended    chan struct{} // closed when it runs no longer
	started  chan error    // the first start's outcome

	mu    sync.Mutex
	pid   int   // of the process that is ready; 0 without one
	cause error // why there is none
}

// errStarting is the state of an engine before it is first ready.
var errStarting = errors.New("the local MongoDB engine is starting")

// StartChild starts an engine and waits until it answers. The context bounds that wait only: the engine runs until Stop.
//
// The errors to tell apart are [InUseError] and [DiskFullError].
func StartChild(ctx context.Context, cfg ChildConfig) (*Child, error) {
	if cfg.Executable == "" {
		executable, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("finding the program that hosts the local MongoDB engine: %w", err)
		}
		cfg.Executable = executable
	}
	dir, err := filepath.Abs(cfg.DataDir)
	if err != nil {
		return nil, fmt.Errorf("finding data folder %s: %w", cfg.DataDir, err)
	}
	cfg.DataDir = dir
	if cfg.StopPatience == 0 {
		cfg.StopPatience = 10 * time.Second
	}
	socket, err := newSocket()
	if err != nil {
		return nil, err
	}
	c := &Child{
		cfg:     cfg,
		socket:  socket,
		stop:    make(chan struct{}),
		ended:   make(chan struct{}),
		started: make(chan error, 1),
		cause:   errStarting,
	}
	go c.supervise()
	select {
	case err := <-c.started:
		if err != nil {
			c.Stop()
			return nil, err
		}
		return c, nil
	case <-ctx.Done():
		c.Stop()
		return nil, fmt.Errorf("starting the local MongoDB engine: %w", ctx.Err())
	}
}

// URI is the connection string of the engine, which stays the same over restarts.
func (c *Child) URI() string {
	return "mongodb://" + url.PathEscape(c.socket)
}

// Ready returns nil while the engine answers, else the reason why it does not.
func (c *Child) Ready() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cause
}

// PID is the number of the engine's process, 0 while there is none that answers.
func (c *Child) PID() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pid
}

// Stop closes the engine and waits until its process has ended, which it is made to when it does not by itself. It may be
// called more than once.
func (c *Child) Stop() {
	c.stopOnce.Do(func() { close(c.stop) })
	<-c.ended
}

func (c *Child) setState(pid int, cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pid, c.cause = pid, cause
}
