//go:build linux || darwin

package mongolocal

import (
	"bytes"
	"unsafe"
)

// Severity is the weight of an engine's log message, as MongoDB numbers it.
type Severity int

// Severities below ordinary information.
const (
	Fatal   Severity = -4
	Error   Severity = -3
	Warning Severity = -2
	Info    Severity = -1
)

// Message is a line of the engine's log. It carries MongoDB's fixed sentence for the event and never the attributes,
// which may hold documents.
type Message struct {
	Severity  Severity `json:"severity"`
	ID        int      `json:"id"` // MongoDB's number for the sentence, by which its meaning can be looked up
	Component string   `json:"component"`
	Text      string   `json:"text"`
	DiskFull  bool     `json:"diskFull,omitempty"` // the engine could not write because no space is left
}

// maxMessage bounds what is copied of a log line, in bytes.
const maxMessage = 1 << 20

func textAt(p *byte, n uintptr) string {
	if p == nil || n == 0 || n > maxMessage {
		return ""
	}
	return string(unsafe.Slice(p, n))
}

func holds(p *byte, n uintptr, text string) bool {
	if p == nil || n == 0 || n > maxMessage {
		return false
	}
	return bytes.Contains(unsafe.Slice(p, n), []byte(text))
}
