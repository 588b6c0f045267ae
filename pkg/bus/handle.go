package bus

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/ThreeDotsLabs/watermill/components/cqrs"
	"github.com/ThreeDotsLabs/watermill/message"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
)

// HandlerOption changes how one handler works.
type HandlerOption func(*handlerOptions)

type handlerOptions struct {
	confirmed bool
	hands     int
}

// ConfirmedAck waits until the server has noted that a message is done, before the next one is taken: for work that is
// dear to repeat, such as sending mail. Others acknowledge without waiting and may see a message again after a crash.
func ConfirmedAck() HandlerOption {
	return func(o *handlerOptions) { o.confirmed = true }
}

// Several lets a handler have n events in hand, in no order, for work that is often done for one person at a time and must
// keep up: the database writes together what comes together.
func Several(n int) HandlerOption {
	return func(o *handlerOptions) { o.hands = n }
}

var durableName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Handle lets fn deal with every event of type T, one at a time unless told otherwise, by the durable "<service>-<name>": replicas of a service
// share the work, and events that arrived while the service was down wait for it. Each event is delivered at least once.
// fn's context ends when its time is up, or a while after the router was told to stop. Add handlers before Run, which
// reports what is wrong with them.
func Handle[T proto.Message](r *Router, name string, fn func(ctx context.Context, ev event.Event, msg T) error, options ...HandlerOption) {
	r.add(&handler[T]{durable: r.service + "-" + name, fn: fn}, options)
}

func (r *Router) add(h cqrs.EventHandler, options []HandlerOption) {
	r.mu.Lock()
	defer r.mu.Unlock()
	durable, typ := h.HandlerName(), marshaler{}.Name(h.NewEvent())
	if err := r.check(durable, typ); err != nil {
		r.failures = append(r.failures, fmt.Errorf("adding handler %q for %s: %w", durable, typ, err))
		return
	}
	chosen := handlerOptions{hands: 1}
	for _, option := range options {
		option(&chosen)
	}
	r.options[durable] = chosen
	r.handlers = append(r.handlers, Subscription{Durable: durable, Type: typ})
	if err := r.processor.AddHandlers(h); err != nil {
		r.failures = append(r.failures, fmt.Errorf("adding handler %q for %s: %w", durable, typ, err))
	}
}

func (r *Router) check(durable, typ string) error {
	if !durableName.MatchString(durable) {
		return errors.New("the name must be made of lower-case words joined by hyphens")
	}
	if _, taken := r.options[durable]; taken {
		return errors.New("the name is taken")
	}
	if _, err := event.ClassOf(typ); err != nil {
		return err
	}
	if event.Service(typ) == "" {
		return errors.New("the type does not tell which service publishes it")
	}
	return nil
}

// handler makes a function a handler of Watermill's event processor.
type handler[T proto.Message] struct {
	durable string
	fn      func(context.Context, event.Event, T) error
}

func (h *handler[T]) HandlerName() string { return h.durable }

func (h *handler[T]) NewEvent() any {
	var kind T
	return kind.ProtoReflect().New().Interface()
}

func (h *handler[T]) Handle(ctx context.Context, msg any) error {
	ev, err := event.FromMessage(cqrs.OriginalMessageFromCtx(ctx))
	if err != nil {
		return err
	}
	return h.fn(ctx, ev, msg.(T))
}

// marshaler reads protobuf CloudEvents for Watermill's CQRS component, and writes event.Event.
type marshaler struct{}

func (marshaler) Marshal(v any) (*message.Message, error) {
	e, ok := v.(event.Event)
	if !ok {
		return nil, fmt.Errorf("%w: %T is not an event.Event", event.ErrInvalid, v)
	}
	return event.ToMessage(e), nil
}

func (marshaler) Unmarshal(msg *message.Message, v any) error {
	if _, ok := v.(*unread); ok {
		return nil
	}
	into, ok := v.(proto.Message)
	if !ok {
		return fmt.Errorf("%w: %T is not a protobuf message", event.ErrInvalid, v)
	}
	ev, err := event.FromMessage(msg)
	if err != nil {
		return err
	}
	return ev.Decode(into)
}

func (marshaler) Name(v any) string {
	switch v := v.(type) {
	case event.Event:
		return v.Type
	case *unread:
		return v.typ
	case proto.Message:
		return string(v.ProtoReflect().Descriptor().FullName())
	}
	return ""
}

// NameFromMessage answers the topic where a message does not tell its type: such a message must fail and become a dead
// letter, not be passed over as somebody else's.
func (marshaler) NameFromMessage(msg *message.Message) string {
	if typ := event.TypeOf(msg); typ != "" {
		return typ
	}
	return message.SubscribeTopicFromCtx(msg.Context())
}
