package directory_test

import (
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/rpc"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// gone is a company from which Jeanne, number 001, has left; her address is doubtful.
const gone = header +
	"001;PICARD;Jeanne;jeanne(at)exemple.fr;;Nantes;Direction;Directrice;16/11/2015;30/09/2026\n" +
	"002;O'BRIEN;Léa;lea@exemple.fr;003;Nantes;Vélo;Vendeuse;14/09/2017;\n" +
	"003;NOËL;Benoît;benoit@exemple.fr;001;Nantes;Vélo;Vendeur;24/08/2020;\n"

// erase asks as HR.
func (in *installation) erase(t *testing.T, req *directoryv1.ErasePersonRequest) (*directoryv1.ErasePersonResponse, error) {
	t.Helper()
	return in.client.ErasePerson(hr(t.Context()), req)
}

// everything is all that directory keeps, by collection, as text.
func (in *installation) everything(t *testing.T) map[string]string {
	t.Helper()
	names, err := in.db.ListCollectionNames(t.Context(), bson.D{})
	require.NoError(t, err)
	all := map[string]string{}
	for _, name := range names {
		cursor, err := in.db.Collection(name).Find(t.Context(), bson.D{})
		require.NoError(t, err)
		var docs []bson.Raw
		require.NoError(t, cursor.All(t.Context(), &docs))
		var text strings.Builder
		for _, doc := range docs {
			text.Write(doc)
		}
		all[name] = text.String()
	}
	return all
}

func TestWhoeverIsErasedLeavesAnIDAndADate(t *testing.T) {
	in := install(t)
	in.take(t, october, asOf("2026-08-01"))
	in.take(t, gone, asOf("2026-10-01")) // Léa's manager was Jeanne, and is Benoît; Benoît's was and is Jeanne
	jeanne, benoit := in.person(t, "001"), in.person(t, "003")
	require.Equal(t, jeanne.GetId(), benoit.GetManagerId())
	require.Contains(t, in.everything(t)["imports"], "jeanne(at)exemple.fr", "a doubtful value is quoted")

	done, err := in.erase(t, &directoryv1.ErasePersonRequest{PersonId: jeanne.GetId(), ConfirmNumber: " 001 "})
	require.NoError(t, err)
	require.Equal(t, "2026-11-02", done.GetErasedOn())

	_, err = in.client.FindPerson(hr(t.Context()), &directoryv1.FindPersonRequest{Number: "001"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	require.Empty(t, in.person(t, "003").GetManagerId(), "the manager is not known any more")
	erased := newest(t, in.events(t), &directoryv1.PeopleErased{})
	require.Equal(t, []string{jeanne.GetId()}, erased.GetPersonIds())

	for collection, content := range in.everything(t) {
		for _, trace := range []string{"Jeanne", "jeanne", "PICARD", "picard", "\x00001\x00", "2015-11-16"} {
			if collection == "events" && trace == "2015-11-16" {
				continue // events tell dates, and go after 30 days
			}
			require.NotContains(t, content, trace, collection)
		}
		if collection != "events" && collection != "erased" { // events hold ids, and go after 30 days
			require.NotContains(t, content, jeanne.GetId(), collection)
		}
	}
	var stone bson.M
	require.NoError(t, in.db.Collection("erased").FindOne(t.Context(), bson.D{}).Decode(&stone))
	require.Equal(t, bson.M{"_id": jeanne.GetId(), "erased_on": "2026-11-02"}, stone)

	again, err := in.erase(t, &directoryv1.ErasePersonRequest{PersonId: jeanne.GetId()})
	require.NoError(t, err, "there is no number any more to be typed")
	require.Equal(t, done.GetErasedOn(), again.GetErasedOn())
	require.Equal(t, 1, types(in.events(t))["PeopleErased"])
}

func TestTheSameNumberIsAnotherPersonAfterwards(t *testing.T) {
	in := install(t)
	in.take(t, october, asOf("2026-10-01"))
	before := in.person(t, "002")
	_, err := in.erase(t, &directoryv1.ErasePersonRequest{PersonId: before.GetId(), ConfirmNumber: "002", StillEmployed: true})
	require.NoError(t, err)

	report := in.take(t, october, asOf("2026-10-02"))
	require.EqualValues(t, 1, report.GetAdded())
	require.NotEqual(t, before.GetId(), in.person(t, "002").GetId())
}

func TestNobodyIsErasedByMistake(t *testing.T) {
	in := install(t)
	in.take(t, october, asOf("2026-10-01"))
	lea := in.person(t, "002")
	for name, c := range map[string]struct {
		req   *directoryv1.ErasePersonRequest
		field string
	}{
		"no number":             {&directoryv1.ErasePersonRequest{PersonId: lea.GetId(), StillEmployed: true}, "confirm_number"},
		"somebody's number":     {&directoryv1.ErasePersonRequest{PersonId: lea.GetId(), ConfirmNumber: "003", StillEmployed: true}, "confirm_number"},
		"somebody who is there": {&directoryv1.ErasePersonRequest{PersonId: lea.GetId(), ConfirmNumber: "002"}, "still_employed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := in.erase(t, c.req)
			require.Equal(t, connect.CodeInvalidArgument, connect.CodeOf(err))
			require.Equal(t, c.field, rpc.Violations(err)[0].Field)
		})
	}
	_, err := in.erase(t, &directoryv1.ErasePersonRequest{PersonId: "00000000-0000-4000-8000-000000000000", ConfirmNumber: "002"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	require.Equal(t, lea.GetId(), in.person(t, "002").GetId())
}

func TestAnErasureWhoseProcessDiedIsEnded(t *testing.T) {
	in := install(t)
	in.take(t, october, asOf("2026-10-01"))
	lea := in.person(t, "002")
	in.events(t)
	_, err := in.db.Collection("erased").InsertOne(t.Context(), bson.D{{Key: "_id", Value: lea.GetId()}, {Key: "erased_on", Value: "2026-11-02"}, {Key: "unfinished", Value: true}})
	require.NoError(t, err)

	require.Eventually(t, func() bool {
		_, err := in.client.FindPerson(hr(t.Context()), &directoryv1.FindPersonRequest{Number: "002"})
		return connect.CodeOf(err) == connect.CodeNotFound
	}, patience, 20*time.Millisecond)
	require.Equal(t, 1, types(in.events(t))["PeopleErased"])
}
