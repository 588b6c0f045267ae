package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/survey"
)

const (
	campaigns       = "campaigns"
	campaignBatches = "campaign_batches"
)

// Campaigns keeps campaigns, the people of their audiences in batches, and finds their invitations, which are agenda items.
type Campaigns struct{ coll, batches, invitations, responses *mongo.Collection }

// NewCampaigns uses the collections "campaigns" and "campaign_batches".
func NewCampaigns(db *mongo.Database) *Campaigns {
	return &Campaigns{db.Collection(campaigns), db.Collection(campaignBatches), db.Collection(AgendaCollection), db.Collection("responses")}
}

// Begin adds a campaign; mongodb.ErrConflict where there is one of that id.
func (s *Campaigns) Begin(ctx context.Context, c campaign.Campaign) error {
	_, err := s.coll.InsertOne(ctx, c)
	if mongodb.IsDuplicate(err) {
		err = mongodb.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("beginning campaign %s: %w", c.ID, err)
	}
	return nil
}

// Replace keeps a campaign over the version before; mongodb.ErrConflict where that is not what is there.
func (s *Campaigns) Replace(ctx context.Context, c campaign.Campaign) error {
	return mongodb.ReplaceGuarded(ctx, s.coll, c.ID, c.Version-1, c)
}

// Get returns a campaign, or mongodb.ErrNotFound.
func (s *Campaigns) Get(ctx context.Context, id string) (campaign.Campaign, error) {
	c, err := mongodb.One[campaign.Campaign](s.coll.FindOne(ctx, byID(id)))
	if err != nil {
		return campaign.Campaign{}, fmt.Errorf("reading campaign %s: %w", id, mongodb.NotFound(err))
	}
	return c, nil
}

// All returns every campaign, the one changed last first.
func (s *Campaigns) All(ctx context.Context) ([]campaign.Campaign, error) {
	return s.list(ctx, bson.D{})
}

// Unsettled are those for which something is still to be done: at their time, or now.
func (s *Campaigns) Unsettled(ctx context.Context) ([]campaign.Campaign, error) {
	return s.list(ctx, bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{campaign.Scheduled, campaign.Running, campaign.Paused}}}}},
		bson.D{{Key: "state", Value: campaign.Cancelled}, {Key: "run", Value: bson.D{{Key: "$gt", Value: 0}}}, {Key: "withdrawn", Value: nil}},
	}}})
}

func (s *Campaigns) list(ctx context.Context, filter bson.D) ([]campaign.Campaign, error) {
	cursor, err := s.coll.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "changed_at", Value: -1}, {Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("listing campaigns: %w", err)
	}
	all, err := mongodb.All[campaign.Campaign](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing campaigns: %w", err)
	}
	return all, nil
}

// Batch is a part of a campaign's audience, as it was fixed at the start.
type Batch struct {
	ID       string `bson:"_id"`
	Campaign string `bson:"campaign"`
	Run      int    `bson:"run"`
	// Number counts from 1.
	Number int `bson:"number"`
	// Size is how many people it has: the denominator, which stays whoever leaves.
	Size int `bson:"size"`
	// People are those to invite, in the order of their ids; gone once that was done.
	People []string `bson:"people,omitempty"`
	// On is the day on which they came due, Until their last one for an answer, and Anchor their day from which was counted, where
	// that is one of each person's.
	On     clock.Date `bson:"on,omitempty"`
	Until  clock.Date `bson:"until,omitempty"`
	Anchor clock.Date `bson:"anchor,omitempty"`
	// Handed tells that it was done, and Invited to how many: the others had left.
	Handed  bool `bson:"handed,omitempty"`
	Invited int  `bson:"invited,omitempty"`
	// Parts are the groups of an A/B test, which are invited one by one.
	Parts map[abtest.Group]Part `bson:"parts,omitempty"`
}

func batchID(campaignID string, run, number int) string {
	return fmt.Sprintf("%s/%d/%06d", campaignID, run, number)
}

// Fix adds a batch; one that is there stays as it is.
func (s *Campaigns) Fix(ctx context.Context, b Batch) error {
	b.ID = batchID(b.Campaign, b.Run, b.Number)
	if _, err := mongodb.InsertNew(ctx, s.batches, []any{b}); err != nil {
		return fmt.Errorf("fixing the audience of campaign %s: %w", b.Campaign, err)
	}
	return nil
}

// Batch returns one, or mongodb.ErrNotFound.
func (s *Campaigns) Batch(ctx context.Context, campaignID string, run, number int) (Batch, error) {
	b, err := mongodb.One[Batch](s.batches.FindOne(ctx, byID(batchID(campaignID, run, number))))
	if err != nil {
		return Batch{}, fmt.Errorf("reading batch %d of campaign %s: %w", number, campaignID, mongodb.NotFound(err))
	}
	return b, nil
}

// LastFixed returns the last batch of a run; one without a number where there is none.
func (s *Campaigns) LastFixed(ctx context.Context, campaignID string, run int) (Batch, error) {
	return s.oneBatch(ctx, bson.D{{Key: "campaign", Value: campaignID}, {Key: "run", Value: run}}, -1)
}

// FirstLeft returns the first batch of a run whose people are still to be invited; one without a number where there is none.
func (s *Campaigns) FirstLeft(ctx context.Context, campaignID string, run int) (Batch, error) {
	return s.oneBatch(ctx, bson.D{{Key: "campaign", Value: campaignID}, {Key: "run", Value: run}, {Key: "handed", Value: nil}}, 1)
}

func (s *Campaigns) oneBatch(ctx context.Context, filter bson.D, order int) (Batch, error) {
	b, err := mongodb.One[Batch](s.batches.FindOne(ctx, filter, options.FindOne().SetSort(bson.D{{Key: "_id", Value: order}})))
	if errors.Is(err, mongo.ErrNoDocuments) {
		return Batch{}, nil
	}
	if err != nil {
		return Batch{}, fmt.Errorf("reading the batches of campaign: %w", err)
	}
	return b, nil
}

// Handed notes that the people of a batch were invited, and forgets who they are: their invitations say it.
func (s *Campaigns) Handed(ctx context.Context, b Batch, invited int) error {
	_, err := s.batches.UpdateOne(ctx, byID(batchID(b.Campaign, b.Run, b.Number)), bson.D{
		{Key: "$set", Value: bson.D{{Key: "handed", Value: true}, {Key: "invited", Value: invited}}},
		{Key: "$unset", Value: bson.D{{Key: "people", Value: ""}}},
	})
	if err != nil {
		return fmt.Errorf("noting that batch %d of campaign %s was invited: %w", b.Number, b.Campaign, err)
	}
	return nil
}

// ForgetLeft forgets who was still to be invited, once nobody will be.
func (s *Campaigns) ForgetLeft(ctx context.Context, campaignID string) error {
	_, err := s.batches.UpdateMany(ctx, bson.D{{Key: "campaign", Value: campaignID}, {Key: "people", Value: bson.D{{Key: "$exists", Value: true}}}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "people", Value: ""}}}})
	if err != nil {
		return fmt.Errorf("forgetting whom campaign %s did not invite: %w", campaignID, err)
	}
	return nil
}

// DropOtherRuns removes what was fixed for earlier launches.
func (s *Campaigns) DropOtherRuns(ctx context.Context, campaignID string, run int) error {
	_, err := s.batches.DeleteMany(ctx, bson.D{{Key: "campaign", Value: campaignID}, {Key: "run", Value: bson.D{{Key: "$ne", Value: run}}}})
	if err != nil {
		return fmt.Errorf("dropping earlier audiences of campaign %s: %w", campaignID, err)
	}
	return nil
}

// Invite keeps the records of invitations; those that are there stay as they are.
func (s *Campaigns) Invite(ctx context.Context, items []agenda.Item) error {
	docs := make([]any, len(items))
	for i, item := range items {
		docs[i] = item
	}
	if _, err := mongodb.InsertNew(ctx, s.invitations, docs); err != nil {
		return fmt.Errorf("keeping %d invitations: %w", len(docs), err)
	}
	return nil
}

// Shown notes that invitations reached their people. Those that are not a campaign's are left alone.
func (s *Campaigns) Shown(ctx context.Context, invitationIDs []string) error {
	_, err := s.invitations.UpdateMany(ctx, bson.D{
		{Key: "_id", Value: bson.D{{Key: "$in", Value: invitationIDs}}},
		{Key: followup.FieldKeyMoment, Value: campaign.KeyMoment},
		{Key: followup.FieldShown, Value: nil},
	}, bson.D{{Key: "$set", Value: bson.D{{Key: followup.FieldShown, Value: "true"}}}})
	if err != nil {
		return fmt.Errorf("noting that %d invitations were shown: %w", len(invitationIDs), err)
	}
	return nil
}

// Figures is how far a campaign has come.
type Figures struct{ Audience, Invited, Gone, Delivered, Answered int }

// Figures counts: batches are few, and what was shown and answered is counted in indexes.
func (s *Campaigns) Figures(ctx context.Context, c campaign.Campaign) (Figures, error) {
	var f Figures
	err := s.eachBatch(ctx, c, func(b Batch) {
		f.Audience += b.Size
		invited, gone := b.told()
		f.Invited += invited
		f.Gone += gone
	})
	if err != nil {
		return f, err
	}
	shown, err := s.invitations.CountDocuments(ctx, bson.D{{Key: followup.FieldFollowUp, Value: c.ID}, {Key: followup.FieldShown, Value: "true"}},
		options.Count().SetHint("shown"))
	if err != nil {
		return f, fmt.Errorf("counting what campaign %s showed: %w", c.ID, err)
	}
	answered, err := s.responses.CountDocuments(ctx, bson.D{{Key: "key_moment", Value: campaign.KeyMoment}, {Key: "follow_up", Value: c.ID}})
	if err != nil {
		return f, fmt.Errorf("counting the answers to campaign %s: %w", c.ID, err)
	}
	f.Delivered, f.Answered = int(shown), int(answered)
	return f, nil
}

func (s *Campaigns) eachBatch(ctx context.Context, c campaign.Campaign, fn func(Batch)) error {
	cursor, err := s.batches.Find(ctx, bson.D{{Key: "campaign", Value: c.ID}, {Key: "run", Value: c.Run}},
		options.Find().SetProjection(bson.D{{Key: "people", Value: 0}}))
	if err != nil {
		return fmt.Errorf("counting campaign %s: %w", c.ID, err)
	}
	for b, err := range mongodb.Each[Batch](ctx, cursor) {
		if err != nil {
			return fmt.Errorf("counting campaign %s: %w", c.ID, err)
		}
		fn(b)
	}
	return nil
}

// Tells of how many answered only where enough were invited: of fewer, it would tell of each of them.
func (f Figures) Tells() bool { return f.Invited >= survey.LeastForFigures }

// EachOpen calls fn with the invitations of a campaign that were not withdrawn, so many at a time.
func (s *Campaigns) EachOpen(ctx context.Context, campaignID string, size int, fn func([]agenda.Item) error) error {
	cursor, err := s.invitations.Find(ctx, bson.D{
		{Key: followup.FieldKeyMoment, Value: campaign.KeyMoment},
		{Key: followup.FieldFollowUp, Value: campaignID},
		{Key: "kind", Value: followup.Kind},
		{Key: followup.FieldWithdrawn, Value: nil},
	}, options.Find().SetProjection(bson.D{{Key: "subject", Value: 1}}).SetBatchSize(int32(size)))
	if err != nil {
		return fmt.Errorf("reading the invitations of campaign %s: %w", campaignID, err)
	}
	part := make([]agenda.Item, 0, size)
	for item, err := range mongodb.Each[agenda.Item](ctx, cursor) {
		if err != nil {
			return fmt.Errorf("reading the invitations of campaign %s: %w", campaignID, err)
		}
		if part = append(part, item); len(part) == size {
			if err := fn(part); err != nil {
				return err
			}
			part = part[:0]
		}
	}
	if len(part) == 0 {
		return nil
	}
	return fn(part)
}

func indexCampaigns(ctx context.Context, db *mongo.Database) error {
	for collection, model := range map[string]mongo.IndexModel{
		campaignBatches: {Keys: bson.D{{Key: "campaign", Value: 1}, {Key: "run", Value: 1}}},
		AgendaCollection: {
			Keys: bson.D{{Key: followup.FieldFollowUp, Value: 1}, {Key: followup.FieldShown, Value: 1}},
			Options: options.Index().SetName("shown").
				SetPartialFilterExpression(bson.D{{Key: followup.FieldShown, Value: "true"}}),
		},
	} {
		if _, err := db.Collection(collection).Indexes().CreateOne(ctx, model); err != nil {
			return fmt.Errorf("indexing %s: %w", collection, err)
		}
	}
	return nil
}
