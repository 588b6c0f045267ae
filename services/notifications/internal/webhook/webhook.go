package webhook

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/notifications/internal/outward"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// Kept is for how long deliveries, and the events that they deliver, are kept.
const Kept = 30 * 24 * time.Hour

// Parts is what webhooks work with.
type Parts struct {
	DB       *mongo.Database
	Clock    clock.Clock
	Log      *zap.Logger
	Register *people.Register
	// Vault seals the secrets; nil where no key is set, and then nothing leaves.
	Vault  *vault.Vault
	Client *outward.Client
}

// Webhooks keeps receivers and tells them of events.
type Webhooks struct {
	Parts
	store *store
	lease *mongodb.Lease
	wake  chan struct{}
	most  int64

	mu    sync.Mutex
	lines map[string]bool // receivers that are being told
	all   sync.WaitGroup
}

// New returns webhooks; they must run for anything to leave.
func New(parts Parts) *Webhooks {
	return &Webhooks{
		Parts: parts, store: newStore(parts.DB), lease: mongodb.NewLease(parts.DB, "webhooks"), wake: make(chan struct{}, 1), most: mostWaiting,
		lines: map[string]bool{},
	}
}

// Enabled tells whether anything leaves.
func (w *Webhooks) Enabled() bool { return w.Vault != nil }

var (
	// ErrOff says that no key is set under which secrets could be sealed.
	ErrOff = errors.New("nothing leaves: JALON_OUTGOING_KEY is not set")
	// ErrTooMany says that there are MostReceivers already.
	ErrTooMany = errors.New("there are as many receivers as there can be")
)

// ProblemsError says what is wrong with a draft.
type ProblemsError struct{ Problems []Problem }

func (e *ProblemsError) Error() string {
	return fmt.Sprintf("the draft has %d problems", len(e.Problems))
}

// List returns all receivers by name.
func (w *Webhooks) List(ctx context.Context) ([]Receiver, error) { return w.store.list(ctx, bson.D{}) }

// Get returns one, or mongodb.ErrNotFound.
func (w *Webhooks) Get(ctx context.Context, id string) (Receiver, error) {
	return w.store.receiver(ctx, id)
}

// Counts are how many deliveries of a receiver wait, and how many failed.
func (w *Webhooks) Counts(ctx context.Context, id string) (waiting, failed int64, err error) {
	if waiting, err = w.store.waiting(ctx, id, w.most); err != nil {
		return 0, 0, err
	}
	failed, err = w.store.failed(ctx, id)
	return waiting, failed, err
}

// Recent are the newest deliveries of a receiver, or the newest that failed.
func (w *Webhooks) Recent(ctx context.Context, id string, failed bool) ([]Delivery, error) {
	return w.store.recent(ctx, id, failed)
}

// Save makes a receiver, or changes the version of one. The secret of a new one is returned and never again.
func (w *Webhooks) Save(ctx context.Context, id string, version int64, draft Draft) (r Receiver, secret string, err error) {
	if !w.Enabled() {
		return Receiver{}, "", ErrOff
	}
	if problems := draft.Problems(w.Client); len(problems) > 0 {
		return Receiver{}, "", &ProblemsError{problems}
	}
	if version > 0 {
		if r, err = w.store.receiver(ctx, id); err != nil {
			return Receiver{}, "", err
		}
		r.Version, r.Draft = version+1, draft
		return r, "", w.store.write(ctx, r)
	}
	others, err := w.List(ctx)
	if err != nil {
		return Receiver{}, "", err
	}
	if len(others) >= MostReceivers {
		return Receiver{}, "", ErrTooMany
	}
	key, err := w.Vault.Key(ctx, id)
	if err != nil {
		return Receiver{}, "", err
	}
	now := w.Clock.Now()
	r = Receiver{ID: id, Version: 1, Draft: draft, State: On, StateSince: now, CreatedAt: now, Since: now}
	secret, r.Secret = newSecret(key)
	r.Hint = secret[:hintLength]
	return r, secret, w.store.begin(ctx, r)
}

// Switch stops or resumes deliveries. What waits for a receiver that is switched on is tried at once.
func (w *Webhooks) Switch(ctx context.Context, id string, on bool) (Receiver, error) {
	r, err := w.store.receiver(ctx, id)
	if err != nil || on == (r.State == On) && (on || r.State == Off) {
		return r, err
	}
	now := w.Clock.Now()
	if on && r.State != Failing {
		r.Since = now
	}
	r.State, r.StateSince, r.Failures, r.RestUntil = Off, now, 0, time.Time{}
	if on {
		r.State = On
	}
	err = w.store.set(ctx, r, bson.D{
		{Key: "state", Value: r.State},
		{Key: "state_since", Value: now},
		{Key: "since", Value: r.Since},
		{Key: "failures", Value: 0},
		{Key: "rest_until", Value: r.RestUntil},
	})
	if err != nil || !on {
		return r, err
	}
	_, err = w.store.again(ctx, waitingOf(id), now)
	w.Wake()
	return r, err
}

// Rotate makes a new secret, which is returned and never again. The one before signs for a day more.
func (w *Webhooks) Rotate(ctx context.Context, id string) (r Receiver, secret string, err error) {
	if !w.Enabled() {
		return Receiver{}, "", ErrOff
	}
	if r, err = w.store.receiver(ctx, id); err != nil {
		return Receiver{}, "", err
	}
	r.Old, r.OldUntil = r.Secret, w.Clock.Now().Add(overlap)
	key, err := w.Vault.Key(ctx, id)
	if errors.Is(err, vault.ErrSealed) { // the master key is lost, and the old secret with it
		r.Old, r.OldUntil = nil, time.Time{}
		if err = w.Vault.Forget(ctx, id); err == nil {
			key, err = w.Vault.Key(ctx, id)
		}
	}
	if err != nil {
		return Receiver{}, "", err
	}
	secret, r.Secret = newSecret(key)
	r.Hint = secret[:hintLength]
	return r, secret, w.store.set(ctx, r, bson.D{
		{Key: "secret", Value: r.Secret},
		{Key: "hint", Value: r.Hint},
		{Key: "old_secret", Value: r.Old},
		{Key: "old_until", Value: r.OldUntil},
		{Key: "rest_until", Value: time.Time{}},
	})
}

// Test sends an event of its own at once, whatever the state of the receiver, and returns what it answers. Nothing of it is kept.
func (w *Webhooks) Test(ctx context.Context, id string) (outward.Answer, error) {
	if !w.Enabled() {
		return outward.Answer{}, ErrOff
	}
	r, err := w.store.receiver(ctx, id)
	if err != nil {
		return outward.Answer{}, err
	}
	ev, err := event.NewKeyed(ctx, "notifications", r.ID, uuid.NewString(), w.Clock.Now(), &notificationsv1.WebhookTested{ReceiverId: r.ID})
	if err != nil {
		return outward.Answer{}, err
	}
	return w.post(ctx, r, ev)
}

// Replay delivers one again, whatever became of it.
func (w *Webhooks) Replay(ctx context.Context, id, deliveryID string) (int64, error) {
	return w.replay(ctx, bson.D{
		{Key: "_id", Value: deliveryID}, {Key: "receiver", Value: id}, {Key: "fate", Value: bson.D{{Key: "$in", Value: bson.A{Delivered, Failed}}}},
	})
}

// ReplayFailed delivers again all that failed of what happened since an instant.
func (w *Webhooks) ReplayFailed(ctx context.Context, id string, since time.Time) (int64, error) {
	return w.replay(ctx, bson.D{
		{Key: "receiver", Value: id}, {Key: "fate", Value: Failed}, {Key: "happened_at", Value: bson.D{{Key: "$gte", Value: since}}},
	})
}

func (w *Webhooks) replay(ctx context.Context, filter bson.D) (int64, error) {
	n, err := w.store.again(ctx, filter, w.Clock.Now())
	w.Wake()
	return n, err
}

// Remove forgets a receiver, its secret and its deliveries.
func (w *Webhooks) Remove(ctx context.Context, id string) error {
	if err := w.store.remove(ctx, id); err != nil || !w.Enabled() {
		return err
	}
	return w.Vault.Forget(ctx, id)
}

// Expire forgets deliveries and events that were kept for their time.
func (w *Webhooks) Expire(ctx context.Context, now time.Time) error {
	return w.store.expire(ctx, now.Add(-Kept))
}
