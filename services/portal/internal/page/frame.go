// Package page draws the portal's pages. It knows words and looks, nothing of where the data come from: each page takes a
// small view model and writes HTML.
package page

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"jalon.dev/services/portal/internal/i18n"
)

// Frame is what surrounds a page, the same for all pages of one request.
type Frame struct {
	Words *i18n.Words
	// Asset returns the address of a stylesheet or script; empty where it was not built.
	Asset func(name string) string
	// Now is the time that the portal's clock shows.
	Now time.Time
	// Path is where the reader is, to come back after switching the language.
	Path string
	// Viewer is nil before signing in.
	Viewer *Viewer
	// Demo is nil except in demo mode.
	Demo *DemoBar
}

// Viewer is the signed-in reader.
type Viewer struct {
	Name string
	// PersonID is empty for somebody whom no HR file names.
	PersonID string
	Manager  bool
	// HR tells that the console opens, be it for one store's results.
	HR bool
	// May tells whether a route opens for the reader.
	May func(route string) bool
	// LiveKey tells this session's open pages apart from another's in the same browser; it gives no access. A page without it holds no
	// stream.
	LiveKey string
}

// DemoBar is what the banner of demo mode needs besides the frame.
type DemoBar struct {
	// Mail says that caught mails can be read.
	Mail bool
	// HostPage is the address of the demonstration's intranet; empty where there is none.
	HostPage string
}

type frameKey struct{}

// WithFrame gives the frame to the pages drawn with the returned context.
func WithFrame(ctx context.Context, frame *Frame) context.Context {
	return context.WithValue(ctx, frameKey{}, frame)
}

// FrameOf returns the context's frame; pages are only drawn inside one.
func FrameOf(ctx context.Context) *Frame {
	frame, _ := ctx.Value(frameKey{}).(*Frame)
	return frame
}

func words(ctx context.Context) *i18n.Words { return FrameOf(ctx).Words }

// t is a message of the reader's language.
func t(ctx context.Context, id string, pairs ...any) string { return words(ctx).T(id, pairs...) }

// n is a message in the plural form of count.
func n(ctx context.Context, id string, count int, pairs ...any) string {
	return words(ctx).N(id, count, pairs...)
}

// Person is somebody as lists show them.
type Person struct {
	ID, Name, JobTitle, Unit string
}

// Initials stand for a face: at most two letters.
func Initials(name string) string {
	parts := strings.Fields(name)
	if len(parts) == 0 {
		return "·"
	}
	letters := first(parts[0])
	if len(parts) > 1 {
		letters += first(parts[len(parts)-1])
	}
	if letters == "" {
		return "·"
	}
	return letters
}

// first is a word's first letter; names come from files, and may hold anything.
func first(word string) string {
	for _, r := range word {
		if unicode.IsLetter(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return ""
}

// capital starts a sentence with what the catalogue writes in lower case, such as a weekday.
func capital(text string) string { return first(text) + text[len(leading(text)):] }

func leading(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	return text[:size]
}
