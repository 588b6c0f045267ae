package rpc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// BallotsPath is where barometer takes ballots. It is plain HTTP beside the procedures: whoever casts one is nobody.
const BallotsPath = "/ballots"

const (
	// maxBallotBytes is more than any ballot has.
	maxBallotBytes = 64 << 10
	ballotTimeout  = 30 * time.Second
)

// Ballots hands ballots on to barometer, and of each request nothing but its body: no header, no address, no trace, and no line in a
// log that tells when it came.
func (p Peers) Ballots() http.Handler { return ballots{p.ballots} }

type ballots struct{ to intake }

// intake is where barometer is.
type intake struct {
	client *http.Client
	url    string // empty where nobody said it
}

func (b ballots) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBallotBytes))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	// The context of the request stays behind: it holds who and what the request came with.
	ctx, cancel := context.WithTimeout(context.Background(), ballotTimeout)
	defer cancel()
	status, answer, err := b.to.post(ctx, body) //nolint:contextcheck // see above
	if err != nil {
		status, answer = http.StatusServiceUnavailable, []byte(`{"error":"later"}`)
	}
	if len(answer) > 0 {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = w.Write(answer) // whoever hung up needs no answer
}

var errNoIntake = errors.New("no address for barometer: set " + AddressVariable("barometer"))

func (i intake) post(ctx context.Context, body []byte) (status int, answer []byte, err error) {
	if i.url == "" {
		return 0, nil, errNoIntake
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, i.url+BallotsPath, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("handing a ballot on: %w", err)
	}
	res, err := i.client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("handing a ballot on: %w", err)
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, maxBallotBytes))
	if err != nil {
		return 0, nil, fmt.Errorf("handing a ballot on: %w", err)
	}
	return res.StatusCode, answer, nil
}
