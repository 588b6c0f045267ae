package mongolocal_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongolocal"
	"jalon.dev/pkg/mongolocal/install"
)

// The engine opens on the main thread only.
func init() { runtime.LockOSThread() }

// TestMain makes the test's own executable host the engine, and be the parent of one.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == "engine":
		os.Exit(mongolocal.ServeMain(os.Args[2:]))
	case len(os.Args) > 2 && os.Args[1] == "parent":
		os.Exit(beParent(os.Args[2]))
	}
	goleak.VerifyTestMain(m)
}

// beParent starts an engine, says so and waits to be killed.
func beParent(dir string) int {
	library, err := install.Find()
	if err == nil {
		var child *mongolocal.Child
		child, err = mongolocal.StartChild(context.Background(), mongolocal.ChildConfig{
			Args: []string{"engine"}, Library: library, DataDir: dir, Log: zap.NewNop(),
		})
		if err == nil {
			fmt.Fprintln(os.Stdout, "ready")
			_, _ = io.Copy(io.Discard, os.Stdin)
			child.Stop()
			return 0
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// startParent runs beParent in a process of its own.
func startParent(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	executable, err := os.Executable()
	require.NoError(t, err)
	parent := exec.Command(executable, "parent", dir)
	parent.Stderr = os.Stderr
	_, err = parent.StdinPipe()
	require.NoError(t, err)
	out, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	_, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return parent
}

func config(t *testing.T) mongolocal.ChildConfig {
	t.Helper()
	library, err := install.Find()
	require.NoError(t, err)
	return mongolocal.ChildConfig{
		Args:     []string{"engine"},
		Library:  library,
		DataDir:  filepath.Join(t.TempDir(), "data"),
		CacheMiB: 64,
		Log:      zaptest.NewLogger(t, zaptest.Level(zap.WarnLevel)),
	}
}

func start(t *testing.T, cfg mongolocal.ChildConfig) *mongolocal.Child {
	t.Helper()
	child, err := mongolocal.StartChild(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(child.Stop)
	return child
}

func connect(t *testing.T, child *mongolocal.Child) *mongo.Database {
	t.Helper()
	client, err := mongodb.Connect(t.Context(), child.URI())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Disconnect(context.WithoutCancel(t.Context()))) })
	return client.Database("test")
}

func awaitRestart(t *testing.T, child *mongolocal.Child, killed int) {
	t.Helper()
	require.Eventually(t, func() bool { return child.PID() != 0 && child.PID() != killed }, 20*time.Second, 10*time.Millisecond)
}
