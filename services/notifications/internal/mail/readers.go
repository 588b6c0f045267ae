package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

// reader is what is known of a person as somebody who is written to; most people have no such document.
type reader struct {
	ID string `bson:"_id"`
	// UnsubscribedAt is set while the person wants no e-mail.
	UnsubscribedAt time.Time `bson:"unsubscribed_at,omitempty"`
	// Refused marks the address that the server said does not exist; another one is tried again.
	Refused string `bson:"refused,omitempty"`
}

func (s *store) readersOf(ctx context.Context, personIDs []string) (map[string]reader, error) {
	cursor, err := s.readers.Find(ctx, among(personIDs))
	if err != nil {
		return nil, fmt.Errorf("reading who wants no e-mail: %w", err)
	}
	found := map[string]reader{}
	for r, err := range mongodb.Each[reader](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading who wants no e-mail: %w", err)
		}
		found[r.ID] = r
	}
	return found, nil
}

// refuse marks addresses, by person.
func (s *store) refuse(ctx context.Context, marks map[string]string) error {
	var writes []mongo.WriteModel
	for person, mark := range marks {
		writes = append(writes, mongo.NewUpdateOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: person}}).
			SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "refused", Value: mark}}}}))
	}
	if len(writes) == 0 {
		return nil
	}
	if _, err := s.readers.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false)); err != nil {
		return fmt.Errorf("marking %d refused addresses: %w", len(marks), err)
	}
	return nil
}

// Wanted says whether the person of the token wants e-mail, or ErrBadToken.
func (m *Mailer) Wanted(ctx context.Context, token string) (bool, error) {
	person, err := m.links.person(token)
	if err != nil {
		return false, err
	}
	r, err := mongodb.One[reader](m.store.readers.FindOne(ctx, bson.D{{Key: "_id", Value: person}}))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading whether e-mail is wanted: %w", err)
	}
	return r.UnsubscribedAt.IsZero(), nil
}

// Choose notes whether the person of the token wants e-mail, or fails with ErrBadToken. Choosing twice is choosing once.
func (m *Mailer) Choose(ctx context.Context, token string, wanted bool) error {
	person, err := m.links.person(token)
	if err != nil {
		return err
	}
	update := bson.D{{Key: "$set", Value: bson.D{{Key: "unsubscribed_at", Value: m.clock.Now()}}}}
	if wanted {
		update = bson.D{{Key: "$unset", Value: bson.D{{Key: "unsubscribed_at", Value: ""}}}}
	}
	if _, err := m.store.readers.UpdateByID(ctx, person, update, options.UpdateOne().SetUpsert(true)); err != nil {
		return fmt.Errorf("noting whether e-mail is wanted: %w", err)
	}
	return nil
}

// Person is whose unsubscribe link carries the token, or ErrBadToken.
func (m *Mailer) Person(token string) (string, error) { return m.links.person(token) }

// Token is what a person's unsubscribe links carry.
func (m *Mailer) Token(personID string) string { return m.links.token(personID) }

// ForgetSettled removes what became of mails before the instant, and what calendars hold of talks before it.
func (m *Mailer) ForgetSettled(ctx context.Context, before time.Time) error {
	return errors.Join(m.store.forget(ctx, before), m.calendar.ForgetPast(ctx, before))
}

// Forget removes what is kept of mails to people and of what their calendars hold, and what they chose. The talks that they would have
// had leave the calendars of those with whom: their name stands there.
func (m *Mailer) Forget(ctx context.Context, cause string, personIDs []string) error {
	talks, err := m.calendar.Without(ctx, m.clock.Now(), personIDs)
	if err != nil {
		return err
	}
	if err := m.Talks(ctx, event.ID("erased", cause), talks); err != nil {
		return err
	}
	if err := m.calendar.Forget(ctx, personIDs); err != nil {
		return err
	}
	in := bson.D{{Key: "$in", Value: personIDs}}
	if _, err := m.store.mails.DeleteMany(ctx, bson.D{{Key: "person_id", Value: in}}); err != nil {
		return fmt.Errorf("removing the mails of %d people: %w", len(personIDs), err)
	}
	if _, err := m.store.readers.DeleteMany(ctx, bson.D{{Key: "_id", Value: in}}); err != nil {
		return fmt.Errorf("removing the choices of %d people: %w", len(personIDs), err)
	}
	return nil
}
