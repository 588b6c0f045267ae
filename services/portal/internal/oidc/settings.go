// Package oidc signs people in with their company's account: it sends a browser to the company's OpenID Connect provider and
// checks what comes back. Whom the answer names, directory knows; this package never decides who may enter.
package oidc

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ByEmail is the claim that people are matched by unless another is named.
const ByEmail = "email"

// Settings name the company's provider. All empty: there is none, and people enter by one-time links.
type Settings struct {
	// Issuer is the provider's address; its discovery document lies below it.
	Issuer string `env:"JALON_OIDC_ISSUER"`
	// ClientID and ClientSecret are what the provider knows Jalon by.
	ClientID     string `env:"JALON_OIDC_CLIENT_ID"`
	ClientSecret string `env:"JALON_OIDC_CLIENT_SECRET"`
	// Claim is what a person is found by: "email", which the provider must have verified, or the name of a claim that holds the
	// employee number.
	Claim string `env:"JALON_OIDC_CLAIM" envDefault:"email"`
}

// Configured tells whether there is a provider.
func (s Settings) Configured() bool {
	return s.Issuer != "" || s.ClientID != "" || s.ClientSecret != ""
}

// Check says everything that is wrong with the settings at once. The provider sends browsers back to publicURL.
func (s Settings) Check(publicURL string) error {
	if !s.Configured() {
		return nil
	}
	var wrong []error
	for _, setting := range []struct{ name, value string }{
		{"JALON_OIDC_ISSUER", s.Issuer}, {"JALON_OIDC_CLIENT_ID", s.ClientID}, {"JALON_OIDC_CLIENT_SECRET", s.ClientSecret},
	} {
		if setting.value == "" {
			wrong = append(wrong, fmt.Errorf("%s: is needed beside the other JALON_OIDC_ settings", setting.name))
		}
	}
	if u, err := url.Parse(s.Issuer); s.Issuer != "" && (err != nil || u.Host == "" || (u.Scheme != "https" && !loopback(u))) {
		wrong = append(wrong, fmt.Errorf("JALON_OIDC_ISSUER: %q must look like https://login.example.com/realm", s.Issuer))
	}
	if u, err := url.Parse(publicURL); err != nil || u.Host == "" {
		wrong = append(wrong, errors.New("JALON_PUBLIC_URL: is needed for sign-in with the company's account: the provider sends people back there"))
	}
	return errors.Join(wrong...)
}

// loopback lets a provider on the same machine go without TLS, for trials and tests.
func loopback(u *url.URL) bool {
	host := u.Hostname()
	return u.Scheme == "http" && (host == "localhost" || host == "::1" || strings.HasPrefix(host, "127."))
}
