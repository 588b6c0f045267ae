package mongodb_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
)

type labelled struct {
	ID   string `bson:"_id"`
	Name string `bson:"name"`
}

func TestALoaderAnswersEverybodyInARush(t *testing.T) {
	coll := mongotest.Database(t).Collection("named")
	for i := range 20 {
		_, err := coll.InsertOne(t.Context(), labelled{ID: fmt.Sprint(i), Name: fmt.Sprint("name ", i)})
		require.NoError(t, err)
	}
	loader := mongodb.NewLoader[labelled](coll)
	var asking sync.WaitGroup
	for i := range 2000 {
		asking.Go(func() {
			id := fmt.Sprint(i % 40)
			doc, err := loader.Get(t.Context(), id)
			if i%40 >= 20 {
				require.ErrorIs(t, err, mongodb.ErrNotFound)
				return
			}
			require.NoError(t, err)
			require.Equal(t, labelled{ID: id, Name: "name " + id}, doc)
		})
	}
	asking.Wait()
}

func TestALoaderReadsWhatWasWrittenBeforeItWasAsked(t *testing.T) {
	coll := mongotest.Database(t).Collection("named")
	loader := mongodb.NewLoader[labelled](coll)
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := range 50 {
				id := fmt.Sprint(w, "-", i)
				_, err := coll.InsertOne(t.Context(), labelled{ID: id})
				require.NoError(t, err)
				_, err = loader.Get(t.Context(), id)
				require.NoError(t, err)
			}
		})
	}
	writers.Wait()
}

func TestALoaderTellsFailuresAndLetsGoOfThoseWhoGiveUp(t *testing.T) {
	coll := mongotest.Database(t).Collection("named")
	_, err := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "odd"}, {Key: "name", Value: 7}})
	require.NoError(t, err)
	loader := mongodb.NewLoader[labelled](coll)
	_, err = loader.Get(t.Context(), "odd")
	require.ErrorContains(t, err, "name")

	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err = loader.Get(gone, "odd")
	require.Error(t, err)
}
