package bus

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"jalon.dev/pkg/event"
)

// publishPatience outlasts the election of a cluster's new leader, during which nothing is acknowledged for 6 to 8 s.
const publishPatience = 20 * time.Second

// ErrStoreFull says that the server has no room left for events.
var ErrStoreFull = errors.New("the bus has no room left on its disk")

var errPublisherClosed = errors.New("the publisher is closed")

// Publisher is the bus as Watermill's publisher. All messages of one call are sent at once; the call returns when each is
// acknowledged, or fails after 20 s of trying or when the first message's context ends. What was acknowledged by then
// stays published: publishing the same messages again is harmless, the server drops the repetitions by their UUIDs.
func (b *Bus) Publisher() message.Publisher { return b.newPublisher() }

func (b *Bus) newPublisher() *publisher {
	return &publisher{js: b.js, log: b.log, restore: b.restore, patience: publishPatience}
}

// PublishEvents publishes events, each on the topic of its type; see Publisher for what it promises.
func (b *Bus) PublishEvents(ctx context.Context, events []event.Event) error {
	messages := make([]*nats.Msg, 0, len(events))
	for _, e := range events {
		messages = append(messages, toNATS(event.Topic(e.Type), event.ToMessage(e)))
	}
	if err := b.newPublisher().send(ctx, messages); err != nil {
		return err
	}
	b.tel.published.Add(ctx, int64(len(events)))
	return nil
}

type publisher struct {
	js       jetstream.JetStream
	log      *zap.Logger
	restore  func(ctx context.Context, subject string) error // makes a lost stream again
	patience time.Duration
	closed   atomic.Bool
}

// Publish implements message.Publisher.
func (p *publisher) Publish(topic string, messages ...*message.Message) error {
	if p.closed.Load() {
		return errPublisherClosed
	}
	if len(messages) == 0 {
		return nil
	}
	out := make([]*nats.Msg, 0, len(messages))
	for _, msg := range messages {
		out = append(out, toNATS(topic, msg))
	}
	return p.send(messages[0].Context(), out)
}

// Close implements message.Publisher. The connection is not the publisher's to close.
func (p *publisher) Close() error {
	p.closed.Store(true)
	return nil
}

func (p *publisher) send(ctx context.Context, messages []*nats.Msg) error {
	deadline := time.Now().Add(p.patience)
	waiting := messages
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		var err error
		if waiting, err = p.attempt(ctx, waiting); len(waiting) == 0 {
			return nil
		}
		if ctx.Err() != nil || p.js.Conn().IsClosed() || hopeless(err) || time.Now().Add(wait).After(deadline) {
			return fmt.Errorf("publishing: %d of %d messages are not acknowledged: %w", len(waiting), len(messages), err)
		}
		if errors.Is(err, nats.ErrNoResponders) || gone(err) {
			if err := p.restore(ctx, waiting[0].Subject); err != nil {
				p.log.Warn("a stream is missing and cannot be made yet", zap.Error(err))
			}
		}
		pause(ctx, wait)
	}
}

// attempt sends all messages and waits for each acknowledgement. It returns those without one, and why.
func (p *publisher) attempt(ctx context.Context, messages []*nats.Msg) (failed []*nats.Msg, reason error) {
	acks := make([]jetstream.PubAckFuture, 0, len(messages))
	for _, msg := range messages {
		// No tries of its own inside: the loop in send decides, and knows how to make a missing stream.
		ack, err := p.js.PublishMsgAsync(msg, jetstream.WithStallWait(requestTimeout), jetstream.WithRetryAttempts(0))
		if err != nil {
			reason = err
			break
		}
		acks = append(acks, ack)
	}
	for i, ack := range acks {
		select {
		case <-ack.Ok():
		case err := <-ack.Err():
			failed, reason = append(failed, messages[i]), explain(err)
		case <-ctx.Done():
			failed, reason = append(failed, messages[i]), ctx.Err()
		}
	}
	return append(failed, messages[len(acks):]...), reason
}

// hopeless errors will be the same at the next try.
func hopeless(err error) bool {
	return errors.Is(err, ErrStoreFull) || // whoever publishes has an outbox and comes back
		errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, nats.ErrConnectionDraining) ||
		errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, nats.ErrBadSubject) ||
		errors.Is(err, nats.ErrHeadersNotSupported)
}

// explain names the refusals that somebody can do something about.
func explain(err error) error {
	const resourcesExceeded, storageExceeded, storeFailed = 10023, 10047, 10077
	var refusal *jetstream.APIError
	if errors.As(err, &refusal) {
		switch refusal.ErrorCode {
		case resourcesExceeded, storageExceeded, storeFailed:
			return fmt.Errorf("%w: %w", ErrStoreFull, err)
		}
	}
	return err
}

func toNATS(topic string, msg *message.Message) *nats.Msg {
	out := &nats.Msg{Subject: topic, Data: msg.Payload, Header: make(nats.Header, len(msg.Metadata)+1)}
	for key, value := range msg.Metadata {
		out.Header[key] = []string{value}
	}
	out.Header[nats.MsgIdHdr] = []string{msg.UUID}
	return out
}
