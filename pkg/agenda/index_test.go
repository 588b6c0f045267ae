package agenda

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongotest"
)

func TestWaitingItemsAreFoundWithoutLookingAtSettledOnes(t *testing.T) {
	db, now := mongotest.Database(t), time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	a := New(db, clock.NewFrozen(now), zap.NewNop())
	a.Handle("k", func(_ context.Context, _ time.Time, items []Item) ([]Outcome, error) { return DoneAll(items), nil })
	require.NoError(t, a.index(t.Context()))
	require.NoError(t, a.Schedule(t.Context(), Item{ID: "waiting", Kind: "k", Due: now}))
	for _, id := range []string{"a", "b", "c"} {
		require.NoError(t, a.Schedule(t.Context(), Item{ID: id, Kind: "k", Due: now}))
		require.NoError(t, a.Cancel(t.Context(), "settled", id))
	}
	var plan struct {
		Stats struct {
			Keys int `bson:"totalKeysExamined"`
			Docs int `bson:"totalDocsExamined"`
		} `bson:"executionStats"`
	}
	err := db.RunCommand(t.Context(), bson.D{
		{Key: "explain", Value: bson.D{
			{Key: "find", Value: "agenda"}, {Key: "filter", Value: dueOf(now, &kind{name: "k"}, &kind{name: "other"})}, {Key: "sort", Value: bson.D{{Key: "wake", Value: 1}}},
		}},
		{Key: "verbosity", Value: "executionStats"},
	}).Decode(&plan)
	require.NoError(t, err)
	require.Equal(t, 1, plan.Stats.Docs)
	require.Equal(t, 1, plan.Stats.Keys)
}
