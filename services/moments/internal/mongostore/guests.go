package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/guest"
)

// Guests keeps people without an account, and what tells their links from wrong ones.
type Guests struct{ guests, links *mongo.Collection }

// NewGuests uses the collections "guests" and "guest_links".
func NewGuests(db *mongo.Database) *Guests {
	return &Guests{db.Collection("guests"), db.Collection("guest_links")}
}

// Keep adds a guest; one that is known already stays as it is.
func (s *Guests) Keep(ctx context.Context, g guest.Guest) error {
	if _, err := mongodb.InsertNew(ctx, s.guests, []any{g}); err != nil {
		return fmt.Errorf("keeping a guest: %w", err)
	}
	return nil
}

// Get returns a guest, or mongodb.ErrNotFound.
func (s *Guests) Get(ctx context.Context, id string) (guest.Guest, error) {
	g, err := mongodb.One[guest.Guest](s.guests.FindOne(ctx, byID(id)))
	if err != nil {
		return guest.Guest{}, fmt.Errorf("reading guest %s: %w", id, mongodb.NotFound(err))
	}
	return g, nil
}

// Known tells which of those ids are guests'.
func (s *Guests) Known(ctx context.Context, ids []string) (map[string]bool, error) {
	known := map[string]bool{}
	if len(ids) == 0 {
		return known, nil
	}
	cursor, err := s.guests.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	if err != nil {
		return nil, fmt.Errorf("reading %d guests: %w", len(ids), err)
	}
	for g, err := range mongodb.Each[guest.Guest](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading %d guests: %w", len(ids), err)
		}
		known[g.ID] = true
	}
	return known, nil
}

// AddLinks keeps links.
func (s *Guests) AddLinks(ctx context.Context, links ...guest.Link) error {
	if len(links) == 0 {
		return nil
	}
	if _, err := s.links.InsertMany(ctx, links); err != nil {
		return fmt.Errorf("keeping %d personal links: %w", len(links), err)
	}
	return nil
}

// Link returns the link of a token, or mongodb.ErrNotFound.
func (s *Guests) Link(ctx context.Context, token string) (guest.Link, error) {
	link, err := mongodb.One[guest.Link](s.links.FindOne(ctx, byID(guest.Hash(token))))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return guest.Link{}, mongodb.ErrNotFound
	}
	if err != nil {
		return guest.Link{}, fmt.Errorf("reading a personal link: %w", err)
	}
	return link, nil
}

// DropLinks removes the links to an invitation.
func (s *Guests) DropLinks(ctx context.Context, invitationID string) error {
	if _, err := s.links.DeleteMany(ctx, bson.D{{Key: "invitation_id", Value: invitationID}}); err != nil {
		return fmt.Errorf("removing the links to invitation %s: %w", invitationID, err)
	}
	return nil
}

// Forget removes the links to moments, and guests; ids of people who are no guests do no harm.
func (s *Guests) Forget(ctx context.Context, momentIDs, guestIDs []string) error {
	if _, err := s.links.DeleteMany(ctx, bson.D{{Key: "moment_id", Value: bson.D{{Key: "$in", Value: momentIDs}}}}); err != nil {
		return fmt.Errorf("removing the links to %d moments: %w", len(momentIDs), err)
	}
	if _, err := s.guests.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: guestIDs}}}}); err != nil {
		return fmt.Errorf("forgetting %d guests: %w", len(guestIDs), err)
	}
	return nil
}

func indexGuestLinks(ctx context.Context, db *mongo.Database) error {
	_, err := db.Collection("guest_links").Indexes().CreateMany(ctx, []mongo.IndexModel{
		{Keys: bson.D{{Key: "invitation_id", Value: 1}}}, {Keys: bson.D{{Key: "moment_id", Value: 1}}},
	})
	if err != nil {
		return fmt.Errorf("indexing personal links: %w", err)
	}
	return nil
}
