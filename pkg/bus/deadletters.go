package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go/jetstream"

	"jalon.dev/pkg/event"
)

var (
	// ErrNoLetter says that there is no dead letter of that id: replayed already, or never there.
	ErrNoLetter = errors.New("no such dead letter")
	// ErrNoHandler says that the handler which failed does not exist any more.
	ErrNoHandler = errors.New("the handler does not exist any more")
)

// Letter is a message that a handler could not deal with.
type Letter struct {
	ID         string // by which it is shown and replayed
	Handler    string // the durable that failed
	Reason     string
	Stream     string // where the message came from, with its place there
	Sequence   uint64
	MessageID  string
	Deliveries uint64
	DiedAt     time.Time
	// Event is what could be read of it; after a message that was no valid event, Broken says why.
	Event  event.Event
	Broken string
}

// DeadLetters are the messages put aside for somebody to look at.
type DeadLetters struct{ bus *Bus }

// DeadLetters opens the dead letters.
func (b *Bus) DeadLetters() *DeadLetters { return &DeadLetters{bus: b} }

// List reads all letters, the oldest first.
func (d *DeadLetters) List(ctx context.Context) ([]Letter, error) {
	stream, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the dead letters: %w", err)
	}
	letters := make([]Letter, 0, info.State.Msgs)
	for next := info.State.FirstSeq; uint64(len(letters)) < info.State.Msgs && next <= info.State.LastSeq; {
		raw, err := stream.GetMsg(ctx, next, jetstream.WithGetMsgSubject(deadLetterSubject+">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading dead letter %d: %w", next, err)
		}
		letters = append(letters, open(raw))
		next = raw.Sequence + 1
	}
	return letters, nil
}

// Get reads one letter; ErrNoLetter when there is none.
func (d *DeadLetters) Get(ctx context.Context, id string) (Letter, error) {
	stream, err := d.open(ctx)
	if err != nil {
		return Letter{}, err
	}
	raw, err := read(ctx, stream, id)
	if err != nil {
		return Letter{}, err
	}
	return open(raw), nil
}

// Replay hands letters to the handlers that failed, and to nobody else, as new messages; the event keeps its id. A letter is
// removed when its message is on its way; if the handler fails again, there will be a new letter. Replay stops at the
// first error and says how many letters were replayed.
func (d *DeadLetters) Replay(ctx context.Context, ids ...string) (replayed int, err error) {
	stream, err := d.open(ctx)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := d.replay(ctx, stream, id); err != nil {
			return replayed, fmt.Errorf("replaying dead letter %s: %w", id, err)
		}
		replayed++
	}
	return replayed, nil
}

func (d *DeadLetters) replay(ctx context.Context, stream jetstream.Stream, id string) error {
	raw, err := read(ctx, stream, id)
	if err != nil {
		return err
	}
	letter := open(raw)
	if _, err := d.bus.js.Consumer(ctx, letter.Stream, letter.Handler); gone(err) {
		return fmt.Errorf("%w: %s", ErrNoHandler, letter.Handler)
	} else if err != nil {
		return fmt.Errorf("looking for handler %s: %w", letter.Handler, err)
	}
	// The id follows from the letter: replaying it twice at the same time delivers it once.
	again := message.NewMessage(event.ID("replay", raw.Header.Get(jetstream.MsgIDHeader)), raw.Data)
	for key := range raw.Header {
		if !strings.HasPrefix(key, "jalon-dead-") && !strings.HasPrefix(key, "Nats-") {
			again.Metadata.Set(key, raw.Header.Get(key))
		}
	}
	again.SetContext(ctx)
	topic := replayTopic(strings.ToLower(letter.Stream), letter.Handler)
	if err := d.bus.Publisher().Publish(topic, again); err != nil {
		return err
	}
	if err := stream.DeleteMsg(ctx, raw.Sequence); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
		return fmt.Errorf("removing the letter: %w", err)
	}
	return nil
}

func (d *DeadLetters) open(ctx context.Context) (jetstream.Stream, error) {
	if err := d.bus.ensure(ctx, deadLetters()); err != nil {
		return nil, err
	}
	stream, err := d.bus.js.Stream(ctx, deadLetterStream)
	if err != nil {
		return nil, fmt.Errorf("opening the dead letters: %w", err)
	}
	return stream, nil
}

func read(ctx context.Context, stream jetstream.Stream, id string) (*jetstream.RawStreamMsg, error) {
	sequence, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%w: %q", ErrNoLetter, id)
	}
	raw, err := stream.GetMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, fmt.Errorf("%w: %s", ErrNoLetter, id)
	}
	if err != nil {
		return nil, fmt.Errorf("reading dead letter %s: %w", id, err)
	}
	return raw, nil
}

func open(raw *jetstream.RawStreamMsg) Letter {
	header := raw.Header
	letter := Letter{
		ID: strconv.FormatUint(raw.Sequence, 10), Handler: header.Get(headerHandler), Reason: header.Get(headerReason),
		Stream: header.Get(headerStream), MessageID: header.Get(headerMessageID), DiedAt: raw.Time.UTC(),
	}
	letter.Sequence, _ = strconv.ParseUint(header.Get(headerSequence), 10, 64)
	letter.Deliveries, _ = strconv.ParseUint(header.Get(headerDeliveries), 10, 64)
	if at, err := time.Parse(time.RFC3339Nano, header.Get(headerDiedAt)); err == nil {
		letter.DiedAt = at
	}
	msg := message.NewMessage(letter.MessageID, raw.Data)
	for key := range header {
		msg.Metadata.Set(key, header.Get(key))
	}
	var err error
	if letter.Event, err = event.FromMessage(msg); err != nil {
		letter.Broken = err.Error()
		letter.Event = event.Event{Type: event.TypeOf(msg), Data: raw.Data}
	}
	return letter
}
