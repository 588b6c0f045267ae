package bus

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"

	"jalon.dev/pkg/event"
)

// errWornOut is the reason of dead letters that were delivered again and again without an outcome: they may be what
// kills the process.
var errWornOut = errors.New("delivered too many times without an outcome")

// middleware wraps every handler, from the outside in.
func (r *Router) middleware() ([]message.HandlerMiddleware, error) {
	deadLetters, err := middleware.PoisonQueueWithFilter(
		&undertaker{publisher: r.bus.newPublisher(), tel: r.bus.tel, log: r.log}, deadLetterSubject, r.dead)
	if err != nil {
		return nil, fmt.Errorf("making the dead letter queue: %w", err)
	}
	retry := middleware.Retry{
		MaxRetries:      r.timing.retries,
		InitialInterval: r.timing.firstRetry,
		Multiplier:      3,
		MaxInterval:     10 * r.timing.firstRetry,
		// The message stays alive by heartbeats; but whoever waits behind it should not wait long.
		MaxElapsedTime:      r.timing.ackWait / 2,
		RandomizationFactor: 0.2,
		ShouldRetry: func(params middleware.RetryParams) bool {
			return !errors.Is(params.Err, event.ErrInvalid) && !r.stopping(params.Err)
		},
		ResetContextOnRetry: true,
	}
	return []message.HandlerMiddleware{
		r.bus.tel.middleware,
		deadLetters,
		r.wornOut,
		middleware.Recoverer,
		retry.Middleware,
		restoreContext,
		middleware.Timeout(r.timing.handling),
	}, nil
}

// dead decides which failures make a dead letter: not those of stopping, and not those that pass by themselves.
func (r *Router) dead(err error) bool {
	if errors.Is(err, errWornOut) {
		return true
	}
	if r.stopping(err) {
		return false
	}
	for _, passes := range r.transient {
		if passes(err) {
			return false
		}
	}
	return true
}

// stopping is known from a flag of our own: Watermill's IsClosed waits until closing is over.
func (r *Router) stopping(err error) bool {
	return r.closing.Load() || errors.Is(err, context.Canceled)
}

func (r *Router) wornOut(next message.HandlerFunc) message.HandlerFunc {
	return func(msg *message.Message) ([]*message.Message, error) {
		if n := deliveryOf(msg.Context()).Deliveries; n > r.timing.maxDeliveries {
			return nil, fmt.Errorf("%w: %d", errWornOut, n-1)
		}
		return next(msg)
	}
}

// restoreContext gives the message its context back after a try: the time-out left a dead one, with which nothing outside
// could work.
func restoreContext(next message.HandlerFunc) message.HandlerFunc {
	return func(msg *message.Message) ([]*message.Message, error) {
		ctx := msg.Context()
		defer msg.SetContext(ctx)
		return next(msg)
	}
}

// passing recognises failures of the surroundings: time-outs, the network, the database driver's network errors (which
// carry labels).
func passing(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var network net.Error
	if errors.As(err, &network) {
		return true
	}
	var labelled interface{ HasErrorLabel(string) bool }
	return errors.As(err, &labelled) && (labelled.HasErrorLabel("NetworkError") || labelled.HasErrorLabel("RetryableWriteError"))
}
