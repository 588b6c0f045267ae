// Package apikey keeps the keys with which outside systems come in. A key is shown once, when it is made; the database holds
// its hash, the name of whoever holds it, and the last day on which it was used. Keys that were revoked stay in the book, so
// that a name in the audit log always means the same system.
package apikey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

const (
	// Prefix begins every key, so that scanners for leaked secrets recognise it.
	Prefix = "jalon_"

	secretBytes = 32
)

var (
	// ErrNone says that there is no such key, or no longer.
	ErrNone = errors.New("no such API key")
	// ErrTaken says that a key of that name was made before.
	ErrTaken = errors.New("a key of this name was made before: choose another name")
)

// Key is one system's way in.
type Key struct {
	// Hash is the hash of the key; it gives no access. The key is as long and as random as its hash: a slow one would
	// protect nothing and cost every call.
	Hash      string    `bson:"_id"`
	Name      string    `bson:"name"`
	CreatedAt time.Time `bson:"created_at"`
	// UsedOn is YYYY-MM-DD, UTC; empty for never. A day is fine enough to tell that a key is not needed any more, and costs a
	// write a day.
	UsedOn string `bson:"used_on,omitempty"`
	// RevokedAt is zero while the key works.
	RevokedAt time.Time `bson:"revoked_at,omitempty"`
}

// ID is what the audit log knows the key of a name by.
func ID(name string) string { return event.ID("api key", name) }

// Book keeps keys in MongoDB. Its clock is the real one.
type Book struct {
	keys   *mongo.Collection
	byHash *mongodb.Loader[Key]
	clock  clock.Clock
}

// NewBook returns the book of a database.
func NewBook(db *mongo.Database, real clock.Clock) *Book {
	keys := db.Collection("api_keys")
	return &Book{keys: keys, byHash: mongodb.NewLoader[Key](keys), clock: real}
}

// Migration makes the index by which a name is used once, as the step with the version.
func Migration(version int) mongodb.Migration {
	return mongodb.Migration{Version: version, Name: "index API keys by name", Up: func(ctx context.Context, db *mongo.Database) error {
		_, err := db.Collection("api_keys").Indexes().CreateOne(ctx, mongo.IndexModel{
			Keys: bson.D{{Key: "name", Value: 1}}, Options: options.Index().SetUnique(true),
		})
		if err != nil {
			return fmt.Errorf("indexing API keys: %w", err)
		}
		return nil
	}}
}

// Create makes a key for the system of the name and returns it with what the system has to send; or ErrTaken.
func (b *Book) Create(ctx context.Context, name string) (secret string, k Key, err error) {
	random := make([]byte, secretBytes)
	_, _ = rand.Read(random) // never fails: it ends the program instead
	secret = Prefix + base64.RawURLEncoding.EncodeToString(random)
	k = Key{Hash: hash(secret), Name: name, CreatedAt: b.now()}
	_, err = b.keys.InsertOne(ctx, k)
	if mongodb.IsDuplicate(err) {
		return "", Key{}, ErrTaken
	}
	if err != nil {
		return "", Key{}, fmt.Errorf("keeping the API key %s: %w", name, err)
	}
	return secret, k, nil
}

// Find returns the key that is behind a secret and notes that it is in use, or ErrNone.
func (b *Book) Find(ctx context.Context, secret string) (Key, error) {
	if !strings.HasPrefix(secret, Prefix) || len(secret) != len(Prefix)+base64.RawURLEncoding.EncodedLen(secretBytes) {
		return Key{}, ErrNone // nobody's guess costs a question to the database
	}
	sum := hash(secret)
	k, err := b.byHash.Get(ctx, sum)
	if errors.Is(err, mongodb.ErrNotFound) {
		return Key{}, ErrNone
	}
	if err != nil {
		return Key{}, fmt.Errorf("reading an API key: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(k.Hash), []byte(sum)) != 1 || !k.RevokedAt.IsZero() {
		return Key{}, ErrNone
	}
	return k, b.used(ctx, k)
}

func (b *Book) used(ctx context.Context, k Key) error {
	today := b.now().Format(time.DateOnly)
	if k.UsedOn >= today {
		return nil
	}
	if _, err := b.keys.UpdateOne(ctx, bson.M{"_id": k.Hash}, bson.M{"$max": bson.M{"used_on": today}}); err != nil {
		return fmt.Errorf("noting that the API key %s is used: %w", k.Name, err)
	}
	return nil
}

// Revoke ends the key of a name and returns it, or ErrNone. Revoking it again leaves the first time.
func (b *Book) Revoke(ctx context.Context, name string) (Key, error) {
	live := bson.M{"name": name, "revoked_at": bson.M{"$exists": false}}
	if _, err := b.keys.UpdateOne(ctx, live, bson.M{"$set": bson.M{"revoked_at": b.now()}}); err != nil {
		return Key{}, fmt.Errorf("revoking the API key %s: %w", name, err)
	}
	k, err := mongodb.One[Key](b.keys.FindOne(ctx, bson.M{"name": name}))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return Key{}, ErrNone
	}
	if err != nil {
		return Key{}, fmt.Errorf("reading the API key %s: %w", name, err)
	}
	return k, nil
}

// All returns every key that was made, by name.
func (b *Book) All(ctx context.Context) ([]Key, error) {
	cursor, err := b.keys.Find(ctx, bson.M{}, options.Find().SetSort(bson.D{{Key: "name", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("reading API keys: %w", err)
	}
	all, err := mongodb.All[Key](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading API keys: %w", err)
	}
	return all, nil
}

func (b *Book) now() time.Time { return b.clock.Now().UTC().Truncate(time.Millisecond) }

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
