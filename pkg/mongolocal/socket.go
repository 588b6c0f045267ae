//go:build linux || darwin

package mongolocal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// maxSocketPath is the longest path of a Unix socket that all systems take, in bytes.
const maxSocketPath = 103

// newSocket returns the path of a Unix socket in a new folder that only this user can enter. The engine knows no passwords:
// the folder's mode is what keeps others out, which a port would not do.
func newSocket() (string, error) {
	var problems []error
	for _, parent := range []string{os.Getenv("XDG_RUNTIME_DIR"), os.TempDir(), "/tmp"} {
		if !filepath.IsAbs(parent) {
			continue
		}
		dir, err := os.MkdirTemp(parent, "jalon-")
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if path := filepath.Join(dir, "mongo.sock"); len(path) <= maxSocketPath {
			return path, nil
		}
		problems = append(problems, fmt.Errorf("%s is too long a path for a socket", dir), os.Remove(dir)) //nolint:gosec // made just above
	}
	return "", fmt.Errorf("making a folder for the local MongoDB engine's socket: %w", errors.Join(problems...))
}
