package webhook

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
)

// The vector of the specification's own libraries.
func TestASignatureIsTheOneOfTheSpecification(t *testing.T) {
	secret, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	require.NoError(t, err)
	header, err := headers([][]byte{secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	require.NoError(t, err)
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", header.Get("webhook-signature"))
	require.Equal(t, "msg_p5jXN8AQM9LWM0D4loKWxJek", header.Get("webhook-id"))
	require.Equal(t, "1614265330", header.Get("webhook-timestamp"))
}

func TestWhoVerifiesRefusesWhatWasChangedIsOldOrComesFromSomebodyElse(t *testing.T) {
	raw := []byte(strings.Repeat("k", secretBytes))
	body, now := []byte(`{"id":"1"}`), time.Now()
	verifier, err := standardwebhooks.NewWebhook(prefix + base64.StdEncoding.EncodeToString(raw))
	require.NoError(t, err)
	signed := func(id string, at time.Time, secrets ...[]byte) error {
		header, err := headers(secrets, id, at, body)
		require.NoError(t, err)
		return verifier.Verify(body, header)
	}
	other := []byte(strings.Repeat("o", secretBytes))
	require.NoError(t, signed("1", now, raw))
	require.NoError(t, signed("1", now, other, raw), "while it is replaced, both sign")
	require.ErrorIs(t, signed("1", now, other), standardwebhooks.ErrNoMatchingSignature)
	require.ErrorIs(t, signed("1", now.Add(-6*time.Minute), raw), standardwebhooks.ErrMessageTooOld, "somebody replays it")
	require.ErrorIs(t, signed("1", now.Add(6*time.Minute), raw), standardwebhooks.ErrMessageTooNew)
	header, err := headers([][]byte{raw}, "1", now, body)
	require.NoError(t, err)
	require.ErrorIs(t, verifier.Verify([]byte(`{"id":"2"}`), header), standardwebhooks.ErrNoMatchingSignature)
	header.Set("webhook-id", "2")
	require.ErrorIs(t, verifier.Verify(body, header), standardwebhooks.ErrNoMatchingSignature)
}
