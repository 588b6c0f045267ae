package mongodb

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Migration is one step in the life of a database's layout.
type Migration struct {
	// Version orders the steps and names them for ever: 1, 2, 3 ...
	Version int
	// Name says what the step does.
	Name string
	// Up does it. It may be run again after it failed half way.
	Up func(ctx context.Context, db *mongo.Database) error
}

// applied is the record that a migration was done, in the collection "migrations".
type applied struct {
	ID      string    `bson:"_id"`
	Version int       `bson:"version"`
	Name    string    `bson:"name"`
	DoneAt  time.Time `bson:"done_at"`
}

// Migrate runs the migrations that the database has not seen, in the order of their versions, and records each when it
// is done: after a failure the earlier ones stay done. Replicas that start together wait for one of them.
func Migrate(ctx context.Context, db *mongo.Database, migrations []Migration) error {
	ordered := slices.SortedFunc(slices.Values(migrations), func(a, b Migration) int { return a.Version - b.Version })
	for i, m := range ordered {
		if m.Version <= 0 || i > 0 && m.Version == ordered[i-1].Version {
			return fmt.Errorf("migrating %s: version %d of %q is not positive or used twice", db.Name(), m.Version, m.Name)
		}
	}
	if pending, err := unapplied(ctx, db, ordered); err != nil || len(pending) == 0 {
		return err
	}
	return NewLease(db, "migrations").Hold(ctx, func(ctx context.Context) error {
		pending, err := unapplied(ctx, db, ordered) // another replica may have done them while we waited
		if err != nil {
			return err
		}
		for _, m := range pending {
			if err := apply(ctx, db, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func unapplied(ctx context.Context, db *mongo.Database, migrations []Migration) ([]Migration, error) {
	cursor, err := db.Collection("migrations").Find(ctx, bson.D{})
	if err != nil {
		return nil, fmt.Errorf("reading the migrations of %s: %w", db.Name(), err)
	}
	known, err := All[applied](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading the migrations of %s: %w", db.Name(), err)
	}
	done := make(map[int]bool, len(known))
	for _, a := range known {
		done[a.Version] = true
	}
	return slices.DeleteFunc(slices.Clone(migrations), func(m Migration) bool { return done[m.Version] }), nil
}

func apply(ctx context.Context, db *mongo.Database, m Migration) error {
	if err := m.Up(ctx, db); err != nil {
		return fmt.Errorf("migrating %s to version %d (%s): %w", db.Name(), m.Version, m.Name, err)
	}
	record := applied{ID: fmt.Sprintf("%04d", m.Version), Version: m.Version, Name: m.Name, DoneAt: time.Now().UTC()}
	if _, err := db.Collection("migrations").InsertOne(ctx, record); err != nil && !IsDuplicate(err) {
		return fmt.Errorf("recording migration %d of %s: %w", m.Version, db.Name(), err)
	}
	return nil
}
