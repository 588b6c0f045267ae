package install

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Version is the version of the npm package that carries the engine.
const Version = "0.1.1"

// ErrNotInstalled says that the engine is not in the cache folder, or not whole.
var ErrNotInstalled = errors.New("the local MongoDB engine is not installed: run scripts/engine.sh")

const (
	libraryName = "libembedded_mongodb_native.so"
	recordName  = "installed.json"
)

// record is written into the installed folder last.
type record struct {
	Version string `json:"version"`
	SHA256  string `json:"sha256"` // of the library as it stands there
	Size    int64  `json:"size"`   // of the library, in bytes
	Patched bool   `json:"patched"`
}

// CacheDir is the folder under which engines are installed: $JALON_ENGINE_DIR, else jalon/engine in the user's cache folder.
func CacheDir() (string, error) {
	if dir := os.Getenv("JALON_ENGINE_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding a folder for the local MongoDB engine (JALON_ENGINE_DIR may name one): %w", err)
	}
	return filepath.Join(cache, "jalon", "engine"), nil
}

// Find returns the path of the installed engine's library, for which it looks quickly: [Install] looks at every byte.
// The error wraps [ErrNotInstalled] when there is none.
func Find() (string, error) {
	cache, err := CacheDir()
	if err != nil {
		return "", err
	}
	dir := folder(cache)
	installed, err := readRecord(dir)
	if err != nil {
		return "", err
	}
	library := filepath.Join(dir, libraryName)
	if info, err := os.Stat(library); err != nil || info.Size() != installed.Size {
		return "", fmt.Errorf("%w (the copy in %s is damaged)", ErrNotInstalled, dir)
	}
	return library, nil
}

func folder(cache string) string {
	return filepath.Join(cache, Version+"-"+runtime.GOOS+"-"+runtime.GOARCH)
}

func readRecord(dir string) (record, error) {
	text, err := os.ReadFile(filepath.Join(dir, recordName))
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, fmt.Errorf("%w (looked in %s)", ErrNotInstalled, dir)
	}
	if err != nil {
		return record{}, fmt.Errorf("looking for the local MongoDB engine: %w", err)
	}
	var r record
	if err := json.Unmarshal(text, &r); err != nil || r.Version != Version {
		return record{}, fmt.Errorf("%w (the copy in %s is damaged)", ErrNotInstalled, dir)
	}
	return r, nil
}
