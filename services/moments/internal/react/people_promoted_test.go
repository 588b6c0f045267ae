package react_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/mongostore"
)

func news(t *testing.T, msg proto.Message) event.Event {
	t.Helper()
	ev, err := event.New(t.Context(), "directory", "", today.In(time.UTC).Add(9*time.Hour), msg)
	require.NoError(t, err)
	return ev
}

// planned are the moments of a person, with what is planned of each.
func (w world) planned(t *testing.T, personID string) map[string][]string {
	t.Helper()
	moments, _, err := mongostore.NewMoments(w.db).List(t.Context(), mongostore.Query{PersonID: personID}, 100, "")
	require.NoError(t, err)
	all := map[string][]string{}
	for _, m := range moments {
		key := m.KeyMoment + " " + m.HappensOn.String()
		all[key] = []string{}
		for _, f := range m.Planned() {
			all[key] = append(all[key], f.Code)
		}
	}
	return all
}

func someone(id string) *directoryv1.Employee {
	return &directoryv1.Employee{Id: id, Version: 2, UnitId: "u", UnitPath: []string{"u"}, TimeZone: "Europe/Paris", HiredOn: "2019-05-01"}
}

func TestAPromotionOpensItsMomentOnItsDayHoweverLateAndOften(t *testing.T) {
	w := newWorld(t)
	fresh, undated, late, gone := uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString()
	left := someone(gone)
	left.LeftOn = "2026-10-15"
	ev := news(t, &directoryv1.PeoplePromoted{AsOf: "2026-11-01", Promotions: []*directoryv1.PeoplePromoted_Promotion{
		{Person: someone(fresh), PromotedOn: "2026-10-19"},
		{Person: someone(undated)},
		{Person: someone(late), PromotedOn: "2026-09-01"},
		{Person: left, PromotedOn: "2026-11-01"},
	}})
	for range 2 {
		require.NoError(t, handle(ev, &directoryv1.PeoplePromoted{}, func(m *directoryv1.PeoplePromoted) error {
			return w.reactions.PeoplePromoted(t.Context(), ev, m)
		}))
	}
	require.Equal(t, map[string][]string{"promotion 2026-10-19": {"day_30", "day_90"}}, w.planned(t, fresh))
	require.Equal(t, map[string][]string{"promotion 2026-11-01": {"day_30", "day_90"}}, w.planned(t, undated))
	require.Equal(t, map[string][]string{"promotion 2026-09-01": {"day_90"}}, w.planned(t, late), "what is no longer useful is skipped")
	require.Empty(t, w.planned(t, gone))

	n, err := w.db.Collection("events").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.EqualValues(t, 1, n, "told of once")
}

// Another manager comes with the promotion: whichever event is heard first, both are moments.
func TestAPromotionDoesNotHideAnotherManager(t *testing.T) {
	for name, first := range map[string]bool{"promotion first": true, "promotion last": false} {
		t.Run(name, func(t *testing.T) {
			w, who := newWorld(t), uuid.NewString()
			before, after := someone(who), someone(who)
			before.Version, before.ManagerId = 1, "ada"
			after.ManagerId = "bob"
			w.hear(t.Context(), t, news(t, &directoryv1.PeopleUpdated{AsOf: today.String(), People: []*directoryv1.Employee{before}}))
			promoted := &directoryv1.PeoplePromoted{AsOf: today.String(), Promotions: []*directoryv1.PeoplePromoted_Promotion{{Person: after}}}
			if first {
				require.NoError(t, w.reactions.PeoplePromoted(t.Context(), news(t, promoted), promoted))
			}
			w.hear(t.Context(), t, news(t, &directoryv1.PeopleUpdated{AsOf: today.String(), People: []*directoryv1.Employee{after}}))
			if !first {
				require.NoError(t, w.reactions.PeoplePromoted(t.Context(), news(t, promoted), promoted))
			}
			require.Contains(t, w.planned(t, who), "promotion 2026-11-02")
			require.Contains(t, w.planned(t, who), "manager_change 2026-11-02")
		})
	}
}

func TestAReturnOpensAMomentWhenTheLeaveWasLong(t *testing.T) {
	w := newWorld(t)
	long, short, unknown := uuid.NewString(), uuid.NewString(), uuid.NewString()
	ev := news(t, &directoryv1.PeopleReturned{AsOf: "2026-11-02", Returns: []*directoryv1.PeopleReturned_Return{
		{Person: someone(long), ReturnedOn: "2026-10-31", AwayFrom: "2026-10-01"},
		{Person: someone(short), ReturnedOn: "2026-10-30", AwayFrom: "2026-10-01"},
		{Person: someone(unknown), ReturnedOn: "2026-10-30"},
	}})
	for range 2 {
		require.NoError(t, handle(ev, &directoryv1.PeopleReturned{}, func(m *directoryv1.PeopleReturned) error {
			return w.reactions.PeopleReturned(t.Context(), ev, m)
		}))
	}
	require.Equal(t, map[string][]string{"return_from_leave 2026-10-31": {"day_3", "day_30"}}, w.planned(t, long))
	require.Empty(t, w.planned(t, short))
	require.Empty(t, w.planned(t, unknown))

	var told []struct {
		Event event.Event `bson:"event"`
	}
	cursor, err := w.db.Collection("events").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	require.NoError(t, cursor.All(t.Context(), &told))
	require.Len(t, told, 1)
	require.Equal(t, "jalon.moments.v1.DelicateMomentsOpened", told[0].Event.Type, "who was away long is nobody else's business")
}
