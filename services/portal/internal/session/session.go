// Package session keeps who is signed in, on the server: the browser holds a random token, the database its hash. It also
// keeps the one-time links by which people sign in.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
)

const (
	// Idle ends a session that nobody used.
	Idle = 12 * time.Hour
	// Lifetime ends every session, however much it is used.
	Lifetime = 7 * 24 * time.Hour
	// OwnLifetime is how long the session lasts that somebody begins with a printed card on a telephone of their own, used or
	// not: whoever has no e-mail would need another card for each survey.
	OwnLifetime = 90 * 24 * time.Hour
	// LinkLifetime is how long a sign-in link waits for its person.
	LinkLifetime = 15 * time.Minute

	// How stale "seen" may be: one write in ten minutes and session instead of one a request.
	seenEvery  = 10 * time.Minute
	tokenBytes = 32
)

// ErrNone says that there is no such session or link, or no longer.
var ErrNone = errors.New("no such session")

// Session is one browser's sign-in.
type Session struct {
	// ID is the hash of the token; it gives no access.
	ID string `bson:"_id"`
	// PersonID is empty for somebody whom no HR file names.
	PersonID string          `bson:"person_id,omitempty"`
	Name     string          `bson:"name"`
	Roles    []identity.Role `bson:"roles,omitempty"`
	// AccessID names the sign-in of somebody whom no HR file names, for *Access* and the audit log; see Access.
	AccessID string `bson:"access_id,omitempty"`
	// Card tells that the session was begun with a printed card: no role comes with it, whatever its person holds.
	Card bool `bson:"card,omitempty"`
	// OwnDevice tells that nobody else uses the browser, as its person said.
	OwnDevice bool `bson:"own_device,omitempty"`
	// IDToken is the company's proof of a sign-in with its account, which its sign-out asks for; empty after a link.
	IDToken string `bson:"id_token,omitempty"`
	// Language is the reader's own choice; empty until one is made.
	Language  string    `bson:"language,omitempty"`
	CreatedAt time.Time `bson:"created_at"`
	SeenAt    time.Time `bson:"seen_at"`
}

// Actor is who asks when this session does.
func (s Session) Actor() identity.Actor {
	return identity.Actor{PersonID: s.PersonID, Roles: s.Roles, AccessID: s.AccessID}
}

// Lifetime is how long the session lasts at most.
func (s Session) Lifetime() time.Duration {
	if s.OwnDevice {
		return OwnLifetime
	}
	return Lifetime
}

func (s Session) ended(now time.Time) bool {
	return !s.OwnDevice && now.Sub(s.SeenAt) > Idle || now.Sub(s.CreatedAt) > s.Lifetime()
}

// Store keeps sessions and links in MongoDB. Its clock is the real one: a demo's moved clock signs nobody out.
type Store struct {
	sessions *mongo.Collection
	byID     *mongodb.Loader[Session]
	links    *mongo.Collection
	clock    clock.Clock
}

// New returns the store of a database.
func New(db *mongo.Database, real clock.Clock) *Store {
	sessions := db.Collection("sessions")
	return &Store{sessions: sessions, byID: mongodb.NewLoader[Session](sessions), links: db.Collection("sign_in_links"), clock: real}
}

// Migration makes the index by which a person is signed out everywhere, as the step with the version.
func Migration(version int) mongodb.Migration {
	return mongodb.Migration{Version: version, Name: "index sessions by person", Up: func(ctx context.Context, db *mongo.Database) error {
		_, err := db.Collection("sessions").Indexes().CreateOne(ctx, mongo.IndexModel{Keys: bson.D{{Key: "person_id", Value: 1}}})
		if err != nil {
			return fmt.Errorf("indexing sessions: %w", err)
		}
		return nil
	}}
}

// Create begins a session for the person that s names and returns the token for the browser.
func (st *Store) Create(ctx context.Context, s Session) (token string, err error) {
	token = newToken()
	s.ID, s.CreatedAt, s.SeenAt = hash(token), st.clock.Now(), st.clock.Now()
	if _, err := st.sessions.InsertOne(ctx, s); err != nil {
		return "", fmt.Errorf("beginning a session: %w", err)
	}
	return token, nil
}

// Find returns the session of a token and notes that it is in use, or ErrNone.
func (st *Store) Find(ctx context.Context, token string) (Session, error) {
	s, err := st.byID.Get(ctx, hash(token))
	if errors.Is(err, mongodb.ErrNotFound) {
		return Session{}, ErrNone
	}
	if err != nil {
		return Session{}, fmt.Errorf("reading a session: %w", err)
	}
	now := st.clock.Now()
	if s.ended(now) {
		return Session{}, errors.Join(ErrNone, st.remove(ctx, s.ID))
	}
	if now.Sub(s.SeenAt) > seenEvery {
		s.SeenAt = now
		if err := st.update(ctx, s.ID, "seen_at", now); err != nil {
			return Session{}, err
		}
	}
	return s, nil
}

// Alive tells which of the sessions go on. Asking does not count as use.
func (st *Store) Alive(ctx context.Context, ids ...string) (map[string]bool, error) {
	cursor, err := st.sessions.Find(ctx, bson.M{"_id": bson.M{"$in": ids}}, options.Find().SetBatchSize(int32(len(ids)+1)))
	if err != nil {
		return nil, fmt.Errorf("reading %d sessions: %w", len(ids), err)
	}
	found, err := mongodb.All[Session](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading %d sessions: %w", len(ids), err)
	}
	now := st.clock.Now()
	alive := make(map[string]bool, len(found))
	for _, s := range found {
		alive[s.ID] = !s.ended(now)
	}
	return alive, nil
}

// SetLanguage keeps the reader's choice of a language.
func (st *Store) SetLanguage(ctx context.Context, id, language string) error {
	return st.update(ctx, id, "language", language)
}

// End signs out. Ending a session twice is fine.
func (st *Store) End(ctx context.Context, id string) error { return st.remove(ctx, id) }

// EndAll signs a person out wherever they are signed in.
func (st *Store) EndAll(ctx context.Context, personID string) error {
	if _, err := st.sessions.DeleteMany(ctx, bson.M{"person_id": personID}); err != nil {
		return fmt.Errorf("ending all sessions of a person: %w", err)
	}
	return nil
}

// Forget removes the sessions and the links of people.
func (st *Store) Forget(ctx context.Context, personIDs []string) error {
	of := bson.M{"person_id": bson.M{"$in": personIDs}}
	if _, err := st.sessions.DeleteMany(ctx, of); err != nil {
		return fmt.Errorf("removing the sessions of %d people: %w", len(personIDs), err)
	}
	if _, err := st.links.DeleteMany(ctx, of); err != nil {
		return fmt.Errorf("removing the sign-in links of %d people: %w", len(personIDs), err)
	}
	return nil
}

// Sweep removes what has ended: sessions that nobody came back to and links that nobody used.
func (st *Store) Sweep(ctx context.Context) error {
	now := st.clock.Now()
	shared := bson.M{"$ne": true}
	_, err := st.sessions.DeleteMany(ctx, bson.M{"$or": bson.A{
		bson.M{"own_device": shared, "seen_at": bson.M{"$lt": now.Add(-Idle)}},
		bson.M{"own_device": shared, "created_at": bson.M{"$lt": now.Add(-Lifetime)}},
		bson.M{"created_at": bson.M{"$lt": now.Add(-OwnLifetime)}},
	}})
	if err != nil {
		return fmt.Errorf("sweeping sessions: %w", err)
	}
	if _, err := st.links.DeleteMany(ctx, bson.M{"expires_at": bson.M{"$lt": now}}); err != nil {
		return fmt.Errorf("sweeping sign-in links: %w", err)
	}
	return nil
}

func (st *Store) update(ctx context.Context, id, field string, value any) error {
	if _, err := st.sessions.UpdateOne(ctx, bson.M{"_id": id}, bson.M{"$set": bson.M{field: value}}); err != nil {
		return fmt.Errorf("updating a session: %w", err)
	}
	return nil
}

func (st *Store) remove(ctx context.Context, id string) error {
	if _, err := st.sessions.DeleteOne(ctx, bson.M{"_id": id}); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}

func newToken() string {
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(secret)
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
