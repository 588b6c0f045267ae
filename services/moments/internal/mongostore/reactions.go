package mongostore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/survey"
)

// Reactions tells what people did about what they were asked. It keeps nothing: an invitation leads to its answer, and never the
// other way round.
type Reactions struct {
	moments, invitations, responses *mongo.Collection
	campaigns                       *Campaigns
}

// NewReactions reads the collections of moments, invitations and answers.
func NewReactions(db *mongo.Database) *Reactions {
	return &Reactions{db.Collection("moments"), db.Collection(AgendaCollection), db.Collection("responses"), NewCampaigns(db)}
}

// Tells whether there may be a condition on something: of a campaign, where there is one that invites people itself, and where whom it
// invites is no secret.
func (s *Reactions) Tells(ctx context.Context, about audience.Reaction) (bool, error) {
	if about.KeyMoment != audience.Campaign {
		return true, nil
	}
	c, err := s.campaigns.Get(ctx, about.FollowUp)
	if errors.Is(err, mongodb.ErrNotFound) {
		return false, nil
	}
	return err == nil && !c.Recurs() && !c.Confidential(), err
}

// Of returns it by person; whoever was asked nothing of the kind is missing. Of key moments, those count that were opened since an
// instant. With a day, answers of that day and later ones are left out.
func (s *Reactions) Of(
	ctx context.Context, about audience.Reaction, people []string, since time.Time, before clock.Date,
) (map[string]audience.Reacted, error) {
	planned, err := s.planned(ctx, about, people, since)
	if err != nil {
		return nil, err
	}
	reacted := make(map[string]audience.Reacted, len(planned))
	answers := make(map[string]string, len(planned))
	if err := s.each(ctx, s.invitations, append(among(planned), bson.D{
		{Key: "state", Value: agenda.StateDone}, {Key: followup.FieldWithdrawn, Value: nil},
	}...), func(id string) {
		reacted[planned[id]] = audience.Reacted{Asked: true}
		answers[survey.ResponseID(id)] = planned[id]
	}); err != nil {
		return nil, fmt.Errorf("reading who was asked: %w", err)
	}
	filter := among(answers)
	if !before.IsZero() {
		filter = append(filter, bson.E{Key: "answered_on", Value: bson.D{{Key: "$lt", Value: before}}})
	}
	if err := s.each(ctx, s.responses, filter, func(id string) {
		reacted[answers[id]] = audience.Reacted{Asked: true, Answered: true}
	}); err != nil {
		return nil, fmt.Errorf("reading how many answered: %w", err)
	}
	return reacted, nil
}

// planned are the invitations that people may have got, with whose each is.
func (s *Reactions) planned(ctx context.Context, about audience.Reaction, people []string, since time.Time) (map[string]string, error) {
	planned := make(map[string]string, len(people))
	if about.KeyMoment == audience.Campaign {
		return planned, s.ofCampaign(ctx, about.FollowUp, people, planned)
	}
	cursor, err := s.moments.Find(ctx, bson.D{
		{Key: "person_id", Value: bson.D{{Key: "$in", Value: people}}},
		{Key: "opened_at", Value: bson.D{{Key: "$gte", Value: since}}},
		{Key: "key_moment", Value: about.KeyMoment},
	}, options.Find().SetProjection(bson.D{{Key: "person_id", Value: 1}, {Key: "follow_ups", Value: 1}}).SetBatchSize(5000))
	if err != nil {
		return nil, fmt.Errorf("reading what people may have been asked: %w", err)
	}
	for m, err := range mongodb.Each[moment.Moment](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading what people may have been asked: %w", err)
		}
		for _, f := range m.FollowUps {
			if about.FollowUp == "" || f.Code == about.FollowUp {
				planned[f.InvitationID] = m.PersonID
			}
		}
	}
	return planned, nil
}

// ofCampaign adds the invitations to a campaign. Their ids follow from it and the person, but where each joins on a day of their own:
// that campaign is a month's, and small enough to be searched.
func (s *Reactions) ofCampaign(ctx context.Context, id string, people []string, planned map[string]string) error {
	c, err := s.campaigns.Get(ctx, id)
	if err != nil {
		return err
	}
	if !c.Collecting {
		for _, person := range people {
			planned[campaign.InvitationID(id, person)] = person
		}
		return nil
	}
	cursor, err := s.invitations.Find(ctx, bson.D{
		{Key: followup.FieldKeyMoment, Value: campaign.KeyMoment},
		{Key: followup.FieldFollowUp, Value: id},
		{Key: "subject", Value: bson.D{{Key: "$in", Value: people}}},
	}, options.Find().SetProjection(bson.D{{Key: "subject", Value: 1}}))
	if err != nil {
		return fmt.Errorf("reading who was asked by campaign %s: %w", id, err)
	}
	for item, err := range mongodb.Each[agenda.Item](ctx, cursor) {
		if err != nil {
			return fmt.Errorf("reading who was asked by campaign %s: %w", id, err)
		}
		planned[item.ID] = item.Subject
	}
	return nil
}

func (s *Reactions) each(ctx context.Context, coll *mongo.Collection, filter bson.D, fn func(id string)) error {
	cursor, err := coll.Find(ctx, filter, options.Find().SetProjection(onlyID).SetBatchSize(5000))
	if err != nil {
		return err
	}
	for doc, err := range mongodb.Each[struct {
		ID string `bson:"_id"`
	}](ctx, cursor) {
		if err != nil {
			return err
		}
		fn(doc.ID)
	}
	return nil
}

// among are documents by id.
func among(ids map[string]string) bson.D {
	in := make([]string, 0, len(ids))
	for id := range ids {
		in = append(in, id)
	}
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: in}}}}
}
