package mongolocal

import "syscall"

// attributes keep Ctrl-C in a terminal from the engine, so that the parent finishes its writes first, and end it with
// the parent.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
