package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"jalon.dev/services/portal/internal/page"
)

// What the two of a talk write is kept as they type: the page's script posts the form to its own address with "keep", and
// learns the version that it made, or what stands in its way. Without the script the same form is sent by its button.

const maxTalkBytes = 1 << 20

// keeping tells that the page's script asks, and not its reader.
func keeping(r *http.Request) bool { return r.URL.Query().Has("keep") }

// resolved says how the reader settles that another version was saved meanwhile: with "mine", the "other" one, or "both".
func resolved(r *http.Request) string { return r.PostForm.Get("resolve") }

func versionOf(form url.Values) int64 {
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	return max(version, 0)
}

// kept tells the script the version that it goes on from.
func kept(w http.ResponseWriter, version int64) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]int64{"version": version})
}

// notKept tells the script why nothing more can be kept; it shows the words as they are.
func notKept(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusUnprocessableEntity)
	_, _ = w.Write([]byte(text)) //nolint:gosec // plain text, and of our own words
	return nil
}

// conflicting gives the script the other version to be shown beside what is being written.
func (s *Site) conflicting(w http.ResponseWriter, r *http.Request, panel templ.Component) error {
	var out bytes.Buffer
	if err := panel.Render(page.WithFrame(r.Context(), visitorOf(r).frame()), &out); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusConflict)
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}

// plain is a text as it is kept: lines end in one way, and what is no text is left out.
func plain(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "")
}
