package directory_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/mongodb"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/directory/internal/mongostore"
)

// People who were imported before addresses were indexed are found by theirs after the update.
func TestAddressesOfOldAreFoundAfterAnUpdate(t *testing.T) {
	in := install(t)
	in.take(t, october, asOf("2026-10-01"))
	people := in.db.Collection("people")
	_, err := people.UpdateMany(t.Context(), bson.D{}, bson.D{{Key: "$unset", Value: bson.D{{Key: "address", Value: ""}}}})
	require.NoError(t, err)
	_, err = people.UpdateOne(t.Context(), bson.D{{Key: "number", Value: "002"}}, bson.D{{Key: "$set", Value: bson.D{{Key: "email", Value: "Lea@Exemple.fr"}}}})
	require.NoError(t, err)
	forgotten, err := in.db.Collection("migrations").DeleteOne(t.Context(), bson.D{{Key: "version", Value: 2}})
	require.NoError(t, err)
	require.EqualValues(t, 1, forgotten.DeletedCount)

	require.NoError(t, mongodb.Migrate(t.Context(), in.db, mongostore.Migrations()))
	found, err := in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{Query: "lea@exemple.FR"})
	require.NoError(t, err)
	require.Len(t, found.GetPeople(), 1)
	require.Equal(t, "002", found.GetPeople()[0].GetNumber())
}
