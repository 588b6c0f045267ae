package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/session"
)

func TestACodeSignsInOnceByLinkOrByTyping(t *testing.T) {
	store, _ := newStore(t)
	codes, err := store.CreateCodes(t.Context(), session.Link{PersonID: "p", Name: "Karim"}, session.Link{PersonID: "q", Name: "Léa"})
	require.NoError(t, err)
	require.Regexp(t, `^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$`, codes[0].Typed)
	require.NotEqual(t, codes[0].Typed, codes[1].Typed)

	link, err := store.UseCode(t.Context(), " "+strings.ToLower(strings.ReplaceAll(codes[0].Typed, "-", " ")))
	require.NoError(t, err)
	require.Equal(t, "p", link.PersonID)
	_, err = store.UseCode(t.Context(), codes[0].Typed)
	require.ErrorIs(t, err, session.ErrNone)
	_, err = store.UseLink(t.Context(), codes[0].Token)
	require.ErrorIs(t, err, session.ErrNone, "what was typed is used up for the camera too")

	_, err = store.UseLink(t.Context(), codes[1].Token)
	require.NoError(t, err)
	_, err = store.UseCode(t.Context(), codes[1].Typed)
	require.ErrorIs(t, err, session.ErrNone)
}

func TestANewCodeReplacesTheEarlierOneAndWaitsAWeek(t *testing.T) {
	store, clk := newStore(t)
	first, err := store.CreateCodes(t.Context(), session.Link{PersonID: "p"})
	require.NoError(t, err)
	token, _, err := store.CreateLink(t.Context(), session.Link{PersonID: "p"})
	require.NoError(t, err)
	second, err := store.CreateCodes(t.Context(), session.Link{PersonID: "p"})
	require.NoError(t, err)
	_, err = store.UseCode(t.Context(), first[0].Typed)
	require.ErrorIs(t, err, session.ErrNone)
	_, err = store.PeekLink(t.Context(), token)
	require.NoError(t, err, "the operator's link is another thing")
	clk.Advance(7*24*time.Hour + time.Minute)
	_, err = store.UseCode(t.Context(), second[0].Typed)
	require.ErrorIs(t, err, session.ErrNone)
	for _, wrong := range []string{"", "AAAA", strings.Repeat("A", 500), first[0].Link.ID} {
		_, err = store.UseCode(t.Context(), wrong)
		require.ErrorIs(t, err, session.ErrNone)
	}
}

func TestWhoeverIsGivenARoleHasNoCardAndNoSessionOfOne(t *testing.T) {
	store, _ := newStore(t)
	codes, err := store.CreateCodes(t.Context(), session.Link{PersonID: "p"}, session.Link{PersonID: "q"})
	require.NoError(t, err)
	require.True(t, codes[0].Link.Card())
	byCard, err := store.Create(t.Context(), session.Session{PersonID: "p", Card: true, OwnDevice: true})
	require.NoError(t, err)
	otherwise, err := store.Create(t.Context(), session.Session{PersonID: "p"})
	require.NoError(t, err)

	require.NoError(t, store.ForgetCards(t.Context(), "p"))
	_, err = store.UseCode(t.Context(), codes[0].Typed)
	require.ErrorIs(t, err, session.ErrNone)
	_, err = store.Find(t.Context(), byCard)
	require.ErrorIs(t, err, session.ErrNone)
	_, err = store.Find(t.Context(), otherwise)
	require.NoError(t, err)
	_, err = store.UseCode(t.Context(), codes[1].Typed)
	require.NoError(t, err, "nobody else's")
}
