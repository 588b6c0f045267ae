package session_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/portal/internal/session"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

func newStore(t *testing.T) (*session.Store, *clock.Movable) {
	t.Helper()
	clk := clock.NewFrozen(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC))
	return session.New(mongotest.Database(t), clk), clk
}

func TestATokenFindsItsSessionAndNothingElseDoes(t *testing.T) {
	store, _ := newStore(t)
	token, err := store.Create(t.Context(), session.Session{PersonID: "p", Name: "Jeanne", Roles: []identity.Role{identity.HR}})
	require.NoError(t, err)
	require.Len(t, token, 43, "32 random bytes")

	found, err := store.Find(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, "Jeanne", found.Name)
	require.True(t, found.Actor().Has(identity.HR))
	require.NotEqual(t, token, found.ID, "the database never holds the token")

	_, err = store.Find(t.Context(), found.ID)
	require.ErrorIs(t, err, session.ErrNone, "what the database holds gives no access")
}

func TestASessionEndsWhenUnusedAndAfterAllWhenUsed(t *testing.T) {
	store, clk := newStore(t)
	token, err := store.Create(t.Context(), session.Session{Name: "Jeanne"})
	require.NoError(t, err)
	for range 16 {
		clk.Advance(session.Idle - time.Hour)
		if _, err = store.Find(t.Context(), token); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, session.ErrNone, "a week is the end, however often it was used")

	token, err = store.Create(t.Context(), session.Session{Name: "Jeanne"})
	require.NoError(t, err)
	clk.Advance(session.Idle + time.Minute)
	_, err = store.Find(t.Context(), token)
	require.ErrorIs(t, err, session.ErrNone)
}

func TestAnOpenPageDoesNotKeepASessionAlive(t *testing.T) {
	store, clk := newStore(t)
	token, err := store.Create(t.Context(), session.Session{Name: "Jeanne"})
	require.NoError(t, err)
	found, err := store.Find(t.Context(), token)
	require.NoError(t, err)
	for range 13 {
		clk.Advance(time.Hour)
		_, err := store.Alive(t.Context(), found.ID)
		require.NoError(t, err)
	}
	alive, err := store.Alive(t.Context(), found.ID)
	require.NoError(t, err)
	require.False(t, alive[found.ID])
}

func TestSigningOutEndsASession(t *testing.T) {
	store, _ := newStore(t)
	token, err := store.Create(t.Context(), session.Session{Name: "Jeanne"})
	require.NoError(t, err)
	found, err := store.Find(t.Context(), token)
	require.NoError(t, err)
	require.NoError(t, store.End(t.Context(), found.ID))
	require.NoError(t, store.End(t.Context(), found.ID))
	_, err = store.Find(t.Context(), token)
	require.ErrorIs(t, err, session.ErrNone)
}

func TestALinkWorksOnceHoweverManyTry(t *testing.T) {
	store, _ := newStore(t)
	token, _, err := store.CreateLink(t.Context(), session.Link{PersonID: "p", Name: "Karim"})
	require.NoError(t, err)
	for range 3 {
		_, err := store.PeekLink(t.Context(), token)
		require.NoError(t, err, "looking uses nothing up")
	}
	var used atomic.Int32
	var trying sync.WaitGroup
	for range 8 {
		trying.Go(func() {
			if link, err := store.UseLink(t.Context(), token); err == nil && link.Name == "Karim" {
				used.Add(1)
			}
		})
	}
	trying.Wait()
	require.EqualValues(t, 1, used.Load())
}

func TestALinkWaitsFifteenMinutes(t *testing.T) {
	store, clk := newStore(t)
	token, expires, err := store.CreateLink(t.Context(), session.Link{Name: "Karim"})
	require.NoError(t, err)
	require.Equal(t, clk.Now().Add(15*time.Minute), expires)
	clk.Advance(16 * time.Minute)
	_, err = store.PeekLink(t.Context(), token)
	require.ErrorIs(t, err, session.ErrNone)
	_, err = store.UseLink(t.Context(), token)
	require.ErrorIs(t, err, session.ErrNone)
}

func TestSweepingRemovesWhatHasEnded(t *testing.T) {
	store, clk := newStore(t)
	old, err := store.Create(t.Context(), session.Session{Name: "Jeanne"})
	require.NoError(t, err)
	clk.Advance(session.Idle + time.Minute)
	fresh, err := store.Create(t.Context(), session.Session{Name: "Karim"})
	require.NoError(t, err)
	require.NoError(t, store.Sweep(t.Context()))
	_, err = store.Find(t.Context(), fresh)
	require.NoError(t, err)
	_, err = store.Find(t.Context(), old)
	require.ErrorIs(t, err, session.ErrNone)
}

func TestOnATelephoneOfOnesOwnASessionLastsNinetyDaysUsedOrNot(t *testing.T) {
	store, clk := newStore(t)
	own, err := store.Create(t.Context(), session.Session{PersonID: "p", Card: true, OwnDevice: true})
	require.NoError(t, err)
	clk.Advance(session.OwnLifetime - time.Hour)
	require.NoError(t, store.Sweep(t.Context()))
	found, err := store.Find(t.Context(), own)
	require.NoError(t, err)
	require.Equal(t, session.OwnLifetime, found.Lifetime())
	clk.Advance(2 * time.Hour)
	require.NoError(t, store.Sweep(t.Context()))
	_, err = store.Find(t.Context(), own)
	require.ErrorIs(t, err, session.ErrNone)

	again, err := store.Create(t.Context(), session.Session{PersonID: "p", OwnDevice: true})
	require.NoError(t, err)
	require.NoError(t, store.EndAll(t.Context(), "p"))
	_, err = store.Find(t.Context(), again)
	require.ErrorIs(t, err, session.ErrNone, "signing out everywhere ends it too")
}
