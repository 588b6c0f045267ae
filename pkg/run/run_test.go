package run

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// diary notes what happens, in order.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) note(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

func (d *diary) part(name string) Part {
	return Part{Name: name, Run: func(ctx context.Context) error {
		<-ctx.Done()
		d.note(name + " ended")
		return ctx.Err()
	}}
}

func (d *diary) resource(name string) Part {
	return Part{Name: name, Stop: func(context.Context) error {
		d.note(name + " closed")
		return nil
	}}
}

func TestPartsEndInTheReverseOrderOneAfterAnother(t *testing.T) {
	var d diary
	g := New(time.Minute)
	g.Add(d.resource("database"), d.part("service"), d.part("http"))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, g.Run(ctx))
	require.Equal(t, []string{"http ended", "service ended", "database closed"}, d.lines)
}

func TestAPartThatFailsStopsTheOthersAndIsNamed(t *testing.T) {
	var d diary
	g := New(time.Minute)
	broken := errors.New("disk full")
	g.Add(d.resource("database"), d.part("service"), Part{Name: "relay", Run: func(context.Context) error { return broken }})

	err := g.Run(t.Context())
	require.ErrorIs(t, err, broken)
	require.EqualError(t, err, "relay: disk full", "told once")
	require.Equal(t, []string{"service ended", "database closed"}, d.lines)
}

func TestTheFirstFailureStandsBeforeThoseThatItCauses(t *testing.T) {
	first, second := errors.New("bus lost"), errors.New("could not relay")
	g := New(time.Minute)
	g.Add(
		Part{Name: "service", Run: func(ctx context.Context) error { <-ctx.Done(); return second }},
		Part{Name: "bus", Run: func(context.Context) error { return first }},
	)
	require.EqualError(t, g.Run(t.Context()), "bus: bus lost\nservice: could not relay")
}

func TestAPartThatEndsByItselfEndsTheGroupWithoutAnError(t *testing.T) {
	var d diary
	g := New(time.Minute)
	g.Add(d.part("service"), Part{Name: "command", Run: func(context.Context) error { return nil }})
	require.NoError(t, g.Run(t.Context()))
	require.Equal(t, []string{"service ended"}, d.lines)
}

func TestStopMayBeCalledBeforeDuringAndAfter(t *testing.T) {
	var d diary
	g := New(time.Minute)
	g.Add(d.part("service"))
	g.Stop()
	g.Stop()
	require.NoError(t, g.Run(t.Context()))
	g.Stop()
	require.Equal(t, []string{"service ended"}, d.lines)
}

func TestStopIsCalledInsteadOfEndingTheContext(t *testing.T) {
	asked := make(chan struct{})
	g := New(time.Minute)
	g.Add(Part{
		Name: "server",
		Run: func(ctx context.Context) error {
			<-asked
			return ctx.Err()
		},
		Stop: func(context.Context) error {
			close(asked)
			return nil
		},
	})
	g.Stop()
	require.NoError(t, g.Run(t.Context()), "its context had not ended")
}

func TestAPartThatDoesNotStopInTimeIsNamedAndTheOthersStillStop(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	var d diary
	g := New(20 * time.Millisecond)
	g.Add(d.resource("database"), Part{Name: "stuck", Run: func(context.Context) error {
		<-release
		return nil
	}})
	g.Stop()
	require.EqualError(t, g.Run(t.Context()), "stuck did not stop in time")
	require.Equal(t, []string{"database closed"}, d.lines)
}

func TestAFailingStopIsNamed(t *testing.T) {
	g := New(time.Minute)
	g.Add(Part{Name: "bus", Stop: func(context.Context) error { return errors.New("not drained") }})
	g.Stop()
	require.EqualError(t, g.Run(t.Context()), "stopping bus: not drained")
}
