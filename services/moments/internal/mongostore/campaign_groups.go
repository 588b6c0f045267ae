package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/survey"
)

// Part is the people of a batch who are in one group of an A/B test.
type Part struct {
	// Size is how many there were at the start, and Invited how many of them were invited once that was done.
	Size    int  `bson:"size"`
	Handed  bool `bson:"handed,omitempty"`
	Invited int  `bson:"invited,omitempty"`
}

// told is how many of a batch were invited, and how many of those whose turn it was could not be any more.
func (b Batch) told() (invited, gone int) {
	if b.Handed && len(b.Parts) == 0 {
		return b.Invited, b.Size - b.Invited
	}
	for _, part := range b.Parts {
		if part.Handed {
			invited += part.Invited
			gone += part.Size - part.Invited
		}
	}
	return invited, gone
}

// FirstLeftOf returns the first batch of a run of which people of a group are still to be invited; one without a number where there is none.
func (s *Campaigns) FirstLeftOf(ctx context.Context, campaignID string, run int, g abtest.Group) (Batch, error) {
	return s.oneBatch(ctx, bson.D{
		{Key: "campaign", Value: campaignID}, {Key: "run", Value: run}, {Key: handedPart(g), Value: nil},
	}, 1)
}

func handedPart(g abtest.Group) string { return "parts." + string(g) + ".handed" }

// HandedPart notes that people of a batch, who are all there are of a group, were invited, and forgets who they are. The rest is the last.
func (s *Campaigns) HandedPart(ctx context.Context, b Batch, g abtest.Group, people []string, invited int) error {
	set := bson.D{{Key: handedPart(g), Value: true}, {Key: "parts." + string(g) + ".invited", Value: invited}}
	update := bson.D{{Key: "$pull", Value: bson.D{{Key: "people", Value: bson.D{{Key: "$in", Value: append([]string{}, people...)}}}}}}
	if g == abtest.Rest {
		set = append(set, bson.E{Key: "handed", Value: true})
		update = bson.D{{Key: "$unset", Value: bson.D{{Key: "people", Value: ""}}}}
	}
	_, err := s.batches.UpdateOne(ctx, byID(batchID(b.Campaign, b.Run, b.Number)), append(update, bson.E{Key: "$set", Value: set}))
	if err != nil {
		return fmt.Errorf("noting that group %s of batch %d of campaign %s was invited: %w", g, b.Number, b.Campaign, err)
	}
	return nil
}

// GroupFigures is how far each group of an A/B test has come.
func (s *Campaigns) GroupFigures(ctx context.Context, c campaign.Campaign) (map[abtest.Group]Figures, error) {
	groups := map[abtest.Group]Figures{}
	err := s.eachBatch(ctx, c, func(b Batch) {
		for g, part := range b.Parts {
			f := groups[g]
			f.Audience += part.Size
			if part.Handed {
				f.Invited += part.Invited
				f.Gone += part.Size - part.Invited
			}
			groups[g] = f
		}
	})
	if err != nil {
		return nil, err
	}
	for _, g := range abtest.Groups() {
		f := groups[g]
		shown, err := s.invitations.CountDocuments(ctx, bson.D{
			{Key: followup.FieldFollowUp, Value: c.ID}, {Key: followup.FieldGroup, Value: g}, {Key: followup.FieldShown, Value: "true"},
		}, options.Count().SetHint(indexOfGroups))
		if err != nil {
			return nil, fmt.Errorf("counting what campaign %s showed: %w", c.ID, err)
		}
		answered, err := s.responses.CountDocuments(ctx, bson.D{{Key: "follow_up", Value: c.ID}, {Key: "group", Value: g}}, options.Count().SetHint(indexOfGroups))
		if err != nil {
			return nil, fmt.Errorf("counting the answers to campaign %s: %w", c.ID, err)
		}
		f.Delivered, f.Answered = int(shown), int(answered)
		groups[g] = f
	}
	return groups, nil
}

// GroupsTell says whether how many answered in each group may be told: where one is of one to four people, they could be found as what the
// others leave of all.
func GroupsTell(groups map[abtest.Group]Figures) bool {
	for _, f := range groups {
		if f.Invited > 0 && f.Invited < survey.LeastForFigures {
			return false
		}
	}
	return groups[abtest.A].Tells() && groups[abtest.B].Tells()
}

const indexOfGroups = "groups"

// indexGroups makes what counts the groups of A/B tests: it holds nothing else.
func indexGroups(ctx context.Context, db *mongo.Database) error {
	for collection, keys := range map[string]bson.D{
		AgendaCollection: {{Key: followup.FieldFollowUp, Value: 1}, {Key: followup.FieldGroup, Value: 1}, {Key: followup.FieldShown, Value: 1}},
		"responses":      {{Key: "follow_up", Value: 1}, {Key: "group", Value: 1}},
	} {
		group := keys[1].Key
		_, err := db.Collection(collection).Indexes().CreateOne(ctx, mongo.IndexModel{
			Keys: keys, Options: options.Index().SetName(indexOfGroups).
				SetPartialFilterExpression(bson.D{{Key: group, Value: bson.D{{Key: "$exists", Value: true}}}}),
		})
		if err != nil {
			return fmt.Errorf("indexing the groups of %s: %w", collection, err)
		}
	}
	return nil
}
