package e2e

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// refuses starts a second server, which must end by itself, and returns what it says.
func (i *installation) refuses(env ...string) string {
	i.t.Helper()
	bin, err := programs()
	require.NoError(i.t, err)
	cmd := exec.CommandContext(i.t.Context(), filepath.Join(bin, "jalon"), "serve")
	cmd.Env = append(append(os.Environ(), i.env...), env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	require.Error(i.t, cmd.Run())
	require.Equal(i.t, 1, cmd.ProcessState.ExitCode())
	return said.String()
}

func TestServeSaysWhatIsInTheWayAndWhatToDo(t *testing.T) {
	t.Parallel()
	i := standalone(t, drillTime).ready()
	elsewhere := fmt.Sprintf("JALON_ADDR=127.0.0.1:%d", freePort(t))

	said := i.refuses(elsewhere)
	require.Contains(t, said, filepath.Join(i.data, "data"))
	require.Contains(t, said, "in use by another Jalon")
	require.Contains(t, said, "set JALON_DATA to another place")

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	said = i.refuses("JALON_ADDR="+taken.Addr().String(), "JALON_DATA="+t.TempDir())
	require.Contains(t, said, taken.Addr().String())
	require.Contains(t, said, "in use")
	require.Contains(t, said, "JALON_ADDR")

	foreign := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(foreign, "thesis.odt"), nil, 0o600))
	said = i.refuses(elsewhere, "JALON_DATA="+foreign)
	require.Contains(t, said, "thesis.odt")
	require.NoError(t, get(i.url+"/readyz"), "the first goes on")
}
