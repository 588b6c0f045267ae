package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"jalon.dev/pkg/event"
)

var (
	errGap       = errors.New("messages were missed on the way")
	errReconnect = errors.New("the connection was lost")
)

// follower reads a stream in order by a consumer of its own that leaves no trace, and goes on where it was after every
// interruption. The jetstream package's ordered consumer does the same, except that it would wait for ever on a stream that
// was lost and began again at 1.
type follower struct {
	bus     *Bus
	service string
	filters []string
	next    uint64    // the sequence to go on with; 0 = from now on
	created time.Time // of the stream that next belongs to
}

// start finds the place in the stream from which to follow.
func (f *follower) start(ctx context.Context) error {
	stream, err := f.stream(ctx)
	if err != nil {
		return err
	}
	info := stream.CachedInfo()
	switch {
	case f.created.IsZero() && f.next == 0:
		f.next = info.State.LastSeq + 1
	case !f.created.IsZero() && !f.created.Equal(info.Created):
		f.next = 1
	}
	f.created = info.Created
	return nil
}

// run calls each for every message until ctx ends; it returns ctx's error.
func (f *follower) run(ctx context.Context, each func(jetstream.Msg) error) error {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		before := f.next
		err := f.read(ctx, each)
		var stop stopError
		if errors.As(err, &stop) {
			return stop.error
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if f.next != before {
			wait = 50 * time.Millisecond
		}
		pause(ctx, wait)
	}
}

// stopError ends a follower from within its callback.
type stopError struct{ error }

func (f *follower) read(ctx context.Context, each func(jetstream.Msg) error) error {
	connected := f.bus.session()
	if err := f.start(ctx); err != nil {
		return err
	}
	consumer, err := f.consumer(ctx)
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(256), jetstream.PullHeartbeat(5*time.Second))
	if err != nil {
		return fmt.Errorf("following %s: %w", f.service, err)
	}
	defer messages.Stop()
	defer context.AfterFunc(ctx, messages.Stop)()
	defer context.AfterFunc(connected, messages.Stop)() //nolint:contextcheck // the connection's life, not the caller's
	for expected := uint64(1); ; expected++ {
		msg, err := messages.Next()
		if err != nil {
			return fmt.Errorf("following %s: %w", f.service, err)
		}
		meta, err := msg.Metadata()
		if err != nil {
			return fmt.Errorf("following %s: %w", f.service, err)
		}
		if meta.Sequence.Consumer != expected {
			return errGap
		}
		if connected.Err() != nil {
			return errReconnect
		}
		if err := each(msg); err != nil {
			return stopError{err}
		}
		f.next = meta.Sequence.Stream + 1
	}
}

func (f *follower) stream(ctx context.Context) (jetstream.Stream, error) {
	ctx, cancel := f.bus.request(ctx)
	defer cancel()
	stream, err := f.bus.js.Stream(ctx, streamName(f.service))
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if err = f.bus.EnsureStream(ctx, f.service); err == nil {
			stream, err = f.bus.js.Stream(ctx, streamName(f.service))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("opening the stream of %s: %w", f.service, err)
	}
	return stream, nil
}

func (f *follower) consumer(ctx context.Context) (jetstream.Consumer, error) {
	ctx, cancel := f.bus.request(ctx)
	defer cancel()
	consumer, err := f.bus.js.CreateConsumer(ctx, streamName(f.service), jetstream.ConsumerConfig{
		FilterSubjects:    f.filters,
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       max(f.next, 1),
		AckPolicy:         jetstream.AckNonePolicy,
		InactiveThreshold: 30 * time.Second, // the server forgets it when nobody asks any more
		MemoryStorage:     true,
		Replicas:          1,
	})
	if err != nil {
		return nil, fmt.Errorf("following %s: %w", f.service, err)
	}
	return consumer, nil
}

// eventOf reads the event in a message of a stream.
func eventOf(in jetstream.Msg) (event.Event, error) {
	msg, _ := fromNATS(in)
	return event.FromMessage(msg)
}
