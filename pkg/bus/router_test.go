package bus_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/natstest"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestAHandlerSeesEveryEventOfItsTypeInOrder(t *testing.T) {
	b := natstest.Start(t)
	var moments log
	running(t, b, "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) })

	other, err := event.New(t.Context(), "directory", "other", now, &directoryv1.PeopleLeft{})
	require.NoError(t, err)
	events := hires(t, 200)
	publish(t, b, append([]event.Event{other}, events...))

	moments.becomes(t, subjects(events))
	settles(t, b)
}

func TestAHandlerMayHaveSeveralEventsInHandAndNoMore(t *testing.T) {
	b := natstest.Start(t)
	const several = 3
	var moments log
	var mu sync.Mutex
	now, most := 0, 0
	all := make(chan struct{})
	take := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		now += n
		if now > most {
			if most = now; most == several {
				close(all)
			}
		}
	}
	running(t, b, "moments", func(r *bus.Router) {
		bus.Handle(r, "hired", func(ctx context.Context, ev event.Event, msg *directoryv1.PeopleHired) error {
			take(1)
			defer take(-1)
			select {
			case <-all:
			case <-ctx.Done():
				return ctx.Err()
			}
			return moments.hire(ctx, ev, msg)
		}, bus.Several(several))
	})
	events := hires(t, 30)
	publish(t, b, events)
	settles(t, b)
	require.ElementsMatch(t, subjects(events), moments.all())
	require.Equal(t, several, most)
}

func TestAHandlerThatStartsLaterCatchesUp(t *testing.T) {
	b := natstest.Start(t)
	events := hires(t, 3)
	publish(t, b, events)

	var moments log
	running(t, b, "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) })
	moments.becomes(t, subjects(events))
}

func TestReplicasOfAServiceShareTheWork(t *testing.T) {
	server := natstest.Server(t)
	b := server.Connect(t)
	var both log
	for range 2 {
		running(t, server.Connect(t), "moments", func(r *bus.Router) {
			bus.Handle(r, "hired", both.hire, bus.ConfirmedAck())
		})
	}
	events := hires(t, 100)
	publish(t, b, events)

	settles(t, b)
	require.ElementsMatch(t, subjects(events), both.all())
}

func TestAnEventPublishedTwiceIsDeliveredOnce(t *testing.T) {
	b := natstest.Start(t)
	var moments log
	running(t, b, "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) })
	events := hires(t, 3)
	publish(t, b, events)
	publish(t, b, append(events, hires(t, 1)...))

	moments.becomes(t, append(subjects(events), "hire-0"))
}

func TestHandlersCanBeTriedWithDuplicates(t *testing.T) {
	b := natstest.Start(t)
	var moments log
	running(t, b, "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) }, bus.Around(middleware.Duplicator))
	publish(t, b, hires(t, 2))

	moments.becomes(t, []string{"hire-0", "hire-0", "hire-1", "hire-1"})
}

func TestAHandlerThatFinishesWhileClosingKeepsItsAcknowledgement(t *testing.T) {
	b := natstest.Start(t)
	started, finish := make(chan struct{}), make(chan struct{})
	var cancelled atomic.Bool
	handled := func(ctx context.Context, _ event.Event, _ *directoryv1.PeopleHired) error {
		close(started)
		<-finish
		cancelled.Store(ctx.Err() != nil)
		return nil
	}
	r, err := b.NewRouter("moments", bus.Quick())
	require.NoError(t, err)
	bus.Handle(r, "hired", handled)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- r.Run(ctx) }()
	<-r.Running()
	publish(t, b, hires(t, 1))
	<-started

	stop()
	close(finish)

	require.NoError(t, <-ended)
	require.NoError(t, r.Close())
	require.False(t, cancelled.Load(), "the handler may finish undisturbed")
	settles(t, b)
}

func TestAMessageInHandAtATooLongCloseIsDeliveredAgain(t *testing.T) {
	b := natstest.Start(t)
	r, err := b.NewRouter("moments", bus.Quick())
	require.NoError(t, err)
	started := make(chan struct{})
	bus.Handle(r, "hired", func(ctx context.Context, _ event.Event, _ *directoryv1.PeopleHired) error {
		close(started)
		<-ctx.Done()
		return ctx.Err()
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- r.Run(ctx) }()
	publish(t, b, hires(t, 1))
	<-started
	stop()
	require.NoError(t, <-ended)

	letters, err := b.DeadLetters().List(t.Context())
	require.NoError(t, err)
	require.Empty(t, letters, "stopping is no failure of the message")
	var again log
	running(t, b, "moments", func(r *bus.Router) { bus.Handle(r, "hired", again.hire) })
	again.becomes(t, []string{"hire-0"})
}

func TestShuttingDownUnderLoadLosesNothing(t *testing.T) {
	b := natstest.Start(t)
	events := hires(t, 1500)
	publish(t, b, events)

	seen := sync.Map{}
	for round := range 20 {
		r, err := b.NewRouter("moments", bus.Quick())
		require.NoError(t, err)
		var handled atomic.Int64
		enough := make(chan struct{})
		bus.Handle(r, "hired", func(_ context.Context, ev event.Event, _ *directoryv1.PeopleHired) error {
			seen.Store(ev.Subject, true)
			if handled.Add(1) == 20 {
				close(enough)
			}
			return nil
		})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- r.Run(ctx) }()
		<-enough
		if round%2 == 0 {
			stop()
		}
		require.NoError(t, r.Close())
		require.NoError(t, <-ended)
		stop()
	}
	running(t, b, "moments", func(r *bus.Router) {
		bus.Handle(r, "hired", func(_ context.Context, ev event.Event, _ *directoryv1.PeopleHired) error {
			seen.Store(ev.Subject, true)
			return nil
		})
	})
	settles(t, b)
	for _, subject := range subjects(events) {
		_, ok := seen.Load(subject)
		require.True(t, ok, subject)
	}
}

func TestARouterSaysWhatIsWrongWithItsHandlers(t *testing.T) {
	b := natstest.Start(t)
	r, err := b.NewRouter("moments")
	require.NoError(t, err)
	var l log
	bus.Handle(r, "hired", l.hire)
	bus.Handle(r, "hired", l.hire)
	bus.Handle(r, "Not a name", l.hire)
	bus.Handle(r, "employee", func(context.Context, event.Event, *directoryv1.Employee) error { return nil })

	err = r.Run(t.Context())
	require.ErrorContains(t, err, "the name is taken")
	require.ErrorContains(t, err, "lower-case words")
	require.ErrorIs(t, err, event.ErrInvalid)
	require.Equal(t, []bus.Subscription{{Durable: "moments-hired", Type: "jalon.directory.v1.PeopleHired"}}, r.Subscriptions())
	require.NoError(t, r.Close())
}

func TestATraceGoesOnThroughTheBus(t *testing.T) {
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	t.Cleanup(func() { require.NoError(t, provider.Shutdown(context.WithoutCancel(t.Context()))) })
	b, err := bus.Connect(t.Context(), bus.Config{InProcess: natstest.Server(t), Tracer: provider}, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })

	inner := make(chan trace.SpanContext, 1)
	running(t, b, "moments", func(r *bus.Router) {
		bus.Handle(r, "hired", func(ctx context.Context, _ event.Event, _ *directoryv1.PeopleHired) error {
			inner <- trace.SpanContextFromContext(ctx)
			return nil
		})
	})
	ctx, cause := provider.Tracer("test").Start(t.Context(), "import")
	ev, err := event.New(ctx, "directory", "", now, &directoryv1.PeopleHired{})
	require.NoError(t, err)
	cause.End()
	publish(t, b, []event.Event{ev})

	require.Equal(t, cause.SpanContext().TraceID(), (<-inner).TraceID())
}

func TestHandlersWorkUnderAnyWatermillMiddleware(t *testing.T) {
	b := natstest.Start(t)
	var tries atomic.Int64
	shaky := func(next message.HandlerFunc) message.HandlerFunc {
		return func(msg *message.Message) ([]*message.Message, error) {
			if tries.Add(1) == 1 {
				return nil, errors.New("once")
			}
			return next(msg)
		}
	}
	var moments log
	running(t, b, "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) }, bus.Around(shaky),
		bus.HandlingTime(time.Minute))
	publish(t, b, hires(t, 1))
	moments.becomes(t, []string{"hire-0"})
	require.EqualValues(t, 2, tries.Load())
}

func TestARouterWithoutHandlersStopsToo(t *testing.T) {
	b := natstest.Start(t)
	r, err := b.NewRouter("portal")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- r.Run(ctx) }()
	<-r.Running()
	stop()
	require.NoError(t, <-ended)
	require.NoError(t, r.Close())
}

func TestARouterEndsWhenTheBusIsClosedUnderIt(t *testing.T) {
	b := natstest.Start(t)
	r, err := b.NewRouter("moments", bus.Quick())
	require.NoError(t, err)
	var l log
	bus.Handle(r, "hired", l.hire)
	ended := make(chan error)
	go func() { ended <- r.Run(t.Context()) }()
	<-r.Running()
	require.NoError(t, b.Close())
	require.NoError(t, <-ended)
}
