package bus_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/natslocal"
	"jalon.dev/pkg/natstest"
)

// servers are the two ways in which a service reaches its server.
var servers = map[string]func(testing.TB) *natstest.TestServer{
	"embedded": natstest.Server,
	"external": natstest.ListeningServer,
}

func TestServicesGoOnAfterTheBusLostItsData(t *testing.T) {
	for name, server := range servers {
		t.Run(name, func(t *testing.T) {
			s := server(t)
			b := s.Connect(t)
			var moments log
			running(t, s.Connect(t), "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) })
			before := hires(t, 2)
			publish(t, b, before)
			moments.becomes(t, subjects(before))

			s.Wipe(t)
			publish(t, b, before) // republished from the database: it must come again, for some may have been lost
			after := hires(t, 1)
			publish(t, b, after)

			moments.becomes(t, []string{"hire-0", "hire-1", "hire-0", "hire-1", "hire-0"})
			settles(t, b)
		})
	}
}

func TestServicesGoOnAfterARestart(t *testing.T) {
	for name, server := range servers {
		t.Run(name, func(t *testing.T) {
			s := server(t)
			b := s.Connect(t)
			var moments log
			running(t, s.Connect(t), "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) })
			for range 3 {
				publish(t, b, hires(t, 1))
				settles(t, b)
				s.Restart(t)
			}
			publish(t, b, hires(t, 1))
			moments.becomes(t, []string{"hire-0", "hire-0", "hire-0", "hire-0"})
		})
	}
}

func TestServicesGoOnAfterSomebodyDeletedTheirStreamOrDurable(t *testing.T) {
	s := natstest.Server(t)
	b := s.Connect(t)
	nc, err := nats.Connect("", nats.InProcessServer(s))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	var moments, portal log
	running(t, b, "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) })
	listening(t, b, &portal)
	settles(t, b)

	require.NoError(t, js.DeleteConsumer(t.Context(), "DIRECTORY", "moments-hired"))
	fresh(t, b, "after-the-durable", &moments, &portal)
	require.NoError(t, js.DeleteStream(t.Context(), "DIRECTORY"))
	fresh(t, b, "after-the-stream", &moments, &portal)
}

func TestPublishingOutlastsAServerThatIsAway(t *testing.T) {
	s := natstest.ListeningServer(t)
	b := s.Connect(t)
	require.NoError(t, b.EnsureStream(t.Context(), "directory"))
	s.Stop()
	published, events := make(chan error), hires(t, 10)
	go func() { published <- b.PublishEvents(t.Context(), events) }()
	select {
	case err := <-published:
		require.NoError(t, err, "it must not give up at once")
	case <-time.After(300 * time.Millisecond):
	}
	s.Start(t)
	require.NoError(t, <-published)
}

func TestPublishingEndsWithItsContext(t *testing.T) {
	s := natstest.Server(t)
	b := s.Connect(t)
	s.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.Error(t, b.PublishEvents(ctx, hires(t, 1)))
	require.Error(t, b.Ready(t.Context()))
}

func TestManyEventsArePublishedInOneCall(t *testing.T) {
	b := natstest.Start(t)
	var moments log
	events := hires(t, 2000)
	publish(t, b, events)
	running(t, b, "moments", func(r *bus.Router) { bus.Handle(r, "hired", moments.hire) })
	moments.becomes(t, subjects(events))
}

func TestConnectingFailsClearly(t *testing.T) {
	_, err := bus.Connect(t.Context(), bus.Config{}, zap.NewNop())
	require.ErrorContains(t, err, "exactly one")
	_, err = bus.Connect(t.Context(), bus.Config{URL: "nats://127.0.0.1:1", Wait: time.Millisecond}, zap.NewNop())
	require.ErrorContains(t, err, "connecting to NATS")
	_, err = bus.Connect(t.Context(), bus.Config{URL: "nats://127.0.0.1:1", NKeyFile: "nowhere"}, zap.NewNop())
	require.ErrorContains(t, err, "bus key")
}

func TestClosingTwiceIsSafe(t *testing.T) {
	b := natstest.Start(t)
	require.NoError(t, b.Ready(t.Context()))
	require.NoError(t, b.Close())
	require.NoError(t, b.Close())
	require.Error(t, b.PublishEvents(t.Context(), hires(t, 1)))
}

func TestAFullDiskIsToldPlainly(t *testing.T) {
	server, err := natslocal.Start(natslocal.Config{Dir: t.TempDir(), MaxBytes: 64 << 10})
	require.NoError(t, err)
	t.Cleanup(server.Shutdown)
	b, err := bus.Connect(t.Context(), bus.Config{InProcess: server}, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })

	require.ErrorIs(t, b.PublishEvents(t.Context(), hires(t, 1000)), bus.ErrStoreFull)
}
