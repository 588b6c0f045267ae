package mongotest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/mongotest"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

func TestEachTestHasAnEmptyDatabaseOfItsOwn(t *testing.T) {
	for i := range 20 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			things := mongotest.Database(t).Collection("things")
			_, err := things.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "same"}})
			require.NoError(t, err)
			n, err := things.CountDocuments(t.Context(), bson.D{})
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
		})
	}
}

func TestADatabaseIsGoneAfterItsTest(t *testing.T) {
	var name string
	t.Run("uses a database", func(t *testing.T) {
		db := mongotest.Database(t)
		name = db.Name()
		require.NoError(t, db.CreateCollection(t.Context(), "things"))
	})
	names, err := mongotest.Client(t).ListDatabaseNames(t.Context(), bson.D{})
	require.NoError(t, err)
	require.NotContains(t, names, name)
}
