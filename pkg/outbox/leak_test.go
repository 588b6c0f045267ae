package outbox_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"

	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/outbox"
)

func TestAStoppedRelayLeavesNothingRunning(t *testing.T) {
	db := mongotest.Database(t)
	run := func() {
		record(t, db, fact("warm the connections"))
		r := outbox.NewRelay(db, &busStub{}, zaptest.NewLogger(t), "aggregates")
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- r.Run(ctx) }()
		drained(t, r)
		stop()
		require.NoError(t, <-done)
	}
	run()
	before := goleak.IgnoreCurrent()
	run()
	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("jalon.dev/pkg/mongolocal.(*Engine).converse"))
}
