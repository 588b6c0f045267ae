package mongodb_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
)

func TestAnInserterKeepsEachDocumentOnceInARush(t *testing.T) {
	coll := mongotest.Database(t).Collection("named")
	inserter := mongodb.NewInserter(coll)
	var inserting sync.WaitGroup
	var inserted atomic.Int64
	const callers, ids = 2000, 700
	for i := range callers {
		inserting.Go(func() {
			n, err := inserter.Insert(t.Context(),
				labelled{ID: fmt.Sprint("a", i%ids), Name: fmt.Sprint(i % ids)}, labelled{ID: fmt.Sprint("b", i%ids), Name: fmt.Sprint(i % ids)})
			require.NoError(t, err)
			inserted.Add(int64(n))
			there, err := coll.CountDocuments(t.Context(), bson.D{{Key: "name", Value: fmt.Sprint(i % ids)}})
			require.NoError(t, err)
			require.EqualValues(t, 2, there, "what was inserted is there once it is said to be")
		})
	}
	inserting.Wait()
	require.EqualValues(t, 2*ids, inserted.Load(), "each document is new to one caller")
}

func TestAnInserterTellsAFailureToThoseAloneWhoseDocumentsFail(t *testing.T) {
	coll := mongotest.Database(t).Collection("named")
	_, err := coll.Indexes().CreateOne(t.Context(), mongo.IndexModel{
		Keys: bson.D{{Key: "name", Value: 1}, {Key: "others", Value: 1}}, // an index of two lists is refused by the server
	})
	require.NoError(t, err)
	inserter := mongodb.NewInserter(coll)
	var inserting sync.WaitGroup
	for i := range 200 {
		inserting.Go(func() {
			if i%10 == 0 {
				lists := bson.D{{Key: "_id", Value: fmt.Sprint(i)}, {Key: "name", Value: bson.A{1, 2}}, {Key: "others", Value: bson.A{1, 2}}}
				_, err := inserter.Insert(t.Context(), lists)
				require.ErrorContains(t, err, "parallel arrays")
				return
			}
			n, err := inserter.Insert(t.Context(), labelled{ID: fmt.Sprint(i)})
			require.NoError(t, err)
			require.Equal(t, 1, n)
		})
	}
	inserting.Wait()
}

func TestAnInserterLetsGoOfThoseWhoGiveUp(t *testing.T) {
	inserter := mongodb.NewInserter(mongotest.Database(t).Collection("named"))
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err := inserter.Insert(gone, labelled{ID: "1"})
	require.ErrorIs(t, err, context.Canceled)
}
