package delivery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/inbox"
)

// KindExpiry is the kind of agenda items that sweep up shown messages that have become pointless. There is one per
// minute in which something expires, whatever the number of people: a message is off the screens by itself at its
// expiry (inbox.Open), so that the sweep only has to tell pages that are open.
const KindExpiry = "expiry"

const (
	sweepEvery = time.Minute
	sweepBatch = 1000
)

// sweeps remembers which sweeps are scheduled, so that the many messages of one minute cost one write together.
type sweeps struct {
	mu        sync.Mutex
	scheduled map[time.Time]bool
}

// maxSweeps bounds what is remembered; forgetting costs a needless write only.
const maxSweeps = 10_000

// news returns the sweeps for the prompts that are not known to be scheduled.
func (s *sweeps) news(prompts []prompt) []agenda.Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	var items []agenda.Item
	seen := map[time.Time]bool{}
	for _, p := range prompts {
		at := p.ExpiresAt.Truncate(sweepEvery).Add(sweepEvery)
		if p.ExpiresAt.IsZero() || s.scheduled[at] || seen[at] {
			continue
		}
		seen[at] = true
		items = append(items, agenda.Item{ID: event.ID(KindExpiry, at.Format(time.RFC3339)), Kind: KindExpiry, Due: at})
	}
	return items
}

func (s *sweeps) remember(items []agenda.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.scheduled == nil || len(s.scheduled) > maxSweeps {
		s.scheduled = map[time.Time]bool{}
	}
	for _, item := range items {
		s.scheduled[item.Due] = true
	}
}

// sweepLater schedules what will tell of the prompts' expiry.
func (d *Delivery) sweepLater(ctx context.Context, prompts []prompt) error {
	items := d.sweeps.news(prompts)
	if len(items) == 0 {
		return nil
	}
	if err := d.agenda.Schedule(ctx, items...); err != nil {
		return fmt.Errorf("planning to expire %d prompts: %w", len(prompts), err)
	}
	d.sweeps.remember(items)
	return nil
}

// Expire ends every shown message that has become pointless, and says that the items, which asked for it, are done.
func (d *Delivery) Expire(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	for {
		personIDs, err := d.inboxes.Expiring(ctx, now, sweepBatch)
		if err != nil {
			return nil, err
		}
		if len(personIDs) == 0 {
			return agenda.DoneAll(items), nil
		}
		if err := d.expire(ctx, now, personIDs); err != nil {
			return nil, err
		}
	}
}

// expire tells first and saves then: an inbox that was saved is not found again, and telling twice does no harm.
func (d *Delivery) expire(ctx context.Context, now time.Time, personIDs []string) error {
	boxes, err := d.inboxes.Load(ctx, personIDs...)
	if err != nil {
		return err
	}
	var expired []prompt
	for _, box := range boxes {
		for _, m := range box.Expire(now, KindExpiry) {
			expired = append(expired, promptIn(box, m))
		}
	}
	if err := d.tellClosed(ctx, now, expired); err != nil {
		return err
	}
	_, err = d.change(ctx, personIDs, func(box *inbox.Inbox) {
		box.Expire(now, KindExpiry)
		box.Notice(now, d.rules.Quiet)
	})
	return err
}
