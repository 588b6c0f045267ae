package bus

import (
	"context"

	"github.com/ThreeDotsLabs/watermill/components/cqrs"

	"jalon.dev/pkg/event"
)

// HandleType is Handle for a type that is known by its name alone, and for events that are handed on rather than understood: their
// data is not decoded.
func HandleType(r *Router, name, typ string, fn func(ctx context.Context, ev event.Event) error, options ...HandlerOption) {
	r.add(&typeHandler{durable: r.service + "-" + name, typ: typ, fn: fn}, options)
}

// unread stands for the data of an event that nobody decodes.
type unread struct{ typ string }

type typeHandler struct {
	durable, typ string
	fn           func(context.Context, event.Event) error
}

func (h *typeHandler) HandlerName() string { return h.durable }

func (h *typeHandler) NewEvent() any { return &unread{h.typ} }

func (h *typeHandler) Handle(ctx context.Context, _ any) error {
	ev, err := event.FromMessage(cqrs.OriginalMessageFromCtx(ctx))
	if err != nil {
		return err
	}
	return h.fn(ctx, ev)
}
