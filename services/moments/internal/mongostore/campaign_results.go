package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/survey"
)

// Units counts whom a campaign invited, by the unit in which they were then.
func (s *Campaigns) Units(ctx context.Context, campaignID string) ([]survey.Cell, error) {
	cursor, err := s.invitations.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{
			{Key: followup.FieldKeyMoment, Value: campaign.KeyMoment},
			{Key: followup.FieldFollowUp, Value: campaignID},
			{Key: "state", Value: agenda.StateDone},
		}}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: "$" + followup.FieldUnitPath}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
		}}},
	})
	if err != nil {
		return nil, fmt.Errorf("counting whom campaign %s invited: %w", campaignID, err)
	}
	var cells []survey.Cell
	type group struct {
		UnitPath string `bson:"_id"`
		N        int    `bson:"n"`
	}
	for g, err := range mongodb.Each[group](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("counting whom campaign %s invited: %w", campaignID, err)
		}
		cells = append(cells, survey.Cell{UnitPath: followup.UnitPath(g.UnitPath), FollowUp: campaignID, N: g.N})
	}
	return cells, nil
}

// Occurrence returns one of a series, or mongodb.ErrNotFound.
func (s *Campaigns) Occurrence(ctx context.Context, series string, number int) (campaign.Campaign, error) {
	c, err := mongodb.One[campaign.Campaign](s.coll.FindOne(ctx, bson.D{{Key: "series", Value: series}, {Key: "number", Value: number}}))
	if err != nil {
		return campaign.Campaign{}, fmt.Errorf("reading occurrence %d of series %s: %w", number, series, mongodb.NotFound(err))
	}
	return c, nil
}
