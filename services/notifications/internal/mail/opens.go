package mail

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
)

// LeastForOpens is of how many delivered mails at least it is told how often they were displayed.
const LeastForOpens = 10

// openParts are the documents among which the loads of a piece are divided, so that a whole company that opens its mail at nine does not
// wait for one.
const openParts = 16

// Opens is how often the image of a piece was loaded, and how many mails carried it to a server that took them.
type Opens struct {
	Piece           string
	Delivered       int64
	Loads, Machines int64
}

// Tells whether the loads may be told.
func (o Opens) Tells() bool { return o.Delivered >= LeastForOpens }

// Variant is what follows the campaign in the piece.
func (o Opens) Variant() string {
	_, variant, _ := strings.Cut(o.Piece, ".")
	return variant
}

// CountsOpens tells whether the company turned it on.
func (m *Mailer) CountsOpens() bool { return m.config.Enabled() && m.config.opens() }

// CountOpen counts a load: a number, and the day of the last one, by which it is forgotten. What no mail carried is not counted.
func (m *Mailer) CountOpen(ctx context.Context, piece string, machine bool) error {
	if !m.CountsOpens() {
		return nil
	}
	err := m.store.mails.FindOne(ctx, bson.D{{Key: "piece", Value: piece}}, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for a mail with the image: %w", err)
	}
	field := "loads"
	if machine {
		field = "machines"
	}
	part := fmt.Sprintf("%s/%d", piece, rand.IntN(openParts))
	_, err = m.store.opens.UpdateByID(ctx, part, bson.D{
		{Key: "$set", Value: bson.D{{Key: "piece", Value: piece}, {Key: "day", Value: clock.DateOf(m.clock.Now(), time.UTC)}}},
		{Key: "$inc", Value: bson.D{{Key: field, Value: 1}}},
	}, options.UpdateOne().SetUpsert(true))
	if err != nil {
		return fmt.Errorf("counting that an image was loaded: %w", err)
	}
	return nil
}

// OpensOf returns it for each piece of a campaign of which mails were sent.
func (m *Mailer) OpensOf(ctx context.Context, campaignID string) ([]Opens, error) {
	delivered, err := m.sumOpens(ctx, m.store.mails, campaignID, bson.D{{Key: "state", Value: Sent}}, bson.D{{Key: "delivered", Value: sum(1)}})
	if err != nil {
		return nil, err
	}
	loaded, err := m.sumOpens(ctx, m.store.opens, campaignID, nil, bson.D{{Key: "loads", Value: sum("$loads")}, {Key: "machines", Value: sum("$machines")}})
	if err != nil {
		return nil, err
	}
	opens := make([]Opens, 0, len(delivered))
	for piece, o := range delivered {
		o.Loads, o.Machines = loaded[piece].Loads, loaded[piece].Machines
		opens = append(opens, o)
	}
	slices.SortFunc(opens, func(a, b Opens) int { return strings.Compare(a.Piece, b.Piece) })
	return opens, nil
}

// sumOpens adds up, by piece, what there is of a campaign. All of its pieces begin with its id, and nothing else does: a dot comes before
// a slash.
func (m *Mailer) sumOpens(ctx context.Context, coll *mongo.Collection, campaignID string, match, sums bson.D) (map[string]Opens, error) {
	cursor, err := coll.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: append(match, bson.E{Key: "piece", Value: bson.D{{Key: "$gte", Value: campaignID}, {Key: "$lt", Value: campaignID + "/"}}})}},
		{{Key: "$group", Value: append(bson.D{{Key: "_id", Value: "$piece"}}, sums...)}},
	})
	if err != nil {
		return nil, fmt.Errorf("counting what was opened: %w", err)
	}
	found := map[string]Opens{}
	for o, err := range mongodb.Each[struct {
		Piece     string `bson:"_id"`
		Delivered int64  `bson:"delivered"`
		Loads     int64  `bson:"loads"`
		Machines  int64  `bson:"machines"`
	}](ctx, cursor) {
		if err != nil {
			return nil, fmt.Errorf("counting what was opened: %w", err)
		}
		found[o.Piece] = Opens(o)
	}
	return found, nil
}

func sum(of any) bson.D { return bson.D{{Key: "$sum", Value: of}} }

// forgetOpens forgets what was loaded for the last time before the instant, as the mails are.
func (s *store) forgetOpens(ctx context.Context, before time.Time) error {
	_, err := s.opens.DeleteMany(ctx, bson.D{{Key: "day", Value: bson.D{{Key: "$lt", Value: clock.DateOf(before, time.UTC)}}}})
	if err != nil {
		return fmt.Errorf("removing what was opened before %s: %w", before, err)
	}
	return nil
}
