package notifications_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/services/notifications"
)

// What ended is forgotten after ninety days even of people to whom nothing happens any more; what has not ended stays.
func TestWhatEndedIsForgottenByNight(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	w.eventually("the first night to be planned", func() bool {
		n, err := w.db.Collection("agenda").CountDocuments(t.Context(), bson.D{{Key: "kind", Value: "retention"}})
		return err == nil && n == 1
	})
	quiet, busy := uuid.NewString(), uuid.NewString()
	w.hire(asIs, quiet, busy)
	closed, open := w.reminder(quiet, "prepare", 1), w.reminder(busy, "prepare", 1)
	open.Reminders[0].ExpiresAt = ""
	w.publish("interviews", closed, open)
	w.publish("interviews", done(closed))

	now := w.clock.Now()
	_, err := w.db.Collection("mails").InsertMany(t.Context(), []any{
		bson.D{{Key: "_id", Value: "sent"}, {Key: "settled_at", Value: now}},
		bson.D{{Key: "_id", Value: "cancelled"}, {Key: "settled_at", Value: now}, {Key: "talk", Value: bson.D{{Key: "id", Value: "t"}}}},
		bson.D{{Key: "_id", Value: "invited"}, {Key: "settled_at", Value: now}, {Key: "talk", Value: bson.D{{Key: "begins", Value: now.AddDate(0, 6, 0)}}}},
		bson.D{{Key: "_id", Value: "waiting"}, {Key: "queued_at", Value: now}},
		bson.D{{Key: "_id", Value: "later"}, {Key: "settled_at", Value: now.AddDate(0, 0, 60)}},
	})
	require.NoError(t, err)

	left := func(collection string, filter bson.D) []string {
		var ids []string
		require.NoError(t, w.db.Collection(collection).Distinct(t.Context(), "_id", filter).Decode(&ids))
		slices.Sort(ids)
		return ids
	}
	withMessages := bson.D{{Key: "messages.0", Value: bson.D{{Key: "$exists", Value: true}}}}
	w.move(now.AddDate(0, 0, 89))
	require.Len(t, left("inboxes", withMessages), 2)
	require.Len(t, left("mails", bson.D{}), 5)
	w.move(now.AddDate(0, 0, 92))
	require.Equal(t, []string{busy}, left("inboxes", withMessages))
	require.Equal(t, []string{"invited", "later", "waiting"}, left("mails", bson.D{}))
}
