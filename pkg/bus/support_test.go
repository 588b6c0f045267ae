package bus_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestMain(m *testing.M) {
	// Watermill's suite leaves goroutines of its own behind, which hold on to messages that nobody reads.
	const suite = "github.com/ThreeDotsLabs/watermill/internal/subscriber.(*multiplier).Subscribe."
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction(suite+"func2"), goleak.IgnoreAnyFunction(suite+"func3"))
}

const (
	patience = time.Minute
	tick     = 5 * time.Millisecond
)

var now = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// hires are n events, told apart by their subjects "hire-0", "hire-1", …
func hires(t testing.TB, n int) []event.Event {
	t.Helper()
	events := make([]event.Event, 0, n)
	for i := range n {
		ev, err := event.New(t.Context(), "directory", fmt.Sprintf("hire-%d", i), now.Add(time.Duration(i)*time.Second),
			&directoryv1.PeopleHired{AsOf: "2026-11-02"})
		require.NoError(t, err)
		events = append(events, ev)
	}
	return events
}

func subjects(events []event.Event) []string {
	out := make([]string, 0, len(events))
	for _, ev := range events {
		out = append(out, ev.Subject)
	}
	return out
}

func publish(t testing.TB, b *bus.Bus, events []event.Event) {
	t.Helper()
	require.NoError(t, b.PublishEvents(t.Context(), events))
}

// running starts a router with the handlers that add puts in; it is closed at the end of the test.
func running(t testing.TB, b *bus.Bus, service string, add func(*bus.Router), options ...bus.RouterOption) *bus.Router {
	t.Helper()
	r, err := b.NewRouter(service, append([]bus.RouterOption{bus.Quick()}, options...)...)
	require.NoError(t, err)
	add(r)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(context.WithoutCancel(t.Context())) }()
	select {
	case <-r.Running():
	case err := <-ended:
		require.NoError(t, err)
	}
	t.Cleanup(func() {
		require.NoError(t, r.Close())
		require.NoError(t, <-ended)
	})
	return r
}

// log remembers what a handler saw.
type log struct {
	mu   sync.Mutex
	seen []string
}

func (l *log) hire(_ context.Context, ev event.Event, _ *directoryv1.PeopleHired) error {
	l.note(ev.Subject)
	return nil
}

func (l *log) note(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, what)
}

func (l *log) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.seen...)
}

func (l *log) becomes(t testing.TB, want []string) {
	t.Helper()
	require.Eventually(t, func() bool { return len(l.all()) >= len(want) }, patience, tick, "seen so far: %v", l)
	require.Equal(t, want, l.all())
}

func settles(t testing.TB, b *bus.Bus) {
	t.Helper()
	require.Eventually(t, func() bool {
		settled, err := b.Settled(t.Context())
		return err == nil && settled
	}, patience, tick)
}
