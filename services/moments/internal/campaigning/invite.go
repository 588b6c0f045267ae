package campaigning

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/mongostore"
)

// invite asks for the invitations of a batch and plans the next. Whoever left since the audience was fixed is not invited; whether
// and when each of the others is shown theirs, notifications decides.
//
// The order is that of a follow-up's: the records, by which people can answer, before the event that tells of them, and the mark that
// it was done last. A crash in between repeats a batch, and everything in it bears the same ids.
func (r Runner) invite(ctx context.Context, c campaign.Campaign, number int, now time.Time) error {
	if c.State != campaign.Running || c.AllInvited {
		return nil
	}
	batch, err := r.Campaigns.Batch(ctx, c.ID, c.Run, number)
	if err != nil {
		return err
	}
	if !batch.Handed {
		invited, err := r.hand(ctx, c, batch, batch.People, now)
		if err != nil {
			return err
		}
		if err := r.Campaigns.Handed(ctx, batch, invited); err != nil {
			return err
		}
	}
	if c.Collecting { // more may have joined meanwhile; whoever joins from here on is planned then
		if c, err = r.Campaigns.Get(ctx, c.ID); err != nil || number >= c.Batches {
			return err
		}
	}
	if number >= c.Batches {
		return r.Campaigns.Replace(ctx, c.InvitedAll(now))
	}
	if err := r.Agenda.Schedule(ctx, item(c, invite, number+1, now)); err != nil {
		return fmt.Errorf("planning the next batch: %w", err)
	}
	return nil
}

// hand asks for the invitations of some people of a batch, and returns how many of them there are.
func (r Runner) hand(ctx context.Context, c campaign.Campaign, batch mongostore.Batch, people []string, now time.Time) (int, error) {
	known, err := r.People.GetMany(ctx, people)
	if err != nil {
		return 0, err
	}
	invited, until, err := invitation(c, batch)
	if err != nil {
		return 0, err
	}
	msg := &momentsv1.InvitationsRequested{}
	items := make([]agenda.Item, 0, len(people))
	for _, id := range people { // in the order of their ids: the same batch makes the same event
		person, ok := known[id]
		if !ok || !person.Employed(clock.DateOf(now, person.Location())) || !until.After(now) {
			continue
		}
		item := followup.OfCampaign(invited, person, until, now)
		if !batch.Anchor.IsZero() {
			item.ID = campaign.AnchoredInvitationID(c.Series, id, batch.Anchor)
		}
		items = append(items, item)
		msg.Invitations = append(msg.Invitations, &momentsv1.Invitation{
			Id: item.ID, PersonId: id, KeyMoment: campaign.KeyMoment, FollowUp: string(c.Content.Kind), ExpiresAt: until.Format(time.RFC3339Nano),
			Subject: subject(c.Subject(c.GroupOf(id))), Reminders: proto.Int32(int32(c.Content.Reminders)),
			Discreet: c.Confidential(), Piece: piece(c, c.GroupOf(id)),
		})
	}
	if err := r.Campaigns.Invite(ctx, items); err != nil {
		return 0, err
	}
	if len(items) > 0 {
		ids := make([]string, len(items))
		for i, item := range items {
			ids[i] = item.ID
		}
		ev, err := event.NewKeyed(ctx, "moments", "", event.ID(ids...), now, msg)
		if err != nil {
			return 0, fmt.Errorf("asking for %d invitations: %w", len(ids), err)
		}
		if err := r.Relay.Append(ctx, ev); err != nil {
			return 0, fmt.Errorf("asking for %d invitations: %w", len(ids), err)
		}
	}
	return len(items), r.forgetErased(ctx, people)
}

// invitation is the campaign as a batch is invited to it, and until when: those who came due on a day of their own have as many days
// as all others, from that day on.
func invitation(c campaign.Campaign, batch mongostore.Batch) (campaign.Campaign, time.Time, error) {
	if !batch.On.IsZero() {
		c.Content.On, c.Content.Until = batch.On, batch.Until
	}
	until, err := c.Ends()
	return c, until, err
}

// forgetErased removes what was written of people who were erased since they were read.
func (r Runner) forgetErased(ctx context.Context, people []string) error {
	erased, err := r.People.Erased(ctx, people)
	if err != nil || len(erased) == 0 {
		return err
	}
	return r.Erasure.Forget(ctx, erased)
}

// takeBack closes the invitations of a cancelled campaign, so that nobody sees or answers them any more. Those that were answered are
// closed already: closing them once more does no harm.
func (r Runner) takeBack(ctx context.Context, c campaign.Campaign) error {
	if c.State != campaign.Cancelled || c.Withdrawn {
		return nil
	}
	err := r.Campaigns.EachOpen(ctx, c.ID, Batch, func(items []agenda.Item) error {
		msg := &momentsv1.InvitationsClosed{TakenBack: true}
		ids := make([]string, len(items))
		for i, item := range items {
			ids[i] = item.ID
			msg.Invitations = append(msg.Invitations, &momentsv1.InvitationsClosed_Closed{InvitationId: item.ID, PersonId: item.Subject})
		}
		ev, err := event.NewKeyed(ctx, "moments", "", "cancelled/"+event.ID(ids...), c.EndedAt, msg)
		if err != nil {
			return fmt.Errorf("taking %d invitations back: %w", len(ids), err)
		}
		if err := r.Relay.Append(ctx, ev); err != nil {
			return fmt.Errorf("taking %d invitations back: %w", len(ids), err)
		}
		return r.FollowUps.Withdraw(ctx, ids)
	})
	if err != nil {
		return err
	}
	if err := r.Campaigns.ForgetLeft(ctx, c.ID); err != nil {
		return err
	}
	return r.Campaigns.Replace(ctx, c.TakenBack())
}
