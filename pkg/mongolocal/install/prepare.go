package install

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"jalon.dev/pkg/mongolocal/elfpatch"
)

// prepare makes the installed folder's files out of what npm fetched.
func prepare(fetched, ready string, t target) error {
	library, err := os.ReadFile(filepath.Join(fetched, libraryName))
	if err != nil {
		return fmt.Errorf("reading the engine that npm fetched: %w", err)
	}
	if sum := sumOf(library); sum != t.original {
		return fmt.Errorf("%s holds other bytes than those pinned (sha256 %s): nothing was installed; "+
			"look into where npm's registry setting leads", t.npmPackage, sum)
	}
	installed := record{Version: Version, SHA256: t.original, Size: int64(len(library))}
	if t.needsPatch {
		if library, _, err = elfpatch.Retarget(library); err != nil {
			return fmt.Errorf("making the engine fit this system's C library: %w", err)
		}
		installed.Patched, installed.SHA256 = true, sumOf(library)
		if installed.SHA256 != t.patched {
			return fmt.Errorf("making the engine fit this system's C library gave unexpected bytes (sha256 %s)", installed.SHA256)
		}
	}
	if err := os.WriteFile(filepath.Join(ready, libraryName), library, 0o755); err != nil { //nolint:gosec // the user says where the cache is
		return err
	}
	text, err := json.Marshal(installed)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(ready, recordName), append(text, '\n'), 0o644)
}

// verify looks at every byte of an installed engine. The error wraps os.ErrNotExist when there is none at all.
func verify(dir string, t target) error {
	installed, err := readRecord(dir)
	if err != nil {
		if _, missing := os.Stat(dir); missing != nil {
			return missing
		}
		return err
	}
	if t.needsPatch && !installed.Patched {
		return errors.New("it was installed for a newer C library")
	}
	want := t.original
	if installed.Patched {
		want = t.patched
	}
	file, err := os.Open(filepath.Join(dir, libraryName))
	if err != nil {
		return fmt.Errorf("opening the installed engine: %v", err) //nolint:errorlint // half an engine is not none: it is damaged
	}
	defer func() { _ = file.Close() }() // it was only read
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return fmt.Errorf("reading the installed engine: %w", err)
	}
	if sum := hex.EncodeToString(hash.Sum(nil)); sum != want {
		return fmt.Errorf("its bytes have changed (sha256 %s)", sum)
	}
	return nil
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
