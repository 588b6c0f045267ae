package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"jalon.dev/pkg/event"
)

const (
	// Events can be republished from the services' databases for as long as streams keep them.
	eventsKept = 30 * 24 * time.Hour
	// Letters wait longer: somebody has to look at them.
	deadLettersKept = 90 * 24 * time.Hour
	// Repetitions of a message id within this window are dropped by the server.
	duplicateWindow = 5 * time.Minute

	deadLetterStream  = "DEADLETTERS"
	deadLetterSubject = "deadletter."
	replaySubject     = "replay."
)

// EnsureStream makes the stream of a publishing service, and the one of the dead letters, unless they are there. Every
// service gives them the same shape, so the order of starting does not matter.
func (b *Bus) EnsureStream(ctx context.Context, service string) error {
	if err := b.ensure(ctx, serviceStream(service)); err != nil {
		return err
	}
	return b.ensure(ctx, deadLetters())
}

// ensure looks before it writes: an update that meets a stream while it is being deleted leaves the server with a subject
// that nobody acknowledges any more.
func (b *Bus) ensure(ctx context.Context, cfg jetstream.StreamConfig) error {
	cfg.Replicas = b.replicas
	stream, err := b.js.Stream(ctx, cfg.Name)
	switch {
	case err == nil && sameShape(stream.CachedInfo().Config, cfg):
		return nil
	case err == nil:
		_, err = b.js.UpdateStream(ctx, cfg)
	case errors.Is(err, jetstream.ErrStreamNotFound):
		_, err = b.js.CreateStream(ctx, cfg)
	}
	if err != nil {
		return fmt.Errorf("making stream %s: %w", cfg.Name, err)
	}
	return nil
}

func sameShape(a, b jetstream.StreamConfig) bool {
	return slices.Equal(a.Subjects, b.Subjects) && a.Description == b.Description && a.Storage == b.Storage &&
		a.Retention == b.Retention && a.Discard == b.Discard && a.MaxAge == b.MaxAge &&
		a.Duplicates == b.Duplicates && a.Replicas == b.Replicas
}

// restore makes the stream again that should have taken a message on the subject.
func (b *Bus) restore(ctx context.Context, subject string) error {
	ctx, cancel := b.request(ctx)
	defer cancel()
	if strings.HasPrefix(subject, deadLetterSubject) {
		return b.ensure(ctx, deadLetters())
	}
	if service := serviceOf(subject); service != "" {
		return b.EnsureStream(ctx, service)
	}
	return fmt.Errorf("no stream is known for subject %s", subject)
}

func serviceStream(service string) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:        streamName(service),
		Description: "events of " + service,
		Subjects:    []string{"jalon." + service + ".>", replaySubject + service + ".>"},
		Storage:     jetstream.FileStorage,
		Retention:   jetstream.LimitsPolicy,
		Discard:     jetstream.DiscardOld,
		MaxAge:      eventsKept,
		Duplicates:  duplicateWindow,
	}
}

func deadLetters() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:        deadLetterStream,
		Description: "messages that a handler could not deal with",
		Subjects:    []string{deadLetterSubject + ">"},
		Storage:     jetstream.FileStorage,
		Retention:   jetstream.LimitsPolicy,
		Discard:     jetstream.DiscardOld,
		MaxAge:      deadLettersKept,
		Duplicates:  duplicateWindow,
	}
}

// streamName is the stream of a service: "MOMENTS" for "moments".
func streamName(service string) string { return strings.ToUpper(service) }

// serviceOf is the service whose stream takes a subject.
func serviceOf(subject string) string {
	if rest, ok := strings.CutPrefix(subject, replaySubject); ok {
		service, _, _ := strings.Cut(rest, ".")
		return service
	}
	return event.Service(subject)
}

// replayTopic reaches one durable only: nobody else filters on it.
func replayTopic(service, durable string) string { return replaySubject + service + "." + durable }

// durable makes the consumer of a handler, and its stream, unless they are there.
func (b *Bus) durable(ctx context.Context, name, typ string, ackWait time.Duration, maxAckPending int) (jetstream.Consumer, error) {
	ctx, cancel := b.request(ctx)
	defer cancel()
	service := event.Service(typ)
	if err := b.EnsureStream(ctx, service); err != nil {
		return nil, err
	}
	consumer, err := b.js.CreateOrUpdateConsumer(ctx, streamName(service), jetstream.ConsumerConfig{
		Durable:        name,
		Description:    typ,
		FilterSubjects: []string{event.Topic(typ), replayTopic(service, name)},
		DeliverPolicy:  jetstream.DeliverAllPolicy,
		AckPolicy:      jetstream.AckExplicitPolicy,
		AckWait:        ackWait,
		MaxDeliver:     -1, // the router counts, so that a message that is given up becomes a dead letter
		MaxAckPending:  maxAckPending,
	})
	if err != nil {
		return nil, fmt.Errorf("making durable %s: %w", name, err)
	}
	return consumer, nil
}

// gone says that the server no longer has the stream or consumer that was asked for.
func gone(err error) bool {
	for _, lost := range []error{
		jetstream.ErrStreamNotFound, jetstream.ErrConsumerNotFound, jetstream.ErrConsumerDeleted,
		jetstream.ErrConsumerDoesNotExist, jetstream.ErrNoStreamResponse,
	} {
		if errors.Is(err, lost) {
			return true
		}
	}
	return false
}
