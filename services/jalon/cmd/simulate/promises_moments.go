package main

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
)

// due checks that nothing whose time has come still waits, but for what failed and rests before its next try.
func (b *books) due(ctx context.Context, client *mongo.Client) error {
	const collection = "agenda"
	for _, service := range []string{"moments", "interviews", "notifications"} {
		late, err := all[itemDoc](ctx, in(client, service, collection),
			bson.E{Key: "state", Value: "waiting"}, bson.E{Key: "wake", Value: bson.D{{Key: "$lte", Value: b.read}}})
		if err != nil {
			return err
		}
		if len(late) > 0 {
			return b.broken(followed, "item %s of %s for %s was due at %s and waits", late[0].ID, service, late[0].Subject, late[0].Due)
		}
		failed, err := all[itemDoc](ctx, in(client, service, collection), bson.E{Key: "state", Value: "failed"})
		if err != nil {
			return err
		}
		if len(failed) > 0 {
			return b.broken(followed, "item %s of %s for %s failed: %s", failed[0].ID, service, failed[0].Subject, failed[0].Reason)
		}
	}
	return nil
}

// followUps checks every moment against the agenda: each follow-up that was not skipped has its one item, of its person, and
// nobody has the same follow-up of the same moment twice.
func (b *books) followUps(ctx context.Context, client *mongo.Client) error {
	moments, err := all[momentDoc](ctx, in(client, "moments", "moments"))
	if err != nil {
		return err
	}
	items, err := all[itemDoc](ctx, in(client, "moments", "agenda"), bson.E{Key: "kind", Value: "follow_up"})
	if err != nil {
		return err
	}
	type place struct{ moment, followUp, person, on string }
	at := make(map[place]itemDoc, len(items))
	for _, item := range items {
		p := place{item.Data["moment"], item.Data["follow_up"], item.Subject, ""}
		if item.Data["key_moment"] == "campaign" { // of one that gathers people day after day, somebody may come due twice
			p.on = item.Data["on"]
		}
		if twin, twice := at[p]; twice {
			return b.broken(once, "follow-up %s of moment %s is planned twice for %s: %s and %s", p.followUp, p.moment, p.person, twin.ID, item.ID)
		}
		at[p] = item
	}
	for _, m := range moments {
		people := []string{m.PersonID}
		if m.PersonID == "" {
			people = nil
			for _, member := range m.Members {
				people = append(people, member.ID)
			}
		}
		for _, f := range m.FollowUps {
			for _, person := range people {
				b.kept(followed)
				item, planned := at[place{m.ID, f.Code, person, ""}]
				switch {
				case f.Skipped == "" && !planned && m.Cancelled == nil:
					return b.broken(followed, "follow-up %s of moment %s (%s) of %s is nowhere", f.Code, m.ID, m.KeyMoment, person)
				case planned && item.State != "waiting" && item.State != "done" && item.Reason == "":
					return b.broken(followed, "follow-up %s of moment %s (%s) of %s is %s and does not say why", f.Code, m.ID, m.KeyMoment, person, item.State)
				}
			}
		}
	}
	return b.arrivals(moments)
}

// arrivals checks that whoever came after the beginning has an onboarding, and whoever's last day was told a departure.
func (b *books) arrivals(moments []momentDoc) error {
	type occasion struct {
		keyMoment, person string
		on                clock.Date
	}
	have := map[occasion]bool{}
	for _, m := range moments {
		have[occasion{m.KeyMoment, m.PersonID, m.HappensOn}] = true
	}
	for id, f := range b.people {
		b.kept(opened)
		if f.late && !have[occasion{"onboarding", id, f.HiredOn}] {
			return b.broken(opened, "%s was hired on %s and has no onboarding", id, f.HiredOn)
		}
		if !f.departs.IsZero() && !have[occasion{"departure", id, f.departs}] {
			return b.broken(opened, "the last day of %s, hired on %s, is %s, and there is no departure", id, f.HiredOn, f.departs)
		}
	}
	return nil
}

// agreement checks that everybody's projection of people says what directory says.
func (b *books) agreement(ctx context.Context, client *mongo.Client) error {
	people, err := all[personDoc](ctx, in(client, "directory", "people"))
	if err != nil {
		return err
	}
	for _, service := range []string{"moments", "interviews", "notifications", "barometer"} {
		copies, err := all[personDoc](ctx, in(client, service, "people"))
		if err != nil {
			return err
		}
		theirs := map[string]personDoc{}
		for _, c := range copies {
			theirs[c.ID] = c
		}
		for _, p := range people {
			b.kept(agreed)
			c, there := theirs[p.ID]
			if !there || c.UnitID != p.UnitID || c.LeftOn != p.LeftOn || c.AwayFrom != p.AwayFrom || c.HiredOn != p.HiredOn || c.ManagerID != p.ManagerID {
				return b.broken(agreed, "%s has %s as %+v, and directory as %+v", service, p.ID, c, p)
			}
		}
	}
	return nil
}

// responses checks that there are as many as answers were accepted.
func (b *books) responses(ctx context.Context, client *mongo.Client, accepted int) error {
	n, err := in(client, "moments", "responses").CountDocuments(ctx, bson.D{})
	if err != nil {
		return err
	}
	b.kept(counted)
	if n != int64(accepted) {
		return b.broken(counted, "%d responses are stored, and %d answers were accepted", n, accepted)
	}
	return nil
}
