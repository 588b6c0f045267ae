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
		EmployeeID: employee, Version: 1, ManagerID: manager, PersonVersion: 1, ChangedBy: "event",
		PlannedOn: clock.Date{Year: 2026, Month: time.November, Day: 30},
	}
}

func TestWhatWasSavedIsRead(t *testing.T) {
	s := store(t)
	a, b := planned("a", "m"), planned("b", "n")
	b.LastDay = b.PlannedOn
	require.NoError(t, s.Save(t.Context(), []talk.Talk{a, b}))

	got, err := s.Get(t.Context(), "b")
	require.NoError(t, err)
	require.Equal(t, b, got)
	of, err := s.Of(t.Context(), []string{"a", "b", "nobody"})
	require.NoError(t, err)
	require.ElementsMatch(t, []talk.Talk{a, b}, of)
	with, err := s.With(t.Context(), "m")
	require.NoError(t, err)
	require.Equal(t, []talk.Talk{a}, with)
	_, err = s.Get(t.Context(), "nobody")
	require.ErrorIs(t, err, mongodb.ErrNotFound)
}

func TestTheSlowerOfTwoWritersMustReadAgain(t *testing.T) {
	s := store(t)
	first := planned("a", "m")
	require.NoError(t, s.Save(t.Context(), []talk.Talk{first}))
	require.ErrorIs(t, s.Save(t.Context(), []talk.Talk{first, planned("b", "m")}), mongodb.ErrConflict)

	second := first
	second.Version, second.ManagerID = 2, "n"
	require.NoError(t, s.Save(t.Context(), []talk.Talk{second}))
	second.ManagerID = "o"
	require.ErrorIs(t, s.Save(t.Context(), []talk.Talk{second}), mongodb.ErrConflict)

	got, err := s.Get(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, "n", got.ManagerID)
	_, err = s.Get(t.Context(), "b")
	require.NoError(t, err, "others of the same bulk are saved")
}
