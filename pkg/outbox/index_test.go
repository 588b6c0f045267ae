package outbox

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.uber.org/zap"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongotest"
)

func TestWaitingEventsAreFoundWithoutLookingAtOtherDocuments(t *testing.T) {
	db := mongotest.Database(t)
	r := NewRelay(db, nil, zap.NewNop(), "aggregates")
	require.NoError(t, r.index(t.Context()))
	_, err := db.Collection("aggregates").InsertMany(t.Context(), []any{
		bson.D{{Key: "_id", Value: "never had any"}},
		bson.D{{Key: "_id", Value: "emptied"}, {Key: "outbox", Value: bson.A{}}},
		bson.D{{Key: "_id", Value: "full"}, {Key: "outbox", Value: []event.Event{{ID: "e"}}}},
	})
	require.NoError(t, err)
	var plan struct {
		Stats struct {
			Docs int `bson:"totalDocsExamined"`
		} `bson:"executionStats"`
	}
	err = db.RunCommand(t.Context(), bson.D{
		{Key: "explain", Value: bson.D{{Key: "find", Value: "aggregates"}, {Key: "filter", Value: waiting()}}},
		{Key: "verbosity", Value: "executionStats"},
	}).Decode(&plan)
	require.NoError(t, err)
	require.Equal(t, 1, plan.Stats.Docs)
}
