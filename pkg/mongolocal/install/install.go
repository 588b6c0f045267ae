// Package install puts the local MongoDB engine into a cache folder of the user: it lets npm fetch the pinned package,
// checks every byte, makes it fit the system's C library where need be, and proves that it works before it counts as
// installed.
//
// The engine is SSPL software and no part of Jalon; see package mongolocal.
package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"go.uber.org/zap"
	"golang.org/x/sys/unix"

	"jalon.dev/pkg/mongolocal"
)

// Config says how to install.
type Config struct {
	// Cache is the folder under which the engine is installed; empty means [CacheDir].
	Cache string
	// Child names the executable and the arguments that host the engine, to try it; only these two fields are used.
	Child mongolocal.ChildConfig
	Log   *zap.Logger
}

// Install returns the path of the engine's library, which it installs first when it is missing or damaged. Installs of
// several processes wait for one another. Its errors are complete sentences that say what to do.
func Install(ctx context.Context, cfg Config) (library string, err error) {
	if cfg.Cache == "" {
		if cfg.Cache, err = CacheDir(); err != nil {
			return "", err
		}
	}
	target, err := thisSystem()
	if err != nil {
		return "", err
	}
	dir := folder(cfg.Cache)
	if verify(dir, target) == nil {
		return filepath.Join(dir, libraryName), nil
	}
	if err := os.MkdirAll(cfg.Cache, 0o755); err != nil {
		return "", explain(cfg.Cache, err)
	}
	unlock, err := lock(ctx, cfg.Cache)
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := verify(dir, target); err == nil {
		return filepath.Join(dir, libraryName), nil
	} else if !errors.Is(err, os.ErrNotExist) {
		cfg.Log.Warn("the local MongoDB engine's copy is not usable and is replaced", zap.Error(err))
	}
	cfg.Log.Info("installing the local MongoDB engine, 15 MB", zap.String("folder", dir))
	if err := installInto(ctx, cfg, target, dir); err != nil {
		return "", err
	}
	return filepath.Join(dir, libraryName), nil
}

// installInto does the work in a folder beside the wanted one and puts it there in one step.
func installInto(ctx context.Context, cfg Config, target target, dir string) error {
	if err := enoughSpace(cfg.Cache); err != nil {
		return explain(cfg.Cache, err)
	}
	work, err := os.MkdirTemp(cfg.Cache, ".new-")
	if err != nil {
		return explain(cfg.Cache, err)
	}
	defer os.RemoveAll(work)
	fetched, err := fetch(ctx, work, target)
	if err != nil {
		return err
	}
	ready := filepath.Join(work, "ready")
	if err := os.Mkdir(ready, 0o755); err != nil {
		return explain(cfg.Cache, err)
	}
	if err := prepare(fetched, ready, target); err != nil {
		return explain(cfg.Cache, err)
	}
	if err := try(ctx, cfg, filepath.Join(ready, libraryName), filepath.Join(work, "data")); err != nil {
		return err
	}
	return explain(cfg.Cache, replace(dir, ready, filepath.Join(work, "old")))
}

// needed is the space that an install takes while it is going on, in MiB.
const needed = 150

// enoughSpace looks ahead, because npm leaves half a package behind on a full disk and says nothing.
func enoughSpace(cache string) error {
	var disk unix.Statfs_t
	if err := unix.Statfs(cache, &disk); err != nil {
		return fmt.Errorf("looking at the space in %s: %w", cache, err)
	}
	if disk.Bavail*uint64(disk.Bsize) < needed<<20 {
		return syscall.ENOSPC
	}
	return nil
}

// replace moves a folder to its place. What lies there, in use or not, is moved out of the way and removed later.
func replace(dir, ready, old string) error {
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("moving the unusable engine away: %w", err)
	}
	if err := os.Rename(ready, dir); err != nil {
		return fmt.Errorf("moving the engine into place: %w", err)
	}
	return nil
}

// explain words the failures that a person can do something about.
func explain(cache string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("the disk of %s is full: the local MongoDB engine needs %d MB there while it is installed; "+
			"free some space, or let JALON_ENGINE_DIR name a folder elsewhere", cache, needed)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("the folder %s cannot be written to: let JALON_ENGINE_DIR name another one: %w", cache, err)
	default:
		return fmt.Errorf("installing the local MongoDB engine: %w", err)
	}
}
