// Package token makes the voting tokens: signed without being seen (RFC 9474, RSABSSA-SHA384-PSS-Randomized), so that whoever signs
// one does not recognise it when a ballot is cast with it. There is one key to a cell: a token says in which cell its ballot counts,
// and nothing else.
package token

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/blindsign/blindrsa"
)

const (
	keyBits = 2048
	// SignatureBytes is the length of a blinded message and of a signature.
	SignatureBytes = keyBits / 8
	// MessageBytes is the length of a prepared message: 32 random bytes, behind the 32 that the variant puts before it.
	MessageBytes = 64
	variant      = blindrsa.SHA384PSSRandomized
)

var (
	// ErrForged says that a token was not signed for the cell.
	ErrForged = errors.New("not a token of this cell")
	// ErrBlinded says that what is to be signed is no blinded message for the key.
	ErrBlinded = errors.New("not a blinded message for this key")
)

// Key signs the tokens of a cell.
type Key struct{ private *rsa.PrivateKey }

// NewKey makes a key; it takes about a tenth of a second.
func NewKey() (Key, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return Key{}, fmt.Errorf("making a key: %w", err)
	}
	return Key{private}, nil
}

// ParseKey reads what Marshal wrote.
func ParseKey(der []byte) (Key, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return Key{}, fmt.Errorf("reading a key: %w", err)
	}
	private, ok := parsed.(*rsa.PrivateKey)
	if !ok || private.N.BitLen() != keyBits {
		return Key{}, errors.New("reading a key: not RSA, or of another size")
	}
	return Key{private}, nil
}

// Marshal writes the key as PKCS #8. Whoever has it can vote as often as they like: seal it.
func (k Key) Marshal() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return nil, fmt.Errorf("writing a key: %w", err)
	}
	return der, nil
}

// Public is the half that everybody may know.
func (k Key) Public() (Public, error) {
	der, err := x509.MarshalPKIXPublicKey(&k.private.PublicKey)
	if err != nil {
		return Public{}, fmt.Errorf("writing a public key: %w", err)
	}
	return ParsePublic(der)
}

// Sign signs a blinded message without learning what it says.
func (k Key) Sign(blinded []byte) ([]byte, error) {
	signature, err := blindrsa.NewSigner(k.private).BlindSign(blinded)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBlinded, err)
	}
	return signature, nil
}

// Public tells the tokens of a cell from others.
type Public struct {
	// DER is the key as SubjectPublicKeyInfo.
	DER []byte
	// Fingerprint is the SHA-256 of that in hexadecimal: the name of the key.
	Fingerprint string
	verifier    blindrsa.Verifier
}

// ParsePublic reads a SubjectPublicKeyInfo.
func ParsePublic(der []byte) (Public, error) {
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return Public{}, fmt.Errorf("reading a public key: %w", err)
	}
	public, ok := parsed.(*rsa.PublicKey)
	if !ok || public.N.BitLen() != keyBits {
		return Public{}, errors.New("reading a public key: not RSA, or of another size")
	}
	verifier, err := blindrsa.NewVerifier(variant, public)
	if err != nil {
		return Public{}, fmt.Errorf("reading a public key: %w", err)
	}
	sum := sha256.Sum256(der)
	return Public{DER: der, Fingerprint: hex.EncodeToString(sum[:]), verifier: verifier}, nil
}

// Verify returns nil for a token of the cell, else ErrForged.
func (p Public) Verify(message, signature []byte) error {
	if len(message) != MessageBytes || len(signature) != SignatureBytes {
		return ErrForged
	}
	if err := p.verifier.Verify(message, signature); err != nil {
		return ErrForged
	}
	return nil
}

// Spent names a token that was used, without telling which it was: what is kept so that it is not used again.
func (p Public) Spent(message []byte) string {
	sum := sha256.New()
	sum.Write([]byte(p.Fingerprint))
	sum.Write(message)
	return hex.EncodeToString(sum.Sum(nil))
}
