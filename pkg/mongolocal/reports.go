//go:build linux || darwin

package mongolocal

import (
	"bufio"
	"encoding/json"
	"io"
	"sync"
)

// report is a line that the engine's process writes to its parent.
type report struct {
	Ready    bool     `json:"ready,omitempty"`
	Log      *Message `json:"log,omitempty"`
	InUse    bool     `json:"inUse,omitempty"`
	DiskFull bool     `json:"diskFull,omitempty"`
	Failed   string   `json:"failed,omitempty"` // why the process ends
}

// reporter writes reports, from any thread.
type reporter struct {
	mu  sync.Mutex
	out *json.Encoder
}

func newReporter(w io.Writer) *reporter {
	return &reporter{out: json.NewEncoder(w)}
}

func (r *reporter) send(line report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.out.Encode(line) // without a parent there is nobody to tell
}

func (r *reporter) log(m Message) { r.send(report{Log: &m}) }

// readReports hands on what a process reports until it ends. Lines of anything else are skipped.
func readReports(from io.Reader, receive func(report)) {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		var line report
		if json.Unmarshal(lines.Bytes(), &line) == nil {
			receive(line)
		}
	}
	_, _ = io.Copy(io.Discard, from) // after an overlong line, so that the writer is never held up
}
