package react_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/survey"
)

// naming lists the collections in which the text stands, but for tombstones and events.
func naming(t *testing.T, db *mongo.Database, text string) (collections []string) {
	t.Helper()
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	require.NoError(t, err)
	for _, name := range names {
		cursor, err := db.Collection(name).Find(t.Context(), bson.D{})
		require.NoError(t, err)
		var docs []bson.M
		require.NoError(t, cursor.All(t.Context(), &docs))
		for _, doc := range docs {
			shown, err := bson.MarshalExtJSON(doc, false, false)
			require.NoError(t, err)
			stone := name == "people" && doc["_id"] == text
			if name != "events" && !stone && strings.Contains(string(shown), text) {
				collections = append(collections, name)
			}
		}
	}
	return collections
}

func TestOfWhoeverIsErasedOnlyWhatWasAnsweredInConfidenceStays(t *testing.T) {
	w := newWorld(t)
	ada, bob := uuid.NewString(), uuid.NewString()
	someone := func(id, manager string) *directoryv1.Employee {
		return &directoryv1.Employee{Id: id, Version: 1, UnitId: "u", UnitPath: []string{"c", "u"}, ManagerId: manager, TimeZone: "Europe/Paris", HiredOn: "2026-11-02"}
	}
	hired, err := event.New(t.Context(), "directory", "", time.Date(2026, 10, 30, 9, 0, 0, 0, time.UTC),
		&directoryv1.PeopleHired{People: []*directoryv1.Employee{someone(ada, ""), someone(bob, ada)}, AsOf: "2026-10-30"})
	require.NoError(t, err)
	moved, err := event.New(t.Context(), "directory", "", hired.Time, &directoryv1.PeopleMoved{AsOf: "2026-10-30", Moves: []*directoryv1.PeopleMoved_Move{{Person: someone(ada, ""), FromUnitId: "v"}}})
	require.NoError(t, err)
	w.hear(t.Context(), t, hired)
	w.hear(t.Context(), t, moved)

	// Ada was asked four times: she answered once in confidence and once with her name, began a third answer, and did not a fourth.
	moments, _, err := mongostore.NewMoments(w.db).List(t.Context(), mongostore.Query{PersonID: ada, KeyMoment: moment.Onboarding}, 10, "")
	require.NoError(t, err)
	asked := moments[0].Planned()
	require.Len(t, asked, 4)
	for _, f := range asked {
		_, err := w.db.Collection("agenda").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: f.InvitationID}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: agenda.StateDone}, {Key: "done_at", Value: f.Due}}}, {Key: "$unset", Value: bson.D{{Key: "wake", Value: ""}}}})
		require.NoError(t, err)
	}
	responses, drafts := mongostore.NewResponses(w.db), mongostore.NewDrafts(w.db)
	answer := func(f moment.FollowUp, name string) survey.Response {
		r := survey.Response{ID: survey.ResponseID(f.InvitationID), KeyMoment: moment.Onboarding, FollowUp: f.Code, UnitPath: []string{"c", "u"}, AnsweredOn: f.On, PersonID: name, Closing: true}
		_, err := responses.Insert(t.Context(), r)
		require.NoError(t, err)
		return r
	}
	confidential := answer(asked[0], "")
	answer(asked[1], ada)
	require.NoError(t, drafts.Save(t.Context(), asked[2].InvitationID, []survey.Answer{{Question: "q"}}, hired.Time.AddDate(1, 0, 0)))
	// She was of a team that celebrated, declared it, and is the manager whom Bob is said to have got.
	together := moment.OpenTogether(moment.KeyMoment{Code: moment.SuccessCelebrated}, moment.Unit{ID: "u", Path: []string{"c", "u"}, Zone: time.UTC},
		[]moment.Member{{ID: ada, Zone: "UTC"}, {ID: bob, Zone: "UTC"}}, clock.Date{Year: 2026, Month: 11, Day: 2}, hired.Time)
	together.DeclaredBy = ada
	led := moment.OpenManagerChange(moment.KeyMoment{Code: moment.ManagerChange, FollowUps: []moment.Rule{{Code: "day_7", OffsetDays: 7, GraceDays: 7}}},
		moment.Person{ID: bob, Zone: time.UTC}, ada, clock.Date{Year: 2026, Month: 11, Day: 2}, hired.Time)
	_, err = w.reactions.Opener.Open(t.Context(), "k", hired.Time, []moment.Moment{together, led})
	require.NoError(t, err)
	require.NotEmpty(t, naming(t, w.db, ada))
	counted, err := mongostore.NewFollowUps(w.db).Asked(t.Context(), moment.Onboarding, time.Time{}, time.Time{})
	require.NoError(t, err)
	require.Equal(t, 4, total(counted))

	for range 2 {
		require.NoError(t, w.reactions.PeopleErased(t.Context(), event.Event{}, &directoryv1.PeopleErased{PersonIds: []string{ada}}))
		w.hear(t.Context(), t, hired) // old news that comes again brings nobody back
		w.hear(t.Context(), t, moved)
	}

	require.Empty(t, naming(t, w.db, ada))
	for _, derived := range []string{confidential.ID, asked[0].InvitationID, asked[3].InvitationID, moments[0].ID} {
		require.Empty(t, naming(t, w.db, derived), "nothing stays that follows from the person's id")
	}
	kept, err := responses.About(t.Context(), moment.Onboarding, "")
	require.NoError(t, err)
	require.Len(t, kept, 1)
	confidential.ID, confidential.Closing, confidential.Answers = kept[0].ID, false, kept[0].Answers
	require.Equal(t, confidential, kept[0], "the answer is as it was")
	counted, err = mongostore.NewFollowUps(w.db).Asked(t.Context(), moment.Onboarding, time.Time{}, time.Time{})
	require.NoError(t, err)
	require.Equal(t, 3, total(counted), "the named answer and its asking are gone")
	n, err := w.db.Collection("drafts").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.Zero(t, n)

	team, err := mongostore.NewMoments(w.db).Get(t.Context(), together.ID)
	require.NoError(t, err)
	require.Equal(t, []moment.Member{{ID: bob, Zone: "UTC"}}, team.Members)
	require.Equal(t, 1, team.People)
	item, err := w.agenda.Get(t.Context(), led.FollowUps[0].InvitationID)
	require.NoError(t, err)
	require.Equal(t, agenda.StateCancelled, item[led.FollowUps[0].InvitationID].State, "nobody is asked about a manager who is gone")
	require.Equal(t, bob, item[led.FollowUps[0].InvitationID].Subject)
	require.NotEmpty(t, w.live(t.Context(), t, bob))
}

func total(cells []survey.Cell) (n int) {
	for _, c := range cells {
		n += c.N
	}
	return n
}
