package mail

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

// State says where a mail stands.
type State string

// The states of a mail. Waiting and Claimed are followed by others; Unknown is final but for the process that claimed it.
const (
	Waiting State = "waiting"
	// Claimed mails are being handed over. One that is found so by another process was interrupted: its fate is unknown.
	Claimed State = "claimed"
	Sent    State = "sent"
	Failed  State = "failed"
	Bounced State = "bounced"
	Unknown State = "unknown"
	// Withdrawn mails had no reader any more, or never had an address: the reason tells.
	Withdrawn State = "withdrawn"
)

// doc is one mail: what it is about and what became of it. It holds neither name nor address: these are asked for when it is
// sent, and forgotten.
type doc struct {
	ID       string `bson:"_id"`
	Batch    string `bson:"batch,omitempty"` // unset when it is settled: the index holds what waits
	PersonID string `bson:"person_id"`
	// InvitationID is that of the prompt; empty where Talk is set.
	InvitationID string `bson:"invitation_id,omitempty"`
	Reminder     bool   `bson:"reminder,omitempty"`
	// About is set for a prompt that reminds of Count talks: it says what there is to do.
	About string `bson:"about,omitempty"`
	Count int    `bson:"count,omitempty"`
	// Talk is set for a mail that a calendar reads.
	Talk      *appointment `bson:"talk,omitempty"`
	State     State        `bson:"state"`
	Reason    string       `bson:"reason,omitempty"`
	Claim     string       `bson:"claim,omitempty"`
	Tries     int          `bson:"tries,omitempty"`
	QueuedAt  time.Time    `bson:"queued_at"`
	SettledAt time.Time    `bson:"settled_at,omitempty"`
}

// mailID is the one mail that an invitation may cause, or the one about its reminder.
func mailID(invitationID string, reminder bool) string {
	if reminder {
		return event.ID("mail", "reminder", invitationID)
	}
	return event.ID("mail", invitationID)
}

// appointment is what one person's calendar is told of a talk; see calendar.Notice.
type appointment struct {
	TalkID    string    `bson:"id"`
	Order     int       `bson:"order"`
	Cancelled bool      `bson:"cancelled,omitempty"`
	Begins    time.Time `bson:"begins,omitempty"`
}

type store struct {
	mails   *mongo.Collection
	readers *mongo.Collection
}

func newStore(db *mongo.Database) *store {
	return &store{mails: db.Collection("mails"), readers: db.Collection("mail_readers")}
}

// Migrations make what finds the waiting mails of a batch among all settled ones, and what counts the settled ones. From version
// on, each has the next number.
func Migrations(version int) []mongodb.Migration {
	return []mongodb.Migration{
		{Version: version, Name: "find waiting mails", Up: index(mongo.IndexModel{
			Keys: bson.D{{Key: "batch", Value: 1}}, Options: options.Index().SetSparse(true),
		})},
		{Version: version + 1, Name: "count settled mails", Up: index(mongo.IndexModel{
			Keys: bson.D{{Key: "state", Value: 1}, {Key: "settled_at", Value: 1}}, Options: options.Index().SetPartialFilterExpression(settled),
		})},
		{Version: version + 2, Name: "find what calendars were told of a talk", Up: index(mongo.IndexModel{
			Keys: bson.D{{Key: "talk.id", Value: 1}}, Options: options.Index().SetSparse(true),
		})},
	}
}

func index(model mongo.IndexModel) func(context.Context, *mongo.Database) error {
	return func(ctx context.Context, db *mongo.Database) error {
		if _, err := db.Collection("mails").Indexes().CreateOne(ctx, model); err != nil {
			return fmt.Errorf("indexing mails: %w", err)
		}
		return nil
	}
}

// settled matches what the index of settled mails holds: a mail enters it once, when it is settled.
var settled = bson.D{{Key: "settled_at", Value: bson.D{{Key: "$gt", Value: time.Unix(0, 0).UTC()}}}}

// add notes mails that are to be sent. Those that are known stay as they are.
func (s *store) add(ctx context.Context, docs []any) error {
	if _, err := mongodb.InsertNew(ctx, s.mails, docs); err != nil {
		return fmt.Errorf("noting mails: %w", err)
	}
	return nil
}

// open reads the unsettled mails of a batch.
func (s *store) open(ctx context.Context, batch string) ([]doc, error) {
	cursor, err := s.mails.Find(ctx, bson.D{{Key: "batch", Value: batch}})
	if err != nil {
		return nil, fmt.Errorf("reading mails: %w", err)
	}
	docs, err := mongodb.All[doc](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading mails: %w", err)
	}
	return docs, nil
}

// claim makes the waiting ones of the mails this process's, and returns the ids of those that are.
func (s *store) claim(ctx context.Context, token string, ids []string) (map[string]bool, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	result, err := s.mails.UpdateMany(ctx, among(ids, bson.E{Key: "state", Value: Waiting}), bson.D{
		{Key: "$set", Value: bson.D{{Key: "state", Value: Claimed}, {Key: "claim", Value: token}}},
		{Key: "$inc", Value: bson.D{{Key: "tries", Value: 1}}},
	})
	if err != nil {
		return nil, fmt.Errorf("claiming %d mails: %w", len(ids), err)
	}
	mine := make(map[string]bool, len(ids))
	if int(result.ModifiedCount) == len(ids) {
		for _, id := range ids {
			mine[id] = true
		}
		return mine, nil
	}
	cursor, err := s.mails.Find(ctx, among(ids, bson.E{Key: "claim", Value: token}))
	if err != nil {
		return nil, fmt.Errorf("reading claimed mails: %w", err)
	}
	for d, err := range mongodb.Each[doc](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading claimed mails: %w", err)
		}
		mine[d.ID] = true
	}
	return mine, nil
}

// change is what becomes of a mail.
type change struct {
	state  State
	reason string
}

// settle writes what became of mails, as few updates as there are different endings. A mail that meanwhile belongs to somebody
// else's claim is left alone; one that was thought lost is put right.
func (s *store) settle(ctx context.Context, now time.Time, token string, changes map[string]change) error {
	groups := map[change][]string{}
	for id, c := range changes {
		groups[c] = append(groups[c], id)
	}
	var writes []mongo.WriteModel
	for c, ids := range groups {
		set, unset := bson.D{{Key: "state", Value: c.state}}, bson.D{{Key: "claim", Value: ""}}
		if c.reason == "" {
			unset = append(unset, bson.E{Key: "reason", Value: ""})
		} else {
			set = append(set, bson.E{Key: "reason", Value: c.reason})
		}
		if c.state != Waiting {
			set = append(set, bson.E{Key: "settled_at", Value: now})
			unset = append(unset, bson.E{Key: "batch", Value: ""})
		}
		if c.state == Unknown {
			unset = unset[1:] // so that whoever sent it all the same may say so
		}
		update := bson.D{{Key: "$set", Value: set}}
		if len(unset) > 0 {
			update = append(update, bson.E{Key: "$unset", Value: unset})
		}
		writes = append(writes, mongo.NewUpdateManyModel().SetFilter(among(ids, bson.E{Key: "claim", Value: owned(token)})).SetUpdate(update))
	}
	if len(writes) == 0 {
		return nil
	}
	if _, err := s.mails.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false)); err != nil {
		return fmt.Errorf("noting what became of %d mails: %w", len(changes), err)
	}
	return nil
}

// owned matches the claim, or no claim at all where there is no token.
func owned(token string) any {
	if token == "" {
		return bson.D{{Key: "$exists", Value: false}}
	}
	return token
}

func among(ids []string, more ...bson.E) bson.D {
	return append(bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, more...)
}

// lose marks mails whose handing over was interrupted.
func (s *store) lose(ctx context.Context, now time.Time, docs []doc) error {
	var ids []string
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	_, err := s.mails.UpdateMany(ctx, among(ids, bson.E{Key: "state", Value: Claimed}), bson.D{
		{Key: "$set", Value: bson.D{{Key: "state", Value: Unknown}, {Key: "reason", Value: "interrupted"}, {Key: "settled_at", Value: now}}},
		{Key: "$unset", Value: bson.D{{Key: "batch", Value: ""}}},
	})
	if err != nil {
		return fmt.Errorf("marking %d interrupted mails: %w", len(ids), err)
	}
	return nil
}

// forget removes mails that were settled before the instant, but for what calendars were told of talks that come after it: a change of
// these is told in relation to it.
func (s *store) forget(ctx context.Context, before time.Time) error {
	_, err := s.mails.DeleteMany(ctx, bson.D{
		{Key: "settled_at", Value: bson.D{{Key: "$lt", Value: before}}},
		{Key: "talk.begins", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: before}}}}},
	})
	if err != nil {
		return fmt.Errorf("removing mails that were settled before %s: %w", before, err)
	}
	return nil
}

// count counts mails by state, in indexes alone: those that are not settled are counted as waiting.
func (s *store) count(ctx context.Context) (map[State]int64, error) {
	filters := map[State]bson.D{Waiting: {{Key: "batch", Value: bson.D{{Key: "$gt", Value: ""}}}}}
	for _, state := range []State{Sent, Failed, Bounced, Unknown, Withdrawn} {
		filters[state] = append(bson.D{{Key: "state", Value: state}}, settled...)
	}
	counts := map[State]int64{}
	for state, filter := range filters {
		n, err := s.mails.CountDocuments(ctx, filter)
		if err != nil {
			return nil, fmt.Errorf("counting mails: %w", err)
		}
		counts[state] = n
	}
	return counts, nil
}
