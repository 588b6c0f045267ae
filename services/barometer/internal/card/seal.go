package card

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"jalon.dev/services/barometer/internal/token"
)

const (
	placeBytes = 16
	keyBytes   = 32
	// Nonce and tag of AES-GCM.
	overhead = 12 + 16
	// SealedBytes is the length of every sealed token.
	SealedBytes = token.MessageBytes + token.SignatureBytes + overhead
)

// ErrSealed says that a token was not sealed under the code, or was changed.
var ErrSealed = errors.New("not sealed under this code")

// Place is under what name the code's token is kept. It tells nothing of the code, and nothing of the key.
func (c Code) Place() (string, error) {
	place, err := c.derive("place", placeBytes)
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(place), nil
}

// Seal makes a token unreadable but for who has the code. All sealed tokens are of the same length.
func (c Code) Seal(t token.Token) ([]byte, error) {
	aead, place, err := c.sealing()
	if err != nil {
		return nil, err
	}
	plain := append(append(make([]byte, 0, token.MessageBytes+token.SignatureBytes), t.Message...), t.Signature...)
	return aead.Seal(nil, nil, plain, []byte(place)), nil //nolint:gosec // the AEAD draws the nonce, and puts it first
}

// Open reads what Seal made, or fails with ErrSealed.
func (c Code) Open(sealed []byte) (token.Token, error) {
	aead, place, err := c.sealing()
	if err != nil {
		return token.Token{}, err
	}
	if len(sealed) != SealedBytes {
		return token.Token{}, ErrSealed
	}
	plain, err := aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return token.Token{}, ErrSealed
	}
	return token.Token{Message: plain[:token.MessageBytes], Signature: plain[token.MessageBytes:]}, nil
}

func (c Code) sealing() (aead cipher.AEAD, place string, err error) {
	if place, err = c.Place(); err != nil {
		return nil, "", err
	}
	key, err := c.derive("key", keyBytes)
	if err != nil {
		return nil, "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, "", fmt.Errorf("making a cipher: %w", err)
	}
	aead, err = cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, "", fmt.Errorf("making a cipher: %w", err)
	}
	return aead, place, nil
}

// derive makes a secret of a code for one purpose. A code is random already: RFC 5869 needs no more of it, and a browser does the
// same with WebCrypto.
func (c Code) derive(purpose string, bytes int) ([]byte, error) {
	derived, err := hkdf.Key(sha256.New, []byte(c.characters), nil, "jalon card: "+purpose, bytes)
	if err != nil {
		return nil, fmt.Errorf("deriving the %s of a card: %w", purpose, err)
	}
	return derived, nil
}
