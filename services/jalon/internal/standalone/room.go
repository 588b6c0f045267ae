package standalone

import (
	"fmt"
	"syscall"
)

// engineRoom is how much the local engine wants to see free before it makes an index (500 MiB), and some more: below it, a
// start would fail half-way with the engine's words.
const engineRoom = 600 << 20

// FreeBytes is how much room an ordinary user has on the disk of the path.
func FreeBytes(path string) (uint64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(path, &disk); err != nil {
		return 0, fmt.Errorf("measuring the disk of %s: %w", path, err)
	}
	return disk.Bavail * uint64(disk.Bsize), nil // the type differs between systems
}

// refuseFullDisk says in time that the local engine could not work in the folder.
func (f *Folder) refuseFullDisk(need uint64) error {
	free, err := FreeBytes(f.Path)
	if err != nil {
		return err
	}
	if free < need {
		return &FolderError{
			f.Path, fmt.Sprintf("is on a disk with %d MB free", free>>20),
			fmt.Sprintf("the local MongoDB engine needs %d MB; free some space, set JALON_DATA to another disk, or MONGODB_URI to a MongoDB elsewhere. "+
				"What was saved before is kept", need>>20), nil,
		}
	}
	return nil
}
