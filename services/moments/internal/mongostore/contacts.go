package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/contact"
)

const contactRequests = "contact_requests"

// Contacts keeps who wants to be contacted. The collection is stored in the order of its ids, which are as good as random: the
// order in which wishes came, beside that in which responses came, would tell which belongs to which.
type Contacts struct{ coll *mongo.Collection }

// NewContacts uses the collection "contact_requests".
func NewContacts(db *mongo.Database) *Contacts { return &Contacts{db.Collection(contactRequests)} }

// Want keeps a wish; one that is known stays as it is.
func (s *Contacts) Want(ctx context.Context, r contact.Request) error {
	if _, err := mongodb.InsertNew(ctx, s.coll, []any{r}); err != nil {
		return fmt.Errorf("keeping a wish to be contacted: %w", err)
	}
	return nil
}

// Get returns a wish, or mongodb.ErrNotFound.
func (s *Contacts) Get(ctx context.Context, id string) (contact.Request, error) {
	r, err := mongodb.One[contact.Request](s.coll.FindOne(ctx, byID(id)))
	if err != nil {
		return contact.Request{}, fmt.Errorf("reading contact request %s: %w", id, mongodb.NotFound(err))
	}
	return r, nil
}

// All returns every wish, in no order.
func (s *Contacts) All(ctx context.Context) ([]contact.Request, error) {
	cursor, err := s.coll.Find(ctx, bson.D{})
	if err != nil {
		return nil, fmt.Errorf("listing contact requests: %w", err)
	}
	all, err := mongodb.All[contact.Request](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing contact requests: %w", err)
	}
	return all, nil
}

// Mark notes on which day, and by whom, somebody was contacted, or with a zero day that it is still to be done. What is marked
// already keeps its day.
func (s *Contacts) Mark(ctx context.Context, id string, on clock.Date, by string) error {
	filter := append(byID(id), bson.E{Key: "done_on", Value: clock.Date{}})
	if on.IsZero() {
		filter = byID(id)
	}
	_, err := s.coll.UpdateOne(ctx, filter, bson.D{{Key: "$set", Value: bson.D{
		{Key: "done_on", Value: on}, {Key: "done_by", Value: by},
	}}})
	if err != nil {
		return fmt.Errorf("marking contact request %s: %w", id, err)
	}
	return nil
}

// Forget removes the wishes of people.
func (s *Contacts) Forget(ctx context.Context, personIDs []string) error {
	if _, err := s.coll.DeleteMany(ctx, bson.D{{Key: "person_id", Value: bson.D{{Key: "$in", Value: personIDs}}}}); err != nil {
		return fmt.Errorf("forgetting the contact requests of %d people: %w", len(personIDs), err)
	}
	return nil
}

// clusterContacts makes the collection one that is stored by id.
func clusterContacts(ctx context.Context, db *mongo.Database) error {
	names, err := db.ListCollectionNames(ctx, bson.D{{Key: "name", Value: contactRequests}})
	if err != nil || len(names) > 0 {
		return err
	}
	clustered := options.CreateCollection().SetClusteredIndex(bson.D{{Key: "key", Value: bson.D{{Key: "_id", Value: 1}}}, {Key: "unique", Value: true}})
	if err := db.CreateCollection(ctx, contactRequests, clustered); err != nil {
		return fmt.Errorf("making the collection of contact requests: %w", err)
	}
	return nil
}
