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
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/survey"
)

// LastNumber is how many occurrences a series has made.
func (s *Campaigns) LastNumber(ctx context.Context, seriesID string) (int, error) {
	last, err := mongodb.One[campaign.Campaign](s.coll.FindOne(ctx, bson.D{{Key: "series", Value: seriesID}},
		options.FindOne().SetSort(bson.D{{Key: "number", Value: -1}}).SetProjection(bson.D{{Key: "number", Value: 1}})))
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return 0, fmt.Errorf("counting the occurrences of series %s: %w", seriesID, err)
	}
	return last.Number, nil
}

// Occurrences are those that a series has made, the newest first.
func (s *Campaigns) Occurrences(ctx context.Context, seriesID string) ([]campaign.Campaign, error) {
	cursor, err := s.coll.Find(ctx, bson.D{{Key: "series", Value: seriesID}}, options.Find().SetSort(bson.D{{Key: "number", Value: -1}}))
	if err != nil {
		return nil, fmt.Errorf("listing the occurrences of series %s: %w", seriesID, err)
	}
	made, err := mongodb.All[campaign.Campaign](ctx, cursor)
	if err != nil {
		return nil, fmt.Errorf("listing the occurrences of series %s: %w", seriesID, err)
	}
	return made, nil
}

// Going are the series that make occurrences.
func (s *Campaigns) Going(ctx context.Context) ([]campaign.Campaign, error) {
	return s.list(ctx, bson.D{
		{Key: "recurrence", Value: bson.D{{Key: "$exists", Value: true}}},
		{Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{campaign.Scheduled, campaign.Running}}}},
	})
}

// Invited tells which invitations there are already.
func (s *Campaigns) Invited(ctx context.Context, invitationIDs []string) (map[string]bool, error) {
	return ids(ctx, s.invitations, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: invitationIDs}}}})
}

// Ended are the surveys of campaigns whose last day for an answer is this one, or a later one.
func (s *Campaigns) Ended(ctx context.Context, until clock.Date) (that, later []campaign.Campaign, err error) {
	all, err := s.list(ctx, bson.D{
		{Key: "kind", Value: campaign.Survey},
		{Key: "started_at", Value: bson.D{{Key: "$exists", Value: true}}},
		{Key: "recurrence", Value: nil},
		{Key: "until", Value: bson.D{{Key: "$gte", Value: until.String()}}},
	})
	for _, c := range all {
		if c.Content.Until == until {
			that = append(that, c)
		} else {
			later = append(later, c)
		}
	}
	return that, later, err
}

// EachAnswered calls fn with the people who answered a campaign, some at a time. Answers do not tell whose they are: it asks of each
// invitation whether there is one, and keeps nothing of that.
func (s *Campaigns) EachAnswered(ctx context.Context, campaignID string, size int, fn func(people []string) error) error {
	return s.EachOpen(ctx, campaignID, size, func(items []agenda.Item) error {
		responses := make([]string, len(items))
		for i, item := range items {
			responses[i] = survey.ResponseID(item.ID)
		}
		answered, err := ids(ctx, s.responses, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: responses}}}})
		if err != nil {
			return err
		}
		var people []string
		for i, item := range items {
			if answered[responses[i]] {
				people = append(people, item.Subject)
			}
		}
		return fn(people)
	})
}

// TalkedOn are the people whose last talk with their manager was held on a day, in the order of their ids; those alone that come
// after an id. A talk of which one of the two says that it was not held does not count; one on a day of which somebody declared it
// before does.
func (s *Moments) TalkedOn(ctx context.Context, day clock.Date, after string) ([]string, error) {
	held := bson.D{{Key: "key_moment", Value: moment.CheckIn}, {Key: talkID, Value: bson.D{{Key: "$gt", Value: ""}}}, {Key: "cancelled", Value: nil}}
	that, err := s.people(ctx, append(held, bson.E{Key: "happens_on", Value: day.String()}, bson.E{Key: "person_id", Value: bson.D{{Key: "$gt", Value: after}}}))
	if err != nil || len(that) == 0 {
		return nil, err
	}
	later, err := s.people(ctx, append(held, bson.E{Key: "happens_on", Value: bson.D{{Key: "$gt", Value: day.String()}}},
		bson.E{Key: "person_id", Value: bson.D{{Key: "$in", Value: that}}}))
	if err != nil {
		return nil, err
	}
	since := make(map[string]bool, len(later))
	for _, id := range later {
		since[id] = true
	}
	var last []string
	for _, id := range that {
		if !since[id] {
			last = append(last, id)
		}
	}
	return last, nil
}

// people are those of moments, each once and in order.
func (s *Moments) people(ctx context.Context, filter bson.D) ([]string, error) {
	cursor, err := s.coll.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: filter}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$person_id"}}}},
		{{Key: "$sort", Value: bson.D{{Key: "_id", Value: 1}}}},
	})
	if err != nil {
		return nil, fmt.Errorf("looking for those who talked: %w", err)
	}
	var found []string
	for doc, err := range mongodb.Each[identified](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("looking for those who talked: %w", err)
		}
		found = append(found, doc.ID)
	}
	return found, nil
}

// Due counts the follow-ups that wait, by the day on which they are due.
func (s *FollowUps) Due(ctx context.Context, from, to clock.Date) (map[clock.Date]int, error) {
	cursor, err := s.coll.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{
			{Key: "kind", Value: followup.Kind},
			{Key: "wake", Value: bson.D{{Key: "$gte", Value: from.AddDays(-1).In(time.UTC)}, {Key: "$lt", Value: to.AddDays(2).In(time.UTC)}}},
			{Key: followup.FieldOn, Value: bson.D{{Key: "$gte", Value: from.String()}, {Key: "$lte", Value: to.String()}}},
		}}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$" + followup.FieldOn}, {Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	}, options.Aggregate().SetHint("waiting"))
	if err != nil {
		return nil, fmt.Errorf("counting follow-ups by day: %w", err)
	}
	var days []struct {
		On clock.Date `bson:"_id"`
		N  int        `bson:"n"`
	}
	if err := cursor.All(ctx, &days); err != nil {
		return nil, fmt.Errorf("counting follow-ups by day: %w", err)
	}
	due := make(map[clock.Date]int, len(days))
	for _, day := range days {
		due[day.On] = day.N
	}
	return due, nil
}

type identified struct {
	ID string `bson:"_id"`
}

// ids are those of the documents that a filter finds.
func ids(ctx context.Context, coll *mongo.Collection, filter bson.D) (map[string]bool, error) {
	cursor, err := coll.Find(ctx, filter, options.Find().SetProjection(onlyID))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", coll.Name(), err)
	}
	found := map[string]bool{}
	for doc, err := range mongodb.Each[identified](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", coll.Name(), err)
		}
		found[doc.ID] = true
	}
	return found, nil
}

// indexSeries makes what finds the occurrences of a series, of which no two have one number, and who talked on a day.
func indexSeries(ctx context.Context, db *mongo.Database) error {
	for collection, model := range map[string]mongo.IndexModel{
		campaigns: {
			Keys: bson.D{{Key: "series", Value: 1}, {Key: "number", Value: -1}},
			Options: options.Index().SetUnique(true).
				SetPartialFilterExpression(bson.D{{Key: "series", Value: bson.D{{Key: "$exists", Value: true}}}}),
		},
		"moments": {
			Keys: bson.D{{Key: "happens_on", Value: 1}, {Key: "person_id", Value: 1}},
			Options: options.Index().SetName("check_ins").
				SetPartialFilterExpression(bson.D{{Key: "key_moment", Value: moment.CheckIn}}),
		},
	} {
		if _, err := db.Collection(collection).Indexes().CreateOne(ctx, model); err != nil {
			return fmt.Errorf("indexing %s: %w", collection, err)
		}
	}
	return nil
}
