package portaltest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"jalon.dev/pkg/rpc"
)

// Box is the intake of ballots. It checks what it is sent as the real one does, and remembers how it was sent.
type Box struct {
	mu    sync.Mutex
	fates []Fate
	spent map[[sha256.Size]byte]bool
	seen  []http.Header
	cast  []Cast
	wrong []string
}

// Fate is what becomes of a ballot that is sent.
type Fate struct {
	// Status is answered instead of taking it, with Code; 0 takes it.
	Status int
	Code   string
	// Held is waited for before anything is answered.
	Held <-chan struct{}
	// Lost takes the ballot, and cuts the connection before it says so.
	Lost bool
}

// Cast is a ballot that was taken.
type Cast struct {
	Edition   string `json:"edition"`
	Key       string `json:"key"`
	Message   string `json:"message"`
	Signature string `json:"signature"`
	Answers   string `json:"answers"`
	Comments  []struct {
		Theme string `json:"theme"`
		Text  string `json:"text"`
	} `json:"comments"`
}

const (
	ballotBytes   = 16384
	ballotAnswers = 46
	longestWord   = 500
)

// NewBox returns an empty box.
func NewBox() *Box { return &Box{spent: map[[sha256.Size]byte]bool{}} }

// Then is what becomes of the next ballots; those after are taken.
func (b *Box) Then(fates ...Fate) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fates = fates
}

// Taken are the ballots in it.
func (b *Box) Taken() []Cast {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Cast(nil), b.cast...)
}

// Seen are the headers of everything that was sent to where Watch stands, by whatever browser.
func (b *Box) Seen() []http.Header {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]http.Header(nil), b.seen...)
}

// Watch remembers how ballots come to their address.
func (b *Box) Watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == rpc.BallotsPath || r.URL.Path == rpc.CardsPath {
			b.mu.Lock()
			b.seen = append(b.seen, r.Header.Clone())
			b.mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

// Wrong is what was not right about ballots.
func (b *Box) Wrong() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.wrong...)
}

func (b *Box) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, ballotBytes+1))
	fate := b.next()
	if fate.Held != nil {
		<-fate.Held
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if fate.Status != 0 {
		answer(w, fate.Status, fate.Code)
		return
	}
	status, code := http.StatusBadRequest, "unread"
	if err == nil {
		status, code = b.take(r, body)
	}
	if fate.Lost {
		panic(http.ErrAbortHandler)
	}
	answer(w, status, code)
}

func (b *Box) next() (fate Fate) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.fates) > 0 {
		fate, b.fates = b.fates[0], b.fates[1:]
	}
	return fate
}

func answer(w http.ResponseWriter, status int, code string) {
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"error":%q}`, code)
}

func (b *Box) take(r *http.Request, body []byte) (status int, code string) {
	cast, message, err := open(r, body)
	if err != nil {
		b.wrong = append(b.wrong, err.Error())
		return http.StatusBadRequest, "invalid"
	}
	token := sha256.Sum256(message)
	if b.spent[token] {
		return http.StatusConflict, "used"
	}
	b.spent[token] = true
	b.cast = append(b.cast, cast)
	return http.StatusNoContent, ""
}

// open reads a ballot and says what is not right about it.
func open(r *http.Request, body []byte) (cast Cast, message []byte, err error) {
	if r.Method != http.MethodPost || len(body) != ballotBytes {
		return cast, nil, fmt.Errorf("%s of %d bytes", r.Method, len(body))
	}
	decoder := json.NewDecoder(strings.NewReader(strings.TrimRight(string(body), " ")))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&cast); err != nil {
		return cast, nil, err
	}
	_, fingerprint := publicKey()
	if cast.Edition != Edition || cast.Key != fingerprint {
		return cast, nil, fmt.Errorf("edition %s, key %s", cast.Edition, cast.Key)
	}
	message, err = base64.RawURLEncoding.DecodeString(cast.Message)
	if err != nil {
		return cast, nil, err
	}
	signature, err := base64.RawURLEncoding.DecodeString(cast.Signature)
	if err != nil {
		return cast, nil, err
	}
	verifier, err := blindrsa.NewVerifier(blindrsa.SHA384PSSRandomized, &cellKey().PublicKey)
	if err != nil {
		return cast, nil, err
	}
	if err := verifier.Verify(message, signature); err != nil {
		return cast, nil, err
	}
	return cast, message, checkContent(cast)
}

func checkContent(cast Cast) error {
	answers, err := base64.RawURLEncoding.DecodeString(cast.Answers)
	if err != nil || len(answers) != ballotAnswers || answers[ballotAnswers-1] > 10 {
		return fmt.Errorf("answers %v: %w", answers, err)
	}
	for _, point := range answers[:ballotAnswers-1] {
		if point < 1 || point > 5 {
			return fmt.Errorf("a point of %d", point)
		}
	}
	for _, comment := range cast.Comments {
		if comment.Text == "" || len([]rune(comment.Text)) > longestWord || strings.ContainsFunc(comment.Text, func(r rune) bool { return r < ' ' }) {
			return fmt.Errorf("comment %q", comment.Text)
		}
	}
	return nil
}
