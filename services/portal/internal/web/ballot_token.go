package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"connectrpc.com/connect"
	"go.uber.org/zap"

	"jalon.dev/pkg/policy"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

const (
	tokenPath = "/barometer/token"
	// maxTokenBytes is more than a blinded message of 256 bytes takes.
	maxTokenBytes = 1024
)

var errNoToken = errors.New("not a request for a token")

type (
	tokenAsked struct {
		Edition string `json:"edition"`
		Blinded string `json:"blinded"`
	}
	tokenSigned struct {
		Signature string `json:"signature"`
	}
	tokenRefused struct {
		Error string `json:"error"`
	}
)

// ballotToken has a voter's token signed, which nobody here can read.
func (s *Site) ballotToken(w http.ResponseWriter, r *http.Request) error {
	var asked tokenAsked
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxTokenBytes))
	if err != nil {
		return errNoToken
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return errNoToken
	}
	blinded, err := base64.RawURLEncoding.DecodeString(asked.Blinded)
	if err != nil {
		return errNoToken
	}
	signed, err := s.Peers.Barometer().IssueToken(r.Context(), &barometerv1.IssueTokenRequest{EditionId: asked.Edition, Blinded: blinded})
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, tokenSigned{base64.RawURLEncoding.EncodeToString(signed.GetSignature())})
	return nil
}

// refuseBallotToken answers a script, which finds the words by the code.
func (s *Site) refuseBallotToken(w http.ResponseWriter, r *http.Request, err error) {
	status, code := http.StatusInternalServerError, "failed"
	switch coded := connect.CodeOf(err); {
	case errors.Is(err, policy.ErrSignInFirst), coded == connect.CodeUnauthenticated:
		status, code = http.StatusUnauthorized, "sign_in_first"
	case errors.Is(err, errForeign), errors.Is(err, policy.ErrDenied), coded == connect.CodePermissionDenied:
		status, code = http.StatusForbidden, "denied"
	case errors.Is(err, errNoToken), coded == connect.CodeInvalidArgument:
		status, code = http.StatusBadRequest, "invalid"
	case coded == connect.CodeAlreadyExists:
		status, code = http.StatusConflict, "token_issued"
	case coded == connect.CodeFailedPrecondition:
		status, code = http.StatusGone, "closed"
	case coded == connect.CodeUnavailable, coded == connect.CodeDeadlineExceeded:
		status, code = http.StatusServiceUnavailable, "unavailable"
	default:
		s.Log.Error("answering a request for a token", zap.String("route", r.Pattern), zap.Error(err))
	}
	writeJSON(w, status, tokenRefused{code})
}
