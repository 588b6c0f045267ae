package mongostore_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
	"jalon.dev/services/notifications/internal/mongostore"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

var now = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

func store(t *testing.T) *mongostore.Store {
	t.Helper()
	db := mongotest.Database(t)
	require.NoError(t, mongodb.Migrate(t.Context(), db, mongostore.Migrations()))
	return mongostore.New(db)
}

func show(box *inbox.Inbox, id string, expires time.Time) {
	box.Request(inbox.Message{ID: id, KeyMoment: "onboarding", ExpiresAt: expires}, now)
	box.Settle(now, &gate.Person{Zone: time.UTC}, gate.NoRules(), inbox.Cause{Name: "cause"})
}

func TestWhatWasSavedIsRead(t *testing.T) {
	s := store(t)
	boxes, err := s.Load(t.Context(), "known", "new")
	require.NoError(t, err)
	require.Len(t, boxes, 2)
	show(boxes[0], "a", now.Add(time.Hour))
	require.NoError(t, s.Save(t.Context(), boxes))

	read, err := s.Load(t.Context(), "new", "known")
	require.NoError(t, err)
	require.Empty(t, read[0].Messages)
	require.Equal(t, boxes[0].Messages, read[1].Messages)
	require.EqualValues(t, 1, read[1].Version)
	require.EqualValues(t, 0, read[0].Version, "an inbox that did not change is not saved")
}

func TestTheSlowerOfTwoWritersMustReadAgain(t *testing.T) {
	s := store(t)
	for _, version := range []string{"new", "known"} {
		first, err := s.Load(t.Context(), "person", "bystander")
		require.NoError(t, err)
		second, err := s.Load(t.Context(), "person")
		require.NoError(t, err)
		show(first[0], "a"+version, time.Time{})
		show(first[1], "a"+version, time.Time{})
		show(second[0], "b"+version, time.Time{})

		require.NoError(t, s.Save(t.Context(), second))
		require.ErrorIs(t, s.Save(t.Context(), first), mongodb.ErrConflict)
	}
	read, err := s.Load(t.Context(), "person", "bystander")
	require.NoError(t, err)
	require.Len(t, read[0].Messages, 2, "only the faster writer's")
	require.Len(t, read[1].Messages, 2, "others of the same bulk are saved")
}

func TestNoWriterEverLosesWhatItSaved(t *testing.T) {
	s := store(t)
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for n := range 5 {
				for {
					boxes, err := s.Load(t.Context(), "person")
					if err != nil {
						t.Error(err)
						return
					}
					show(boxes[0], fmt.Sprintf("%d-%d", w, n), time.Time{})
					if err = s.Save(t.Context(), boxes); err == nil {
						break
					}
					if !errors.Is(err, mongodb.ErrConflict) {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	writers.Wait()
	boxes, err := s.Load(t.Context(), "person")
	require.NoError(t, err)
	require.Len(t, boxes[0].Messages, 40)
	require.EqualValues(t, 40, boxes[0].Version)
}

func TestExpiringInboxesAreFoundLongestFirst(t *testing.T) {
	s := store(t)
	boxes, err := s.Load(t.Context(), "later", "sooner", "never", "ahead")
	require.NoError(t, err)
	show(boxes[0], "a", now.Add(2*time.Hour))
	show(boxes[1], "b", now.Add(time.Hour))
	show(boxes[2], "c", time.Time{})
	show(boxes[3], "d", now.Add(4*time.Hour))
	require.NoError(t, s.Save(t.Context(), boxes))

	found, err := s.Expiring(t.Context(), now.Add(3*time.Hour), 10)
	require.NoError(t, err)
	require.Equal(t, []string{"sooner", "later"}, found)
	found, err = s.Expiring(t.Context(), now.Add(3*time.Hour), 1)
	require.NoError(t, err)
	require.Equal(t, []string{"sooner"}, found)
}
