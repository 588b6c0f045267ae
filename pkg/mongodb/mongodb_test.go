package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
)

func TestMain(m *testing.M) {
	mongodb.LeaseDatabase = mongotest.Database
	mongotest.Main(m)
}

type account struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
	Sum     int    `bson:"sum"`
	Note    string `bson:"note"`
}

func TestAGuardedReplacementWinsOnlyOverTheVersionItKnew(t *testing.T) {
	ctx, coll := t.Context(), mongotest.Database(t).Collection("accounts")
	insert(t, coll, account{ID: "a", Version: 1})

	require.NoError(t, mongodb.ReplaceGuarded(ctx, coll, "a", 1, account{ID: "a", Version: 2, Sum: 5, Note: "$version"}))
	require.ErrorIs(t, mongodb.ReplaceGuarded(ctx, coll, "a", 1, account{ID: "a", Version: 2, Sum: 9}), mongodb.ErrConflict)
	require.ErrorIs(t, mongodb.ReplaceGuarded(ctx, coll, "b", 1, account{ID: "b", Version: 2}), mongodb.ErrNotFound)

	require.Equal(t, account{ID: "a", Version: 2, Sum: 5, Note: "$version"}, read(t, coll, "a"),
		"and text that looks like an expression is text")
}

func TestNoGuardedUpdateIsLost(t *testing.T) {
	ctx, coll := t.Context(), mongotest.Database(t).Collection("accounts")
	insert(t, coll, account{ID: "a"})
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for done := 0; done < 20; {
				a := read(t, coll, "a")
				next := account{ID: "a", Version: a.Version + 1, Sum: a.Sum + 1}
				err := mongodb.ReplaceGuarded(ctx, coll, "a", a.Version, next)
				if err == nil {
					done++
				} else if !errors.Is(err, mongodb.ErrConflict) {
					t.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
	require.Equal(t, 160, read(t, coll, "a").Sum)
}

func TestInsertingTwiceIsInsertingOnce(t *testing.T) {
	ctx, coll := t.Context(), mongotest.Database(t).Collection("accounts")
	n, err := mongodb.InsertNew(ctx, coll, []any{account{ID: "a", Sum: 1}, account{ID: "b"}})
	require.NoError(t, err)
	require.Equal(t, 2, n)

	n, err = mongodb.InsertNew(ctx, coll, []any{account{ID: "a", Sum: 2}, account{ID: "c"}, account{ID: "c"}})
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, 1, read(t, coll, "a").Sum, "what is there stays")

	n, err = mongodb.InsertNew(ctx, coll, nil)
	require.NoError(t, err)
	require.Zero(t, n)

	_, err = coll.InsertOne(ctx, account{ID: "a"})
	require.True(t, mongodb.IsDuplicate(err))
}

func TestUpsertsKeepTheNewestVersionInWhateverOrderTheyCome(t *testing.T) {
	coll := mongotest.Database(t).Collection("accounts")
	for _, v := range []int64{2, 1, 0, 3, 3} {
		a := account{ID: "a", Version: v, Sum: int(v)}
		require.NoError(t, mongodb.BulkUpsert(t.Context(), coll, []mongo.WriteModel{mongodb.UpsertNewerModel("a", v, a)}))
	}
	require.Equal(t, account{ID: "a", Version: 3, Sum: 3}, read(t, coll, "a"))
	require.NoError(t, mongodb.BulkUpsert(t.Context(), coll, nil))

	for _, v := range []int64{2, 1, 5, 4, 5} {
		require.NoError(t, mongodb.UpsertNewer(t.Context(), coll, []mongodb.Versioned{
			{ID: "a", Version: v, Doc: account{ID: "a", Version: v}}, {ID: "b", Version: v, Doc: account{ID: "b", Version: v}},
		}))
	}
	require.Equal(t, account{ID: "a", Version: 5}, read(t, coll, "a"))
	require.Equal(t, account{ID: "b", Version: 5}, read(t, coll, "b"))
	require.NoError(t, mongodb.UpsertNewer(t.Context(), coll, nil))
}

func TestConcurrentUpsertsOfTheSameNewDocumentsAllSucceed(t *testing.T) {
	coll := mongotest.Database(t).Collection("accounts")
	var writers sync.WaitGroup
	for v := range int64(4) {
		writers.Go(func() {
			var models []mongo.WriteModel
			var docs []mongodb.Versioned
			for i := range 200 {
				id, other := fmt.Sprintf("a%d", i), fmt.Sprintf("b%d", i)
				models = append(models, mongodb.UpsertNewerModel(id, v+1, account{ID: id, Version: v + 1}))
				docs = append(docs, mongodb.Versioned{ID: other, Version: v + 1, Doc: account{ID: other, Version: v + 1}})
			}
			if err := mongodb.BulkUpsert(t.Context(), coll, models); err != nil {
				t.Error(err)
			}
			if err := mongodb.UpsertNewer(t.Context(), coll, docs); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	n, err := coll.CountDocuments(t.Context(), bson.D{{Key: "version", Value: 4}})
	require.NoError(t, err)
	require.EqualValues(t, 400, n)
}

func TestAMissingDocumentIsNotFound(t *testing.T) {
	err := mongotest.Database(t).Collection("accounts").FindOne(t.Context(), bson.D{}).Err()
	require.ErrorIs(t, mongodb.NotFound(err), mongodb.ErrNotFound)
	require.NoError(t, mongodb.NotFound(nil))
}

func TestConnectingToNothingFailsWithoutLeavingAClient(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := mongodb.Connect(ctx, "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100")
	require.ErrorContains(t, err, "reaching MongoDB")
	_, err = mongodb.Connect(ctx, "http://nonsense")
	require.ErrorContains(t, err, "configuring")
}

func TestMigrationsRunOnceAndInOrder(t *testing.T) {
	db := mongotest.Database(t)
	var ran []int
	step := func(v int) mongodb.Migration {
		return mongodb.Migration{Version: v, Name: "step", Up: func(context.Context, *mongo.Database) error {
			ran = append(ran, v)
			return nil
		}}
	}
	require.NoError(t, mongodb.Migrate(t.Context(), db, []mongodb.Migration{step(2), step(1)}))
	require.NoError(t, mongodb.Migrate(t.Context(), db, []mongodb.Migration{step(1), step(2), step(3)}))
	require.NoError(t, mongodb.Migrate(t.Context(), db, []mongodb.Migration{step(1), step(2), step(3)}))
	require.Equal(t, []int{1, 2, 3}, ran)

	require.Error(t, mongodb.Migrate(t.Context(), db, []mongodb.Migration{step(4), step(4)}), "a version used twice")
	require.Error(t, mongodb.Migrate(t.Context(), db, []mongodb.Migration{step(0)}))
}

func TestAFailedMigrationLeavesTheEarlierOnesDone(t *testing.T) {
	db := mongotest.Database(t)
	first, broken := 0, true
	migrations := []mongodb.Migration{
		{Version: 1, Name: "first", Up: func(context.Context, *mongo.Database) error { first++; return nil }},
		{Version: 2, Name: "second", Up: func(context.Context, *mongo.Database) error {
			if broken {
				return errors.New("disk full")
			}
			return nil
		}},
	}
	require.ErrorContains(t, mongodb.Migrate(t.Context(), db, migrations), "to version 2 (second): disk full")
	broken = false
	require.NoError(t, mongodb.Migrate(t.Context(), db, migrations))
	require.Equal(t, 1, first)
}

func TestReplicasThatStartTogetherMigrateOnce(t *testing.T) {
	db := mongotest.Database(t)
	var ran atomic.Int32
	var replicas sync.WaitGroup
	for range 5 {
		replicas.Go(func() {
			err := mongodb.Migrate(t.Context(), db, []mongodb.Migration{{Version: 1, Name: "only", Up: func(context.Context, *mongo.Database) error {
				ran.Add(1)
				return nil
			}}})
			if err != nil {
				t.Error(err)
			}
		})
	}
	replicas.Wait()
	require.EqualValues(t, 1, ran.Load())
}

func insert(t *testing.T, coll *mongo.Collection, doc any) {
	t.Helper()
	_, err := coll.InsertOne(t.Context(), doc)
	require.NoError(t, err)
}

func read(t *testing.T, coll *mongo.Collection, id string) (a account) {
	t.Helper()
	if err := coll.FindOne(t.Context(), bson.D{{Key: "_id", Value: id}}).Decode(&a); err != nil {
		t.Error(err)
	}
	return a
}
