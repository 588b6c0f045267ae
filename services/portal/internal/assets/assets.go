// Package assets serves what pages link to: the stylesheet, which is written in several files, and the scripts that `npm run build` makes in web/.
package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

//go:embed style.css barometer.css customers.css series.css pages.css icon.svg all:dist
var embedded embed.FS

// OfBallot are the scripts that run on the pages on which people vote, by themselves or at a device of their store: what has to be
// compared to know what these pages do.
var OfBallot = []string{"ballot.js", "app.js", "kiosk.js"}

// sheets make the one stylesheet, style.css, in this order: where two say something else of the same thing, the later one counts.
var sheets = []string{"style.css", "barometer.css", "customers.css", "series.css", "pages.css"}

// Files is everything that pages may link to, each under an address that changes with its content, so that browsers may
// keep it for ever.
type Files struct {
	address map[string]string // "app.js" -> "/assets/0123abcd/app.js"
	content map[string][]byte // by address
}

// Load reads the embedded files.
func Load() (*Files, error) {
	files := &Files{address: map[string]string{}, content: map[string][]byte{}}
	err := fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		if slices.Contains(sheets, name) {
			return nil
		}
		data, err := embedded.ReadFile(name)
		if err != nil {
			return err
		}
		files.add(path.Base(name), data)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the portal's embedded assets: %w", err)
	}
	var style []byte
	for _, name := range sheets {
		sheet, err := embedded.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading the portal's embedded assets: %w", err)
		}
		style = append(append(style, sheet...), '\n')
	}
	files.add(sheets[0], style)
	return files, nil
}

func (f *Files) add(name string, data []byte) {
	sum := sha256.Sum256(data)
	address := "/assets/" + hex.EncodeToString(sum[:8]) + "/" + name
	f.address[name], f.content[address] = address, data
}

// Bundled tells whether the scripts were built into this program.
func (f *Files) Bundled() bool { return f.address["app.js"] != "" }

// Address returns where the file is served; it is empty for a file that is not there.
func (f *Files) Address(name string) string { return f.address[name] }

// Content returns what is in the file; nil for a file that is not there.
func (f *Files) Content(name string) []byte { return f.content[f.address[name]] }

// Fingerprint is the SHA-256 of a file in hexadecimal; empty for a file that is not there.
func (f *Files) Fingerprint(name string) string {
	content := f.Content(name)
	if content == nil {
		return ""
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// ServeHTTP serves a file by its address.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, ok := f.content[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(r.URL.Path)))
	_, _ = w.Write(data) // the browser left: there is nobody to tell
}
