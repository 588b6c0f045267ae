// Package intake takes ballots in. It is plain HTTP that knows nobody: no session, no cookie, no header but the body's, no log line,
// no trace, no metric. A ballot comes with a token that says in which cell it counts, and nothing else.
package intake

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"go.uber.org/zap"

	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
	"jalon.dev/services/barometer/internal/spool"
)

// BodyBytes is the length of every request: a ballot with long comments is as long as one without.
const BodyBytes = 16 << 10

// timeout bounds how long a ballot may take to be safe.
const timeout = 20 * time.Second

// What is wrong with a request, as the browser is told.
const (
	codeMalformed = "malformed"
	codeAnswers   = "answers"
	codeForged    = "forged"
	codeUnknown   = "unknown"
	codeSpent     = "spent"
	codeClosed    = "closed"
	codeLater     = "later"
)

// Polls tells which tokens are good.
type Polls interface {
	// Cell returns the cell of the key, or ErrUnknown or ErrClosed.
	Cell(ctx context.Context, editionID, key string) (Cell, error)
}

// Cell is where ballots with tokens of one key count.
type Cell struct {
	ID string
	// Verify returns nil for a token of the cell.
	Verify func(message, signature []byte) error
	// Spent names a token without telling which it is.
	Spent func(message []byte) string
}

var (
	// ErrUnknown says that there is no such edition, or no such key in it.
	ErrUnknown = errors.New("no such edition or key")
	// ErrClosed says that the edition takes no ballots, or none yet.
	ErrClosed = errors.New("the edition is not open")
)

// Spool keeps ballots.
type Spool interface {
	Take(ctx context.Context, cast spool.Cast) (taken bool, err error)
}

// Handler takes ballots by POST.
type Handler struct {
	Polls Polls
	Spool Spool
	Log   *zap.Logger
}

// request is what a browser sends.
type request struct {
	Edition   string    `json:"edition"`
	Key       string    `json:"key"`
	Message   binary    `json:"message"`
	Signature binary    `json:"signature"`
	Answers   binary    `json:"answers"`
	Comments  []comment `json:"comments"`
}

type comment struct {
	Theme string `json:"theme"`
	Text  string `json:"text"`
}

// binary is base64url without padding.
type binary []byte

// UnmarshalText implements encoding.TextUnmarshaler.
func (b *binary) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.AppendDecode(nil, text)
	return err
}

// ServeHTTP implements http.Handler.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := bodyOf(w, r, BodyBytes)
	if !ok {
		return
	}
	// Nothing of the request but its body goes on.
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	h.cast(ctx, w, body) //nolint:contextcheck // a ballot that arrived is taken, whether its browser waits or not
}

func (h Handler) cast(ctx context.Context, w http.ResponseWriter, body []byte) {
	var req request
	// Most of it are spaces, which the decoder would read twice.
	if err := json.Unmarshal(bytes.TrimRight(body, " "), &req); err != nil {
		refuse(w, http.StatusBadRequest, codeMalformed)
		return
	}
	answers, err := ballot.Parse(req.Answers)
	if err != nil {
		refuse(w, http.StatusBadRequest, codeAnswers)
		return
	}
	comments, err := commentsOf(req.Comments)
	if err != nil {
		refuse(w, http.StatusBadRequest, codeMalformed)
		return
	}
	cell, err := h.Polls.Cell(ctx, req.Edition, req.Key)
	switch {
	case errors.Is(err, ErrUnknown):
		refuse(w, http.StatusNotFound, codeUnknown)
		return
	case errors.Is(err, ErrClosed):
		refuse(w, http.StatusGone, codeClosed)
		return
	case err != nil:
		h.later(w, err)
		return
	}
	if cell.Verify(req.Message, req.Signature) != nil {
		refuse(w, http.StatusForbidden, codeForged)
		return
	}
	taken, err := h.Spool.Take(ctx, spool.Cast{
		Spent: cell.Spent(req.Message), EditionID: req.Edition, CellID: cell.ID, Ballot: answers, Comments: comments,
	})
	switch {
	case err != nil:
		h.later(w, err)
	case !taken:
		refuse(w, http.StatusConflict, codeSpent)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// later says that something of ours is broken. That is logged: when a database is away is no secret, and the error names no ballot.
func (h Handler) later(w http.ResponseWriter, err error) {
	h.Log.Warn("ballots cannot be taken", zap.Error(err))
	refuse(w, http.StatusServiceUnavailable, codeLater)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"error":%q}`, code) // whoever hung up needs no answer
}

var errComment = errors.New("not a comment on a theme")

// commentsOf checks comments: at most one to a theme, and nothing in them but text.
func commentsOf(sent []comment) ([]ballot.Comment, error) {
	var comments []ballot.Comment
	seen := map[string]bool{}
	for _, c := range sent {
		text := strings.TrimSpace(strings.Map(printable, c.Text))
		_, known := questionnaire.Standard().Theme(c.Theme)
		if !known || seen[c.Theme] || len([]rune(text)) > ballot.MaxComment {
			return nil, errComment
		}
		seen[c.Theme] = true
		if text != "" {
			comments = append(comments, ballot.Comment{Theme: c.Theme, Text: text})
		}
	}
	return comments, nil
}

// printable drops what is no text, and what hides in it: control characters, marks of direction, and characters without a width,
// by which somebody could be made to sign without knowing.
func printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return ' '
	case unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs) || r == unicode.ReplacementChar:
		return -1
	}
	return r
}
