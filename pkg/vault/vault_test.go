package vault_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/vault"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

var use = vault.Use{Setting: "JALON_TALKS_KEY", Label: "jalon talks", Sealed: "what people write in talks"}

const (
	older = "the older of two secrets and long enough"
	newer = "the newer of two secrets and long enough"
)

func masters(t *testing.T, setting string) vault.Masters {
	t.Helper()
	m, err := vault.ParseMasters(use, setting)
	require.NoError(t, err)
	return m
}

func TestWhatIsSealedOpensInItsPlaceOnly(t *testing.T) {
	v := vault.New(mongotest.Database(t), masters(t, older))
	ada, err := v.Key(t.Context(), "ada")
	require.NoError(t, err)
	bob, err := v.Key(t.Context(), "bob")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		plain, place := rapid.SliceOf(rapid.Byte()).Draw(t, "plain"), rapid.String().Draw(t, "place")
		sealed := ada.Seal(place, plain)
		require.NotEqual(t, sealed, ada.Seal(place, plain), "the same twice looks different")
		opened, err := ada.Open(place, sealed)
		require.NoError(t, err)
		require.Len(t, opened, len(plain))
		_, err = ada.Open(place+"/other", sealed)
		require.ErrorIs(t, err, vault.ErrSealed)
		_, err = bob.Open(place, sealed)
		require.ErrorIs(t, err, vault.ErrSealed)
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "byte")] ^= 1
		_, err = ada.Open(place, sealed)
		require.ErrorIs(t, err, vault.ErrSealed)
	})
}

func TestWhatIsDerivedIsTheSameForASubjectAndAPurposeAlone(t *testing.T) {
	db := mongotest.Database(t)
	derived := func(setting, subject, purpose string) string {
		key, err := vault.New(db, masters(t, setting)).Key(t.Context(), subject)
		require.NoError(t, err)
		secret, err := key.Derive(purpose, 32)
		require.NoError(t, err)
		require.Len(t, secret, 32)
		return string(secret)
	}
	ada := derived(older, "ada", "one")
	require.Equal(t, ada, derived(newer+","+older, "ada", "one"), "whichever master key wraps it")
	require.NotEqual(t, ada, derived(older, "ada", "another"))
	require.NotEqual(t, ada, derived(older, "bob", "one"))
	_, err := vault.Key{}.Derive("one", 32)
	require.ErrorIs(t, err, vault.ErrSealed)
}

func TestAMasterKeyIsReplacedWithoutLosingAnything(t *testing.T) {
	db := mongotest.Database(t)
	key, err := vault.New(db, masters(t, older)).Key(t.Context(), "ada")
	require.NoError(t, err)
	sealed := key.Seal("here", []byte("plain"))

	_, err = vault.New(db, masters(t, newer)).Key(t.Context(), "ada")
	require.ErrorIs(t, err, vault.ErrSealed)
	require.ErrorContains(t, err, "JALON_TALKS_KEY")
	require.ErrorIs(t, vault.New(db, masters(t, newer)).Rewrap(t.Context()), vault.ErrSealed)

	both := vault.New(db, masters(t, newer+", "+older))
	for range 2 {
		require.NoError(t, both.Rewrap(t.Context()))
	}
	key, err = vault.New(db, masters(t, newer)).Key(t.Context(), "ada")
	require.NoError(t, err)
	opened, err := key.Open("here", sealed)
	require.NoError(t, err)
	require.Equal(t, "plain", string(opened))
}

func TestAForgottenKeyIsGone(t *testing.T) {
	db := mongotest.Database(t)
	v := vault.New(db, masters(t, older))
	key, err := v.Key(t.Context(), "ada")
	require.NoError(t, err)
	sealed := key.Seal("here", []byte("plain"))
	require.NoError(t, v.Forget(t.Context(), "ada", "nobody"))
	n, err := db.Collection("keys").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.Zero(t, n)
	keys, err := v.Keys(t.Context(), "ada")
	require.NoError(t, err)
	_, err = keys["ada"].Open("here", sealed)
	require.ErrorIs(t, err, vault.ErrSealed)
	again, err := v.Key(t.Context(), "ada")
	require.NoError(t, err)
	_, err = again.Open("here", sealed)
	require.ErrorIs(t, err, vault.ErrSealed)
}

func TestAMasterKeyMustBeLongAndThere(t *testing.T) {
	for _, wrong := range []string{"", " , ", "short", newer + ",short"} {
		_, err := vault.ParseMasters(use, wrong)
		require.ErrorContains(t, err, "JALON_TALKS_KEY", wrong)
		if err != nil {
			require.NotContains(t, err.Error(), newer)
		}
	}
}
