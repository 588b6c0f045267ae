package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/survey"
)

// AgendaCollection is where the agenda keeps follow-ups.
const AgendaCollection = "agenda"

// FollowUps answers questions about follow-ups that the agenda itself need not know.
type FollowUps struct{ coll *mongo.Collection }

// NewFollowUps reads the agenda's collection.
func NewFollowUps(db *mongo.Database) *FollowUps { return &FollowUps{db.Collection(AgendaCollection)} }

// Get returns the agenda item of a follow-up, or mongodb.ErrNotFound. It is one cheap read, for the path of an answer.
func (s *FollowUps) Get(ctx context.Context, invitationID string) (agenda.Item, error) {
	var item agenda.Item
	err := s.coll.FindOne(ctx, byID(invitationID)).Decode(&item)
	if err == nil && item.Kind != followup.Kind {
		err = mongodb.ErrNotFound
	}
	if err != nil {
		return agenda.Item{}, fmt.Errorf("reading invitation %s: %w", invitationID, mongodb.NotFound(err))
	}
	return item, nil
}

// Asked counts the invitations that were asked about a key moment, by unit and follow-up.
func (s *FollowUps) Asked(ctx context.Context, keyMoment string) ([]survey.Cell, error) {
	cursor, err := s.coll.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: followup.FieldKeyMoment, Value: keyMoment}, {Key: "state", Value: agenda.StateDone}}}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{{Key: "u", Value: "$" + followup.FieldUnitPath}, {Key: "f", Value: "$" + followup.FieldFollowUp}}},
			{Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
		}}},
	})
	if err != nil {
		return nil, fmt.Errorf("counting invitations about %s: %w", keyMoment, err)
	}
	var groups []struct {
		Key struct {
			UnitPath string `bson:"u"`
			FollowUp string `bson:"f"`
		} `bson:"_id"`
		N int `bson:"n"`
	}
	if err := cursor.All(ctx, &groups); err != nil {
		return nil, fmt.Errorf("counting invitations about %s: %w", keyMoment, err)
	}
	cells := make([]survey.Cell, len(groups))
	for i, g := range groups {
		cells[i] = survey.Cell{UnitPath: followup.UnitPath(g.Key.UnitPath), FollowUp: g.Key.FollowUp, N: g.N}
	}
	return cells, nil
}

// EachAsked calls fn with every invitation asked since an instant, until fn returns false. It reads the whole agenda: it is
// for tidying up after a crash.
func (s *FollowUps) EachAsked(ctx context.Context, since time.Time, fn func(invitationID, personID string) bool) error {
	cursor, err := s.coll.Find(ctx,
		bson.D{
			{Key: "kind", Value: followup.Kind},
			{Key: "$or", Value: bson.A{
				bson.D{{Key: "done_at", Value: bson.D{{Key: "$gte", Value: since}}}},
				// An answer may come while the agenda is still noting that it asked.
				bson.D{{Key: "state", Value: agenda.StateWaiting}},
			}},
		},
		options.Find().SetProjection(bson.D{{Key: "subject", Value: 1}}).SetBatchSize(10_000))
	if err != nil {
		return fmt.Errorf("reading invitations: %w", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }() // what was read was read
	for cursor.Next(ctx) {
		var item agenda.Item
		if err := cursor.Decode(&item); err != nil {
			return fmt.Errorf("reading invitations: %w", err)
		}
		if !fn(item.ID, item.Subject) {
			return nil
		}
	}
	if err := cursor.Err(); err != nil {
		return fmt.Errorf("reading invitations: %w", err)
	}
	return nil
}
