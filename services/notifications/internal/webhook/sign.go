package webhook

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"jalon.dev/pkg/vault"
)

const (
	secretBytes = 32
	prefix      = "whsec_"
	// hintLength is how much of a secret may be shown later: enough to tell two apart.
	hintLength = len(prefix) + 4
	// overlap is for how long the secret before signs too: a day to put the new one in its place.
	overlap = 24 * time.Hour
	// place is where secrets are sealed.
	place = "secret"

	contentType = "application/cloudevents+json"
)

// newSecret is a random one as it is written, and as it is kept.
func newSecret(key vault.Key) (written string, sealed []byte) {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw) // never fails, says crypto/rand
	return prefix + base64.StdEncoding.EncodeToString(raw), key.Seal(place, raw)
}

// secrets are those that sign at an instant, the newest first.
func secrets(ctx context.Context, sealing *vault.Vault, r Receiver, now time.Time) ([][]byte, error) {
	key, err := sealing.Key(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	newest, err := key.Open(place, r.Secret)
	if err != nil {
		return nil, fmt.Errorf("opening the secret of receiver %s: %w", r.ID, err)
	}
	signing := [][]byte{newest}
	if len(r.Old) > 0 && now.Before(r.OldUntil) {
		old, err := key.Open(place, r.Old)
		if err != nil {
			return nil, fmt.Errorf("opening the old secret of receiver %s: %w", r.ID, err)
		}
		signing = append(signing, old)
	}
	return signing, nil
}

// headers are those of Standard Webhooks: who verifies them knows that the body comes from here, and when. Two secrets make two
// signatures, of which one has to hold.
func headers(secrets [][]byte, id string, at time.Time, body []byte) (http.Header, error) {
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		signer, err := standardwebhooks.NewWebhookRaw(secret)
		if err != nil {
			return nil, fmt.Errorf("signing: %w", err)
		}
		if signatures[i], err = signer.Sign(id, at, body); err != nil {
			return nil, fmt.Errorf("signing: %w", err)
		}
	}
	header := http.Header{}
	header.Set("Content-Type", contentType)
	header.Set(standardwebhooks.HeaderWebhookID, id)
	header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return header, nil
}
