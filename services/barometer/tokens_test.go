package barometer_test

import (
	"bytes"
	"net/http"
	"testing"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

func TestAPersonGetsOneTokenAndTheSameAgain(t *testing.T) {
	w := start(t, company(12, 12))
	e := w.launched()
	v, _ := w.holds(w.nantes(0))
	first := v.signature
	require.NoError(t, w.issue(w.nantes(0), v, e.GetId()), "the connection was lost: the same is asked for again")
	require.Equal(t, first, v.signature)
	other := w.prepare(w.paper(w.nantes(0)))
	require.Equal(t, connect.CodeAlreadyExists, connect.CodeOf(w.issue(w.nantes(0), other, e.GetId())))
	require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_TOKEN_ISSUED, w.paper(w.nantes(0)).GetState())

	stranger := uuid.NewString()
	require.Equal(t, barometerv1.GetBallotPaperResponse_STATE_NOT_ELIGIBLE, w.paper(stranger).GetState())
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(w.issue(stranger, other, e.GetId())))
	_, err := w.parts.Peers.Barometer().GetBallotPaper(w.asHR(), &barometerv1.GetBallotPaperRequest{Language: "fr"})
	require.NoError(t, err, "HR asks for themselves, as anybody")
}

func TestOnlyGoodTokensAreTaken(t *testing.T) {
	w := start(t, company(12, 12))
	e := w.launched()
	v, paper := w.holds(w.nantes(0))
	_, elsewhere := w.holds(w.vitre(0))
	require.NotEqual(t, paper.GetKeyFingerprint(), elsewhere.GetKeyFingerprint())
	key := paper.GetKeyFingerprint()

	forged := *v
	forged.signature = append(bytes.Clone(v.signature[:255]), v.signature[255]^1)
	missing := answers(4, 9)
	missing[7] = 0
	good := body(v, e.GetId(), key, answers(4, 9))
	for what, wrong := range map[string]struct {
		body   []byte
		status int
		code   string
	}{
		"forged":        {body(&forged, e.GetId(), key, answers(4, 9)), http.StatusForbidden, "forged"},
		"wrong cell":    {body(v, e.GetId(), elsewhere.GetKeyFingerprint(), answers(4, 9)), http.StatusForbidden, "forged"},
		"no such key":   {body(v, e.GetId(), "00", answers(4, 9)), http.StatusNotFound, "unknown"},
		"no edition":    {body(v, uuid.NewString(), key, answers(4, 9)), http.StatusNotFound, "unknown"},
		"left out":      {body(v, e.GetId(), key, missing), http.StatusBadRequest, "answers"},
		"out of range":  {body(v, e.GetId(), key, answers(6, 9)), http.StatusBadRequest, "answers"},
		"not padded":    {bytes.TrimSpace(good), http.StatusBadRequest, "malformed"},
		"too long":      {append(bytes.Clone(good), ' '), http.StatusBadRequest, "malformed"},
		"no JSON":       {bytes.Repeat([]byte{'x'}, 16<<10), http.StatusBadRequest, "malformed"},
		"unknown theme": {body(v, e.GetId(), key, answers(4, 9), map[string]string{"theme": "weather", "text": "x"}), http.StatusBadRequest, "malformed"},
		"two comments on one theme": {
			body(v, e.GetId(), key, answers(4, 9), map[string]string{"theme": "pay", "text": "x"}, map[string]string{"theme": "pay", "text": "y"}),
			http.StatusBadRequest, "malformed",
		},
	} {
		status, answer := w.cast(wrong.body)
		require.Equal(t, wrong.status, status, what)
		require.JSONEq(t, `{"error":"`+wrong.code+`"}`, answer, what)
	}

	status, _ := w.cast(good)
	require.Equal(t, http.StatusNoContent, status)
	for range 2 {
		status, answer := w.cast(body(v, e.GetId(), key, answers(1, 0)))
		require.Equal(t, http.StatusConflict, status)
		require.JSONEq(t, `{"error":"spent"}`, answer)
	}
}
