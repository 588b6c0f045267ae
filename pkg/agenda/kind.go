package agenda

import (
	"context"
	"fmt"
	"time"
)

// Handler does what is due: at most 1,000 items at a time. It is called again with the same items when it or the process
// fails, and may rarely run twice at once: what it writes must carry ids that follow from the items'. It returns an
// outcome for each item. Outcomes returned beside an error count; the items without one are tried again.
type Handler func(ctx context.Context, now time.Time, items []Item) ([]Outcome, error)

const (
	// restFirst to restLongest, in real time, is how long a kind rests after a failure.
	restFirst   = 50 * time.Millisecond
	restLongest = 10 * time.Second
	// shrink is by how much the batch gets smaller with each failure, until the item that causes it stands alone.
	shrink = 4
)

// kind is a kind of items, its handlers, and how it fares.
type kind struct {
	name     string
	handle   Handler
	onExpiry func(ctx context.Context, now time.Time, items []Item) error

	limit     int       // how many items to hand out next
	failures  int       // in a row
	restUntil time.Time // real time
}

// Handle names the handler of a kind. Call it before Run.
func (a *Agenda) Handle(name string, fn Handler) { a.kind(name).handle = fn }

// HandleExpired names what is told of items of a kind that expire, before they are marked so. As with a Handler, doing
// it again must do no harm. Call it before Run.
func (a *Agenda) HandleExpired(name string, fn func(ctx context.Context, now time.Time, items []Item) error) {
	a.kind(name).onExpiry = fn
}

func (a *Agenda) kind(name string) *kind {
	for _, k := range a.kinds {
		if k.name == name {
			return k
		}
	}
	k := &kind{name: name, limit: a.batch}
	a.kinds = append(a.kinds, k)
	return k
}

// resting says whether the kind is to be left alone for now.
func (k *kind) resting() bool { return time.Now().Before(k.restUntil) }

// rest leaves the kind alone for a while.
func (k *kind) rest(d time.Duration) { k.restUntil = time.Now().Add(d) }

// succeeded makes batches larger again.
func (k *kind) succeeded(most int) {
	k.failures = 0
	k.limit = min(2*k.limit, most)
}

// failed rests the kind, longer each time. The first failure changes nothing else: most pass by themselves.
func (k *kind) failed() {
	k.rest(min(restFirst<<min(k.failures, 10), restLongest))
	if k.failures > 0 {
		k.limit = max(1, k.limit/shrink)
	}
	k.failures++
}

// call runs the handler. A panic is an error like another: one item must not stop the service for all.
func (k *kind) call(ctx context.Context, now time.Time, items []Item) (results map[string]result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("handler of %s panicked: %v", k.name, p)
		}
	}()
	outcomes, err := k.handle(ctx, now, items)
	results, wrong := checkOutcomes(now, items, outcomes)
	switch {
	case err != nil:
		return results, err
	case wrong != nil:
		return nil, fmt.Errorf("handler of %s: %w", k.name, wrong)
	case len(results) < len(items):
		return results, fmt.Errorf("handler of %s left %d of %d items without outcome", k.name, len(items)-len(results), len(items))
	}
	return results, nil
}

// expire tells of expired items and returns what to write about them.
func (k *kind) expire(ctx context.Context, now time.Time, items []Item) (results map[string]result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("handler of expired %s panicked: %v", k.name, p)
		}
	}()
	if k.onExpiry != nil {
		if err := k.onExpiry(ctx, now, items); err != nil {
			return nil, err
		}
	}
	results = make(map[string]result, len(items))
	for _, item := range items {
		reason := "was due " + item.Due.Format(time.RFC3339) + " and of no use from " + item.Expires.Format(time.RFC3339)
		results[item.ID] = result{state: StateExpired, reason: reason}
	}
	return results, nil
}
