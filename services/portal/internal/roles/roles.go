// Package roles keeps who holds which role beyond being an employee: HR of the company, HR of a region, director of a store.
// Roles are few and asked about with every click, so that each replica holds them all in memory and reads them again often.
package roles

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
)

// ErrNonsense says that a role cannot be held like that: HR of the company has no unit, the others need one.
var ErrNonsense = errors.New("a role of this kind cannot be held there")

// ErrOwn says that nobody takes their own company-wide role.
var ErrOwn = errors.New("nobody takes their own role back")

// Held is a role that somebody holds.
type Held struct {
	// ID comes from who, what and where: giving a role twice is giving it once.
	ID       string        `bson:"_id"`
	PersonID string        `bson:"person_id"`
	Role     identity.Role `bson:"role"`
	// UnitID is empty for the company.
	UnitID string `bson:"unit_id,omitempty"`
	// GivenBy is empty for the operator; see identity.Actor.Who.
	GivenBy string    `bson:"given_by,omitempty"`
	GivenAt time.Time `bson:"given_at"`
}

// Kinds are the roles that can be given, the widest first.
func Kinds() []identity.Role {
	return []identity.Role{identity.HR, identity.LocalHR, identity.Director}
}

// Cards are sign-ins on paper, which open no role.
type Cards interface {
	// ForgetCards removes the cards of people and ends the sessions begun with one.
	ForgetCards(ctx context.Context, personIDs ...string) error
}

// Book keeps roles in MongoDB. Its clock is the real one.
type Book struct {
	held     *mongo.Collection
	cards    Cards
	clock    clock.Clock
	byPerson atomic.Pointer[map[string][]Held]
}

// NewBook returns the book of a database.
func NewBook(db *mongo.Database, cards Cards, real clock.Clock) *Book {
	return &Book{held: db.Collection("roles"), cards: cards, clock: real}
}

// Give gives a person a role, and takes their printed cards. Giving it again leaves it as it was.
func (b *Book) Give(ctx context.Context, h Held) (Held, error) {
	if h.PersonID == "" || !slices.Contains(Kinds(), h.Role) || h.Role.Local() != (h.UnitID != "") {
		return Held{}, ErrNonsense
	}
	h.ID, h.GivenAt = event.ID("role", h.PersonID, string(h.Role), h.UnitID), b.clock.Now().UTC().Truncate(time.Millisecond)
	if _, err := mongodb.InsertNew(ctx, b.held, []any{h}); err != nil {
		return Held{}, fmt.Errorf("giving a role: %w", err)
	}
	if err := b.cards.ForgetCards(ctx, h.PersonID); err != nil {
		return Held{}, err
	}
	return h, b.Read(ctx)
}

// Take takes a role back for the person by, empty for the operator, and returns what it was; zero when nobody held it any more.
func (b *Book) Take(ctx context.Context, id, by string) (Held, error) {
	if by != "" && id == event.ID("role", by, string(identity.HR), "") {
		return Held{}, ErrOwn
	}
	h, err := mongodb.One[Held](b.held.FindOneAndDelete(ctx, bson.M{"_id": id}))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return Held{}, nil
	}
	if err != nil {
		return Held{}, fmt.Errorf("taking a role back: %w", err)
	}
	return h, b.Read(ctx)
}

// Forget takes all roles of people who are erased, and forgets which roles they gave.
func (b *Book) Forget(ctx context.Context, personIDs []string) error {
	in := bson.M{"$in": personIDs}
	if _, err := b.held.DeleteMany(ctx, bson.M{"person_id": in}); err != nil {
		return fmt.Errorf("taking the roles of %d people: %w", len(personIDs), err)
	}
	if _, err := b.held.UpdateMany(ctx, bson.M{"given_by": in}, bson.M{"$unset": bson.M{"given_by": ""}}); err != nil {
		return fmt.Errorf("forgetting which roles %d people gave: %w", len(personIDs), err)
	}
	return b.Read(ctx)
}

// All returns every role that is held, in no order.
func (b *Book) All(ctx context.Context) ([]Held, error) {
	cursor, err := b.held.Find(ctx, bson.M{})
	if err != nil {
		return nil, fmt.Errorf("reading roles: %w", err)
	}
	all, err := mongodb.All[Held](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("reading roles: %w", err)
	}
	return all, nil
}

// Read reads everything again.
func (b *Book) Read(ctx context.Context) error {
	all, err := b.All(ctx)
	if err != nil {
		return err
	}
	byPerson := make(map[string][]Held, len(all))
	for _, h := range all {
		byPerson[h.PersonID] = append(byPerson[h.PersonID], h)
	}
	b.byPerson.Store(&byPerson)
	return nil
}

// Keep reads everything again and again until ctx ends, so that what another replica gave or took holds here too. As long as
// the database does not answer, what is known stays.
func (b *Book) Keep(ctx context.Context, every time.Duration, log *zap.Logger) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := b.Read(ctx); err != nil && ctx.Err() == nil {
			log.Warn("who holds which role cannot be found out", zap.Error(err))
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Extend returns the actor with the roles that the person holds.
func (b *Book) Extend(ctx context.Context, actor identity.Actor) (identity.Actor, error) {
	if actor.PersonID == "" {
		return actor, nil
	}
	known := b.byPerson.Load()
	if known == nil {
		if err := b.Read(ctx); err != nil {
			return identity.Actor{}, err
		}
		known = b.byPerson.Load()
	}
	for _, h := range (*known)[actor.PersonID] {
		switch {
		case h.Role.Local():
			actor.Grants = append(slices.Clip(actor.Grants), identity.Grant{Role: h.Role, Unit: h.UnitID})
		case !slices.Contains(actor.Roles, h.Role):
			actor.Roles = append(slices.Clip(actor.Roles), h.Role)
		}
	}
	return actor, nil
}
