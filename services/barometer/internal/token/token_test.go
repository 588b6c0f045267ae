package token_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"testing"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/token"
)

func newKey(t *testing.T) (token.Key, token.Public) {
	t.Helper()
	key, err := token.NewKey()
	require.NoError(t, err)
	public, err := key.Public()
	require.NoError(t, err)
	return key, public
}

// voter is the browser's side.
func voter(t *testing.T, public token.Public) (client blindrsa.Client, message, blinded []byte, state blindrsa.State) {
	t.Helper()
	parsed, err := x509.ParsePKIXPublicKey(public.DER)
	require.NoError(t, err)
	client, err = blindrsa.NewClient(blindrsa.SHA384PSSRandomized, parsed.(*rsa.PublicKey))
	require.NoError(t, err)
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	message, err = client.Prepare(rand.Reader, secret)
	require.NoError(t, err)
	blinded, state, err = client.Blind(rand.Reader, message)
	require.NoError(t, err)
	return client, message, blinded, state
}

func TestATokenCountsInItsCellOnly(t *testing.T) {
	key, public := newKey(t)
	_, other := newKey(t)
	client, message, blinded, state := voter(t, public)

	signed, err := key.Sign(blinded)
	require.NoError(t, err)
	signature, err := client.Finalize(state, signed)
	require.NoError(t, err)

	require.NoError(t, public.Verify(message, signature))
	require.ErrorIs(t, other.Verify(message, signature), token.ErrForged)
	for _, wrong := range [][2][]byte{
		{message, signature[:10]},
		{message, nil},
		{nil, signature},
		{append(message[:63:63], message[63]^1), signature},
		{message, append(signature[:255:255], signature[255]^1)},
		{append(message[:64:64], 0), signature},
		{message, signed},
		{message, make([]byte, 256)},
	} {
		require.ErrorIs(t, public.Verify(wrong[0], wrong[1]), token.ErrForged)
	}
	require.NotEqual(t, public.Spent(message), other.Spent(message))
	require.NotContains(t, string(blinded), string(message))
}

func TestTheSameBlindedMessageIsSignedTheSame(t *testing.T) {
	key, public := newKey(t)
	_, _, blinded, _ := voter(t, public)
	first, err := key.Sign(blinded)
	require.NoError(t, err)
	der, err := key.Marshal()
	require.NoError(t, err)
	read, err := token.ParseKey(der)
	require.NoError(t, err)
	again, err := read.Sign(blinded)
	require.NoError(t, err)
	require.Equal(t, first, again)
}

func TestWhatIsNoBlindedMessageIsNotSigned(t *testing.T) {
	key, _ := newKey(t)
	tooLarge := make([]byte, 256)
	for i := range tooLarge {
		tooLarge[i] = 0xff
	}
	for _, wrong := range [][]byte{nil, make([]byte, 255), make([]byte, 257), tooLarge} {
		_, err := key.Sign(wrong)
		require.ErrorIs(t, err, token.ErrBlinded)
	}
}

func TestOtherKeysAreRefused(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	der, err := x509.MarshalPKIXPublicKey(&small.PublicKey)
	require.NoError(t, err)
	_, err = token.ParsePublic(der)
	require.Error(t, err)
	_, err = token.ParsePublic([]byte("no key"))
	require.Error(t, err)
	_, err = token.ParseKey([]byte("no key"))
	require.Error(t, err)
}
