package portal

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"jalon.dev/pkg/rpc"
)

// ballotTimeout bounds how long a ballot may take to be safe.
const ballotTimeout = 30 * time.Second

// CheckBallotURL says what is wrong with the address of another origin at which ballots are cast; an empty one is none.
func CheckBallotURL(address string) error {
	u, err := url.Parse(address)
	if address == "" || err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		return nil
	}
	return fmt.Errorf("JALON_BALLOTS_URL: %q must look like https://ballots.example.com/ballots", address)
}

// handOn hands ballots on to barometer, or what is asked for a printed card, and of each request nothing but its body: no header, no
// address, no trace, and no line in a log that tells when it came.
func handOn(post func(ctx context.Context, body []byte) (status int, answer []byte, err error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, rpc.MaxBallotBytes))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		// The context of the request stays behind: it holds who and what the request came with.
		ctx, cancel := context.WithTimeout(context.Background(), ballotTimeout)
		defer cancel()
		status, answer, err := post(ctx, body) //nolint:contextcheck // see above
		if err != nil {
			status, answer = http.StatusServiceUnavailable, []byte(`{"error":"later"}`)
		}
		switch {
		case status == http.StatusOK:
			w.Header().Set("Content-Type", "application/octet-stream")
		case len(answer) > 0:
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		_, _ = w.Write(answer) // whoever hung up needs no answer
	})
}
