package widget

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

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

const (
	// SessionLife is how long a page reads prompts before it has to be identified anew. It is longer than a token can be valid,
	// so that a session's document is also the memory of its token.
	SessionLife = 30 * time.Minute

	secretBytes = 32
)

// ErrNone says that there is no such session, not on this origin, or no longer.
var ErrNone = errors.New("no such widget session")

// Session is a page's right to read one person's prompts, on one origin.
type Session struct {
	// ID is the hash of the token that it was given for: a second coming of that token finds the place taken.
	ID       string    `bson:"_id"`
	Secret   string    `bson:"secret"` // the hash of what the page holds
	PersonID string    `bson:"person_id"`
	Origin   string    `bson:"origin"`
	Expires  time.Time `bson:"expires_at"`
}

// Store keeps sessions in MongoDB: one write for each, which also uses its token up.
type Store struct {
	sessions *mongo.Collection
	byID     *mongodb.Loader[Session]
	clock    clock.Clock
}

// NewStore returns the store of a database.
func NewStore(db *mongo.Database, real clock.Clock) *Store {
	sessions := db.Collection("widget_sessions")
	return &Store{sessions: sessions, byID: mongodb.NewLoader[Session](sessions), clock: real}
}

// Begin gives the page that came with the token a session for the person, and returns what the page shows from now on; or
// ErrUsed.
func (st *Store) Begin(ctx context.Context, token Token, person, origin string) (bearer string, s Session, err error) {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // never fails: it ends the program instead
	shown := base64.RawURLEncoding.EncodeToString(secret)
	s = Session{ID: hash(token.ID), Secret: hash(shown), PersonID: person, Origin: origin, Expires: st.clock.Now().Add(SessionLife)}
	_, err = st.sessions.InsertOne(ctx, s)
	if mongodb.IsDuplicate(err) {
		return "", Session{}, ErrUsed
	}
	if err != nil {
		return "", Session{}, fmt.Errorf("beginning a widget session: %w", err)
	}
	return s.ID + "." + shown, s, nil
}

// Find returns the session of what a page of the origin shows, or ErrNone.
func (st *Store) Find(ctx context.Context, bearer, origin string) (Session, error) {
	id, secret, _ := strings.Cut(bearer, ".")
	if len(id) != hex.EncodedLen(sha256.Size) {
		return Session{}, ErrNone
	}
	s, err := st.byID.Get(ctx, id)
	if errors.Is(err, mongodb.ErrNotFound) {
		return Session{}, ErrNone
	}
	if err != nil {
		return Session{}, fmt.Errorf("reading a widget session: %w", err)
	}
	same := subtle.ConstantTimeCompare([]byte(s.Secret), []byte(hash(secret))) == 1
	if !same || s.Origin != origin || !st.clock.Now().Before(s.Expires) {
		return Session{}, ErrNone
	}
	return s, nil
}

// Left is how long the session goes on.
func (st *Store) Left(s Session) time.Duration { return s.Expires.Sub(st.clock.Now()) }

// Forget removes the sessions of people.
func (st *Store) Forget(ctx context.Context, personIDs []string) error {
	if _, err := st.sessions.DeleteMany(ctx, bson.M{"person_id": bson.M{"$in": personIDs}}); err != nil {
		return fmt.Errorf("removing the widget sessions of %d people: %w", len(personIDs), err)
	}
	return nil
}

// Sweep removes sessions that are over. The tokens that they stood for expired long before.
func (st *Store) Sweep(ctx context.Context) error {
	if _, err := st.sessions.DeleteMany(ctx, bson.M{"expires_at": bson.M{"$lt": st.clock.Now()}}); err != nil {
		return fmt.Errorf("sweeping widget sessions: %w", err)
	}
	return nil
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
