package intake

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"

	"go.uber.org/zap"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/barometer/internal/card"
)

// cardAsked is all that is sent for a card: in which edition, and at which place. Both have one length.
var cardAsked = regexp.MustCompile(`^[0-9a-f-]{36}/[0-9a-f]{32}$`)

// cardBytes is the length of every request for a card.
const cardBytes = 36 + 1 + 32

// Cards hands out the sealed tokens of printed cards by POST, and knows nobody, as the intake of ballots. It tells of no place whether
// there is a card: where there is none it answers with as many bytes by chance, the same each time. Whether a code is good, the browser
// finds out by opening what it got.
type Cards struct {
	// Open returns nil for an edition in which people vote now, or ErrUnknown or ErrClosed.
	Open func(ctx context.Context, editionID string) error
	// Find returns what is sealed at a place, or mongodb.ErrNotFound.
	Find func(ctx context.Context, editionID, place string) ([]byte, error)
	// Secret is the same for an edition each time, and known to nobody outside.
	Secret func(ctx context.Context, editionID string) ([]byte, error)
	Log    *zap.Logger
}

// ServeHTTP implements http.Handler.
func (c Cards) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := bodyOf(w, r, cardBytes)
	if !ok {
		return
	}
	if !cardAsked.Match(body) {
		refuse(w, http.StatusBadRequest, codeMalformed)
		return
	}
	// Nothing of the request but its body goes on.
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	editionID, place, _ := strings.Cut(string(body), "/")
	sealed, err := c.read(ctx, editionID, place) //nolint:contextcheck // see above
	switch {
	case errors.Is(err, ErrUnknown):
		refuse(w, http.StatusNotFound, codeUnknown)
	case errors.Is(err, ErrClosed):
		refuse(w, http.StatusGone, codeClosed)
	case err != nil:
		c.Log.Warn("cards cannot be read", zap.Error(err)) // the error names no place and nobody, at most the edition
		refuse(w, http.StatusServiceUnavailable, codeLater)
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(sealed) // whoever hung up needs no answer
	}
}

// read returns what is at a place. What would be answered for none is computed each time, so that the time tells no more.
func (c Cards) read(ctx context.Context, editionID, place string) ([]byte, error) {
	if err := c.Open(ctx, editionID); err != nil {
		return nil, err
	}
	secret, err := c.Secret(ctx, editionID)
	if err != nil {
		return nil, err
	}
	chance, err := hkdf.Key(sha256.New, secret, nil, place, card.SealedBytes)
	if err != nil {
		return nil, fmt.Errorf("answering for a card: %w", err)
	}
	sealed, err := c.Find(ctx, editionID, place)
	if errors.Is(err, mongodb.ErrNotFound) {
		return chance, nil
	}
	return sealed, err
}

// bodyOf reads a request of the one length that it may have, or refuses it.
func bodyOf(w http.ResponseWriter, r *http.Request, length int64) (body []byte, ok bool) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	// Any page may ask: what lets it in is what it brings alone, and no browser sends anything along.
	header.Set("Access-Control-Allow-Origin", "*")
	if r.Method != http.MethodPost {
		header.Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return nil, false
	}
	body = make([]byte, length)
	sent := http.MaxBytesReader(w, r.Body, length)
	_, err := io.ReadFull(sent, body)
	if _, end := sent.Read(make([]byte, 1)); err != nil || !errors.Is(end, io.EOF) {
		refuse(w, http.StatusBadRequest, codeMalformed)
		return nil, false
	}
	return body, true
}
