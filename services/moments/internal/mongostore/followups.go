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
type FollowUps struct {
	coll *mongo.Collection
	byID *mongodb.Loader[agenda.Item]
}

// NewFollowUps reads the agenda's collection.
func NewFollowUps(db *mongo.Database) *FollowUps {
	coll := db.Collection(AgendaCollection)
	return &FollowUps{coll, mongodb.NewLoader[agenda.Item](coll)}
}

// Get returns the agenda item of a follow-up, or mongodb.ErrNotFound. It is one cheap read, for the path of an answer.
func (s *FollowUps) Get(ctx context.Context, invitationID string) (agenda.Item, error) {
	item, err := s.byID.Get(ctx, invitationID)
	if err == nil && item.Kind != followup.Kind {
		err = mongodb.ErrNotFound
	}
	if err != nil {
		return agenda.Item{}, fmt.Errorf("reading invitation %s: %w", invitationID, err)
	}
	return item, nil
}

// Asked counts the invitations that were asked about a key moment from an instant until another, by unit, follow-up and month; a zero
// instant limits nothing. Those that were withdrawn do not count. Those that the gate never showed do: only notifications knows them.
func (s *FollowUps) Asked(ctx context.Context, keyMoment string, from, until time.Time) ([]survey.Cell, error) {
	match := bson.D{
		{Key: followup.FieldKeyMoment, Value: keyMoment},
		{Key: "state", Value: agenda.StateDone},
		{Key: followup.FieldWithdrawn, Value: bson.D{{Key: "$exists", Value: false}}},
	}
	period := bson.D{}
	if !from.IsZero() {
		period = append(period, bson.E{Key: "$gte", Value: from})
	}
	if !until.IsZero() {
		period = append(period, bson.E{Key: "$lt", Value: until})
	}
	if len(period) > 0 {
		match = append(match, bson.E{Key: "done_at", Value: period})
	}
	cursor, err := s.coll.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: match}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{
				{Key: "u", Value: "$" + followup.FieldUnitPath},
				{Key: "f", Value: "$" + followup.FieldFollowUp},
				{Key: "m", Value: bson.D{{Key: "$dateToString", Value: bson.D{{Key: "date", Value: "$done_at"}, {Key: "format", Value: "%Y-%m"}}}}},
			}},
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
			Month    string `bson:"m"`
		} `bson:"_id"`
		N int `bson:"n"`
	}
	if err := cursor.All(ctx, &groups); err != nil {
		return nil, fmt.Errorf("counting invitations about %s: %w", keyMoment, err)
	}
	cells := make([]survey.Cell, len(groups))
	for i, g := range groups {
		cells[i] = survey.Cell{UnitPath: followup.UnitPath(g.Key.UnitPath), FollowUp: g.Key.FollowUp, Month: g.Key.Month, N: g.N}
	}
	return cells, nil
}

// EachAsked calls fn with every invitation asked since an instant, until fn returns false; the person is empty where it was
// asked by a personal link, and shows in no prompt. It reads the whole agenda: it is for tidying up after a crash.
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
		options.Find().SetProjection(bson.D{{Key: "subject", Value: 1}, {Key: "data", Value: 1}}).SetBatchSize(10_000))
	if err != nil {
		return fmt.Errorf("reading invitations: %w", err)
	}
	for item, err := range mongodb.Each[agenda.Item](ctx, cursor) {
		if err != nil {
			return fmt.Errorf("reading invitations: %w", err)
		}
		f, err := followup.Read(item)
		if err != nil {
			return err
		}
		if f.ByLink() {
			f.PersonID = ""
		}
		if !fn(item.ID, f.PersonID) {
			return nil
		}
	}
	return nil
}

// Withdraw marks what was asked, so that it can no longer be answered.
func (s *FollowUps) Withdraw(ctx context.Context, invitationIDs []string) error {
	if len(invitationIDs) == 0 {
		return nil
	}
	_, err := s.coll.UpdateMany(ctx,
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: invitationIDs}}}, {Key: "state", Value: agenda.StateDone}},
		bson.D{{Key: "$set", Value: bson.D{{Key: followup.FieldWithdrawn, Value: "true"}}}})
	if err != nil {
		return fmt.Errorf("withdrawing %d invitations: %w", len(invitationIDs), err)
	}
	return nil
}
