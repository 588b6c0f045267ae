package mongolocal

import "syscall"

// attributes keep Ctrl-C in a terminal from the engine, so that the parent finishes its writes first.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
