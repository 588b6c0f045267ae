package standalone

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func open(t *testing.T, path string, newIs Mode) *Folder {
	t.Helper()
	folder, err := OpenFolder(path, newIs)
	require.NoError(t, err)
	t.Cleanup(func() { _ = folder.Close() })
	return folder
}

func TestAFolderKeepsItsModeAndKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	first := open(t, path, Demo)
	require.True(t, first.New)
	require.NoError(t, first.Close())

	again := open(t, path, Live)
	require.False(t, again.New)
	require.Equal(t, Demo, again.Mode, "a demo never becomes a live company")
	require.Equal(t, first.OperatorKey, again.OperatorKey)
	require.Equal(t, first.ServiceKey, again.ServiceKey)
}

func TestOnlyTheOwnerReadsTheKeys(t *testing.T) {
	folder := open(t, filepath.Join(t.TempDir(), "data"), Live)
	for _, name := range []string{OperatorKeyFile, "service.key"} {
		info, err := os.Stat(folder.Sub(name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
	info, err := os.Stat(folder.Path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

func TestAFolderInUseIsRefusedWithWhatToDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data")
	open(t, path, Live)
	_, err := OpenFolder(path, Live)
	require.ErrorContains(t, err, "in use by another Jalon")
	require.ErrorContains(t, err, "JALON_DATA")
}

func TestAFolderOfSomethingElseIsLeftAlone(t *testing.T) {
	path := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(path, "holiday.jpg"), []byte("x"), 0o600))
	_, err := OpenFolder(path, Live)
	require.ErrorContains(t, err, "holiday.jpg")
	_, made := Peek(path)
	require.False(t, made)
	left, err := os.ReadDir(path)
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing was added")
}

func TestAFirstStartThatWasCutOffIsBegunAgain(t *testing.T) {
	for name, left := range map[string]map[string]string{
		"before anything was written":   {"lock": ""},
		"while the mode was written":    {"lock": "", "mode.new": "li"},
		"by a power cut after the mode": {"lock": "", "mode": ""},
		"while a key was written":       {"lock": "", "mode": "live\n", "operator.key.new": ""},
		"by a power cut after a key":    {"lock": "", "mode": "live\n", "operator.key": "", "service.key.new": "x"},
	} {
		t.Run(name, func(t *testing.T) {
			path := t.TempDir()
			for file, content := range left {
				require.NoError(t, os.WriteFile(filepath.Join(path, file), []byte(content), 0o600))
			}
			folder := open(t, path, Live)
			require.Equal(t, Live, folder.Mode)
			require.NotEmpty(t, folder.OperatorKey)
			require.NotEmpty(t, folder.ServiceKey)
		})
	}
}

func TestAFolderOfANewerJalonIsRefused(t *testing.T) {
	path := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(path, "mode"), []byte("federated\n"), 0o600))
	_, err := OpenFolder(path, Live)
	require.ErrorContains(t, err, "federated")
}

func TestADemoStaysAtHome(t *testing.T) {
	home := Settings{Address: "localhost:8080"}
	require.NoError(t, demoStaysAtHome(Demo, home))
	for name, s := range map[string]Settings{
		"MONGODB_URI": {Address: "localhost:8080", MongoDB: "mongodb://db"},
		"NATS_URL":    {Address: "localhost:8080", NATS: "nats://bus"},
		"JALON_ADDR":  {Address: "0.0.0.0:8080"},
	} {
		require.ErrorContains(t, demoStaysAtHome(Demo, s), name)
		require.NoError(t, demoStaysAtHome(Live, s))
	}
}

func TestSettingsThatCannotWorkAreNamed(t *testing.T) {
	for variable, s := range map[string]Settings{
		"JALON_ADDR":       {Address: "8080"},
		"JALON_PUBLIC_URL": {Address: ":8080", PublicURL: "https://"},
		"JALON_TIME_ZONE":  {Address: ":8080", TimeZone: "Paris"},
	} {
		require.ErrorContains(t, s.Validate(), variable)
	}
	s := Settings{Address: ":8080", PublicURL: "https://jalon.example.com", TimeZone: "Europe/Paris"}
	require.NoError(t, s.Validate())
	require.Equal(t, "https://jalon.example.com", s.URL())
	require.Equal(t, "http://localhost:8080", s.LocalURL())
}

func TestAFullDiskIsNamedBeforeTheEngineStarts(t *testing.T) {
	folder := open(t, filepath.Join(t.TempDir(), "data"), Live)
	require.NoError(t, folder.refuseFullDisk(1))
	err := folder.refuseFullDisk(1 << 62)
	require.ErrorContains(t, err, folder.Path)
	require.ErrorContains(t, err, "free some space")
}
