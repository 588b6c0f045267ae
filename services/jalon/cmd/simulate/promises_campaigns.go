package main

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// campaignDoc and batchDoc are what moments keeps of a campaign.
type (
	campaignDoc struct {
		ID         string `bson:"_id"`
		State      string `bson:"state"`
		Run        int    `bson:"run"`
		AllInvited bool   `bson:"all_invited"`
		// StartedAt is zero of one that was called off while its audience was being fixed.
		StartedAt time.Time `bson:"started_at"`
		Withdrawn bool      `bson:"withdrawn"`
	}
	batchDoc struct {
		Campaign string `bson:"campaign"`
		Size     int    `bson:"size"`
		Invited  int    `bson:"invited"`
	}
)

// reached is who may and who must have been invited to a campaign: what is known of people changes while its audience is fixed, and an
// attempt that a fault ended goes on in a later step.
type reached struct {
	*appeal
	may, must map[string]bool
	invited   int
	state     string
	settled   bool
}

func newReached(a *appeal) *reached { return &reached{appeal: a, may: map[string]bool{}} }

// has tells that a person is in the audience on a day.
func (r *reached) has(f facts, on clock.Date) bool {
	return f.Zone != nil && !f.HiredOn.IsZero() && !f.HiredOn.After(on) && (f.LeftOn.IsZero() || !on.After(f.LeftOn)) &&
		(r.unit == "" || slices.Contains(f.units, r.unit)) &&
		(r.months == 0 || !f.HiredOn.After(on.AddMonths(-r.months)))
}

// fix notes who is in the audience in this step.
func (r *reached) fix(b *books, on clock.Date) {
	must := map[string]bool{}
	for id := range b.people {
		every, some := b.former[id].Zone != nil, false
		for _, f := range b.versions(id) {
			in := r.has(f, on)
			every, some = every && in, some || in
		}
		if some {
			r.may[id] = true
		}
		if every && (r.must == nil || r.must[id]) {
			must[id] = true
		}
	}
	r.must = must
}

// campaigns checks that each reached its audience: all of it, nobody else, and each person with one invitation; and that one that was
// called off asks nothing any more.
func (b *books) campaigns(ctx context.Context, client *mongo.Client, ask func(id string) (*momentsv1.CampaignProgress, error)) error {
	if len(b.appeals) == 0 {
		return nil
	}
	docs, err := all[campaignDoc](ctx, in(client, "moments", "campaigns"))
	if err != nil {
		return err
	}
	for _, doc := range docs {
		r := b.appeals[doc.ID]
		if r == nil || r.settled {
			continue
		}
		if err := b.campaign(ctx, client, doc, r, ask); err != nil {
			return err
		}
	}
	return nil
}

func (b *books) campaign(
	ctx context.Context, client *mongo.Client, doc campaignDoc, r *reached, ask func(id string) (*momentsv1.CampaignProgress, error),
) error {
	zone, err := clock.Zone(r.zone)
	if err != nil {
		return err
	}
	at, err := clock.ParseTimeOfDay(r.at)
	if err != nil {
		return err
	}
	due := clock.LocalInstant(r.on, at, zone)
	if due.After(b.read) {
		return nil
	}
	before := r.state
	r.state = doc.State
	if before == "" || before == "scheduled" { // it began in this step, or tried to
		r.fix(b, clock.DateOf(b.read, zone))
	}
	items, err := all[itemDoc](ctx, in(client, "moments", "agenda"), bson.E{Key: "kind", Value: "follow_up"}, bson.E{Key: "data.follow_up", Value: doc.ID})
	if err != nil {
		return err
	}
	batches, err := all[batchDoc](ctx, in(client, "moments", "campaign_batches"), bson.E{Key: "campaign", Value: doc.ID}, bson.E{Key: "run", Value: doc.Run})
	if err != nil {
		return err
	}
	audience, handed := 0, 0
	for _, batch := range batches {
		audience += batch.Size
		handed += batch.Invited
	}
	b.kept(addressed)
	has, shown := map[string]bool{}, 0
	for _, item := range items {
		has[item.Subject] = true
		if !r.may[item.Subject] {
			return b.broken(addressed, "campaign %s invited %s, who is not in its audience (%+v)", doc.ID, item.Subject, *r.appeal)
		}
		a := b.asked[item.ID]
		if a == nil {
			return b.broken(accounted, "invitation %s of campaign %s is in no inbox of %s", item.ID, doc.ID, item.Subject)
		}
		if !a.shownAt.IsZero() {
			shown++
		}
		if doc.Withdrawn && !a.ended() {
			return b.broken(addressed, "campaign %s was called off, and %s has it as %s", doc.ID, item.Subject, a.state)
		}
	}
	if before == "paused" && doc.State == "paused" && len(items) != r.invited {
		return b.broken(addressed, "campaign %s is paused, and went from %d to %d invitations", doc.ID, r.invited, len(items))
	}
	r.invited = len(items)
	if doc.AllInvited {
		for id := range r.must {
			if !has[id] && !b.people[id].gone(clock.DateOf(b.read, zone)) {
				return b.broken(addressed, "campaign %s did not invite %s, who is in its audience (%+v)", doc.ID, id, *r.appeal)
			}
		}
		if handed != len(items) || handed > audience {
			return b.broken(addressed, "campaign %s counts %d of %d invited, and there are %d invitations", doc.ID, handed, audience, len(items))
		}
	}
	if doc.State == "scheduled" || doc.State == "draft" || doc.State == "checked" {
		return nil
	}
	told, err := ask(doc.ID)
	if err != nil {
		return err
	}
	if !doc.StartedAt.IsZero() && (told.GetAudience() != int64(audience) || told.GetInvited() != int64(handed) || told.GetDelivered() != int64(shown)) {
		return b.broken(addressed, "of campaign %s HR sees %+v, and %d of %d are invited, %d were shown it", doc.ID, told, handed, audience, shown)
	}
	r.settled = doc.State == "done" || doc.State == "cancelled" && doc.Withdrawn
	return nil
}
