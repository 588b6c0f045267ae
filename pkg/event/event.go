// Package event is what one service tells the others: a fact that happened, as it is recorded in an outbox and sent over
// the bus. Events follow CloudEvents 1.0; their data is a protobuf message that carries a class (jalon.event.v1.class).
package event

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"buf.build/go/protovalidate"
	"github.com/google/uuid"
	"go.opentelemetry.io/otel/propagation"
	"google.golang.org/protobuf/proto"
)

// ErrInvalid is wrapped by every error that says an event can never be accepted as it stands: trying again is useless.
var ErrInvalid = errors.New("invalid event")

// Event is one fact. The zero value is not valid; make events with New or NewKeyed.
type Event struct {
	ID          string    `bson:"id"`                // a UUID
	Type        string    `bson:"type"`              // full protobuf name of the data
	Source      string    `bson:"source"`            // the publishing service
	Subject     string    `bson:"subject,omitempty"` // id of what it is about, where there is one
	Time        time.Time `bson:"time"`              // when it happened; UTC, whole milliseconds
	TraceParent string    `bson:"trace,omitempty"`   // W3C trace context of what caused it
	Data        []byte    `bson:"data"`              // the protobuf message, encoded
}

// New makes an event with a random id. It fails with ErrInvalid when msg is no event or breaks its own rules.
func New(ctx context.Context, source, subject string, at time.Time, msg proto.Message) (Event, error) {
	return build(ctx, uuid.NewString(), source, subject, at, msg)
}

// NewKeyed makes an event whose id follows from its type and key: redoing the work that caused it yields the same
// event again, which the bus and its consumers recognise.
func NewKeyed(ctx context.Context, source, subject, key string, at time.Time, msg proto.Message) (Event, error) {
	return build(ctx, KeyedID(msg, key), source, subject, at, msg)
}

// KeyedID is the id of the event that NewKeyed makes of a message of the type under the key.
func KeyedID(msg proto.Message, key string) string { return ID(typeOf(msg), key) }

func build(ctx context.Context, id, source, subject string, at time.Time, msg proto.Message) (Event, error) {
	typ := typeOf(msg)
	if _, err := ClassOf(typ); err != nil {
		return Event{}, err
	}
	if err := protovalidate.Validate(msg); err != nil {
		return Event{}, fmt.Errorf("%w: %s: %w", ErrInvalid, typ, err)
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(msg)
	if err != nil {
		return Event{}, fmt.Errorf("encoding %s: %w", typ, err)
	}
	trace := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, trace)
	return Event{
		ID: id, Type: typ, Source: source, Subject: subject,
		// Databases keep milliseconds: cut here, so that an event reads the same before and after it was stored.
		Time: at.UTC().Truncate(time.Millisecond), TraceParent: trace[headerTraceParent], Data: data,
	}, nil
}

// Decode reads the data into msg, which must be of the event's type, and checks its rules. Fields that this program does
// not know yet are tolerated. Errors wrap ErrInvalid.
func (e Event) Decode(msg proto.Message) error {
	if typ := typeOf(msg); typ != e.Type {
		return fmt.Errorf("%w: %s cannot be read as %s", ErrInvalid, e.Type, typ)
	}
	if err := proto.Unmarshal(e.Data, msg); err != nil {
		return fmt.Errorf("%w: decoding %s: %w", ErrInvalid, e.Type, err)
	}
	if err := protovalidate.Validate(msg); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrInvalid, e.Type, err)
	}
	return nil
}

// Topic is the bus subject on which events of a type travel: the type itself.
func Topic(typ string) string { return typ }

// Service is the service that publishes a type: "directory" for "jalon.directory.v1.PeopleHired". It is empty for what
// is not one of our types.
func Service(typ string) string {
	parts := strings.Split(typ, ".")
	if len(parts) < 4 || parts[0] != "jalon" {
		return ""
	}
	return parts[1]
}

func typeOf(msg proto.Message) string { return string(msg.ProtoReflect().Descriptor().FullName()) }
