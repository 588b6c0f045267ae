package channel

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

// store keeps channels in "channels" and what is announced in them in "channel_announcements".
type store struct{ channels, notes *mongo.Collection }

func newStore(db *mongo.Database) *store {
	return &store{db.Collection("channels"), db.Collection("channel_announcements")}
}

// Migrations make what finds the announcements of a campaign. From version on, each has the next number.
func Migrations(version int) []mongodb.Migration {
	return []mongodb.Migration{{Version: version, Name: "find announcements by campaign", Up: func(ctx context.Context, db *mongo.Database) error {
		if _, err := newStore(db).notes.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "campaign", Value: 1}}}); err != nil {
			return fmt.Errorf("indexing announcements: %w", err)
		}
		return nil
	}}}
}

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }

func (s *store) list(ctx context.Context) ([]Channel, error) {
	cursor, err := s.channels.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "name", Value: 1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("listing channels: %w", err)
	}
	all, err := mongodb.All[Channel](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing channels: %w", err)
	}
	return all, nil
}

func (s *store) channel(ctx context.Context, id string) (Channel, error) {
	c, err := mongodb.One[Channel](s.channels.FindOne(ctx, byID(id)))
	if err != nil {
		return Channel{}, fmt.Errorf("reading channel %s: %w", id, mongodb.NotFound(err))
	}
	return c, nil
}

// begin adds a channel; mongodb.ErrConflict where there is one of that id.
func (s *store) begin(ctx context.Context, c Channel) error {
	_, err := s.channels.InsertOne(ctx, c)
	if mongodb.IsDuplicate(err) {
		err = mongodb.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("adding channel %s: %w", c.ID, err)
	}
	return nil
}

// replace keeps a channel over the version before; mongodb.ErrConflict where that is not what is there.
func (s *store) replace(ctx context.Context, c Channel) error {
	return mongodb.ReplaceGuarded(ctx, s.channels, c.ID, c.Version-1, c)
}

// revoke notes that an address leads nowhere, unless the channel was given another one meanwhile.
func (s *store) revoke(ctx context.Context, c Channel, at time.Time) error {
	_, err := s.channels.UpdateOne(ctx, append(byID(c.ID), bson.E{Key: "address", Value: c.Address}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "revoked_at", Value: at}}}})
	if err != nil {
		return fmt.Errorf("noting that channel %s leads nowhere: %w", c.ID, err)
	}
	return nil
}

func (s *store) remove(ctx context.Context, id string) error {
	if _, err := s.channels.DeleteOne(ctx, byID(id)); err != nil {
		return fmt.Errorf("removing channel %s: %w", id, err)
	}
	return nil
}

// note keeps announcements that are to be made. Those that are known stay as they are.
func (s *store) note(ctx context.Context, docs []any) error {
	_, err := mongodb.InsertNew(ctx, s.notes, docs)
	return err
}

func (s *store) announcement(ctx context.Context, id string) (Announcement, error) {
	a, err := mongodb.One[Announcement](s.notes.FindOne(ctx, byID(id)))
	if err != nil {
		return Announcement{}, fmt.Errorf("reading announcement %s: %w", id, mongodb.NotFound(err))
	}
	return a, nil
}

func (s *store) announcements(ctx context.Context, campaignID string) ([]Announcement, error) {
	cursor, err := s.notes.Find(ctx, bson.D{{Key: "campaign", Value: campaignID}}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("listing announcements: %w", err)
	}
	found, err := mongodb.All[Announcement](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing announcements: %w", err)
	}
	return found, nil
}

// claim says whether nobody else is sending the announcement, and that it is being sent from now on. It waits for the journal: a claim
// that a crash undid would be sent twice.
func (s *store) claim(ctx context.Context, a Announcement) (bool, error) {
	result, err := s.notes.UpdateOne(ctx, append(byID(a.ID), bson.E{Key: "state", Value: Waiting}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: Sending}, {Key: "claim", Value: a.Claim}}}})
	if err != nil {
		return false, fmt.Errorf("claiming announcement %s: %w", a.ID, err)
	}
	return result.ModifiedCount == 1, nil
}

// settle keeps what came of an announcement. Whoever sent it knows better than whoever took it for lost meanwhile.
func (s *store) settle(ctx context.Context, a Announcement) error {
	filter := append(byID(a.ID), bson.E{Key: "claim", Value: a.Claim})
	if a.Claim == "" {
		filter[1].Value = nil
	}
	_, err := s.notes.UpdateOne(ctx, filter, bson.D{{Key: "$set", Value: bson.D{
		{Key: "state", Value: a.State},
		{Key: "attempts", Value: a.Attempts},
		{Key: "status", Value: a.Status},
		{Key: "trouble", Value: a.Trouble},
		{Key: "took", Value: a.Took},
		{Key: "at", Value: a.At},
	}}})
	if err != nil {
		return fmt.Errorf("noting announcement %s: %w", a.ID, err)
	}
	return nil
}

// lose notes that nobody knows what became of an announcement.
func (s *store) lose(ctx context.Context, a Announcement, at time.Time) error {
	_, err := s.notes.UpdateOne(ctx, append(byID(a.ID), bson.E{Key: "state", Value: Sending}, bson.E{Key: "claim", Value: a.Claim}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "state", Value: Unknown}, {Key: "at", Value: at}}}})
	if err != nil {
		return fmt.Errorf("noting that announcement %s is in doubt: %w", a.ID, err)
	}
	return nil
}

func (s *store) expire(ctx context.Context, before time.Time) error {
	if _, err := s.notes.DeleteMany(ctx, bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: before}}}}); err != nil {
		return fmt.Errorf("removing announcements from before %s: %w", before, err)
	}
	return nil
}
