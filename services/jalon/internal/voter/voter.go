// Package voter does what a browser does for somebody who votes in the barometer: for the sample company, simulations and measurements.
package voter

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/cloudflare/circl/blindsign/blindrsa"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

const (
	// bodyBytes is the length of every ballot on its way.
	bodyBytes   = 16 << 10
	secretBytes = 32
)

// ErrNothing says that there is nothing that the person may vote in, or not any more.
var ErrNothing = errors.New("nothing to vote in")

// Token lets whoever holds it cast one ballot in a cell.
type Token struct {
	edition, key       string
	message, signature []byte
}

// Take gets the person a token, which nobody else has seen.
func Take(ctx context.Context, peers rpc.Peers, personID string) (Token, error) {
	ctx = identity.NewContext(ctx, identity.Actor{PersonID: personID, Roles: []identity.Role{identity.Employee}})
	paper, err := peers.Barometer().GetBallotPaper(ctx, &barometerv1.GetBallotPaperRequest{Language: "fr"})
	if err != nil {
		return Token{}, fmt.Errorf("looking for something to vote in: %w", err)
	}
	if paper.GetState() != barometerv1.GetBallotPaperResponse_STATE_OPEN {
		return Token{}, ErrNothing
	}
	secret, err := Draw(paper.GetEditionId(), paper.GetPublicKey(), paper.GetKeyFingerprint())
	if err != nil {
		return Token{}, err
	}
	issued, err := peers.Barometer().IssueToken(ctx, &barometerv1.IssueTokenRequest{EditionId: paper.GetEditionId(), Blinded: secret.Blinded})
	if err != nil {
		return Token{}, fmt.Errorf("taking a token: %w", err)
	}
	return secret.Unblind(issued.GetSignature())
}

// Secret is a token that was not signed yet.
type Secret struct {
	// Blinded is what is to be signed of it.
	Blinded []byte
	token   Token
	client  blindrsa.Client
	state   blindrsa.State
}

// Draw draws a token for a cell of an edition, whose public key and its fingerprint these are.
func Draw(edition string, key []byte, fingerprint string) (Secret, error) {
	parsed, err := x509.ParsePKIXPublicKey(key)
	if err != nil {
		return Secret{}, fmt.Errorf("reading the key of a cell: %w", err)
	}
	public, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return Secret{}, errors.New("reading the key of a cell: not RSA")
	}
	s := Secret{token: Token{edition: edition, key: fingerprint}}
	if s.client, err = blindrsa.NewClient(blindrsa.SHA384PSSRandomized, public); err != nil {
		return Secret{}, fmt.Errorf("drawing a token: %w", err)
	}
	random := make([]byte, secretBytes)
	_, _ = rand.Read(random) // never fails, says crypto/rand
	if s.token.message, err = s.client.Prepare(rand.Reader, random); err != nil {
		return Secret{}, fmt.Errorf("drawing a token: %w", err)
	}
	if s.Blinded, s.state, err = s.client.Blind(rand.Reader, s.token.message); err != nil {
		return Secret{}, fmt.Errorf("blinding a token: %w", err)
	}
	return s, nil
}

// Unblind is the token that was signed.
func (s Secret) Unblind(signed []byte) (Token, error) {
	signature, err := s.client.Finalize(s.state, signed)
	if err != nil {
		return Token{}, fmt.Errorf("reading what was signed: %w", err)
	}
	s.token.signature = signature
	return s.token, nil
}

// Verify checks the token's signature against the public keys of the cells, by fingerprint, as the intake does.
func (t Token) Verify(keys map[string][]byte) error {
	parsed, err := x509.ParsePKIXPublicKey(keys[t.key])
	if err != nil {
		return fmt.Errorf("reading the key of a cell: %w", err)
	}
	public, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return errors.New("reading the key of a cell: not RSA")
	}
	verifier, err := blindrsa.NewVerifier(blindrsa.SHA384PSSRandomized, public)
	if err != nil {
		return fmt.Errorf("checking a token: %w", err)
	}
	return verifier.Verify(t.message, t.signature)
}

// Comment is a word more on a theme.
type Comment struct {
	Theme string `json:"theme"`
	Text  string `json:"text"`
}

// Ballot is what is sent of the answers, 45 from 1 to 5 and the recommendation from 0 to 10.
func (t Token) Ballot(answers []byte, comments ...Comment) ([]byte, error) {
	encode := base64.RawURLEncoding.EncodeToString
	content, err := json.Marshal(map[string]any{
		"edition": t.edition, "key": t.key, "message": encode(t.message), "signature": encode(t.signature),
		"answers": encode(answers), "comments": comments,
	})
	if err != nil || len(content) > bodyBytes {
		return nil, fmt.Errorf("writing a ballot of %d bytes: %w", len(content), err)
	}
	return append(content, bytes.Repeat([]byte{' '}, bodyBytes-len(content))...), nil
}

// Cast votes with the token. Nothing of ctx goes along but its end.
func (t Token) Cast(ctx context.Context, peers rpc.Peers, answers []byte, comments ...Comment) error {
	ballot, err := t.Ballot(answers, comments...)
	if err != nil {
		return err
	}
	status, answer, err := peers.CastBallot(ctx, ballot)
	if err != nil {
		return err
	}
	if status != http.StatusNoContent {
		return fmt.Errorf("casting a ballot: answered with %d %s", status, answer)
	}
	return nil
}
