package identity

import (
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
)

var key = []byte(strings.Repeat("k", MinKeyBytes))

func signer(t *testing.T) *Signer {
	t.Helper()
	s, err := NewSigner(key)
	require.NoError(t, err)
	return s
}

func TestATokenCarriesTheWholeActor(t *testing.T) {
	for name, actor := range map[string]Actor{
		"employee": {PersonID: "1f0c"},
		"hr":       {PersonID: "1f0c", Roles: []Role{HR}},
		"service":  {Roles: []Role{Service}, Service: "moments"},
		"operator": {Roles: []Role{Operator}},
		"outside":  {Roles: []Role{Integration}, Key: "applicants"},
		"nobody":   {},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := signer(t).Sign(actor, "directory")
			require.NoError(t, err)
			got, err := signer(t).Verify(token, "directory")
			require.NoError(t, err)
			require.Equal(t, actor, got)
		})
	}
}

func TestATokenIsRefused(t *testing.T) {
	actor := Actor{PersonID: "1f0c", Roles: []Role{HR}}
	valid, err := signer(t).Sign(actor, "directory")
	require.NoError(t, err)

	t.Run("by a service that it was not made for", func(t *testing.T) {
		_, err := signer(t).Verify(valid, "moments")
		require.ErrorIs(t, err, ErrBadToken)
	})
	t.Run("when its time is over", func(t *testing.T) {
		s := signer(t)
		s.now = func() time.Time { return time.Now().Add(lifetime + leeway + time.Second) }
		_, err := s.Verify(valid, "directory")
		require.ErrorIs(t, err, ErrBadToken)
	})
	t.Run("when it comes from the future", func(t *testing.T) {
		s := signer(t)
		s.now = func() time.Time { return time.Now().Add(-leeway - time.Minute) }
		_, err := s.Verify(valid, "directory")
		require.ErrorIs(t, err, ErrBadToken)
	})
	t.Run("when another key signed it", func(t *testing.T) {
		other, err := NewSigner([]byte(strings.Repeat("x", MinKeyBytes)))
		require.NoError(t, err)
		token, err := other.Sign(actor, "directory")
		require.NoError(t, err)
		_, err = signer(t).Verify(token, "directory")
		require.ErrorIs(t, err, ErrBadToken)
	})
	t.Run("when its content was changed", func(t *testing.T) {
		forged, err := signer(t).Sign(Actor{PersonID: "other"}, "directory")
		require.NoError(t, err)
		a, b := strings.Split(valid, "."), strings.Split(forged, ".")
		_, err = signer(t).Verify(a[0]+"."+b[1]+"."+a[2], "directory")
		require.ErrorIs(t, err, ErrBadToken)
	})
	for name, method := range map[string]jwt.SigningMethod{"none": jwt.SigningMethodNone, "HS512": jwt.SigningMethodHS512} {
		t.Run("when it names the algorithm "+name, func(t *testing.T) {
			var k any = key
			if name == "none" {
				k = jwt.UnsafeAllowNoneSignatureType
			}
			token, err := jwt.NewWithClaims(method, jwt.MapClaims{
				"iss": issuer, "sub": "1f0c", "aud": "directory", "exp": time.Now().Add(time.Minute).Unix(),
			}).SignedString(k)
			require.NoError(t, err)
			_, err = signer(t).Verify(token, "directory")
			require.ErrorIs(t, err, ErrBadToken)
		})
	}
	t.Run("when it never ends", func(t *testing.T) {
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"iss": issuer, "sub": "1f0c", "aud": "directory",
		}).SignedString(key)
		require.NoError(t, err)
		_, err = signer(t).Verify(token, "directory")
		require.ErrorIs(t, err, ErrBadToken)
	})
}

func TestAShortKeyIsRefused(t *testing.T) {
	_, err := NewSigner(key[:MinKeyBytes-1])
	require.ErrorContains(t, err, "at least 32")
}

func TestAContextSaysWhoAsks(t *testing.T) {
	_, ok := FromContext(t.Context())
	require.False(t, ok, "nobody was named yet")

	asked := NewContext(t.Context(), Actor{PersonID: "1f0c", Roles: []Role{HR}})
	actor, ok := FromContext(asked)
	require.True(t, ok)
	require.True(t, actor.Has(Employee), "a person id makes an employee")
	require.True(t, actor.Has(HR))

	actor, _ = FromContext(AsService(asked, "moments"))
	require.Equal(t, Actor{Roles: []Role{Service}, Service: "moments"}, actor, "a service keeps nothing of who asked it")
	require.False(t, actor.Has(Employee))
	require.False(t, actor.Anonymous())
	require.True(t, Actor{}.Anonymous())
}
