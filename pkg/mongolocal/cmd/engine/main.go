// Command engine installs the local MongoDB engine and runs it by hand; see package mongolocal.
//
//	engine install             installs it and prints the path of its library
//	engine serve -lib … -dir … -listen …
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"jalon.dev/pkg/mongolocal"
	"jalon.dev/pkg/mongolocal/install"
)

// The engine opens on the main thread only.
func init() { runtime.LockOSThread() }

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		os.Exit(mongolocal.ServeMain(os.Args[2:]))
	}
	if len(os.Args) != 2 || os.Args[1] != "install" {
		fmt.Fprintln(os.Stderr, "usage: engine install | engine serve -lib PATH -dir FOLDER -listen SOCKET")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	library, err := install.Install(ctx, install.Config{
		Child: mongolocal.ChildConfig{Args: []string{"serve"}},
		Log:   plainLog(),
	})
	if err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "engine:", err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stdout, library)
}

// plainLog writes for a person in a terminal.
func plainLog() *zap.Logger {
	format := zapcore.NewConsoleEncoder(zapcore.EncoderConfig{MessageKey: "message", ConsoleSeparator: " "})
	return zap.New(zapcore.NewCore(format, zapcore.Lock(os.Stderr), zap.InfoLevel))
}
