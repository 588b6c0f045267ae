// Package audit keeps what HR, operators and outside systems did, and whose data they read: who, what, on whom, when and with
// what outcome. It holds ids and the names of systems, never people's names, texts or answers; whoever reads the log sees the
// names that the ids have then. Entries are added and, when their time is over, removed; nothing changes them.
package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
)

const (
	// DefaultDays is how long entries are kept unless a setting says otherwise.
	DefaultDays = 365
	// A list of everybody is one reading of many people, not a thousand ids.
	mostIDs = 50
	// Writing an entry must not be lost because the browser left.
	patience = 5 * time.Second
)

// Outcome is what came of an action.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused" // not allowed
	Failed  Outcome = "failed"
)

// Entry is one action.
type Entry struct {
	ID string    `bson:"_id"`
	At time.Time `bson:"at"`
	// PersonID is empty for the operator and for outside systems; for somebody whom no HR file names it is the id of how they came
	// in (identity.Actor.Who).
	PersonID string `bson:"person_id,omitempty"`
	// Key is the name of the API key, where an outside system did it.
	Key string `bson:"key,omitempty"`
	// Role is the widest that the actor held then.
	Role identity.Role `bson:"role"`
	// Route is the page or procedure.
	Route   string   `bson:"route"`
	About   []string `bson:"about,omitempty"`
	Outcome Outcome  `bson:"outcome"`
}

// Log keeps entries in MongoDB. Its clock is the real one.
type Log struct {
	entries *mongo.Collection
	clock   clock.Clock
	kept    time.Duration
}

// New returns the log of a database, which keeps entries for so many days; DefaultDays when 0.
func New(db *mongo.Database, real clock.Clock, days int) *Log {
	if days <= 0 {
		days = DefaultDays
	}
	return &Log{entries: db.Collection("audit"), clock: real, kept: time.Duration(days) * 24 * time.Hour}
}

// Migration makes the indexes, as the step with the version.
func Migration(version int) mongodb.Migration {
	return mongodb.Migration{Version: version, Name: "index the audit log", Up: func(ctx context.Context, db *mongo.Database) error {
		newest := bson.D{{Key: "at", Value: -1}, {Key: "_id", Value: -1}}
		_, err := db.Collection("audit").Indexes().CreateMany(ctx, []mongo.IndexModel{
			{Keys: newest},
			{Keys: append(bson.D{{Key: "person_id", Value: 1}}, newest...)},
			{Keys: append(bson.D{{Key: "about", Value: 1}}, newest...)},
		})
		if err != nil {
			return fmt.Errorf("indexing the audit log: %w", err)
		}
		return nil
	}}
}

// Act records that somebody changed something, or tried.
func (l *Log) Act(ctx context.Context, actor identity.Actor, route string, about []string, outcome Outcome) error {
	return l.add(ctx, l.entry(uuid.NewString(), actor, route, about, outcome))
}

// Itself is in the place of a role where nobody acted: Jalon did what somebody had set up before.
const Itself identity.Role = "itself"

// Note records what Jalon did by itself, once under each id.
func (l *Log) Note(ctx context.Context, id, route string, about []string) error {
	entry := l.entry(id, identity.Actor{}, route, about, Done)
	entry.Role = Itself
	return l.add(ctx, entry)
}

// Read records that somebody looked at something. Looking at the same again within the minute is the same look: pages fetch
// parts of themselves, and searches go on with every letter.
func (l *Log) Read(ctx context.Context, actor identity.Actor, route string, about []string, outcome Outcome) error {
	entry := l.entry("", actor, route, about, outcome)
	parts := append([]string{"look", actor.Who(), actor.Key, string(entry.Role), route, string(outcome), entry.At.Truncate(time.Minute).String()}, entry.About...)
	entry.ID = event.ID(parts...)
	return l.add(ctx, entry)
}

func (l *Log) entry(id string, actor identity.Actor, route string, about []string, outcome Outcome) Entry {
	about = slices.Compact(slices.Sorted(slices.Values(about)))
	return Entry{
		ID: id, At: l.clock.Now().UTC().Truncate(time.Millisecond), PersonID: actor.Who(), Key: actor.Key, Role: As(actor), Route: route,
		About: about[:min(len(about), mostIDs)], Outcome: outcome,
	}
}

func (l *Log) add(ctx context.Context, e Entry) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if _, err := mongodb.InsertNew(ctx, l.entries, []any{e}); err != nil {
		return fmt.Errorf("recording what was done: %w", err)
	}
	return nil
}

// As is the widest role of an actor that is worth recording; empty for those whose doings are their own business.
func As(actor identity.Actor) identity.Role {
	for _, role := range []identity.Role{identity.Operator, identity.HR, identity.LocalHR, identity.Director, identity.Integration} {
		if actor.Has(role) {
			return role
		}
	}
	return ""
}

// OutcomeOf reads an error.
func OutcomeOf(err error, refused func(error) bool) Outcome {
	switch {
	case err == nil:
		return Done
	case refused(err):
		return Refused
	default:
		return Failed
	}
}

// Query narrows a list; empty fields do not.
type Query struct {
	PersonID string
	// About is on whom or what something was done.
	About string
}

// ErrPage says that a page token is not of this list.
var ErrPage = errors.New("not a page of this list")

// List returns a page of entries, newest first, and the next page's token, empty on the last one.
func (l *Log) List(ctx context.Context, q Query, size int, token string) ([]Entry, string, error) {
	question := fmt.Sprintf("audit %q", q)
	after, err := mongodb.ParsePageToken(token, question, 2)
	if err != nil {
		return nil, "", ErrPage
	}
	filter := bson.D{}
	if q.PersonID != "" {
		filter = append(filter, bson.E{Key: "person_id", Value: q.PersonID})
	}
	if q.About != "" {
		filter = append(filter, bson.E{Key: "about", Value: q.About})
	}
	if after != nil {
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: after[0]}}}},
			bson.D{{Key: "at", Value: after[0]}, {Key: "_id", Value: bson.D{{Key: "$lt", Value: after[1]}}}},
		}})
	}
	cursor, err := l.entries.Find(ctx, filter, options.Find().SetLimit(int64(size)+1).
		SetSort(bson.D{{Key: "at", Value: -1}, {Key: "_id", Value: -1}}))
	if err != nil {
		return nil, "", fmt.Errorf("reading the audit log: %w", err)
	}
	entries, err := mongodb.All[Entry](ctx, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("reading the audit log: %w", err)
	}
	if len(entries) <= size {
		return entries, "", nil
	}
	next, err := mongodb.PageToken(question, entries[size-1].At, entries[size-1].ID)
	return entries[:size], next, err
}

// Sweep removes what is older than entries are kept.
func (l *Log) Sweep(ctx context.Context) error {
	_, err := l.entries.DeleteMany(ctx, bson.M{"at": bson.M{"$lt": l.clock.Now().Add(-l.kept)}})
	if err != nil {
		return fmt.Errorf("sweeping the audit log: %w", err)
	}
	return nil
}
