package mongolocal

import (
	"errors"
	"fmt"
	"syscall"
)

// InUseError says that another process has the data folder open.
type InUseError struct {
	Dir string
}

func (e *InUseError) Error() string {
	return fmt.Sprintf("the data folder %s is in use by another process: stop the other one, or choose another data folder", e.Dir)
}

// DiskFullError says that the disk of the data folder has no space left. Nothing that was acknowledged is lost.
type DiskFullError struct {
	Dir string
}

func (e *DiskFullError) Error() string {
	return fmt.Sprintf("no space is left on the disk of the data folder %s: free some space; what was saved before is kept", e.Dir)
}

// diskFullText is how the C library words ENOSPC, and hence how the engine reports it.
const diskFullText = "No space left on device"

func orDiskFull(dir string, err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return &DiskFullError{Dir: dir}
	}
	return err
}
