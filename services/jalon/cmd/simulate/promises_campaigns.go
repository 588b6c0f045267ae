package main

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// asksHR is what HR sees of a campaign.
type asksHR func(id string) (*momentsv1.CampaignProgress, error)

// campaigns checks that each reached its audience: all of it, nobody else, and each person with one invitation; that series made what they
// were to make; and that what is paused or was called off asks nobody any more.
func (b *books) campaigns(ctx context.Context, client *mongo.Client, ask asksHR) error {
	if len(b.appeals) == 0 && len(b.series) == 0 {
		return nil
	}
	docs, err := all[campaignDoc](ctx, in(client, "moments", "campaigns"))
	if err != nil {
		return err
	}
	byID, made := map[string]campaignDoc{}, map[string][]campaignDoc{}
	for _, doc := range docs {
		byID[doc.ID] = doc
		if doc.Series != "" {
			made[doc.Series] = append(made[doc.Series], doc)
		}
	}
	for _, s := range b.series {
		s.note(byID[s.id], b.read)
		if err := b.occurrences(s, made[s.id]); err != nil {
			return err
		}
	}
	for id, r := range b.appeals {
		r.note(byID[id], b.read)
		if r.settled || r.is.Collecting {
			continue
		}
		if err := b.campaign(ctx, client, r, ask); err != nil {
			return err
		}
	}
	for _, s := range b.series {
		if s.repeats.perPerson() {
			if err := b.comeDue(ctx, client, s, made[s.id], ask); err != nil {
				return err
			}
		}
	}
	return b.variants(ctx, client)
}

// campaign checks one that asks everybody on a day.
func (b *books) campaign(ctx context.Context, client *mongo.Client, r *reached, ask asksHR) error {
	if r.begins(r.on).After(b.read) {
		return nil
	}
	if r.was.State == "" || r.was.State == "scheduled" { // it began in this step, or tried to
		r.fix(b, clock.DateOf(b.read, home()))
	}
	items, err := b.invitations(ctx, client, r.id)
	if err != nil {
		return err
	}
	for _, item := range items {
		if !r.may[item.Subject] {
			return b.broken(addressed, "campaign %s invited %s, who is not in its audience (%+v)", r.id, item.Subject, *r.appeal)
		}
		if err := b.invitedTo(r, item, r.asked[item.Subject]); err != nil {
			return err
		}
		r.asked[item.Subject] = item.ID
	}
	if r.trial != nil {
		if err := b.tested(r, items); err != nil {
			return err
		}
	}
	f, err := b.figures(ctx, client, r.is, items)
	if err != nil {
		return err
	}
	b.kept(addressed)
	if r.is.AllInvited {
		over := r.is.Until.AddDays(1).In(home()) // it began late, when Jalon had been off, and nobody could answer any more
		for id := range r.must {
			if r.asked[id] == "" && b.working(id) && over.After(b.read) {
				return b.broken(addressed, "campaign %s did not invite %s, who is in its audience (%+v)", r.id, id, *r.appeal)
			}
		}
		if f.handed != len(items) || f.handed > f.audience {
			return b.broken(addressed, "campaign %s counts %d of %d invited, and there are %d invitations", r.id, f.handed, f.audience, len(items))
		}
	}
	return b.seen(r, f, ask)
}

// invitedTo checks an invitation: that it is the person's only one, came while the campaign asked people, and is in the person's inbox.
func (b *books) invitedTo(r *reached, item itemDoc, before string) error {
	b.kept(stopped)
	if before != "" && before != item.ID {
		return b.broken(addressed, "campaign %s invited %s twice: %s and %s", r.id, item.Subject, before, item.ID)
	}
	if item.DoneAt.After(b.since) && r.was.State != "" && !goes(r.was.State) && r.is.State != "running" {
		return b.broken(stopped, "campaign %s is %s and was %s, and invited %s at %s", r.id, r.is.State, r.was.State, item.Subject, item.DoneAt)
	}
	r.people[item.ID] = item.Subject
	a := b.asked[item.ID]
	switch {
	case a == nil && !b.resting[r.id]:
		return b.broken(accounted, "invitation %s of campaign %s is in no inbox of %s", item.ID, r.id, item.Subject)
	case a != nil && r.is.Withdrawn && !a.ended():
		return b.broken(stopped, "campaign %s was called off, and %s has it as %s", r.id, item.Subject, a.state)
	default:
		return nil
	}
}

// stillAsked checks that a campaign that was over at the last look invites nobody any more.
func (b *books) stillAsked(item itemDoc) error {
	if r := b.appeals[item.Data["follow_up"]]; r != nil && r.settled {
		return b.broken(stopped, "campaign %s is %s, and invited %s at %s", r.id, r.is.State, item.Subject, item.DoneAt)
	}
	return nil
}

// figures are how far a campaign has come, by what is stored: of how many people, and how many of them were invited and shown it.
type figures struct{ audience, handed, shown int }

func (b *books) figures(ctx context.Context, client *mongo.Client, doc campaignDoc, items []itemDoc) (f figures, err error) {
	f.audience, f.handed, err = b.batches(ctx, client, doc)
	for _, item := range items {
		if a := b.asked[item.ID]; a != nil && !a.shownAt.IsZero() {
			f.shown++
		}
	}
	return f, err
}

// seen checks what HR sees of a campaign: in tens, where it asks those who reacted. What is over is looked at no more.
func (b *books) seen(r *reached, f figures, ask asksHR) error {
	if s := r.is.State; s == "scheduled" || s == "draft" || s == "checked" {
		return nil
	}
	told, err := ask(r.id)
	if err != nil {
		return err
	}
	if told.GetAbout() {
		f = figures{f.audience / 10 * 10, f.handed / 10 * 10, f.shown / 10 * 10}
	}
	if !r.is.StartedAt.IsZero() && (told.GetAudience() != int64(f.audience) || told.GetInvited() != int64(f.handed) || told.GetDelivered() != int64(f.shown)) {
		return b.broken(addressed, "of campaign %s HR sees %+v, and %d of %d are invited, %d were shown it", r.id, told, f.handed, f.audience, f.shown)
	}
	r.settled = r.is.State == "done" || r.is.State == "cancelled" && r.is.Withdrawn
	return nil
}
