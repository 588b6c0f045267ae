package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ThreeDotsLabs/watermill/components/cqrs"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"jalon.dev/pkg/event"
)

// timing is everything about a router that is a duration or a count; tests shorten it.
type timing struct {
	ackWait       time.Duration // the server waits this long for a sign of life before it redelivers
	maxAckPending int           // messages handed out and not settled, over all replicas; refused ones count while they wait
	handling      time.Duration // for one try of a handler
	retries       int           // quick ones, in place
	firstRetry    time.Duration
	maxDeliveries uint64        // then a message is a dead letter whatever the reason
	redeliverMin  time.Duration // delay after the first refusal, doubled each time
	redeliverMax  time.Duration
	finishing     time.Duration // for the messages in hand when the router closes
	provisioning  time.Duration // for making streams and durables at the start
}

func standardTiming() timing {
	return timing{
		ackWait: 10 * time.Second, maxAckPending: 64, handling: 20 * time.Second,
		retries: 3, firstRetry: 100 * time.Millisecond, maxDeliveries: 100,
		redeliverMin: time.Second, redeliverMax: 30 * time.Second,
		finishing: 10 * time.Second, provisioning: 30 * time.Second,
	}
}

func (t timing) redeliver(deliveries uint64) time.Duration {
	delay := t.redeliverMin
	for ; deliveries > 1 && delay < t.redeliverMax; deliveries-- {
		delay *= 2
	}
	return min(delay, t.redeliverMax)
}

// RouterOption changes how a router works.
type RouterOption func(*Router)

// HandlingTime limits one try of a handler; the standard is 20 s.
func HandlingTime(limit time.Duration) RouterOption {
	return func(r *Router) { r.timing.handling = limit }
}

// Transient adds errors that pass by themselves, such as a database that is away. Their messages are redelivered with
// growing delays, up to half a minute, and become dead letters only after a hundred deliveries. Time-outs, network errors
// and the database driver's network errors are recognised without it.
func Transient(passes func(error) bool) RouterOption {
	return func(r *Router) { r.transient = append(r.transient, passes) }
}

// Around adds middleware around each single try of a handler, inside all of the router's own.
func Around(middleware ...message.HandlerMiddleware) RouterOption {
	return func(r *Router) { r.around = append(r.around, middleware...) }
}

// Router runs the handlers of one service.
type Router struct {
	bus       *Bus
	service   string
	log       *zap.Logger
	timing    timing
	transient []func(error) bool
	around    []message.HandlerMiddleware
	router    *message.Router
	processor *cqrs.EventProcessor
	started   atomic.Bool
	closing   atomic.Bool

	mu       sync.Mutex
	handlers []Subscription
	options  map[string]handlerOptions // by durable
	failures []error                   // of Handle, returned by Run
}

// Subscription says that a durable handles a type of event.
type Subscription struct{ Durable, Type string }

// NewRouter makes a router for a service. Add handlers with Handle, then Run it.
func (b *Bus) NewRouter(service string, options ...RouterOption) (*Router, error) {
	r := &Router{
		bus: b, service: service, log: b.log.With(zap.String("router", service)),
		timing: standardTiming(), transient: []func(error) bool{passing}, options: map[string]handlerOptions{},
	}
	for _, option := range options {
		option(r)
	}
	var err error
	// A little longer than messages in hand are given, so that the router sees them end.
	r.router, err = message.NewRouter(message.RouterConfig{CloseTimeout: r.timing.finishing + r.timing.finishing/2}, watermillLog{r.log})
	if err != nil {
		return nil, fmt.Errorf("making the router of %s: %w", service, err)
	}
	middleware, err := r.middleware()
	if err != nil {
		return nil, err
	}
	r.router.AddMiddleware(append(middleware, r.around...)...)
	r.processor, err = cqrs.NewEventProcessorWithConfig(r.router, cqrs.EventProcessorConfig{
		GenerateSubscribeTopic: func(params cqrs.EventProcessorGenerateSubscribeTopicParams) (string, error) {
			return event.Topic(params.EventName), nil
		},
		SubscriberConstructor: func(params cqrs.EventProcessorSubscriberConstructorParams) (message.Subscriber, error) {
			return r.newSubscriber(params.HandlerName, params.EventName), nil
		},
		AckOnUnknownEvent: true,
		Marshaler:         marshaler{},
		Logger:            watermillLog{r.log},
	})
	if err != nil {
		return nil, fmt.Errorf("making the router of %s: %w", service, err)
	}
	return r, nil
}

// Run handles events until ctx ends or Close is called; then it stops pulling, lets the handlers in hand finish, and
// returns. It fails at once when a handler was added wrongly or a durable cannot be made.
func (r *Router) Run(ctx context.Context) error {
	if err := r.ready(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("starting the router of %s: %w", r.service, err)
	}
	if r.closing.Load() {
		return nil
	}
	r.started.Store(true)
	// A router that is told to stop by its context must know it before its handlers see their contexts end.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		r.closing.Store(true)
		if len(r.Subscriptions()) == 0 {
			_ = r.Close() // Watermill sees its context end only through its handlers
		}
	})()
	if err := r.router.Run(ctx); err != nil {
		// Handlers that had started already must not outlive a failed start.
		cancel()
		return errors.Join(fmt.Errorf("running the router of %s: %w", r.service, err), r.Close())
	}
	return nil
}

// ready makes every durable before the first handler starts: a start fails as a whole or not at all.
func (r *Router) ready(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := errors.Join(r.failures...); err != nil {
		return err
	}
	for _, sub := range r.handlers {
		if _, err := r.provision(ctx, sub.Durable, sub.Type); err != nil {
			return err
		}
	}
	return nil
}

// Running is closed when all handlers are subscribed.
func (r *Router) Running() <-chan struct{} { return r.router.Running() }

// Subscriptions lists what the router handles.
func (r *Router) Subscriptions() []Subscription {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Subscription(nil), r.handlers...)
}

// Close stops pulling, waits for the handlers in hand and returns; safe to call twice. It fails when handlers did not
// finish within 15 s; their messages are redelivered.
func (r *Router) Close() error {
	r.closing.Store(true)
	if !r.started.Load() {
		return nil // Watermill would wait for handlers that never began
	}
	if err := r.router.Close(); err != nil {
		return fmt.Errorf("closing the router of %s: %w", r.service, err)
	}
	return nil
}

func (r *Router) newSubscriber(durable, typ string) *subscriber {
	acknowledge := plainAck
	if r.options[durable].confirmed {
		acknowledge = confirmedAck
	}
	return &subscriber{
		provision: func(ctx context.Context, _ string) (jetstream.Consumer, error) {
			return r.provision(ctx, durable, typ)
		},
		over: r.bus.closed, session: r.bus.session, log: r.log.With(zap.String("durable", durable)),
		ackWait: r.timing.ackWait, closeTimeout: r.timing.finishing, redeliver: r.timing.redeliver,
		acknowledge: acknowledge, hands: r.options[durable].hands, closing: make(chan struct{}),
	}
}

// provision makes the durable, patiently: servers that start together may need a while to agree.
func (r *Router) provision(ctx context.Context, durable, typ string) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timing.provisioning)
	defer cancel()
	for {
		consumer, err := r.bus.durable(ctx, durable, typ, r.timing.ackWait, r.timing.maxAckPending)
		if err == nil {
			return consumer, nil
		}
		if !pause(ctx, 100*time.Millisecond) {
			return nil, err
		}
	}
}
