package mongostore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/mongodb"
)

const (
	rhythmsCollection = "rhythms"
	habitsCollection  = "habits"
	// snapshotID names the record that the talks of a snapshot were planned, in the collection "planning".
	snapshotID = "snapshot"
)

// Settings keeps what people and HR chose about talks: a unit's rhythm, a person's days off and calendar feed.
type Settings struct{ rhythms, habits, planning *mongo.Collection }

// NewSettings returns the store of the database.
func NewSettings(db *mongo.Database) *Settings {
	return &Settings{rhythms: db.Collection(rhythmsCollection), habits: db.Collection(habitsCollection), planning: db.Collection("planning")}
}

type rhythm struct {
	Unit string `bson:"_id"`
	Days int    `bson:"days"`
}

// habit is what a person chose.
type habit struct {
	PersonID string         `bson:"_id"`
	DaysOff  []time.Weekday `bson:"days_off,omitempty"`
	// Feed is the hash of the secret of the person's calendar feed.
	Feed string `bson:"feed,omitempty"`
}

// Rhythms are the days between two talks that HR set, by unit.
func (s *Settings) Rhythms(ctx context.Context) (map[string]int, error) {
	cursor, err := s.rhythms.Find(ctx, bson.D{})
	if err != nil {
		return nil, fmt.Errorf("reading the units' rhythms: %w", err)
	}
	days := map[string]int{}
	for r, err := range mongodb.Each[rhythm](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading the units' rhythms: %w", err)
		}
		days[r.Unit] = r.Days
	}
	return days, nil
}

// RhythmOf is the rhythm of the nearest unit that has one; 0 where none has.
func RhythmOf(rhythms map[string]int, unitPath []string) int {
	for i := len(unitPath) - 1; i >= 0; i-- {
		if days := rhythms[unitPath[i]]; days > 0 {
			return days
		}
	}
	return 0
}

// SetRhythm sets the days between two talks in a unit; 0 takes the parent's again.
func (s *Settings) SetRhythm(ctx context.Context, unit string, days int) error {
	var err error
	if days == 0 {
		_, err = s.rhythms.DeleteOne(ctx, bson.D{{Key: "_id", Value: unit}})
	} else {
		err = set(ctx, s.rhythms, unit, bson.E{Key: "days", Value: days})
	}
	if err != nil {
		return fmt.Errorf("setting the rhythm of unit %s: %w", unit, err)
	}
	return nil
}

// DaysOff are the weekdays on which people do not work, by person; those who said nothing are left out.
func (s *Settings) DaysOff(ctx context.Context, personIDs ...string) (map[string][]time.Weekday, error) {
	cursor, err := s.habits.Find(ctx, in("_id", personIDs))
	if err != nil {
		return nil, fmt.Errorf("reading days off: %w", err)
	}
	off := map[string][]time.Weekday{}
	for h, err := range mongodb.Each[habit](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading days off: %w", err)
		}
		if len(h.DaysOff) > 0 {
			off[h.PersonID] = h.DaysOff
		}
	}
	return off, nil
}

// SetDaysOff keeps the weekdays on which a person does not work.
func (s *Settings) SetDaysOff(ctx context.Context, personID string, days []time.Weekday) error {
	if err := set(ctx, s.habits, personID, bson.E{Key: "days_off", Value: days}); err != nil {
		return fmt.Errorf("keeping days off: %w", err)
	}
	return nil
}

// SetFeed keeps the hash of the secret of a person's calendar feed; the one before works no more.
func (s *Settings) SetFeed(ctx context.Context, personID, secret string) error {
	if err := set(ctx, s.habits, personID, bson.E{Key: "feed", Value: hashed(secret)}); err != nil {
		return fmt.Errorf("keeping a calendar feed: %w", err)
	}
	return nil
}

// HasFeed tells whether the person has a calendar feed.
func (s *Settings) HasFeed(ctx context.Context, personID string) (bool, error) {
	h, err := mongodb.One[habit](s.habits.FindOne(ctx, bson.D{{Key: "_id", Value: personID}}))
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return false, fmt.Errorf("reading a calendar feed: %w", err)
	}
	return h.Feed != "", nil
}

// FeedOf returns the person of the secret, or mongodb.ErrNotFound.
func (s *Settings) FeedOf(ctx context.Context, secret string) (personID string, err error) {
	h, err := mongodb.One[habit](s.habits.FindOne(ctx, bson.D{{Key: "feed", Value: hashed(secret)}}))
	if err != nil {
		return "", fmt.Errorf("reading a calendar feed: %w", mongodb.NotFound(err))
	}
	return h.PersonID, nil
}

// Forget removes what people chose.
func (s *Settings) Forget(ctx context.Context, personIDs []string) error {
	if _, err := s.habits.DeleteMany(ctx, in("_id", personIDs)); err != nil {
		return fmt.Errorf("removing what %d people chose: %w", len(personIDs), err)
	}
	return nil
}

// SnapshotPlanned tells whether MarkSnapshotPlanned was called.
func (s *Settings) SnapshotPlanned(ctx context.Context) (bool, error) {
	err := s.planning.FindOne(ctx, bson.D{{Key: "_id", Value: snapshotID}}).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading whether the snapshot's talks are planned: %w", err)
	}
	return true, nil
}

// MarkSnapshotPlanned records that the talks of the snapshot are planned.
func (s *Settings) MarkSnapshotPlanned(ctx context.Context) error {
	_, err := s.planning.InsertOne(ctx, bson.D{{Key: "_id", Value: snapshotID}})
	if err != nil && !mongodb.IsDuplicate(err) {
		return fmt.Errorf("recording that the snapshot's talks are planned: %w", err)
	}
	return nil
}

func set(ctx context.Context, coll *mongo.Collection, id string, field bson.E) error {
	_, err := coll.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{field}}}, options.UpdateOne().SetUpsert(true))
	return err
}

// hashed is a secret as it is kept: it is long and random, so that a plain hash tells nothing of it.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
