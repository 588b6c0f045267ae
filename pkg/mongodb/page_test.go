package mongodb_test

import (
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"pgregory.net/rapid"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
)

type named struct {
	ID   int64  `bson:"_id"`
	Name string `bson:"name"`
}

func TestPagesShowEverythingOnceInOrder(t *testing.T) {
	db := mongotest.Database(t)
	rapid.Check(t, func(r *rapid.T) {
		coll := db.Collection("named")
		require.NoError(r, coll.Drop(t.Context()))
		names := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 12).Draw(r, "names")
		size := rapid.IntRange(1, 5).Draw(r, "page size")
		for i, name := range names {
			_, err := coll.InsertOne(t.Context(), named{ID: int64(i), Name: name})
			require.NoError(r, err)
		}
		var seen []named
		for token := ""; ; {
			key, err := mongodb.ParsePageToken(token, "all", 2)
			require.NoError(r, err)
			cursor, err := coll.Find(t.Context(), mongodb.After([]string{"name", "_id"}, key),
				options.Find().SetSort(bson.D{{Key: "name", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(size)))
			require.NoError(r, err)
			var page []named
			require.NoError(r, cursor.All(t.Context(), &page))
			seen = append(seen, page...)
			if len(page) < size {
				break
			}
			last := page[len(page)-1]
			token, err = mongodb.PageToken("all", last.Name, last.ID)
			require.NoError(r, err)
		}
		require.Len(r, seen, len(names))
		require.True(r, slices.IsSortedFunc(seen, func(a, b named) int {
			if a.Name != b.Name {
				return int(a.Name[0]) - int(b.Name[0])
			}
			return int(a.ID - b.ID)
		}))
	})
}

func TestAPageTokenIsGoodForItsOwnQuestionOnly(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	token, err := mongodb.PageToken("unit=7", "Ada", at)
	require.NoError(t, err)
	key, err := mongodb.ParsePageToken(token, "unit=7", 2)
	require.NoError(t, err)
	require.Equal(t, bson.A{"Ada", at}, key)

	for why, ask := range map[string]struct{ token, filter string }{
		"another filter": {token, "unit=8"},
		"nonsense":       {"!", "unit=7"},
		"cut off":        {token[:len(token)-4], "unit=7"},
		"smuggled": {base64.RawURLEncoding.EncodeToString(must(bson.Marshal(bson.D{
			{Key: "f", Value: filterHash(t, "unit=7")}, {Key: "k", Value: bson.A{"a", bson.D{{Key: "$gt", Value: ""}}}},
		}))), "unit=7"},
	} {
		_, err := mongodb.ParsePageToken(ask.token, ask.filter, 2)
		require.ErrorIs(t, err, mongodb.ErrPageToken, why)
	}
	_, err = mongodb.ParsePageToken(token, "unit=7", 3)
	require.ErrorIs(t, err, mongodb.ErrPageToken)

	key, err = mongodb.ParsePageToken("", "unit=7", 2)
	require.NoError(t, err)
	require.Empty(t, mongodb.After([]string{"name", "_id"}, key), "the first page begins at the beginning")
}

func filterHash(t *testing.T, filter string) int64 {
	t.Helper()
	token, err := mongodb.PageToken(filter)
	require.NoError(t, err)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	require.NoError(t, err)
	return bson.Raw(raw).Lookup("f").Int64()
}

func must(raw []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return raw
}
