package standalone

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// OperatorKeyFile is the name, in the data folder, of the key with which the command line talks to the server.
const OperatorKeyFile = "operator.key"

// talksKeyFile is the master key of what people write in talks: whoever has it and the database can read that.
const (
	talksKeyFile    = "talks.key"
	ballotsKeyFile  = "ballots.key"
	outgoingKeyFile = "outgoing.key"
	// databaseFile says where the local engine answers, for programs of the same user: what protects the engine is its socket's folder.
	databaseFile = "database.uri"
)

// Mode says what a data folder is for. It is decided when the folder is made and never changes.
type Mode string

const (
	// Live is a real company.
	Live Mode = "live"
	// Demo is the sample company, with its demo sign-in and movable clock.
	Demo Mode = "demo"
)

// FolderError says what is wrong with a data folder and what to do about it.
type FolderError struct {
	Path, Problem, Remedy string
	Err                   error
}

func (e *FolderError) Error() string {
	return fmt.Sprintf("the data folder %s %s: %s", e.Path, e.Problem, e.Remedy)
}
func (e *FolderError) Unwrap() error { return e.Err }

// Folder is an open data folder; one process holds it at a time.
type Folder struct {
	Path string
	Mode Mode
	// New is true when this opening made the folder.
	New         bool
	OperatorKey string
	ServiceKey  []byte
	// TalksKey seals what people write in talks, unless JALON_TALKS_KEY does.
	TalksKey string
	// BallotsKey seals ballots that wait, unless JALON_BALLOTS_KEY does.
	BallotsKey string
	// OutgoingKey seals the secrets of other systems, unless JALON_OUTGOING_KEY does.
	OutgoingKey string
	lock        *os.File
}

// OpenFolder opens a data folder, making it for the mode when it is missing or empty.
func OpenFolder(path string, forNew Mode) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, &FolderError{path, "cannot be made", "check its parent's permissions and free space, or set JALON_DATA to another place", err}
	}
	// Before the lock, which is a file: a folder of something else stays as it is.
	if err := refuseForeignContent(path); err != nil {
		return nil, err
	}
	lock, err := lockFolder(path)
	if err != nil {
		return nil, err
	}
	f := &Folder{Path: path, lock: lock}
	if err := f.read(forNew); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Peek tells the mode of a data folder without opening it; ok is false for a folder that is not made yet.
func Peek(path string) (mode Mode, ok bool) {
	content, err := os.ReadFile(filepath.Join(path, "mode"))
	mode = Mode(strings.TrimSpace(string(content)))
	return mode, err == nil && mode != "" // a power cut may have left it without content
}

func lockFolder(path string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, &FolderError{path, "cannot be written", "check its permissions and free space, or set JALON_DATA to another place", err}
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		problem := &FolderError{path, "is in use by another Jalon", "stop that one, or set JALON_DATA to another place", err}
		return nil, errors.Join(problem, lock.Close())
	}
	return lock, nil
}

func (f *Folder) read(forNew Mode) error {
	mode, made := Peek(f.Path)
	if !made {
		mode, f.New = forNew, true
		if err := f.write("mode", string(mode)); err != nil {
			return err
		}
	}
	if mode != Live && mode != Demo {
		return &FolderError{f.Path, fmt.Sprintf("says it is of the unknown kind %q", mode), "it may come from a newer Jalon; use that one, or another folder", nil}
	}
	f.Mode = mode
	key, err := f.key(OperatorKeyFile)
	if err != nil {
		return err
	}
	f.OperatorKey = key
	service, err := f.key("service.key")
	if err != nil {
		return err
	}
	f.ServiceKey = []byte(service)
	if f.TalksKey, err = f.key(talksKeyFile); err != nil {
		return err
	}
	if f.BallotsKey, err = f.key(ballotsKeyFile); err != nil {
		return err
	}
	f.OutgoingKey, err = f.key(outgoingKeyFile)
	return err
}

// refuseForeignContent keeps Jalon from settling in a folder that holds something else. What a first start leaves that was cut
// off is no such thing.
func refuseForeignContent(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("reading the data folder: %w", err)
	}
	for _, entry := range entries {
		switch strings.TrimSuffix(entry.Name(), unfinished) {
		case "lock", "mode", OperatorKeyFile, "service.key", talksKeyFile, ballotsKeyFile, outgoingKeyFile:
			continue
		}
		if _, made := Peek(path); !made { // another Jalon may be making it right now
			return &FolderError{path, "holds files that are not Jalon's (" + entry.Name() + ")", "set JALON_DATA to an empty or new folder", nil}
		}
	}
	return nil
}

// key reads a secret of the folder, making it the first time; only the owner can read it.
func (f *Folder) key(name string) (string, error) {
	content, err := os.ReadFile(filepath.Join(f.Path, name))
	if err == nil && len(content) > 0 {
		return strings.TrimSpace(string(content)), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", fmt.Errorf("making %s: %w", name, err)
	}
	key := base64.RawURLEncoding.EncodeToString(secret)
	return key, f.write(name, key)
}

// unfinished ends the name of a file that is being written.
const unfinished = ".new"

// write replaces a small file of the folder in one step, so that a crash, of the machine too, leaves the old or the new one.
func (f *Folder) write(name, content string) error {
	target := filepath.Join(f.Path, name)
	if err := writeThrough(target+unfinished, content+"\n"); err != nil {
		return &FolderError{f.Path, "cannot be written", "check its permissions and free space", err}
	}
	if err := os.Rename(target+unfinished, target); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	folder, err := os.Open(f.Path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// writeThrough returns when the content is on the disk.
func writeThrough(path, content string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(content)
	return errors.Join(err, file.Sync(), file.Close())
}

// Sub is the path of a folder inside.
func (f *Folder) Sub(name string) string { return filepath.Join(f.Path, name) }

// Close lets another process have the folder.
func (f *Folder) Close() error { return f.lock.Close() }
