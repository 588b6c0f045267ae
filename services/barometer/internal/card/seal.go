package card

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"jalon.dev/services/barometer/internal/token"
)

const (
	placeBytes = 16
	keyBytes   = 32
	// Nonce and tag of AES-GCM.
	overhead = 12 + 16
	// fingerprintBytes is the length of a key's fingerprint.
	fingerprintBytes = sha256.Size
	// SealedBytes is the length of all that is sealed.
	SealedBytes = fingerprintBytes + token.MessageBytes + token.SignatureBytes + overhead
)

// ErrSealed says that a token was not sealed under the code, or was changed.
var ErrSealed = errors.New("not sealed under this code")

// Vote is what a card holds: a token, and the cell in which it counts. The cell is sealed too: what is read from outside tells it to
// nobody but who has the code.
type Vote struct {
	// Key is the fingerprint of the cell's key, in hexadecimal.
	Key   string
	Token token.Token
}

// Place is under what name the code's token is kept. It tells nothing of the code, and nothing of the key.
func (c Code) Place() (string, error) {
	place, err := c.derive("place", placeBytes)
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(place), nil
}

// Seal makes a vote unreadable but for who has the code. All that is sealed has the same length.
func (c Code) Seal(v Vote) ([]byte, error) {
	aead, place, err := c.sealing()
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(v.Key)
	if err != nil || len(key) != fingerprintBytes {
		return nil, fmt.Errorf("sealing a token: %q is no fingerprint of a key", v.Key)
	}
	plain := slices.Concat(key, v.Token.Message, v.Token.Signature)
	return aead.Seal(nil, nil, plain, []byte(place)), nil //nolint:gosec // the AEAD draws the nonce, and puts it first
}

// Open reads what Seal made, or fails with ErrSealed.
func (c Code) Open(sealed []byte) (Vote, error) {
	aead, place, err := c.sealing()
	if err != nil {
		return Vote{}, err
	}
	if len(sealed) != SealedBytes {
		return Vote{}, ErrSealed
	}
	plain, err := aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return Vote{}, ErrSealed
	}
	key, signed := plain[:fingerprintBytes], plain[fingerprintBytes:]
	return Vote{
		Key:   hex.EncodeToString(key),
		Token: token.Token{Message: signed[:token.MessageBytes], Signature: signed[token.MessageBytes:]},
	}, nil
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
