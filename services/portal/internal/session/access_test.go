package session_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/services/portal/internal/session"
)

func TestAnAccessIsSeenFromItsLinkToItsLastSession(t *testing.T) {
	store, clk := newStore(t)
	hr := session.Link{Name: "Jeanne Martin", Roles: []identity.Role{identity.HR}, AccessID: session.NewAccessID()}
	token, _, err := store.CreateLink(t.Context(), hr)
	require.NoError(t, err)
	_, err = store.Create(t.Context(), session.Session{PersonID: "p", Name: "Karim"}) // has a person: another thing
	require.NoError(t, err)

	found, err := store.Accesses(t.Context())
	require.NoError(t, err)
	require.Equal(t, []session.Access{{ID: hr.AccessID, Name: "Jeanne Martin", Roles: hr.Roles}}, found, "a link that waits is a way in")

	link, err := store.UseLink(t.Context(), token)
	require.NoError(t, err)
	cookie, err := store.Create(t.Context(), session.Session{Name: link.Name, Roles: link.Roles, AccessID: link.AccessID})
	require.NoError(t, err)
	found, err = store.Accesses(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, 1, found[0].Sessions)
	require.True(t, found[0].Since.Equal(clk.Now()))
	in, err := store.Find(t.Context(), cookie)
	require.NoError(t, err)
	require.Equal(t, hr.AccessID, in.Actor().Who())

	for range 2 {
		require.NoError(t, store.EndAccess(t.Context(), hr.AccessID))
	}
	_, err = store.Find(t.Context(), cookie)
	require.ErrorIs(t, err, session.ErrNone)
	found, err = store.Accesses(t.Context())
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestAnAccessThatRanOutIsNone(t *testing.T) {
	store, clk := newStore(t)
	_, _, err := store.CreateLink(t.Context(), session.Link{Name: "Jeanne", AccessID: session.NewAccessID()})
	require.NoError(t, err)
	_, err = store.Create(t.Context(), session.Session{Name: "Anne", AccessID: session.NewAccessID()})
	require.NoError(t, err)
	clk.Advance(session.Idle + time.Minute)
	found, err := store.Accesses(t.Context())
	require.NoError(t, err)
	require.Empty(t, found)
}
