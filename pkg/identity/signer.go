package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// MinKeyBytes is the least length of a service key: HMAC-SHA256 gains nothing from more than its output and loses from less.
	MinKeyBytes = 32

	issuer = "jalon"
	// A token serves the one call that it is made for; what remains is the time that a request may queue.
	lifetime = 2 * time.Minute
	// Replicas' clocks differ a little.
	leeway = 15 * time.Second
)

// ErrBadToken says that a token is missing, forged, too old, or meant for another service.
var ErrBadToken = errors.New("identity token refused")

// Signer makes and checks the tokens that carry an actor from one process to another, with the key that all services of an
// installation share. It measures their age in real time: a moved demo clock must not end them.
type Signer struct {
	key []byte
	now func() time.Time
}

// NewSigner refuses keys under MinKeyBytes.
func NewSigner(key []byte) (*Signer, error) {
	if len(key) < MinKeyBytes {
		return nil, fmt.Errorf("service key has %d bytes: at least %d are needed", len(key), MinKeyBytes)
	}
	return &Signer{key: append([]byte(nil), key...), now: time.Now}, nil
}

// Derive returns a key of its own for a purpose, such as the links in mails: whoever learns it learns no other.
func (s *Signer) Derive(purpose string) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("jalon derived key: " + purpose))
	return mac.Sum(nil)
}

type claims struct {
	jwt.RegisteredClaims
	Roles   []Role  `json:"roles,omitempty"`
	Grants  []Grant `json:"grants,omitempty"`
	Service string  `json:"svc,omitempty"`
	Key     string  `json:"key,omitempty"`
}

// Sign returns a token with which the actor may ask the service named audience, for two minutes.
func (s *Signer) Sign(a Actor, audience string) (string, error) {
	now := s.now()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    issuer,
			Subject:   a.PersonID,
			Audience:  jwt.ClaimStrings{audience},
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(lifetime)),
		},
		Roles:   a.Roles,
		Grants:  a.Grants,
		Service: a.Service,
		Key:     a.Key,
	})
	signed, err := token.SignedString(s.key)
	if err != nil {
		return "", fmt.Errorf("signing identity token: %w", err)
	}
	return signed, nil
}

// Verify returns the actor of a token that was made for audience, or ErrBadToken with the reason.
func (s *Signer) Verify(token, audience string) (Actor, error) {
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return s.key, nil },
		// Naming the one algorithm keeps a token from choosing its own check.
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(issuer),
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway),
		jwt.WithTimeFunc(s.now),
	)
	if err != nil {
		return Actor{}, fmt.Errorf("%w: %w", ErrBadToken, err)
	}
	return Actor{PersonID: c.Subject, Roles: c.Roles, Grants: c.Grants, Service: c.Service, Key: c.Key}, nil
}
