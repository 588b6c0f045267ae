// Package upload keeps a file between its preview and the yes that applies it. It is personal data: it is kept for half an
// hour, for the session that brought it alone, and removed as soon as it was applied.
package upload

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

const (
	keptFor = 30 * time.Minute
	// A document of the database holds 16 MiB at most; smaller pieces keep its memory calm.
	pieceBytes = 4 << 20
)

// ErrGone says that the file is not kept, or not for this session.
var ErrGone = errors.New("the file is no longer kept")

// File is what was handed in.
type File struct {
	ID      string    `bson:"_id"`
	Session string    `bson:"session"`
	Name    string    `bson:"name"`
	AsOf    string    `bson:"as_of"`
	Full    bool      `bson:"full"`
	Pieces  int       `bson:"pieces"`
	At      time.Time `bson:"at"`
	Content []byte    `bson:"-"`
}

type piece struct {
	ID   string    `bson:"_id"`
	Data []byte    `bson:"data"`
	At   time.Time `bson:"at"`
}

// Store keeps files in MongoDB, so that any replica may answer the second request. Its clock is the real one.
type Store struct {
	files, pieces *mongo.Collection
	clock         clock.Clock
}

// New returns the store of a database.
func New(db *mongo.Database, real clock.Clock) *Store {
	return &Store{files: db.Collection("uploads"), pieces: db.Collection("upload_pieces"), clock: real}
}

// Put keeps a file and returns its id.
func (st *Store) Put(ctx context.Context, f File) (string, error) {
	f.ID, f.At, f.Pieces = uuid.NewString(), st.clock.Now(), 0
	for rest := f.Content; len(rest) > 0; f.Pieces++ {
		size := min(len(rest), pieceBytes)
		if _, err := st.pieces.InsertOne(ctx, piece{ID: pieceID(f.ID, f.Pieces), Data: rest[:size], At: f.At}); err != nil {
			return "", fmt.Errorf("keeping a part of an uploaded file: %w", err)
		}
		rest = rest[size:]
	}
	if _, err := st.files.InsertOne(ctx, f); err != nil {
		return "", fmt.Errorf("keeping an uploaded file: %w", err)
	}
	return f.ID, nil
}

// Get returns a session's own file, or ErrGone.
func (st *Store) Get(ctx context.Context, session, id string) (File, error) {
	f, err := mongodb.One[File](st.files.FindOne(ctx, bson.M{"_id": id}))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return File{}, ErrGone
	}
	if err != nil {
		return File{}, fmt.Errorf("reading an uploaded file: %w", err)
	}
	if f.Session != session || st.clock.Now().Sub(f.At) > keptFor {
		return File{}, ErrGone
	}
	for i := range f.Pieces {
		p, err := mongodb.One[piece](st.pieces.FindOne(ctx, bson.M{"_id": pieceID(id, i)}))
		if err != nil {
			return File{}, fmt.Errorf("reading a part of an uploaded file: %w", err)
		}
		f.Content = append(f.Content, p.Data...)
	}
	return f, nil
}

// Remove forgets a file.
func (st *Store) Remove(ctx context.Context, f File) error {
	if _, err := st.files.DeleteOne(ctx, bson.M{"_id": f.ID}); err != nil {
		return fmt.Errorf("removing an uploaded file: %w", err)
	}
	for i := range f.Pieces {
		if _, err := st.pieces.DeleteOne(ctx, bson.M{"_id": pieceID(f.ID, i)}); err != nil {
			return fmt.Errorf("removing a part of an uploaded file: %w", err)
		}
	}
	return nil
}

// Sweep removes files that were never applied.
func (st *Store) Sweep(ctx context.Context) error {
	old := bson.M{"at": bson.M{"$lt": st.clock.Now().Add(-keptFor)}}
	if _, err := st.files.DeleteMany(ctx, old); err != nil {
		return fmt.Errorf("sweeping uploaded files: %w", err)
	}
	if _, err := st.pieces.DeleteMany(ctx, old); err != nil {
		return fmt.Errorf("sweeping parts of uploaded files: %w", err)
	}
	return nil
}

func pieceID(file string, i int) string { return fmt.Sprintf("%s/%d", file, i) }
