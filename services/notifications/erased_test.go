package notifications_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/identity"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// naming lists the collections in which a person stands; a tombstone and the events, which go after 30 days, do not count.
func (w *world) naming(person string) (collections []string) {
	w.t.Helper()
	names, err := w.db.ListCollectionNames(w.t.Context(), bson.D{})
	require.NoError(w.t, err)
	for _, name := range names {
		cursor, err := w.db.Collection(name).Find(w.t.Context(), bson.D{})
		require.NoError(w.t, err)
		var docs []bson.Raw
		require.NoError(w.t, cursor.All(w.t.Context(), &docs))
		for _, doc := range docs {
			stone := name == "people" && doc.Lookup("_id").StringValue() == person
			if name != "events" && !stone && strings.Contains(string(doc), person) {
				collections = append(collections, name)
			}
		}
	}
	return collections
}

func TestWhoeverIsErasedLeavesNoMessage(t *testing.T) {
	cfg, boxes := withMail(t)
	w := start(t, cfg)
	ada, bob := uuid.NewString(), uuid.NewString()
	w.hire(asIs, ada, bob)
	first, second := w.invite(ada, bob), w.invite(ada)
	w.publish("moments", first, second)
	// Ada is the employee of one talk and the manager of another, and was the manager of a third.
	former := between(bob, ada, 0)
	talks := &interviewsv1.TalksPlanned{Talks: []*interviewsv1.Talk{between(ada, bob, 0), between(bob, ada, 0), former}}
	w.publish("interviews", talks)
	later := proto.CloneOf(former)
	later.ManagerId, later.Sequence = uuid.NewString(), 1
	w.hire(asIs, later.GetManagerId())
	w.publish("interviews", &interviewsv1.TalksPlanned{Talks: []*interviewsv1.Talk{later}})
	reminder := w.reminder(ada, "prepare", 2)
	w.publish("interviews", reminder)
	const sent = 3 + 6 + 3 + 1
	require.Len(t, boxes.all(), sent)
	var link string // from Ada's mail
	for _, mail := range boxes.all() {
		if strings.Contains(mail, ada) {
			link = regexp.MustCompile(`/unsubscribe/([A-Za-z0-9_-]+)`).FindStringSubmatch(strings.ReplaceAll(mail, "=\r\n", ""))[1]
		}
	}
	service := identity.NewContext(t.Context(), identity.Actor{Service: "portal", Roles: []identity.Role{identity.Service}})
	_, err := w.peers.Notifications().SetMailChoice(service, &notificationsv1.SetMailChoiceRequest{Token: link})
	require.NoError(t, err)
	require.Subset(t, w.naming(ada), []string{"inboxes", "mails", "mail_readers", "calendar"})

	erased := &directoryv1.PeopleErased{PersonIds: []string{ada}}
	w.publish("directory", erased)
	require.Empty(t, w.naming(ada))
	const calledOff = 2 // in Bob's calendar stood two talks with her
	require.Len(t, boxes.all(), sent+calledOff)

	// All that was ever told of her comes again, and her old mail is clicked.
	w.hire(asIs, ada)
	w.publish("moments", first, w.invite(ada), closing(second), closing(first))
	w.publish("interviews", talks, reminder)
	w.forget("NOTIFICATIONS", "notifications-mail")
	w.forget("INTERVIEWS", "notifications-calendar-talks-planned")
	_, err = w.peers.Notifications().SetMailChoice(service, &notificationsv1.SetMailChoiceRequest{Token: link, Wanted: true})
	require.NoError(t, err)
	w.publish("directory", erased)
	require.Empty(t, w.naming(ada))
	require.Len(t, boxes.all(), sent+calledOff)
	require.NotEmpty(t, w.naming(bob))
}
