//go:build linux || darwin

package mongolocal

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"unsafe"
)

// Options say which engine to load and which data folder to open.
type Options struct {
	Library  string        // path of the engine's shared library
	Dir      string        // data folder; made when missing
	CacheMiB uint32        // cache for data pages in MiB; 0 leaves the engine's default of 256
	Log      func(Message) // receives warnings and errors; may be nil; called from the engine's threads
}

// Engine is an open data folder in this process.
type Engine struct {
	library *library
	runtime uintptr

	mu      sync.Mutex
	closed  bool
	serving map[net.Listener]struct{}
	conns   map[net.Conn]struct{}
	work    sync.WaitGroup

	closing  sync.Once
	closeErr error
}

// Open loads the engine and opens a data folder. It must be called once per process at most, and on the main thread,
// because the engine's initialisers insist on it: the program calls runtime.LockOSThread in an init function and Open
// from main or TestMain, and may unlock the thread afterwards.
//
// The errors to tell apart are [InUseError] and [DiskFullError].
func Open(opts Options) (*Engine, error) {
	if !onMainThread() {
		return nil, errors.New("the local MongoDB engine must be opened on the main thread")
	}
	lib, err := load(opts.Library)
	if err != nil {
		return nil, fmt.Errorf("loading the local MongoDB engine from %s: %w", opts.Library, err)
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making data folder %s: %w", opts.Dir, orDiskFull(opts.Dir, err))
	}
	if err := lib.initialise(opts.Log); err != nil {
		return nil, fmt.Errorf("initialising the local MongoDB engine: %w", err)
	}
	runtime, err := lib.open(opts.Dir, opts.CacheMiB)
	if err != nil {
		return nil, openError(opts.Dir, err)
	}
	return &Engine{
		library: lib,
		runtime: runtime,
		serving: map[net.Listener]struct{}{},
		conns:   map[net.Conn]struct{}{},
	}, nil
}

// openError gives the engine's words a type where a caller or a reader can do something about it.
func openError(dir string, err error) error {
	switch text := err.Error(); {
	case strings.Contains(text, "DBPathInUse"):
		return &InUseError{Dir: dir}
	case strings.Contains(text, diskFullText):
		return &DiskFullError{Dir: dir}
	default:
		return fmt.Errorf("opening data folder %s: %w", dir, err)
	}
}

// Close ends all connections, waits for the commands that are running and closes the data folder. It may be called
// more than once.
func (e *Engine) Close() error {
	e.closing.Do(func() {
		e.mu.Lock()
		e.closed = true
		for l := range e.serving {
			l.Close()
		}
		for c := range e.conns {
			c.Close()
		}
		e.mu.Unlock()
		e.work.Wait()
		if err := e.library.shut(e.runtime); err != nil {
			e.closeErr = fmt.Errorf("closing the local MongoDB engine: %w", err)
		}
	})
	return e.closeErr
}

// session is one client's conversation with the engine; it runs one command at a time.
type session struct {
	library *library
	handle  uintptr
}

func (e *Engine) openSession() (session, error) {
	handle, err := e.library.openSession(e.runtime)
	return session{library: e.library, handle: handle}, err
}

func (s session) close() { s.library.closeSession(s.handle) }

// run executes a BSON command and hands the reply to use, which must not keep it: it lies in the engine's memory.
func (s session) run(database string, command []byte, use func(reply []byte)) error {
	var reply buffer
	if err := s.library.run(s.handle, database, command, &reply); err != nil {
		return err
	}
	defer s.library.release(unsafe.Pointer(reply.data))
	use(unsafe.Slice(reply.data, reply.size))
	return nil
}
