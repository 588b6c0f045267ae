// Package closing closes invitations that were answered, so that their prompts go away on every page. An answer is stored by
// one write that also marks it as closing; everything else happens here, for many answers at a time, and is found again after
// a crash by the mark.
package closing

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/outbox"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/survey"
)

const (
	// most invitations are closed by one event.
	most = 1000
	// sweepEvery is how long a mark that another process left behind can stay.
	sweepEvery = time.Hour
	// gather is the pause after a batch: the first answer is closed at once, and in a rush many at a time.
	gather = 50 * time.Millisecond
	// retryAfter is the pause after the database failed.
	retryAfter = time.Second
)

// Invitation is one to close; PersonID is empty where it was asked by a personal link, and no prompt shows it.
type Invitation struct{ ID, PersonID string }

// Closer closes invitations.
type Closer struct {
	responses *mongostore.Responses
	drafts    *mongostore.Drafts
	followUps *mongostore.FollowUps
	clock     clock.Clock
	keep      time.Duration
	relay     *outbox.Relay
	log       *zap.Logger

	mu    sync.Mutex
	queue []Invitation
	doubt []Invitation // whose answers may be stored and marked
	aged  int          // how many doubts are older than a round
	open  int          // in the queues, and in hand
	swept bool         // what a crash left behind is in the queue
	wake  chan struct{}
}

// New makes a closer. keep is how long an invitation may be answered at most; wakeRelay tells the relay of an event.
func New(
	responses *mongostore.Responses, drafts *mongostore.Drafts, followUps *mongostore.FollowUps, clk clock.Clock, keep time.Duration, relay *outbox.Relay,
	log *zap.Logger,
) *Closer {
	return &Closer{
		responses: responses, drafts: drafts, followUps: followUps, clock: clk, keep: keep, relay: relay, log: log,
		wake: make(chan struct{}, 1),
	}
}

// Close has an invitation closed whose answer is stored. It never blocks.
func (c *Closer) Close(invitation Invitation) {
	c.mu.Lock()
	c.queue = append(c.queue, invitation)
	c.open++
	c.mu.Unlock()
	c.signal()
}

// Doubt has an invitation closed if its answer turns out to be stored and marked: when storing it ended without a word, or it
// was stored by an attempt of which nobody knows how far it came. It never blocks.
func (c *Closer) Doubt(invitation Invitation) {
	c.mu.Lock()
	c.doubt = append(c.doubt, invitation)
	c.open++
	c.mu.Unlock()
	c.signal()
}

// Settled tells that everything that was answered here, or left behind by a crash, is closed.
func (c *Closer) Settled() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.swept && c.open == 0
}

// Run closes what Close is given, and now and then what was left behind, until ctx ends.
func (c *Closer) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	var before map[string]bool // what the last look found; nil before the first
	look := true
	for {
		var err error
		if look {
			before, err = c.sweep(ctx, before)
		}
		if err == nil {
			look, err = false, c.drain(ctx)
		}
		if err != nil && ctx.Err() == nil {
			c.log.Warn("answered invitations wait to be closed", zap.Error(err))
			rest(ctx, retryAfter)
			continue
		}
		rest(ctx, gather)
		select {
		case <-c.wake:
		case <-tick.C:
			look = true
		case <-ctx.Done():
			return c.finish(ctx)
		}
	}
}

// finish closes what was answered before the service was told to stop; what it cannot is marked and found at the next start.
func (c *Closer) finish(ctx context.Context) error {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), retryAfter)
	defer cancel()
	if err := c.drain(last); err != nil {
		c.log.Warn("stopping while answered invitations wait to be closed", zap.Error(err))
	}
	return nil
}

func rest(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// drain closes everything in the queue. What fails goes back into it.
func (c *Closer) drain(ctx context.Context) error {
	for {
		batch := c.take()
		if len(batch) == 0 {
			return c.resolve(ctx)
		}
		if err := c.closeAll(ctx, batch); err != nil {
			c.mu.Lock()
			c.queue = append(batch, c.queue...)
			c.mu.Unlock()
			return err
		}
		c.mu.Lock()
		c.open -= len(batch)
		c.mu.Unlock()
	}
}

// resolve moves those doubtful invitations to the queue whose answers stand marked, and forgets the others. A doubt is given a
// round of time first: mostly another tab stored the answer, and is about to have it closed.
func (c *Closer) resolve(ctx context.Context) error {
	c.mu.Lock()
	doubtful := c.doubt[:c.aged:c.aged]
	c.aged = len(c.doubt)
	if c.aged > 0 {
		c.signal()
	}
	c.mu.Unlock()
	if len(doubtful) == 0 {
		return nil
	}
	ids := make([]string, len(doubtful))
	for i, invitation := range doubtful {
		ids[i] = survey.ResponseID(invitation.ID)
	}
	marked, err := c.responses.ClosingAmong(ctx, ids)
	if err != nil {
		return err
	}
	for i, invitation := range doubtful {
		if slices.Contains(marked, ids[i]) && !slices.Contains(doubtful[:i], invitation) {
			c.Close(invitation)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doubt = c.doubt[len(doubtful):]
	c.aged -= len(doubtful)
	c.open -= len(doubtful)
	return nil
}

// signal asks for another round.
func (c *Closer) signal() {
	select {
	case c.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (c *Closer) take() []Invitation {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(c.queue), most)
	batch := c.queue[:n:n]
	c.queue = c.queue[n:]
	return batch
}

func (c *Closer) closeAll(ctx context.Context, batch []Invitation) error {
	msg := &momentsv1.InvitationsClosed{}
	ids, responses := make([]string, len(batch)), make([]string, len(batch))
	for i, invitation := range batch {
		ids[i], responses[i] = invitation.ID, survey.ResponseID(invitation.ID)
		if invitation.PersonID != "" {
			msg.Invitations = append(msg.Invitations, &momentsv1.InvitationsClosed_Closed{
				InvitationId: invitation.ID, PersonId: invitation.PersonID,
			})
		}
	}
	if len(msg.GetInvitations()) > 0 {
		ev, err := event.NewKeyed(ctx, "moments", "", event.ID(ids...), c.clock.Now(), msg)
		if err != nil {
			return fmt.Errorf("closing %d invitations: %w", len(batch), err)
		}
		if err := c.relay.Append(ctx, ev); err != nil {
			return fmt.Errorf("closing %d invitations: %w", len(batch), err)
		}
	}
	if err := c.drafts.Drop(ctx, ids...); err != nil {
		return err
	}
	return c.responses.Closed(ctx, responses)
}
