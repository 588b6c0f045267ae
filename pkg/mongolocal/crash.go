package mongolocal

import (
	"bytes"
	"strings"
	"sync"
)

// crashLine keeps, of what a dying Go program writes to standard error, the line that names the reason. The rest is dropped,
// since what the engine writes there may hold parts of documents.
type crashLine struct {
	mu   sync.Mutex
	rest []byte // the line that is being written
	line string
}

// maxCrashLine bounds a line, in bytes.
const maxCrashLine = 300

// Write takes a piece of the output; it never fails.
func (c *crashLine) Write(piece []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(piece)
	for {
		line, after, complete := bytes.Cut(piece, []byte{'\n'})
		if room := maxCrashLine - len(c.rest); room > 0 {
			c.rest = append(c.rest, line[:min(room, len(line))]...)
		}
		if !complete {
			return n, nil
		}
		c.keep(string(c.rest))
		c.rest, piece = c.rest[:0], after
	}
}

func (c *crashLine) keep(line string) {
	if c.line != "" {
		return
	}
	for _, start := range []string{"SIG", "fatal error: ", "panic: ", "runtime: "} {
		if strings.HasPrefix(line, start) {
			c.line = line
		}
	}
}

func (c *crashLine) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.line
}
