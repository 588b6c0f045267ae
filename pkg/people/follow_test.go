package people_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/natstest"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// uuidOf makes the ids that the contract asks for.
func uuidOf(name string) string { return event.ID("test", name) }

func TestTheRegisterFollowsDirectory(t *testing.T) {
	bus, log := natstest.Start(t), zaptest.NewLogger(t)
	reg, source := people.NewRegister(mongotest.Database(t)), mongotest.Database(t)
	require.NoError(t, bus.EnsureStream(t.Context(), "directory"))
	router, err := bus.NewRouter("moments")
	require.NoError(t, err)
	people.Follow(router, reg)
	relay := outbox.NewRelay(source, bus, log)

	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 2)
	go func() { done <- router.Run(ctx) }()
	go func() { done <- relay.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
		require.NoError(t, <-done)
	})
	<-router.Running() // stopped while it still subscribes, it would say that it could not

	moved := employee(uuidOf("moved"), 2, func(e *directoryv1.Employee) { e.UnitId = "lyon" })
	for _, msg := range []proto.Message{
		&directoryv1.PeopleMoved{Moves: []*directoryv1.PeopleMoved_Move{{Person: moved, FromUnitId: "lille"}}},
		&directoryv1.PeopleRegistered{People: []*directoryv1.Employee{employee(uuidOf("moved"), 1), employee(uuidOf("registered"), 1)}},
		&directoryv1.PeopleHired{People: []*directoryv1.Employee{employee(uuidOf("hired"), 1)}},
		&directoryv1.PeopleLeft{People: []*directoryv1.Employee{employee(uuidOf("left"), 2)}},
		&directoryv1.PeopleUpdated{People: []*directoryv1.Employee{employee(uuidOf("updated"), 2)}},
		&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{{Id: "lille", Version: 1, Name: "Lille", Kind: "store"}}},
	} {
		ev, err := event.New(t.Context(), "directory", "import", time.Now(), msg)
		require.NoError(t, err)
		require.NoError(t, relay.Append(t.Context(), ev))
	}

	everybody := []string{uuidOf("moved"), uuidOf("registered"), uuidOf("hired"), uuidOf("left"), uuidOf("updated")}
	require.Eventually(t, func() bool {
		many, err := reg.GetMany(t.Context(), everybody)
		units, err2 := reg.Units(t.Context())
		return err == nil && err2 == nil && len(many) == 5 && len(units) == 1 && many[uuidOf("moved")].UnitID == "lyon"
	}, 20*time.Second, 10*time.Millisecond)
}
