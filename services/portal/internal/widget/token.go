package widget

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"jalon.dev/pkg/clock"
)

const (
	// MaxTokenLife is the longest that a host's token may be valid for.
	MaxTokenLife = 5 * time.Minute

	// Hosts' clocks differ a little from ours.
	leeway     = 30 * time.Second
	maxSubject = 100
	minID      = 8
	maxID      = 128
)

var (
	// ErrBadToken says that a host's token is forged, badly made, or for another installation.
	ErrBadToken = errors.New("the token is refused")
	// ErrExpired says that a token's time is over, or that it would live for too long.
	ErrExpired = errors.New("the token is too old")
	// ErrUsed says that somebody came with this token before.
	ErrUsed = errors.New("the token was used before")
)

// Token is what a host's server says of its page's reader.
type Token struct {
	// Subject is the reader's employee number or person id.
	Subject string
	// ID is different in each token.
	ID string
	// Expires is when it stops being valid.
	Expires time.Time
}

// Verifier reads tokens that hosts signed with the shared key for one installation.
type Verifier struct {
	key      []byte
	audience string
	clock    clock.Clock
}

// NewVerifier returns a verifier for the installation whose address audience is.
func NewVerifier(key []byte, audience string, real clock.Clock) *Verifier {
	return &Verifier{key: key, audience: audience, clock: real}
}

// Verify returns what a token says, or ErrBadToken or ErrExpired with the reason. Whether it was used before, the store tells.
func (v *Verifier) Verify(token string) (Token, error) {
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return v.key, nil },
		// Naming the one algorithm keeps a token from choosing its own check.
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithAudience(v.audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway),
		jwt.WithTimeFunc(v.clock.Now),
	)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired) && !errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return Token{}, fmt.Errorf("%w: %w", ErrExpired, err)
	case err != nil:
		return Token{}, fmt.Errorf("%w: %w", ErrBadToken, err)
	case claims.ExpiresAt.Sub(v.clock.Now()) > MaxTokenLife+leeway:
		return Token{}, fmt.Errorf("%w: it would be valid for more than %s", ErrExpired, MaxTokenLife)
	case claims.Subject == "" || len(claims.Subject) > maxSubject:
		return Token{}, fmt.Errorf("%w: sub must be an employee number or a person id", ErrBadToken)
	case len(claims.ID) < minID || len(claims.ID) > maxID:
		return Token{}, fmt.Errorf("%w: jti must have %d to %d characters", ErrBadToken, minID, maxID)
	}
	return Token{Subject: claims.Subject, ID: claims.ID, Expires: claims.ExpiresAt.Time}, nil
}
