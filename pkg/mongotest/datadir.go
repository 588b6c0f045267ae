package mongotest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	memoryDir = "/dev/shm"
	prefix    = "jalon-test-"
	ownerFile = "owner"
)

// dataDir makes a folder for the engine's data, in memory where the system has such a place. The folder's owner holds a
// lock on a file in it for as long as it lives, so that the next run can remove the folders of killed ones.
func dataDir() (data string, remove func(), err error) {
	parent := os.TempDir()
	if info, err := os.Stat(memoryDir); err == nil && info.IsDir() {
		parent = memoryDir
	}
	sweep(parent)
	dir, err := os.MkdirTemp(parent, prefix+strconv.Itoa(os.Getuid())+"-")
	if err != nil {
		return "", nil, fmt.Errorf("making a data folder for tests: %w", err)
	}
	owner, err := lock(dir)
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("locking a data folder for tests: %w", err)
	}
	return filepath.Join(dir, "data"), func() {
		os.RemoveAll(dir)
		_ = owner.Close()
	}, nil
}

// sweep removes what killed test runs of the same user left behind. A folder that is younger than a minute may be about
// to be locked.
func sweep(parent string) {
	left, err := filepath.Glob(filepath.Join(parent, prefix+strconv.Itoa(os.Getuid())+"-*"))
	if err != nil {
		return
	}
	for _, dir := range left {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		if owner, err := lock(dir); err == nil {
			os.RemoveAll(dir)
			_ = owner.Close()
		}
	}
}

func lock(dir string) (*os.File, error) {
	owner, err := os.OpenFile(filepath.Join(dir, ownerFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(owner.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = owner.Close()
		return nil, err
	}
	return owner, nil
}
