package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

var (
	// ErrStale says that an answer belongs to no attempt of this browser: begun elsewhere, too long ago, or forged.
	ErrStale = errors.New("the answer belongs to no sign-in that this browser began")
	// ErrRefused says that the provider let nobody in, or that what it said does not hold.
	ErrRefused = errors.New("the company's sign-in let nobody in")
	// ErrUnverified says that the provider names an e-mail address without vouching for it.
	ErrUnverified = errors.New("the e-mail address is not verified")
	// ErrNameless says that the provider's answer lacks what people are found by.
	ErrNameless = errors.New("the answer does not hold what people are found by")
)

// Attempt is one browser's way to the provider and back. It stays in that browser, in a cookie that scripts cannot read.
type Attempt struct{ state, nonce, verifier string }

const parts = 3

// Text is the attempt as a cookie's value.
func (a Attempt) Text() string { return strings.Join([]string{a.state, a.nonce, a.verifier}, ".") }

// ParseAttempt reads a cookie's value, or returns ErrStale.
func ParseAttempt(text string) (Attempt, error) {
	fields := strings.Split(text, ".")
	if len(fields) != parts || fields[0] == "" || fields[1] == "" || fields[2] == "" {
		return Attempt{}, ErrStale
	}
	return Attempt{state: fields[0], nonce: fields[1], verifier: fields[2]}, nil
}

// Begin returns a new attempt and the provider's address to send the browser to.
func (p *Provider) Begin(ctx context.Context) (Attempt, string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return Attempt{}, "", err
	}
	// The library's verifiers are 32 random bytes as text, which state and nonce may be as well.
	a := Attempt{state: oauth2.GenerateVerifier(), nonce: oauth2.GenerateVerifier(), verifier: oauth2.GenerateVerifier()}
	return a, found.oauth.AuthCodeURL(a.state, oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(a.verifier)), nil
}

// Identity is whom the provider names: one of Email and Number is set.
type Identity struct {
	Email, Number string
	// Token is the proof, which the provider wants to see again at sign-out.
	Token string
}

// Answer is what the browser brings back.
type Answer struct{ State, Code, Error string }

// Finish checks an answer against its attempt and returns whom it names.
func (p *Provider) Finish(ctx context.Context, a Attempt, answer Answer) (Identity, error) {
	if subtle.ConstantTimeCompare([]byte(answer.State), []byte(a.state)) != 1 {
		return Identity{}, ErrStale
	}
	if answer.Error != "" || answer.Code == "" {
		return Identity{}, ErrRefused
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := found.oauth.Exchange(ctx, answer.Code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return Identity{}, p.exchangeError(err)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return Identity{}, fmt.Errorf("%w: its answer holds no identity", ErrRefused)
	}
	token, err := found.Verifier(&oidc.Config{ClientID: p.settings.ClientID}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(a.nonce)) != 1 {
		return Identity{}, fmt.Errorf("%w: its answer was made for another sign-in", ErrRefused)
	}
	var claims claims
	if err := token.Claims(&claims); err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	// Some providers keep what they know of a person out of the token.
	if claims.text(p.settings.Claim) == "" && found.UserInfoEndpoint() != "" {
		info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
		if err == nil && info.Subject == token.Subject {
			err = info.Claims(&claims)
		}
		if err != nil {
			return Identity{}, fmt.Errorf("%w: asking for what it knows of the person: %w", ErrRefused, err)
		}
	}
	return claims.identity(p.settings.Claim, raw)
}

// exchangeError tells a provider that refuses from one that does not answer. The library's text repeats the provider's
// answer, which may hold anything: only its code is kept.
func (p *Provider) exchangeError(err error) error {
	var refusal *oauth2.RetrieveError
	if errors.As(err, &refusal) {
		return fmt.Errorf("%w: it answered %q", ErrRefused, refusal.ErrorCode)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

type claims map[string]any

func (c claims) text(name string) string {
	switch value := c[name].(type) {
	case string:
		return strings.TrimSpace(value)
	case float64: // a number without quotes
		return fmt.Sprintf("%.0f", value)
	default:
		return ""
	}
}

func (c claims) identity(claim, token string) (Identity, error) {
	value := c.text(claim)
	if value == "" {
		return Identity{}, ErrNameless
	}
	if claim != ByEmail {
		return Identity{Number: value, Token: token}, nil
	}
	// Whoever may type any address into the provider's form must not become its owner. Some providers write the word.
	if verified := c["email_verified"]; verified != true && verified != "true" {
		return Identity{}, ErrUnverified
	}
	return Identity{Email: value, Token: token}, nil
}
