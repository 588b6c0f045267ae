package install

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// The lock file pins the package by the SHA-512 of its bytes and names no host: npm takes it from wherever it is set up to.
//
//go:embed npm/package.json npm/package-lock.json
var manifest embed.FS

// npmPatience is how long the download may take.
const npmPatience = 5 * time.Minute

// fetch lets npm put the engine's package under work and returns the package's folder.
func fetch(ctx context.Context, work string, t target) (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errors.New("the local MongoDB engine is fetched with npm, which was not found: install Node.js 20 or newer, or " + useAnother)
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := manifest.ReadFile("npm/" + name)
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(work, name), text, 0o644); err != nil {
			return "", explain(filepath.Dir(work), err)
		}
	}
	limited, cancel := context.WithTimeout(ctx, npmPatience)
	defer cancel()
	cmd := exec.CommandContext(limited, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=verbose") //nolint:gosec // npm is looked for in the PATH on purpose
	cmd.Dir = work
	cmd.WaitDelay = time.Second // what npm itself started may hold on to the output for longer
	// npm's own patience is more than a minute where there is no network.
	cmd.Env = append(os.Environ(), "npm_config_fetch_retries=1", "npm_config_fetch_retry_mintimeout=500",
		"npm_config_fetch_retry_maxtimeout=1000", "npm_config_fetch_timeout=60000")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	failure := cmd.Run()
	dir := filepath.Join(work, "node_modules", filepath.FromSlash(t.npmPackage))
	// The engine's package is an optional one to npm, which leaves it out without failing when it cannot have it.
	if _, err := os.Stat(filepath.Join(dir, libraryName)); failure == nil && err == nil {
		return dir, nil
	}
	return "", npmError(ctx.Err(), limited.Err() != nil, said.String(), failure)
}

// npmError finds out why npm failed: the caller gave up, it took too long, or what it said, which may be long and is not
// shown otherwise.
func npmError(ended error, tooSlow bool, said string, failure error) error {
	has := func(codes ...string) bool {
		for _, code := range codes {
			if strings.Contains(said, code) {
				return true
			}
		}
		return false
	}
	const doing = "fetching the local MongoDB engine with npm: "
	switch {
	case ended != nil:
		return fmt.Errorf(doing+"%w", ended)
	case tooSlow:
		return fmt.Errorf(doing+"not done within %s: try again on a faster network, or %s", npmPatience, useAnother)
	case has("ENOSPC", "EDQUOT"):
		return errors.New(doing + "a disk is full: free some space in npm's cache folder and in the engine's (JALON_ENGINE_DIR)")
	case has("EINTEGRITY"):
		return errors.New(doing + "the registry delivered other bytes than those pinned: nothing was installed; " +
			"look into where npm's registry setting leads")
	case has("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "ENOTCACHED"):
		return errors.New(doing + "the registry cannot be reached: check the network and npm's registry and proxy settings, or " + useAnother)
	case has("E401", "E403"):
		return errors.New(doing + "the registry refuses access: check npm's registry and sign-in settings")
	case has("E404"):
		return errors.New(doing + "the registry does not have the package: check npm's registry setting")
	case has("failed optional dependency"):
		return errors.New(doing + "the package for this system did not arrive whole, or the registry delivered other bytes than those pinned: " +
			"try again, and look into where npm's registry setting leads if that does not help")
	case failure != nil:
		return fmt.Errorf(doing+"npm failed (%w): run `npm ci` in a copy of pkg/mongolocal/install/npm to see why", failure)
	default:
		return errors.New(doing + "npm left the package of this system out: update npm to version 9 or newer")
	}
}
