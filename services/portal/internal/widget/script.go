package widget

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

// Script is the web component's code as hosts load it: always under the same address, so that an upgrade of Jalon reaches
// their pages by itself.
type Script struct {
	plain, small []byte
	tag          string
}

// NewScript prepares the code; it is compressed once.
func NewScript(code []byte) *Script {
	var small bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&small, gzip.BestCompression) // the level is a constant that exists
	_, _ = zip.Write(code)                                      // a buffer takes everything
	_ = zip.Close()
	sum := sha256.Sum256(code)
	return &Script{plain: code, small: small.Bytes(), tag: hex.EncodeToString(sum[:12])}
}

// Size is what the script weighs on the way, in bytes.
func (s *Script) Size() int { return len(s.small) }

// ServeHTTP serves the script to every origin: it is no secret, and the wildcard lets pages check its integrity. Browsers keep
// it for an hour, then use it on for a week while they ask whether there is another.
func (s *Script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, tag := s.plain, `"`+s.tag+`"`
	header := w.Header()
	header.Set("Content-Type", "text/javascript; charset=utf-8")
	header.Set("Cache-Control", "public, max-age=3600, stale-while-revalidate=604800")
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Add("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		content, tag = s.small, `"`+s.tag+`-gzip"`
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("ETag", tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
