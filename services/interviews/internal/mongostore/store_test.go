package mongostore_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

func store(t *testing.T) *mongostore.Store {
	t.Helper()
	db := mongotest.Database(t)
	require.NoError(t, mongodb.Migrate(t.Context(), db, mongostore.Migrations()))
	return mongostore.New(db)
}

func planned(employee, manager string) talk.Talk {
	return talk.Talk{
		ID: talk.ID(employee, 1), Kind: talk.EI2D, State: talk.Planned, Number: 1, EmployeeID: employee, Version: 1, ManagerID: manager,
		PersonVersion: 1, ChangedBy: "event", PlannedOn: clock.Date{Year: 2026, Month: time.November, Day: 30},
	}
}

func TestWhatWasSavedIsRead(t *testing.T) {
	s := store(t)
	a, b := planned("a", "m"), planned("b", "n")
	b.LastDay = b.PlannedOn
	b.Proposal = &talk.Proposal{By: "b", On: b.PlannedOn, StartsAt: 600}
	require.NoError(t, s.Save(t.Context(), a, b))

	got, err := s.Get(t.Context(), b.ID)
	require.NoError(t, err)
	require.Equal(t, b, got)
	next, err := s.Next(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, a, next)
	of, err := s.PlannedOf(t.Context(), "a", "b", "nobody")
	require.NoError(t, err)
	require.ElementsMatch(t, []talk.Talk{a, b}, of)
	with, err := s.PlannedWith(t.Context(), "m")
	require.NoError(t, err)
	require.Equal(t, []talk.Talk{a}, with)
	held := planned("a", "m")
	held.ID, held.Number, held.State = talk.ID("a", 7), 7, talk.Confirmed
	require.NoError(t, s.Save(t.Context(), held))
	last, err := s.Last(t.Context(), "a", "b", "nobody")
	require.NoError(t, err)
	require.Equal(t, map[string]talk.Talk{"a": held}, last)
	_, err = s.Get(t.Context(), "nobody")
	require.ErrorIs(t, err, mongodb.ErrNotFound)
	_, err = s.Next(t.Context(), "nobody")
	require.ErrorIs(t, err, mongodb.ErrNotFound)
}

func TestTheSlowerOfTwoWritersMustReadAgain(t *testing.T) {
	s := store(t)
	first := planned("a", "m")
	require.NoError(t, s.Save(t.Context(), first))
	require.ErrorIs(t, s.Save(t.Context(), first, planned("b", "m")), mongodb.ErrConflict)

	second := first
	second.Version, second.ManagerID = 2, "n"
	require.NoError(t, s.Save(t.Context(), second))
	second.ManagerID = "o"
	require.ErrorIs(t, s.Save(t.Context(), second), mongodb.ErrConflict)

	got, err := s.Next(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, "n", got.ManagerID)
	_, err = s.Next(t.Context(), "b")
	require.NoError(t, err, "others of the same bulk are saved")
}

func TestAWeekOfATrendIsKeptOnce(t *testing.T) {
	s := mongostore.NewTrends(mongotest.Database(t))
	monday := clock.Date{Year: 2026, Month: time.November, Day: 2}
	require.NoError(t, s.Keep(t.Context(), map[string]mongostore.Week{"store": {Monday: monday, People: 10, Met: 3}}))
	for range 2 {
		require.NoError(t, s.Keep(t.Context(), map[string]mongostore.Week{"store": {Monday: monday, People: 10, Met: 4}, "other": {Monday: monday}}))
	}
	require.NoError(t, s.Keep(t.Context(), map[string]mongostore.Week{"store": {Monday: monday.AddDays(7), People: 11, Met: 8}}))
	trends, err := s.Of(t.Context(), 2, "store", "other")
	require.NoError(t, err)
	require.Equal(t, []mongostore.Week{{Monday: monday, People: 10, Met: 4}, {Monday: monday.AddDays(7), People: 11, Met: 8}}, trends["store"])
	require.Len(t, trends["other"], 1)
}
