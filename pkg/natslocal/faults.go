package natslocal

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// minimalRoom in bytes: below it the server would start and then refuse to store.
const minimalRoom = 64 << 20

// classify names the faults that somebody can do something about. The server tells some of them only in words.
func classify(err error) error {
	text := err.Error()
	switch {
	case errors.Is(err, syscall.EADDRINUSE), strings.Contains(text, "address already in use"):
		return fmt.Errorf("%w: %w", ErrPortInUse, err)
	case errors.Is(err, syscall.ENOSPC), strings.Contains(text, "no space left"), strings.Contains(text, "insufficient storage"):
		return fmt.Errorf("%w: %w", ErrStoreFull, err)
	}
	return err
}

// room fails with ErrStoreFull when the disk of a folder has too little left.
func room(dir string) error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return fmt.Errorf("asking for the room on disk: %w", err)
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < minimalRoom {
		return fmt.Errorf("%w: %d MiB are free at %s, the bus needs %d", ErrStoreFull, free>>20, dir, minimalRoom>>20)
	}
	return nil
}

// lock keeps a second process out of the folder. The system frees it when this process dies, however it dies.
func lock(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the bus's data folder: %w", classify(err))
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s", ErrDirInUse, path)
		}
		return nil, fmt.Errorf("locking the bus's data folder: %w", err)
	}
	return func() { _ = file.Close() }, nil
}
