//go:build linux || darwin

package mongolocal

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
	"golang.org/x/sys/unix"
)

// library holds the entry points of the engine's C interface, which has no published description. Every function
// returns 0 when it succeeded; else it stores an error text, to be freed by the caller, in its last argument.
type library struct {
	initializeFn, openFn, closeFn             uintptr
	sessionOpenFn, sessionCloseFn, sessionRun uintptr
	freeFn                                    uintptr
}

// buffer is memory that the engine owns until it is released.
type buffer struct {
	data *byte
	size uintptr
}

// openOptions is the C structure of the open call; a zero leaves the engine's default.
type openOptions struct {
	size           uint64
	cacheMiB       uint32
	journalFileKiB uint32
	_, _           uint32
}

func load(path string) (*library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, err
	}
	lib := &library{}
	for name, entry := range map[string]*uintptr{
		"initialize":          &lib.initializeFn,
		"open_with_options":   &lib.openFn,
		"close":               &lib.closeFn,
		"session_open":        &lib.sessionOpenFn,
		"session_close":       &lib.sessionCloseFn,
		"session_run_command": &lib.sessionRun,
		"free":                &lib.freeFn,
	} {
		if *entry, err = purego.Dlsym(handle, "embedded_mongodb_"+name); err != nil {
			return nil, err
		}
	}
	return lib, nil
}

func (l *library) initialise(log func(Message)) error {
	// The engine logs for as long as the process lives, as the callback does.
	callback := purego.NewCallback(func(severity, id int32, component *byte, componentLen uintptr, _ *byte, _ uintptr,
		text *byte, textLen uintptr, attributes *byte, attributesLen uintptr,
	) uintptr {
		// Attributes may hold documents and go no further than this.
		if full := holds(attributes, attributesLen, diskFullText); log != nil && (severity < 0 || full) {
			log(Message{
				Severity:  Severity(severity),
				ID:        int(id),
				Component: textAt(component, componentLen),
				Text:      textAt(text, textLen),
				DiskFull:  full,
			})
		}
		return 0
	})
	var failure *byte
	code, _, _ := purego.SyscallN(l.initializeFn, callback, uintptr(unsafe.Pointer(&failure)))
	return l.failed(code, failure)
}

func (l *library) open(dir string, cacheMiB uint32) (uintptr, error) {
	opts := openOptions{cacheMiB: cacheMiB}
	opts.size = uint64(unsafe.Sizeof(opts))
	path := []byte(dir)
	var handle uintptr
	var failure *byte
	code, _, _ := purego.SyscallN(l.openFn, uintptr(unsafe.Pointer(unsafe.SliceData(path))), uintptr(len(path)),
		uintptr(unsafe.Pointer(&opts)), uintptr(unsafe.Pointer(&handle)), uintptr(unsafe.Pointer(&failure)))
	runtime.KeepAlive(path)
	return handle, l.failed(code, failure)
}

func (l *library) shut(handle uintptr) error {
	var failure *byte
	code, _, _ := purego.SyscallN(l.closeFn, handle, uintptr(unsafe.Pointer(&failure)))
	return l.failed(code, failure)
}

func (l *library) openSession(engine uintptr) (uintptr, error) {
	var handle uintptr
	var failure *byte
	code, _, _ := purego.SyscallN(l.sessionOpenFn, engine, uintptr(unsafe.Pointer(&handle)), uintptr(unsafe.Pointer(&failure)))
	return handle, l.failed(code, failure)
}

func (l *library) closeSession(handle uintptr) {
	var failure *byte
	code, _, _ := purego.SyscallN(l.sessionCloseFn, handle, uintptr(unsafe.Pointer(&failure)))
	_ = l.failed(code, failure) // nothing is left to be done with a session that does not close
}

func (l *library) run(session uintptr, database string, command []byte, reply *buffer) error {
	name := append([]byte(database), 0)
	var failure *byte
	code, _, _ := purego.SyscallN(l.sessionRun, session, uintptr(unsafe.Pointer(&name[0])), uintptr(len(database)),
		uintptr(unsafe.Pointer(unsafe.SliceData(command))), uintptr(len(command)),
		uintptr(unsafe.Pointer(reply)), uintptr(unsafe.Pointer(&failure)))
	runtime.KeepAlive(name)
	runtime.KeepAlive(command)
	return l.failed(code, failure)
}

func (l *library) release(p unsafe.Pointer) {
	purego.SyscallN(l.freeFn, uintptr(p))
}

// failed turns a return code and the engine's error text into an error.
func (l *library) failed(code uintptr, failure *byte) error {
	if int32(code) == 0 {
		return nil
	}
	if failure == nil {
		return fmt.Errorf("the engine returned code %d", int32(code))
	}
	text := unix.BytePtrToString(failure)
	l.release(unsafe.Pointer(failure))
	return errors.New(text)
}
