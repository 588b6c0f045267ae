package token

import (
	"crypto/rand"
	"fmt"

	"github.com/cloudflare/circl/blindsign/blindrsa"
)

// secretBytes is what a browser draws for a token.
const secretBytes = 32

// Token is a prepared message with its signature: a voice in the cell whose key signed it.
type Token struct{ Message, Signature []byte }

// Make makes a token with both sides played here, for a printed card: it cannot be told from one that a browser got blind. Whoever
// makes it could note it; a page that hands out cards says so.
func (k Key) Make() (Token, error) {
	client, err := blindrsa.NewClient(variant, &k.private.PublicKey)
	if err != nil {
		return Token{}, fmt.Errorf("making a token: %w", err)
	}
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // never fails, says crypto/rand
	message, err := client.Prepare(rand.Reader, secret)
	if err != nil {
		return Token{}, fmt.Errorf("making a token: %w", err)
	}
	blinded, state, err := client.Blind(rand.Reader, message)
	if err != nil {
		return Token{}, fmt.Errorf("making a token: %w", err)
	}
	signed, err := k.Sign(blinded)
	if err != nil {
		return Token{}, fmt.Errorf("making a token: %w", err)
	}
	signature, err := client.Finalize(state, signed)
	if err != nil {
		return Token{}, fmt.Errorf("making a token: %w", err)
	}
	return Token{Message: message, Signature: signature}, nil
}
