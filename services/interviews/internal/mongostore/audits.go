package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

const (
	auditsCollection = "audits"
	gapsCollection   = "gaps"
)

// Audit is one round of asking.
type Audit struct {
	On clock.Date `bson:"_id"`
	// Since is the first day that it asks about.
	Since clock.Date `bson:"since"`
}

// Recorded is how many people of a unit were asked, and how many talks were recorded of them.
type Recorded struct {
	People int `bson:"people"`
	Held   int `bson:"held"`
}

// Said is what those of a unit who answered say, in all.
type Said struct {
	Responses int `bson:"responses"`
	Talks     int `bson:"talks"`
	// Decision and Skills are favourable shares; nil where too few had any talk.
	Decision *float64 `bson:"decision,omitempty"`
	Skills   *float64 `bson:"skills,omitempty"`
}

// Gap is what an audit found in a unit; Said is nil where too few answered.
type Gap struct {
	ID       string     `bson:"_id"`
	Audit    clock.Date `bson:"audit"`
	Unit     string     `bson:"unit"`
	Recorded Recorded   `bson:"recorded"`
	Said     *Said      `bson:"said,omitempty"`
}

// Audits keeps what audits found.
type Audits struct{ audits, gaps *mongo.Collection }

// NewAudits returns the store of the database.
func NewAudits(db *mongo.Database) *Audits {
	return &Audits{audits: db.Collection(auditsCollection), gaps: db.Collection(gapsCollection)}
}

func gapID(audit clock.Date, unit string) string { return audit.String() + "/" + unit }

// Keep keeps an audit and what was recorded by unit. What is kept of it already stays.
func (s *Audits) Keep(ctx context.Context, audit Audit, units map[string]Recorded) error {
	docs := make([]any, 0, len(units))
	for unit, recorded := range units {
		docs = append(docs, Gap{ID: gapID(audit.On, unit), Audit: audit.On, Unit: unit, Recorded: recorded})
	}
	if len(docs) > 0 {
		if _, err := mongodb.InsertNew(ctx, s.gaps, docs); err != nil {
			return fmt.Errorf("keeping an audit: %w", err)
		}
	}
	if _, err := mongodb.InsertNew(ctx, s.audits, []any{audit}); err != nil {
		return fmt.Errorf("keeping an audit: %w", err)
	}
	return nil
}

// Units are those in which the audit asks somebody.
func (s *Audits) Units(ctx context.Context, audit clock.Date) ([]string, error) {
	var units []string
	if err := s.gaps.Distinct(ctx, "unit", bson.D{{Key: "audit", Value: audit}}).Decode(&units); err != nil {
		return nil, fmt.Errorf("reading the units of an audit: %w", err)
	}
	return units, nil
}

// Say keeps what people said so far, by unit.
func (s *Audits) Say(ctx context.Context, audit clock.Date, said map[string]Said) error {
	var writes []mongo.WriteModel
	for unit, sum := range said {
		writes = append(writes, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: gapID(audit, unit)}}).
			SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "said", Value: sum}}}}))
	}
	if len(writes) == 0 {
		return nil
	}
	if _, err := s.gaps.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false)); err != nil {
		return fmt.Errorf("keeping what an audit found: %w", err)
	}
	return nil
}

// Latest returns the last audit that found something anywhere, and what it found in the units; ok is false before the first.
func (s *Audits) Latest(ctx context.Context, units ...string) (audit Audit, gaps map[string]Gap, ok bool, err error) {
	last, err := mongodb.One[Gap](s.gaps.FindOne(ctx, bson.D{{Key: "said", Value: bson.D{{Key: "$exists", Value: true}}}},
		options.FindOne().SetSort(bson.D{{Key: "audit", Value: -1}})))
	if err != nil {
		if errors.Is(err, mongo.ErrNoDocuments) {
			return Audit{}, nil, false, nil
		}
		return Audit{}, nil, false, fmt.Errorf("reading the last audit: %w", err)
	}
	audit, err = mongodb.One[Audit](s.audits.FindOne(ctx, bson.D{{Key: "_id", Value: last.Audit}}))
	if err != nil {
		return Audit{}, nil, false, fmt.Errorf("reading the last audit: %w", err)
	}
	ids := make([]string, len(units))
	for i, unit := range units {
		ids[i] = gapID(last.Audit, unit)
	}
	cursor, err := s.gaps.Find(ctx, in("_id", ids))
	if err != nil {
		return Audit{}, nil, false, fmt.Errorf("reading what an audit found: %w", err)
	}
	gaps = map[string]Gap{}
	for gap, err := range mongodb.Each[Gap](ctx, cursor) {
		if err != nil {
			return Audit{}, nil, false, fmt.Errorf("reading what an audit found: %w", err)
		}
		gaps[gap.Unit] = gap
	}
	return audit, gaps, true, nil
}
