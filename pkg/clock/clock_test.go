package clock_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"jalon.dev/pkg/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var start = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

func TestAFrozenClockStandsStillUntilItIsMoved(t *testing.T) {
	c := clock.NewFrozen(start)
	require.Equal(t, start, c.Now())
	c.Advance(time.Hour)
	require.Equal(t, start.Add(time.Hour), c.Now())
	c.Set(start)
	c.Advance(-time.Hour)
	require.Equal(t, start.Add(time.Hour), c.Now(), "never back")
}

func TestAMovableClockRunsOnFromWhereItWasSet(t *testing.T) {
	c := clock.NewMovable(start)
	week := start.AddDate(0, 0, 7)
	c.Set(week)
	require.NoError(t, c.Wait(t.Context(), week.Add(20*time.Millisecond)))
	require.WithinRange(t, c.Now(), week.Add(20*time.Millisecond), week.Add(time.Minute))
}

func TestMovingTheClockWakesWhoeverWaits(t *testing.T) {
	for name, c := range map[string]*clock.Movable{"frozen": clock.NewFrozen(start), "running": clock.NewMovable(start)} {
		t.Run(name, func(t *testing.T) {
			woken := make(chan error, 3)
			for range 3 {
				go func() { woken <- c.Wait(t.Context(), start.AddDate(0, 0, 7)) }()
			}
			c.Advance(24 * time.Hour)
			select {
			case err := <-woken:
				require.Fail(t, "woken a week early", err)
			default:
			}
			c.Advance(6 * 24 * time.Hour)
			for range 3 {
				require.NoError(t, <-woken)
			}
		})
	}
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	for name, c := range map[string]clock.Clock{"system": clock.System(), "frozen": clock.NewFrozen(start)} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- c.Wait(ctx, c.Now().Add(time.Hour)) }()
			cancel()
			require.ErrorIs(t, <-done, context.Canceled)
		})
	}
}

func TestWaitingForThePastIsNoWait(t *testing.T) {
	require.NoError(t, clock.System().Wait(t.Context(), time.Now().Add(-time.Second)))
	require.NoError(t, clock.System().Wait(t.Context(), time.Now().Add(10*time.Millisecond)))
	require.NoError(t, clock.NewFrozen(start).Wait(t.Context(), start))
}
