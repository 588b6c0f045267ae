package oidc

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSettingsAreWholeOrAbsent(t *testing.T) {
	require.NoError(t, Settings{}.Check(""), "no provider is fine")
	require.NoError(t, Settings{Claim: ByEmail}.Check(""), "a default is no provider")
	whole := Settings{Issuer: "https://login.example.com/realm", ClientID: "jalon", ClientSecret: "secret"}
	require.NoError(t, whole.Check("https://jalon.example.com"))
	require.ErrorContains(t, whole.Check(""), "JALON_PUBLIC_URL")

	err := Settings{Issuer: "http://login.example.com"}.Check("https://jalon.example.com")
	require.ErrorContains(t, err, "JALON_OIDC_ISSUER", "tokens must not travel in the clear")
	require.ErrorContains(t, err, "JALON_OIDC_CLIENT_ID")
	require.ErrorContains(t, err, "JALON_OIDC_CLIENT_SECRET")
	require.NotContains(t, whole.Check("").Error(), "secret:")
}

func TestAnAttemptComesBackAsItWent(t *testing.T) {
	a := Attempt{state: "s", nonce: "n", verifier: "v"}
	back, err := ParseAttempt(a.Text())
	require.NoError(t, err)
	require.Equal(t, a, back)
	for _, text := range []string{"", "..", "a.b", "a.b.c.d", "a..c"} {
		_, err := ParseAttempt(text)
		require.ErrorIs(t, err, ErrStale, text)
	}
}

func FuzzParsingAnAttemptNeverPanics(f *testing.F) {
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, text string) {
		if a, err := ParseAttempt(text); err == nil {
			require.Equal(t, text, a.Text())
		}
	})
}
