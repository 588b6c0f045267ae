package webhook

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
)

// Counting what failed looks at nothing else, however much was delivered.
func TestWhatFailedIsCountedInAnIndex(t *testing.T) {
	db := mongotest.Database(t)
	require.NoError(t, mongodb.Migrate(t.Context(), db, Migrations(1)))
	s := newStore(db)
	for i := range 50 {
		d := Delivery{ID: fmt.Sprint(i), Receiver: "payroll", Fate: Delivered}
		if i%10 == 0 {
			d.Fate = Failed
		}
		_, err := s.deliveries.InsertOne(t.Context(), d)
		require.NoError(t, err)
	}
	failed, err := s.failed(t.Context(), "payroll")
	require.NoError(t, err)
	require.EqualValues(t, 5, failed)
	var plan struct {
		Stats struct {
			Docs int `bson:"totalDocsExamined"`
		} `bson:"executionStats"`
	}
	err = db.RunCommand(t.Context(), bson.D{
		{Key: "explain", Value: bson.D{{Key: "find", Value: s.deliveries.Name()}, {Key: "filter", Value: failedOf("payroll")}}},
		{Key: "verbosity", Value: "executionStats"},
	}).Decode(&plan)
	require.NoError(t, err)
	require.Equal(t, 5, plan.Stats.Docs)
}
