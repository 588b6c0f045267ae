package webhook

import (
	"context"

	"jalon.dev/pkg/event"
)

// mostWaiting is how many events may wait for one receiver; what happens beyond is not kept for it, and its page says so.
const mostWaiting = 10_000

// Take keeps an event for those receivers that are to be told of it. It tells nobody: a slow receiver must not hold events up. The
// same event once more changes nothing.
//
// What it wrote of people who were erased it takes out again: an erasure leaves its mark first, so that one of the two sees the other.
func (w *Webhooks) Take(ctx context.Context, ev event.Event) error {
	receivers, err := w.store.wanting(ctx, ev.Type)
	if err != nil {
		return err
	}
	now := w.Clock.Now()
	var deliveries []any
	for _, r := range receivers {
		if !r.Granted(ev.Type) || !r.telling(ev.Time) {
			continue
		}
		n, err := w.store.waiting(ctx, r.ID, w.most)
		if err != nil {
			return err
		}
		if n >= w.most {
			if err := w.store.missed(ctx, r, ev.Time); err != nil {
				return err
			}
			continue
		}
		deliveries = append(deliveries, newDelivery(r, ev, now))
	}
	if len(deliveries) == 0 {
		return nil
	}
	if err := w.store.queue(ctx, ev, now, deliveries); err != nil {
		return err
	}
	if err := w.forgetErased(ctx, ev); err != nil {
		return err
	}
	w.Wake()
	return nil
}

func (w *Webhooks) forgetErased(ctx context.Context, ev event.Event) error {
	if ev.Type == erasing {
		return nil
	}
	ids, err := named(ev)
	if err != nil {
		return err
	}
	gone, err := w.Register.Erased(ctx, ids)
	if err != nil || len(gone) == 0 {
		return err
	}
	return w.store.erase(ctx, gone)
}

// Forget takes people who were erased out of what is kept: nobody is told of them any more.
func (w *Webhooks) Forget(ctx context.Context, people []string) error {
	return w.store.erase(ctx, people)
}
