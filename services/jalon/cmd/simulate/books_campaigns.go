package main

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
)

// campaignDoc and batchDoc are what moments keeps of a campaign.
type (
	campaignDoc struct {
		ID         string     `bson:"_id"`
		State      string     `bson:"state"`
		Kind       string     `bson:"kind"`
		On         clock.Date `bson:"on"`
		Until      clock.Date `bson:"until"`
		Run        int        `bson:"run"`
		Turn       int        `bson:"turn"`
		AllInvited bool       `bson:"all_invited"`
		// StartedAt is zero of one that was called off while its audience was being fixed.
		StartedAt time.Time `bson:"started_at"`
		Withdrawn bool      `bson:"withdrawn"`
		// Series is what made an occurrence; one that is Collecting gathers people day after day.
		Series     string   `bson:"series"`
		Number     int      `bson:"number"`
		Collecting bool     `bson:"collecting"`
		Trial      trialDoc `bson:"trial"`
	}
	trialDoc struct {
		A        sideDoc     `bson:"a"`
		B        sideDoc     `bson:"b"`
		Decision *verdictDoc `bson:"decision"`
	}
	sideDoc struct {
		SentAt    time.Time `bson:"sent_at"`
		CountedAt time.Time `bson:"counted_at"`
	}
	verdictDoc struct {
		Reason string    `bson:"reason"`
		Points float64   `bson:"points"`
		At     time.Time `bson:"at"`
	}
	batchDoc struct {
		Size    int                 `bson:"size"`
		Invited int                 `bson:"invited"`
		Parts   map[string]batchDoc `bson:"parts"`
	}
)

// invited is how many people of a batch were; those of a test by its groups.
func (d batchDoc) invited() int {
	n := d.Invited
	for _, part := range d.Parts {
		n += part.Invited
	}
	return n
}

// stands is where a campaign stood at the last look, and where it stands at this one.
type stands struct {
	was, is campaignDoc
	looked  time.Time
}

// note keeps what was seen; a look that is repeated stays one.
func (s *stands) note(doc campaignDoc, read time.Time) {
	if !read.Equal(s.looked) {
		s.was, s.looked = s.is, read
	}
	s.is = doc
}

// home is where the company is; that its zone is known was seen at the start.
func home() *time.Location {
	zone, err := clock.Zone(homeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// goes tells that a campaign in the state asks people, or will.
func goes(state string) bool { return state == "scheduled" || state == "running" }

// reached is who may and who must have been invited to a campaign: what is known of people changes while its audience is fixed, and an
// attempt that a fault ended goes on in a later step.
type reached struct {
	*appeal
	stands
	may, must map[string]bool
	// asked are the invitations by person, and people who has which: of what gathers people day after day, somebody may have several.
	asked   map[string]string
	people  map[string]string
	verdict *verdictDoc
	settled bool
}

func newReached(a *appeal) *reached {
	return &reached{appeal: a, may: map[string]bool{}, asked: map[string]string{}, people: map[string]string{}}
}

// begins is when a campaign is due on a day.
func (a *appeal) begins(on clock.Date) time.Time {
	first := a.at
	if a.trial != nil && a.trial.byTime && a.trial.at < first {
		first = a.trial.at
	}
	return clock.LocalInstant(on, first, home())
}

// has tells that a person is in the audience on a day.
func (a *appeal) has(f facts, on clock.Date) bool {
	return f.Zone != nil && !f.HiredOn.IsZero() && !f.HiredOn.After(on) && (f.LeftOn.IsZero() || !on.After(f.LeftOn)) &&
		(a.unit == "" || slices.Contains(f.units, a.unit)) &&
		(a.months == 0 || !f.HiredOn.After(on.AddMonths(-a.months)))
}

// holds tells whether something of a person was so before and after the step, and whether at either time.
func (b *books) holds(id string, so func(facts) bool) (always, once bool) {
	always = b.former[id].Zone != nil
	for _, f := range b.versions(id) {
		always, once = always && so(f), once || so(f)
	}
	return always, once
}

// fix notes who is in the audience in this step.
func (r *reached) fix(b *books, on clock.Date) {
	must := map[string]bool{}
	for id := range b.people {
		every, some := b.holds(id, func(f facts) bool { return r.has(f, on) })
		if some {
			r.may[id] = true
		}
		if every && (r.must == nil || r.must[id]) {
			must[id] = true
		}
	}
	r.must = must
}

// working tells that a person works for the company on this very day, where they are.
func (b *books) working(id string) bool {
	f, known := b.people[id]
	if !known {
		return false
	}
	today := clock.DateOf(b.read, f.Zone)
	return !f.gone(today) && !f.HiredOn.After(today)
}

// invitations are those of a campaign.
func (b *books) invitations(ctx context.Context, client *mongo.Client, id string) ([]itemDoc, error) {
	return all[itemDoc](ctx, in(client, "moments", "agenda"), bson.E{Key: "kind", Value: "follow_up"}, bson.E{Key: "data.follow_up", Value: id})
}

// batches are how many people a campaign was to reach, and how many of them were invited.
func (b *books) batches(ctx context.Context, client *mongo.Client, doc campaignDoc) (audience, handed int, err error) {
	batches, err := all[batchDoc](ctx, in(client, "moments", "campaign_batches"),
		bson.E{Key: "campaign", Value: doc.ID}, bson.E{Key: "run", Value: doc.Run})
	for _, batch := range batches {
		audience += batch.Size
		handed += batch.invited()
	}
	return audience, handed, err
}

// rests notes of which campaigns something failed that is tried again once the clock moves: what a fault cut short is half done until then.
func (b *books) rests(ctx context.Context, client *mongo.Client) error {
	items, err := all[itemDoc](ctx, in(client, "moments", "agenda"),
		bson.E{Key: "kind", Value: bson.D{{Key: "$in", Value: bson.A{"campaign", "campaign_series"}}}},
		bson.E{Key: "state", Value: "waiting"}, bson.E{Key: "attempts", Value: bson.D{{Key: "$gt", Value: 0}}})
	b.resting = map[string]bool{}
	for _, item := range items {
		b.resting[item.Subject] = true
	}
	return err
}

// seriesGoing are the series that HR can still lead on.
func (b *books) seriesGoing() []*series {
	return slices.DeleteFunc(slices.Clone(b.series), func(s *series) bool { return s.is.State == "done" || s.is.State == "cancelled" })
}
