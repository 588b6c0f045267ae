package people_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestWhoeverIsErasedNeverComesBack(t *testing.T) {
	db := mongotest.Database(t)
	reg := people.NewRegister(db)
	boss := func(e *directoryv1.Employee) { e.ManagerId = "" }
	told := []*directoryv1.Employee{employee("boss", 1, boss), employee("ada", 1)}
	require.NoError(t, reg.Apply(t.Context(), told))
	for range 2 {
		require.NoError(t, reg.Erase(t.Context(), []string{"boss"}))
	}
	// Old news, news that overtook the erasure, and a report of whom nothing was known.
	require.NoError(t, reg.Apply(t.Context(), append(told, employee("boss", 9, boss), employee("ada", 2), employee("bob", 1))))

	_, err := reg.Get(t.Context(), "boss")
	require.ErrorIs(t, err, mongodb.ErrNotFound)
	known, err := reg.GetMany(t.Context(), []string{"boss", "ada", "bob"})
	require.NoError(t, err)
	require.Len(t, known, 2)
	for _, p := range known {
		require.Empty(t, p.ManagerID, "the manager of %s is not known any more", p.ID)
	}
	for p, err := range reg.All(t.Context()) {
		require.NoError(t, err)
		require.NotEqual(t, "boss", p.ID)
	}
	erased, err := reg.Erased(t.Context(), []string{"boss", "ada", "nobody"})
	require.NoError(t, err)
	require.Equal(t, []string{"boss"}, erased)
	var left bson.M
	require.NoError(t, db.Collection("people").FindOne(t.Context(), bson.D{{Key: "_id", Value: "boss"}}).Decode(&left))
	require.Len(t, left, 2, "an id and a version are all that is left: %v", left)
}

func TestWhoeverIsErasedBeforeBeingHeardOfStaysUnknown(t *testing.T) {
	reg := people.NewRegister(mongotest.Database(t))
	require.NoError(t, reg.Erase(t.Context(), []string{"ada"}))
	require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{employee("ada", 1)}))
	_, err := reg.Get(t.Context(), "ada")
	require.ErrorIs(t, err, mongodb.ErrNotFound)
}
