// Command jalon is the whole of Jalon in one program: the server, its command line, and the sample company.
package main

import (
	"os"
	"runtime"

	"jalon.dev/pkg/mongolocal"
	"jalon.dev/services/jalon/internal/cli"
	"jalon.dev/services/jalon/internal/standalone"
)

// The local MongoDB engine starts on the process's main thread only. The server runs it as a child process, which is
// this program again with a hidden first argument; the lock must be taken before main leaves that thread.
func init() { runtime.LockOSThread() }

func main() {
	if len(os.Args) > 1 && os.Args[1] == standalone.EngineArgument {
		os.Exit(mongolocal.ServeMain(os.Args[2:]))
	}
	runtime.UnlockOSThread()
	os.Exit(cli.Run(os.Args[1:], os.Stdout, os.Stderr))
}
