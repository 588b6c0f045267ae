package agenda_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongotest"
)

func TestAStoppedAgendaLeavesNothingRunning(t *testing.T) {
	db, c, did := mongotest.Database(t), clock.NewFrozen(monday), &effects{}
	a := newAgenda(t, db, c, did.handle)
	require.NoError(t, a.Schedule(t.Context(), item("warm the connections", monday)))
	run := func() {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- a.Run(ctx) }()
		settled(t, a)
		stop()
		require.NoError(t, <-done)
	}
	run()
	before := goleak.IgnoreCurrent()
	run()
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("jalon.dev/pkg/mongolocal.(*Engine).converse"))
}
