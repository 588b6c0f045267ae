package mongostore

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/survey"
)

// Erasure removes what moments holds of people. What they answered in confidence stays, and that they were asked counts on,
// both under ids that no longer follow from anything: whoever holds the whole database finds no way back any more. Every step
// may be redone, and all of it reads whole collections: erasing is rare.
type Erasure struct {
	db       *mongo.Database
	drafts   *Drafts
	contacts *Contacts
	guests   *Guests
}

// NewErasure erases in the database.
func NewErasure(db *mongo.Database) *Erasure {
	return &Erasure{db: db, drafts: NewDrafts(db), contacts: NewContacts(db), guests: NewGuests(db)}
}

// Forget removes what is held of people.
func (e *Erasure) Forget(ctx context.Context, personIDs []string) error {
	for _, id := range personIDs {
		if err := e.forget(ctx, id); err != nil {
			return fmt.Errorf("erasing person %s: %w", id, err)
		}
	}
	return nil
}

func (e *Erasure) forget(ctx context.Context, person string) error {
	secret, err := e.begin(ctx, person)
	if err != nil {
		return err
	}
	moments, err := e.momentsOf(ctx, person)
	if err != nil {
		return err
	}
	if err := e.releaseAsked(ctx, person, secret); err != nil {
		return err
	}
	if err := e.guests.Forget(ctx, moments, []string{person}); err != nil {
		return err
	}
	if err := e.contacts.Forget(ctx, []string{person}); err != nil {
		return err
	}
	if err := errors.Join(e.remove(ctx, person), e.unname(ctx, person)); err != nil {
		return err
	}
	_, err = e.db.Collection("erasures").DeleteOne(ctx, byID(person))
	return err
}

// begin returns the secret from which new ids are made: the same until the erasure ends, so that redoing a step doubles nothing,
// and gone from then on.
func (e *Erasure) begin(ctx context.Context, person string) ([]byte, error) {
	secret := make([]byte, sha256.Size)
	_, _ = rand.Read(secret) // never fails: it ends the program instead
	var kept struct {
		Secret []byte `bson:"secret"`
	}
	err := e.db.Collection("erasures").FindOneAndUpdate(ctx, byID(person), bson.D{{Key: "$setOnInsert", Value: bson.D{{Key: "secret", Value: secret}}}},
		options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)).Decode(&kept)
	return kept.Secret, err
}

// another is the id that takes the place of one that could be found out.
func another(secret []byte, id string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(id))
	var random uuid.UUID
	copy(random[:], mac.Sum(nil))
	random[6], random[8] = random[6]&0x0f|0x40, random[8]&0x3f|0x80 // looks as random as it is
	return random.String()
}

func (e *Erasure) momentsOf(ctx context.Context, person string) ([]string, error) {
	cursor, err := e.db.Collection("moments").Find(ctx, bson.D{{Key: "person_id", Value: person}}, options.Find().SetProjection(onlyID))
	if err != nil {
		return nil, err
	}
	var ids []string
	for doc, err := range mongodb.Each[moment.Moment](ctx, cursor) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, doc.ID)
	}
	return ids, nil
}

// kindReleased is of invitations that were asked of somebody who was erased: they are counted, and nothing else.
const kindReleased = "released"

// releaseAsked goes through all that was planned or asked of the person.
func (e *Erasure) releaseAsked(ctx context.Context, person string, secret []byte) error {
	planned := e.db.Collection(AgendaCollection)
	cursor, err := planned.Find(ctx, bson.D{{Key: "subject", Value: person}})
	if err != nil {
		return err
	}
	items, err := mongodb.All[agenda.Item](ctx, cursor)
	if err != nil {
		return err
	}
	var counted []any
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.ID
		named, err := e.releaseResponse(ctx, survey.ResponseID(item.ID), secret)
		if err != nil {
			return err
		}
		if item.Kind == followup.Kind && followup.Standing(item).State == moment.Asked && !named {
			counted = append(counted, released(item, another(secret, item.ID)))
		}
	}
	if _, err := mongodb.InsertNew(ctx, planned, counted); err != nil {
		return err
	}
	if err := e.drafts.Drop(ctx, ids...); err != nil {
		return err
	}
	_, err = planned.DeleteMany(ctx, bson.D{{Key: "subject", Value: person}})
	return err
}

// released is what is left of an invitation: on which day something was asked, about what, and in which unit.
func released(item agenda.Item, id string) bson.D {
	data := map[string]string{}
	for _, field := range []string{followup.FieldKeyMoment, followup.FieldFollowUp, followup.FieldUnitPath, followup.FieldShown} {
		name := strings.TrimPrefix(field, "data.")
		if noted, there := item.Data[name]; there {
			data[name] = noted
		}
	}
	return bson.D{
		{Key: "_id", Value: id},
		{Key: "kind", Value: kindReleased},
		{Key: "state", Value: agenda.StateDone},
		{Key: "done_at", Value: item.DoneAt.UTC().Truncate(24 * time.Hour)},
		{Key: "data", Value: data},
	}
}

// releaseResponse gives a response that bears no name another id, and says whether it bears one.
func (e *Erasure) releaseResponse(ctx context.Context, id string, secret []byte) (named bool, err error) {
	responses := e.db.Collection("responses")
	response, err := mongodb.One[survey.Response](responses.FindOne(ctx, byID(id)))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	if err != nil || response.PersonID != "" {
		return response.PersonID != "", err
	}
	response.ID, response.Closing, response.Group = another(secret, id), false, "" // the group follows from the person's id
	if _, err := mongodb.InsertNew(ctx, responses, []any{response}); err != nil {
		return false, err
	}
	_, err = responses.DeleteOne(ctx, byID(id))
	return false, err
}

// remove deletes what is the person's alone.
func (e *Erasure) remove(ctx context.Context, person string) error {
	for _, own := range []struct {
		collection string
		filter     bson.D
	}{
		{"responses", bson.D{{Key: "person_id", Value: person}}},
		{"moments", bson.D{{Key: "person_id", Value: person}}},
		{"arrivals", byID(person)},
		{"contested", bson.D{{Key: "person_id", Value: person}}},
		{"requests", bson.D{{Key: "what", Value: bson.Regex{Pattern: regexp.QuoteMeta(person)}}}},
	} {
		if _, err := e.db.Collection(own.collection).DeleteMany(ctx, own.filter); err != nil {
			return err
		}
	}
	return nil
}

// unname takes the person out of what is others': the teams they were of, and what they declared, cancelled, changed, or were
// the manager of. A follow-up about a manager who is gone is not asked any more.
func (e *Erasure) unname(ctx context.Context, person string) error {
	is := func(field string) bson.D { return bson.D{{Key: field, Value: person}} }
	unset := func(field string) bson.D { return bson.D{{Key: "$unset", Value: bson.D{{Key: field, Value: ""}}}} }
	for _, change := range []struct {
		collection     string
		filter, update bson.D
	}{
		{"moments", is("members.id"), bson.D{
			{Key: "$pull", Value: bson.D{{Key: "members", Value: is("id")}}}, {Key: "$inc", Value: bson.D{{Key: "people", Value: -1}}},
		}},
		{"moments", is("declared_by"), unset("declared_by")},
		{"moments", is("held_by"), unset("held_by")},
		{"moments", is("cancelled.by"), unset("cancelled.by")},
		{"moments", is("manager_id"), unset("manager_id")},
		{AgendaCollection, append(is(followup.FieldManager), bson.E{Key: "state", Value: agenda.StateWaiting}), bson.D{
			{Key: "$set", Value: bson.D{{Key: "state", Value: agenda.StateCancelled}, {Key: "reason", Value: moment.ChangedAgain}}},
			{Key: "$unset", Value: bson.D{{Key: "wake", Value: ""}}},
		}},
		{AgendaCollection, is(followup.FieldManager), unset(followup.FieldManager)},
		{"key_moments", is("changed_by"), unset("changed_by")},
		{"questionnaires", is("changed_by"), unset("changed_by")},
		{campaigns, is("changed_by"), unset("changed_by")},
		{campaigns, is("audience.manager_id"), bson.D{{Key: "$set", Value: bson.D{{Key: "audience.manager_id", Value: audience.Erased}}}}},
		{audiences, is("changed_by"), unset("changed_by")},
		{audiences, is("audience.manager_id"), bson.D{{Key: "$set", Value: bson.D{{Key: "audience.manager_id", Value: audience.Erased}}}}},
		{campaignBatches, is("people"), bson.D{{Key: "$pull", Value: bson.D{{Key: "people", Value: person}}}}},
		{contactRequests, is("done_by"), unset("done_by")},
	} {
		if _, err := e.db.Collection(change.collection).UpdateMany(ctx, change.filter, change.update); err != nil {
			return err
		}
	}
	return nil
}
