package barometer_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

func (w world) asHR() context.Context {
	return identity.NewContext(w.t.Context(), identity.Actor{PersonID: uuid.NewString(), Roles: []identity.Role{identity.HR}})
}

func (w world) as(person string) context.Context {
	return identity.NewContext(w.t.Context(), identity.Actor{PersonID: person})
}

func (w world) settle() {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		settled, err := w.service.Settled(w.t.Context())
		return err == nil && settled
	}, 30*time.Second, 5*time.Millisecond)
}

func (w world) paper(person string) *barometerv1.GetBallotPaperResponse {
	w.t.Helper()
	res, err := w.parts.Peers.Barometer().GetBallotPaper(w.as(person), &barometerv1.GetBallotPaperRequest{Language: "fr"})
	require.NoError(w.t, err)
	return res
}

// voter is what a browser does.
type voter struct {
	client           blindrsa.Client
	message, blinded []byte
	state            blindrsa.State
	signature        []byte
}

func (w world) prepare(paper *barometerv1.GetBallotPaperResponse) *voter {
	w.t.Helper()
	key, err := x509.ParsePKIXPublicKey(paper.GetPublicKey())
	require.NoError(w.t, err)
	v := &voter{}
	v.client, err = blindrsa.NewClient(blindrsa.SHA384PSSRandomized, key.(*rsa.PublicKey))
	require.NoError(w.t, err)
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	v.message, err = v.client.Prepare(rand.Reader, secret)
	require.NoError(w.t, err)
	v.blinded, v.state, err = v.client.Blind(rand.Reader, v.message)
	require.NoError(w.t, err)
	return v
}

func (w world) issue(person string, v *voter, edition string) error {
	res, err := w.parts.Peers.Barometer().IssueToken(w.as(person), &barometerv1.IssueTokenRequest{EditionId: edition, Blinded: v.blinded})
	if err != nil {
		return err
	}
	v.signature, err = v.client.Finalize(v.state, res.GetSignature())
	return err
}

// holds is the person with a token of their own.
func (w world) holds(person string) (*voter, *barometerv1.GetBallotPaperResponse) {
	w.t.Helper()
	paper := w.paper(person)
	v := w.prepare(paper)
	require.NoError(w.t, w.issue(person, v, paper.GetEditionId()))
	return v, paper
}

func answers(each byte, recommend byte) []byte {
	return append(bytes.Repeat([]byte{each}, 45), recommend)
}

func body(v *voter, edition, key string, answers []byte, comments ...map[string]string) []byte {
	encode := base64.RawURLEncoding.EncodeToString
	content, _ := json.Marshal(map[string]any{
		"edition": edition, "key": key, "message": encode(v.message), "signature": encode(v.signature), "answers": encode(answers), "comments": comments,
	})
	return append(content, bytes.Repeat([]byte{' '}, 16<<10-len(content))...)
}

// cast brings a ballot to the intake, and returns how it was answered.
func (w world) cast(body []byte) (status int, answer string) {
	w.t.Helper()
	status, said, err := w.parts.Peers.CastBallot(w.t.Context(), body)
	require.NoError(w.t, err)
	return status, string(said)
}

// votes has so many people of a place vote, each by themselves.
func (w world) votes(person func(int) string, n int, each byte, recommend byte, comment string) {
	w.t.Helper()
	for i := range n {
		v, paper := w.holds(person(i))
		var comments []map[string]string
		if comment != "" && i == 0 {
			comments = append(comments, map[string]string{"theme": "pay", "text": comment})
		}
		status, answer := w.cast(body(v, paper.GetEditionId(), paper.GetKeyFingerprint(), answers(each+byte(i%2), recommend), comments...))
		require.Equal(w.t, http.StatusNoContent, status, answer)
	}
}

// asService asks as the portal does, for somebody who is nobody.
func (w world) asService() context.Context { return identity.AsService(w.t.Context(), "portal") }
