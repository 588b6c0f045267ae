package audit_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongotest"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/services/portal/internal/audit"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

var (
	jeanne = event.ID("person", "jeanne")
	lea    = event.ID("person", "lea")
	hr     = identity.Actor{PersonID: jeanne, Roles: []identity.Role{identity.HR}}
)

func newLog(t *testing.T, days int) (*audit.Log, *clock.Movable) {
	t.Helper()
	clk := clock.NewFrozen(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC))
	return audit.New(mongotest.Database(t), clk, days), clk
}

func TestEveryActionIsAnEntryAndALookIsOneAMinute(t *testing.T) {
	log, clk := newLog(t, 0)
	for range 2 {
		require.NoError(t, log.Act(t.Context(), hr, "POST /hr/access", []string{lea}, audit.Done))
		require.NoError(t, log.Read(t.Context(), hr, "GET /hr/people/{id}", []string{lea}, audit.Done))
	}
	clk.Advance(time.Minute)
	require.NoError(t, log.Read(t.Context(), hr, "GET /hr/people/{id}", []string{lea}, audit.Done))
	require.NoError(t, log.Read(t.Context(), hr, "GET /hr/people/{id}", []string{lea}, audit.Refused))
	entries, _, err := log.List(t.Context(), audit.Query{}, 100, "")
	require.NoError(t, err)
	require.Len(t, entries, 5)
}

func TestPagesAreWalkedNewestFirstWithoutGapOrDouble(t *testing.T) {
	log, clk := newLog(t, 0)
	for i := range 25 {
		if i%3 == 0 {
			clk.Advance(time.Second) // several share an instant
		}
		require.NoError(t, log.Act(t.Context(), hr, fmt.Sprint("POST /", i), nil, audit.Done))
	}
	seen, token := map[string]bool{}, ""
	last := clk.Now()
	for {
		entries, next, err := log.List(t.Context(), audit.Query{PersonID: jeanne}, 4, token)
		require.NoError(t, err)
		for _, e := range entries {
			require.False(t, seen[e.Route])
			require.False(t, e.At.After(last))
			seen[e.Route], last = true, e.At
		}
		if token = next; token == "" {
			break
		}
		_, _, err = log.List(t.Context(), audit.Query{PersonID: lea}, 4, token)
		require.ErrorIs(t, err, audit.ErrPage, "a token belongs to its list")
	}
	require.Len(t, seen, 25)
}

func TestEntriesAreKeptForTheirTimeAndNoLonger(t *testing.T) {
	log, clk := newLog(t, 30)
	require.NoError(t, log.Act(t.Context(), hr, "old", nil, audit.Done))
	clk.Advance(29 * 24 * time.Hour)
	require.NoError(t, log.Act(t.Context(), hr, "young", nil, audit.Done))
	require.NoError(t, log.Sweep(t.Context()))
	entries, _, err := log.List(t.Context(), audit.Query{}, 10, "")
	require.NoError(t, err)
	require.Len(t, entries, 2)
	clk.Advance(2 * 24 * time.Hour)
	require.NoError(t, log.Sweep(t.Context()))
	entries, _, err = log.List(t.Context(), audit.Query{}, 10, "")
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, "young", entries[0].Route)
}

func TestOnlyIDsAreKeptWhateverStandsWhereAnIDBelongs(t *testing.T) {
	ctx, subject := audit.WithSubject(t.Context())
	audit.About(ctx, "Léa Moreau", lea, "", "001003", "<b>")
	audit.AboutMessage(ctx, (&portalv1.ListAuditRequest{PersonId: jeanne, AboutId: "Léa", PageToken: lea}).ProtoReflect())
	audit.AboutMessage(ctx, (&portalv1.ReplayDeadLettersRequest{Ids: []string{lea, "Léa"}}).ProtoReflect())
	require.ElementsMatch(t, []string{lea, jeanne, lea}, subject.IDs())
	audit.About(t.Context(), lea) // where nothing is recorded, nothing happens
}

func TestAnActorIsRecordedByTheWidestRole(t *testing.T) {
	local := []identity.Grant{{Role: identity.Director, Unit: "a"}, {Role: identity.LocalHR, Unit: "b"}}
	require.Equal(t, identity.HR, audit.As(identity.Actor{PersonID: jeanne, Roles: []identity.Role{identity.HR}, Grants: local}))
	require.Equal(t, identity.LocalHR, audit.As(identity.Actor{PersonID: jeanne, Grants: local}))
	require.Empty(t, audit.As(identity.Actor{PersonID: jeanne}))
	require.Empty(t, audit.As(identity.Actor{Roles: []identity.Role{identity.Service}}), "services ask on nobody's behalf")
}

func TestAnOutcomeIsReadFromTheError(t *testing.T) {
	no := errors.New("no")
	refused := func(err error) bool { return errors.Is(err, no) }
	require.Equal(t, audit.Done, audit.OutcomeOf(nil, refused))
	require.Equal(t, audit.Refused, audit.OutcomeOf(no, refused))
	require.Equal(t, audit.Failed, audit.OutcomeOf(errors.New("down"), refused))
}
