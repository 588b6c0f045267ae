//go:build linux || darwin

package mongolocal

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// Exit codes of ServeMain.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// closePatience is how long the engine may take to close before its process ends without it.
const closePatience = 15 * time.Second

// ServeMain is the main function of the engine's process: it opens a data folder, answers clients on a Unix socket and
// closes the folder on SIGTERM, SIGINT or, with -parent, when standard input ends. It returns the exit code. What it has
// to say goes to standard output, a JSON object per line.
//
// The main package must call runtime.LockOSThread in an init function, and ServeMain from main, because the engine starts
// on the main thread only:
//
//	func init() { runtime.LockOSThread() }
//
//	func main() {
//		if len(os.Args) > 1 && os.Args[1] == "engine" {
//			os.Exit(mongolocal.ServeMain(os.Args[2:]))
//		}
//		…
//	}
func ServeMain(args []string) int {
	var opts Options
	var socket string
	var parent bool
	flags := flag.NewFlagSet("engine", flag.ContinueOnError)
	flags.StringVar(&opts.Library, "lib", "", "path of the engine's shared library")
	flags.StringVar(&opts.Dir, "dir", "", "data folder")
	flags.StringVar(&socket, "listen", "", "path of the Unix socket to answer on")
	cache := flags.Uint("cache", 0, "cache for data in MiB; 0 = the engine's default")
	flags.BoolVar(&parent, "parent", false, "end when standard input ends, and remove the socket's folder")
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	if opts.Library == "" || opts.Dir == "" || socket == "" || flags.NArg() > 0 {
		fmt.Fprintln(flags.Output(), "engine: -lib, -dir and -listen are needed")
		return exitUsage
	}
	opts.CacheMiB = uint32(*cache)

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if parent {
		ctx = orphaned(ctx, os.Stdin, filepath.Dir(socket))
	}
	out := newReporter(os.Stdout)
	opts.Log = out.log
	if err := serve(ctx, opts, socket, func() { out.send(report{Ready: true}) }); err != nil {
		var inUse *InUseError
		var full *DiskFullError
		out.send(report{Failed: err.Error(), InUse: errors.As(err, &inUse), DiskFull: errors.As(err, &full)})
		return exitFailed
	}
	return exitOK
}

// serve runs an engine until ctx ends.
func serve(ctx context.Context, opts Options, socket string, ready func()) error {
	engine, err := Open(opts)
	if err != nil {
		return err
	}
	// Whoever has the data folder has the socket: what is left there is a dead process's.
	_ = os.Remove(socket)
	listener, err := new(net.ListenConfig).Listen(ctx, "unix", socket)
	if err != nil {
		return errors.Join(fmt.Errorf("listening for clients: %w", err), engine.Close())
	}
	served := make(chan error, 1)
	go func() { served <- engine.Serve(listener) }()
	ready()
	var failure error
	select {
	case failure = <-served:
	case <-ctx.Done():
	}
	overdue := time.AfterFunc(closePatience, func() { os.Exit(exitFailed) })
	defer overdue.Stop()
	return errors.Join(failure, engine.Close())
}

// orphaned returns a context that ends with the parent process, of which the end of the input is the sign. The folder
// that the parent made for the socket has nobody else left to remove it then.
func orphaned(ctx context.Context, input io.Reader, folder string) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, input)
		_ = os.RemoveAll(folder)
		cancel()
	}()
	return ctx
}
