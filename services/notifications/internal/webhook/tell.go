package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.uber.org/zap"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/notifications/internal/outward"
)

const (
	// look is how long what another process kept, or what comes up again, can go unnoticed.
	look = time.Second
	// noting is for how long it is tried to note what came of an attempt, also when the process has to end. What is not noted is
	// delivered again.
	noting = 5 * time.Second
	// sealed is how long a receiver is left alone whose secret cannot be opened.
	sealed = time.Minute
	// unread deliveries could not be written: their event is of a type that this program does not know.
	unread outward.Trouble = "unreadable"
)

// Wake tells that something may be due. It never blocks.
func (w *Webhooks) Wake() {
	select {
	case w.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Run tells receivers until ctx ends; requests that are under way are finished. Of any number of replicas one tells.
func (w *Webhooks) Run(ctx context.Context) error {
	if !w.Enabled() {
		w.Log.Info("nothing leaves for other systems: no key is set under which their secrets could be sealed (JALON_OUTGOING_KEY)")
		<-ctx.Done()
		return nil
	}
	defer w.Client.Close()
	if err := w.lease.Hold(ctx, w.work); ctx.Err() == nil {
		return err
	}
	return nil // it was told to end, which is no failure
}

// work gives each receiver that is to be called a line of its own, as long as something is due for it.
func (w *Webhooks) work(ctx context.Context) error {
	defer w.all.Wait()
	for ctx.Err() == nil {
		receivers, err := w.store.list(ctx, bson.D{{Key: "state", Value: On}})
		if err != nil && ctx.Err() == nil {
			w.Log.Warn("deliveries wait", zap.Error(err))
		}
		for _, r := range receivers {
			if !w.Clock.Now().Before(r.RestUntil) && w.take(r.ID) {
				w.all.Go(func() {
					defer w.leave(r.ID)
					w.line(ctx, r.ID)
				})
			}
		}
		select {
		case <-w.wake:
		case <-time.After(look):
		case <-ctx.Done():
		}
	}
	return nil
}

// take says whether nobody tells the receiver yet.
func (w *Webhooks) take(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lines[id] {
		return false
	}
	w.lines[id] = true
	return true
}

func (w *Webhooks) leave(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.lines, id)
}

// line tells one receiver what is due, until nothing is, or it has to rest.
func (w *Webhooks) line(ctx context.Context, id string) {
	for more := true; more && ctx.Err() == nil; {
		var err error
		if more, err = w.one(ctx, id); err != nil && ctx.Err() == nil {
			w.Log.Warn("deliveries wait", zap.String("receiver", id), zap.Error(err))
			return
		}
	}
}

// one makes one delivery and says whether another may follow at once.
func (w *Webhooks) one(ctx context.Context, id string) (bool, error) {
	r, err := w.store.receiver(ctx, id)
	now := w.Clock.Now()
	switch {
	case errors.Is(err, mongodb.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case r.State != On || now.Before(r.RestUntil):
		return false, nil
	}
	d, err := w.store.next(ctx, id, now)
	if errors.Is(err, mongodb.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	ev, err := w.store.event(ctx, d.EventID)
	if errors.Is(err, mongodb.ErrNotFound) || err == nil && !r.Granted(d.Type) {
		return true, w.store.withdraw(ctx, bson.D{{Key: "_id", Value: d.ID}})
	}
	if err != nil {
		return false, err
	}
	return w.deliver(ctx, r, d, ev)
}

// deliver makes an attempt and notes what came of it, even when ctx has ended meanwhile. A process that dies in between makes it
// again: receivers tell repetitions by the event's id.
func (w *Webhooks) deliver(ctx context.Context, r Receiver, d Delivery, ev event.Event) (bool, error) {
	answer, err := w.post(context.WithoutCancel(ctx), r, ev) // which has a time of its own
	now := w.Clock.Now()
	var after Receiver
	var noted Delivery
	switch {
	case errors.Is(err, event.ErrInvalid):
		noted, after = d, r
		noted.Fate, noted.TriedAt, noted.Trouble = Failed, now, unread
		noted.Wake = time.Time{}
	case err != nil: // its secret cannot be opened, and the next one's neither
		after = r
		after.RestUntil = now.Add(sealed)
		return false, errors.Join(err, w.store.fared(ctx, r, after))
	default:
		noted, after = judge(d, r, answer, now)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer cancel()
	if err := w.store.note(ctx, d, noted); err != nil {
		return false, err
	}
	if after.State != r.State {
		w.Log.Warn("a receiver is told no more", zap.String("receiver", r.ID), zap.String("state", string(after.State)), zap.Int("status", answer.Status))
	}
	return !w.Clock.Now().Before(after.RestUntil) && after.State == On, w.store.fared(ctx, r, after)
}

// post signs an event and sends it.
func (w *Webhooks) post(ctx context.Context, r Receiver, ev event.Event) (outward.Answer, error) {
	body, err := event.JSON(ev)
	if err != nil {
		return outward.Answer{}, err
	}
	signing, err := secrets(ctx, w.Vault, r, w.Clock.Now())
	if err != nil {
		return outward.Answer{}, err
	}
	// The time in the signature is the world's, whatever time it is here: who receives it holds it against their own clock.
	header, err := headers(signing, ev.ID, time.Now(), body)
	if err != nil {
		return outward.Answer{}, fmt.Errorf("writing event %s: %w", ev.ID, err)
	}
	return w.Client.Post(ctx, r.Address, header, body), nil
}

// DueNow counts what is due for receivers that are called.
func (w *Webhooks) DueNow(ctx context.Context) (int, error) {
	if !w.Enabled() {
		return 0, nil
	}
	receivers, err := w.store.list(ctx, bson.D{{Key: "state", Value: On}})
	if err != nil {
		return 0, err
	}
	var called []string
	now := w.Clock.Now()
	for _, r := range receivers {
		if !now.Before(r.RestUntil) {
			called = append(called, r.ID)
		}
	}
	if len(called) == 0 {
		return 0, nil
	}
	n, err := w.store.due(ctx, called, now)
	return int(n), err
}
