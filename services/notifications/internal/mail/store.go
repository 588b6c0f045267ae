package mail

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

// State says where a mail stands.
type State string

// The states of a mail. Waiting is followed by others; Unknown is final but for the process that handed the mail over.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Failed  State = "failed"
	Bounced State = "bounced"
	Unknown State = "unknown"
	// Withdrawn mails had no reader any more, or never had an address: the reason tells.
	Withdrawn State = "withdrawn"
)

var settledStates = []State{Sent, Failed, Bounced, Unknown, Withdrawn}

// interrupted is why a mail's fate is unknown whose process died.
const interrupted = "interrupted"

// doc is one mail: what it is about and what became of it. It holds neither name nor address: these are asked for when it is
// sent, and forgotten.
type doc struct {
	ID       string `bson:"_id"`
	Batch    string `bson:"batch,omitempty"` // named SettledIn when it is settled: the index holds what waits
	PersonID string `bson:"person_id"`
	// InvitationID is that of the prompt; empty where Talk is set.
	InvitationID string `bson:"invitation_id,omitempty"`
	Reminder     bool   `bson:"reminder,omitempty"`
	// About is set for a prompt that reminds of Count talks, where it says what there is to do, and for the barometer.
	About string `bson:"about,omitempty"`
	Count int    `bson:"count,omitempty"`
	// Quiet is to somebody who reacts to nothing.
	Quiet bool `bson:"quiet,omitempty"`
	// Piece is the campaign's, and the variant's, that everybody gets alike.
	Piece string `bson:"piece,omitempty"`
	// Subject is HR's own line.
	Subject *subject `bson:"subject,omitempty"`
	// Talk is set for a mail that a calendar reads.
	Talk      *appointment `bson:"talk,omitempty"`
	State     State        `bson:"state"`
	Reason    string       `bson:"reason,omitempty"`
	Tries     int          `bson:"tries,omitempty"`
	QueuedAt  time.Time    `bson:"queued_at"`
	SettledAt time.Time    `bson:"settled_at,omitempty"`
	SettledIn string       `bson:"settled_in,omitempty"`
	// Lost marks a mail whose handing over somebody else took for interrupted.
	Lost bool `bson:"lost,omitempty"`
}

// mailID is the one mail that an invitation may cause, or the one about each of its reminders.
func mailID(invitationID string, reminder bool, n int32) string {
	switch {
	case !reminder:
		return event.ID("mail", invitationID)
	case n <= 1: // as those are named that are older than a second reminder
		return event.ID("mail", "reminder", invitationID)
	default:
		return event.ID("mail", "reminder", invitationID, strconv.Itoa(int(n)))
	}
}

// appointment is what one person's calendar is told of a talk; see calendar.Notice.
type appointment struct {
	TalkID    string    `bson:"id"`
	Order     int       `bson:"order"`
	Cancelled bool      `bson:"cancelled,omitempty"`
	Begins    time.Time `bson:"begins,omitempty"`
}

type store struct {
	mails     *mongo.Collection
	handovers *mongo.Collection
	readers   *mongo.Collection
	opens     *mongo.Collection
}

func newStore(db *mongo.Database) *store {
	return &store{
		mails: db.Collection("mails"), handovers: db.Collection("mail_handovers"), readers: db.Collection("mail_readers"),
		opens: db.Collection("mail_opens"),
	}
}

// Migrations make what finds the waiting mails of a batch among all settled ones. From version on, each has the next number.
func Migrations(version int) []mongodb.Migration {
	return []mongodb.Migration{
		{Version: version, Name: "find waiting mails", Up: index("batch")},
		{Version: version + 1, Name: "count settled mails", Up: nothing}, // an index, until the batches counted
		{Version: version + 2, Name: "find what calendars were told of a talk", Up: index("talk.id")},
		{Version: version + 3, Name: "claim and count mails by batch", Up: claimByBatch},
		{Version: version + 4, Name: "count the mails of campaigns", Up: index("piece")},
	}
}

func nothing(context.Context, *mongo.Database) error { return nil }

func index(key string) func(context.Context, *mongo.Database) error {
	return func(ctx context.Context, db *mongo.Database) error {
		_, err := db.Collection("mails").Indexes().CreateOne(ctx, mongo.IndexModel{
			Keys: bson.D{{Key: key, Value: 1}}, Options: options.Index().SetSparse(true),
		})
		if err != nil {
			return fmt.Errorf("indexing mails by %s: %w", key, err)
		}
		return nil
	}
}

// earlierBatch counts what was settled before batches counted.
const earlierBatch = "earlier"

// claimByBatch turns claims of single mails, which nobody can still hold while Jalon starts, into unknown fates, and counts what was
// settled before batches counted.
func claimByBatch(ctx context.Context, db *mongo.Database) error {
	s := newStore(db)
	now := time.Now().UTC()
	_, err := s.mails.UpdateMany(ctx, bson.D{{Key: "state", Value: "claimed"}}, bson.D{
		{Key: "$set", Value: bson.D{{Key: "state", Value: Unknown}, {Key: "reason", Value: interrupted}, {Key: "settled_at", Value: now}}},
		{Key: "$unset", Value: bson.D{{Key: "batch", Value: ""}, {Key: "claim", Value: ""}}},
	})
	if err != nil {
		return fmt.Errorf("settling claimed mails: %w", err)
	}
	earlier := handover{Batch: earlierBatch, Became: map[State]int64{}, SettledAt: now}
	for _, state := range settledStates {
		n, err := s.mails.CountDocuments(ctx, bson.D{{Key: "state", Value: state}})
		if err != nil {
			return fmt.Errorf("counting %s mails: %w", state, err)
		}
		if n > 0 {
			earlier.Became[state] = n
		}
	}
	if len(earlier.Became) > 0 {
		if _, err := s.handovers.ReplaceOne(ctx, bson.D{{Key: "_id", Value: earlier.Batch}}, earlier, options.Replace().SetUpsert(true)); err != nil {
			return fmt.Errorf("counting settled mails: %w", err)
		}
	}
	var refused mongo.CommandError
	err = s.mails.Indexes().DropOne(ctx, "state_1_settled_at_1")
	if err != nil && (!errors.As(err, &refused) || refused.Name != "IndexNotFound") {
		return fmt.Errorf("removing the index of settled mails: %w", err)
	}
	return nil
}

// add notes mails that are to be sent. Those that are known stay as they are.
func (s *store) add(ctx context.Context, docs []any) error {
	if _, err := mongodb.InsertNew(ctx, s.mails, docs); err != nil {
		return fmt.Errorf("noting mails: %w", err)
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
	if err := s.forgetOpens(ctx, before); err != nil {
		return err
	}
	if _, err := s.handovers.DeleteMany(ctx, bson.D{{Key: "settled_at", Value: bson.D{{Key: "$lt", Value: before}}}}); err != nil {
		return fmt.Errorf("removing batches that were settled before %s: %w", before, err)
	}
	return nil
}

// count counts mails by state: those that wait in their index, the others as their batches counted them.
func (s *store) count(ctx context.Context) (map[State]int64, error) {
	waiting, err := s.mails.CountDocuments(ctx, bson.D{{Key: "batch", Value: bson.D{{Key: "$gt", Value: ""}}}})
	if err != nil {
		return nil, fmt.Errorf("counting waiting mails: %w", err)
	}
	cursor, err := s.handovers.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$project", Value: bson.D{{Key: "became", Value: bson.D{{Key: "$objectToArray", Value: "$became"}}}}}},
		{{Key: "$unwind", Value: "$became"}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$became.k"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: "$became.v"}}}}}},
	})
	if err != nil {
		return nil, fmt.Errorf("counting settled mails: %w", err)
	}
	counts := map[State]int64{Waiting: waiting}
	type sum struct {
		State State `bson:"_id"`
		N     int64 `bson:"n"`
	}
	for settled, err := range mongodb.Each[sum](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("counting settled mails: %w", err)
		}
		counts[settled.State] = settled.N
	}
	return counts, nil
}

func among(ids []string, more ...bson.E) bson.D {
	return append(bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, more...)
}
