package roles_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/portal/internal/roles"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// cards notes whose were forgotten.
type cards struct{ forgotten []string }

func (c *cards) ForgetCards(_ context.Context, personIDs ...string) error {
	c.forgotten = append(c.forgotten, personIDs...)
	return nil
}

func TestWhoeverIsGivenARoleLosesTheirCards(t *testing.T) {
	paper := &cards{}
	book := roles.NewBook(mongotest.Database(t), paper, clock.System())
	_, err := book.Give(t.Context(), roles.Held{PersonID: "ada", Role: identity.HR})
	require.NoError(t, err)
	require.Equal(t, []string{"ada"}, paper.forgotten)
}

func TestARoleHoldsFromGivingToTaking(t *testing.T) {
	book := roles.NewBook(mongotest.Database(t), &cards{}, clock.System())
	ada := identity.Actor{PersonID: "ada", Roles: []identity.Role{identity.HR}}
	before, err := book.Extend(t.Context(), ada)
	require.NoError(t, err)
	require.Equal(t, ada, before, "what a sign-in brought stays")

	north, err := book.Give(t.Context(), roles.Held{PersonID: "ada", Role: identity.LocalHR, UnitID: "north", GivenBy: "boss"})
	require.NoError(t, err)
	again, err := book.Give(t.Context(), roles.Held{PersonID: "ada", Role: identity.LocalHR, UnitID: "north"})
	require.NoError(t, err)
	require.Equal(t, north.ID, again.ID)
	_, err = book.Give(t.Context(), roles.Held{PersonID: "ada", Role: identity.HR})
	require.NoError(t, err)
	all, err := book.All(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2, "giving twice is giving once")

	during, err := book.Extend(t.Context(), ada)
	require.NoError(t, err)
	require.Equal(t, []identity.Role{identity.HR}, during.Roles)
	require.Equal(t, []string{"north"}, during.Units(identity.LocalHR))
	nobody, err := book.Extend(t.Context(), identity.Actor{})
	require.NoError(t, err)
	require.True(t, nobody.Anonymous())

	taken, err := book.Take(t.Context(), north.ID, "ada")
	require.NoError(t, err)
	require.Equal(t, "boss", taken.GivenBy)
	taken, err = book.Take(t.Context(), north.ID, "ada")
	require.NoError(t, err)
	require.Empty(t, taken.ID, "taking twice is fine")
	after, err := book.Extend(t.Context(), ada)
	require.NoError(t, err)
	require.Empty(t, after.Grants)
}

func TestARoleIsHeldWhereItMakesSense(t *testing.T) {
	book := roles.NewBook(mongotest.Database(t), &cards{}, clock.System())
	for _, h := range []roles.Held{
		{Role: identity.HR},
		{PersonID: "ada", Role: identity.HR, UnitID: "north"},
		{PersonID: "ada", Role: identity.LocalHR},
		{PersonID: "ada", Role: identity.Director},
		{PersonID: "ada", Role: identity.Operator},
		{PersonID: "ada", Role: "manager", UnitID: "north"},
	} {
		_, err := book.Give(t.Context(), h)
		require.ErrorIs(t, err, roles.ErrNonsense, "%+v", h)
	}
}

func TestAnotherReplicasDecisionIsHeardOf(t *testing.T) {
	db := mongotest.Database(t)
	here, there := roles.NewBook(db, &cards{}, clock.System()), roles.NewBook(db, &cards{}, clock.System())
	require.NoError(t, here.Read(t.Context()))
	kept := make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() { here.Keep(ctx, 10*time.Millisecond, zap.NewNop()); close(kept) }()
	_, err := there.Give(t.Context(), roles.Held{PersonID: "ada", Role: identity.Director, UnitID: "store"})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		actor, err := here.Extend(t.Context(), identity.Actor{PersonID: "ada"})
		return err == nil && actor.Has(identity.Director)
	}, 30*time.Second, 5*time.Millisecond)
	stop()
	<-kept
}
