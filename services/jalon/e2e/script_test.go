package e2e

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// The script that runs the services without Docker brings them up, lets HR in, and leaves nothing running when it is told to end.
func TestTheScriptRunsADistributedInstallation(t *testing.T) {
	t.Parallel()
	bin, err := programs()
	require.NoError(t, err)
	root, err := repository()
	require.NoError(t, err)
	data, base := t.TempDir(), freePorts(t, 11)
	said, err := os.Create(filepath.Join(data, "said"))
	require.NoError(t, err)
	defer func() { _ = said.Close() }() // the script has its own

	script := exec.CommandContext(context.WithoutCancel(t.Context()), filepath.Join(root, "scripts", "distributed.sh"))
	script.Env = append(os.Environ(), "JALON_BIN="+bin, "JALON_DATA="+data, fmt.Sprintf("JALON_BASE_PORT=%d", base), "MONGODB_URI=")
	script.Stdout, script.Stderr = said, said
	i := &installation{t: t, data: data, url: fmt.Sprintf("http://localhost:%d", base)}
	p := &process{t: t, name: "script", log: said.Name(), cmd: script}
	p.run(syscall.SIGTERM) // upon which it ends what it started
	t.Cleanup(p.stop)

	waitFor(t, "the script to say that all is ready", func() error {
		select {
		case <-p.ended:
			told, _ := os.ReadFile(said.Name())
			return stopWaitingError{fmt.Errorf("the script ended:\n%s", told)}
		default:
		}
		told, err := os.ReadFile(said.Name())
		if err == nil && !strings.Contains(string(told), "Jalon is ready: open "+i.url) {
			err = errors.New(string(told))
		}
		return err
	})
	key, err := os.ReadFile(filepath.Join(data, "operator.key"))
	require.NoError(t, err)
	i.env = []string{fmt.Sprintf("JALON_ADDR=localhost:%d", base), "JALON_OPERATOR_KEY=" + string(key), "JALON_PUBLIC_URL=" + i.url}
	status, _ := i.stranger().post(i.signInLink("--name", "Jeanne Martin", "--hr"), nil)
	require.Equal(t, http.StatusOK, status)

	require.NoError(t, script.Process.Signal(syscall.SIGTERM))
	<-p.ended
	for port := base; port < base+11; port++ {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		require.NoError(t, err, "something of it goes on")
		require.NoError(t, listener.Close())
	}
}
