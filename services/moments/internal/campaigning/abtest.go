package campaigning

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/survey"
)

// A campaign that is an A/B test invites its audience in three passes over the batches: one for each side of the sample, each from its
// time on, and one for the rest, once it is decided which variant they get. Who is of which pass follows from their ids.

// parts are how many people of a batch are in which group.
func parts(c campaign.Campaign, people []string) map[abtest.Group]mongostore.Part {
	if !c.Tested() {
		return nil
	}
	parts := map[abtest.Group]mongostore.Part{}
	for _, g := range abtest.Groups() {
		parts[g] = mongostore.Part{}
	}
	for _, id := range people {
		g := c.GroupOf(id)
		parts[g] = mongostore.Part{Size: parts[g].Size + 1}
	}
	return parts
}

// nextOfTest is what comes next of a test: sides to invite and to count, or the rest.
func (r Runner) nextOfTest(ctx context.Context, c campaign.Campaign) ([]agenda.Item, error) {
	now := r.Clock.Now()
	if decision := c.Trial.Decision; decision != nil {
		from, err := c.RestFrom(decision.At)
		if err != nil {
			return nil, err
		}
		one, err := r.leftOf(ctx, c, abtest.Rest, latest(from, now))
		return []agenda.Item{one}, err
	}
	var items []agenda.Item
	for _, g := range []abtest.Group{abtest.A, abtest.B} {
		side := c.Trial.Of(g)
		switch {
		case side.SentAt.IsZero():
			from, err := c.StartOf(g)
			if err != nil {
				return nil, err
			}
			one, err := r.leftOf(ctx, c, g, latest(from, now))
			if err != nil {
				return nil, err
			}
			items = append(items, one)
		case side.CountedAt.IsZero():
			items = append(items, groupItem(c, count, g, 0, side.SentAt.Add(c.Content.Test.Waits())))
		}
	}
	return items, nil
}

// leftOf invites the first batch of which people of a group are left.
func (r Runner) leftOf(ctx context.Context, c campaign.Campaign, g abtest.Group, from time.Time) (agenda.Item, error) {
	left, err := r.Campaigns.FirstLeftOf(ctx, c.ID, c.Run, g)
	return groupItem(c, invite, g, max(left.Number, 1), from), err
}

func latest(one, other time.Time) time.Time {
	if one.After(other) {
		return one
	}
	return other
}

// groupItem is an item about one group.
func groupItem(c campaign.Campaign, do string, g abtest.Group, number int, due time.Time) agenda.Item {
	one := item(c, do, number, due)
	one.ID = event.ID(one.ID, string(g))
	one.Data[dataGroup] = string(g)
	return one
}

// inviteGroup asks for the invitations of a group in a batch and plans what comes next.
func (r Runner) inviteGroup(ctx context.Context, c campaign.Campaign, g abtest.Group, number int, now time.Time) error {
	if c.State != campaign.Running || c.AllInvited || g != abtest.Rest && !c.Trial.Of(g).SentAt.IsZero() || g == abtest.Rest && c.Trial.Decision == nil {
		return nil
	}
	batch, err := r.Campaigns.Batch(ctx, c.ID, c.Run, number)
	if err != nil {
		return err
	}
	if !batch.Parts[g].Handed {
		people := slices.DeleteFunc(slices.Clone(batch.People), func(id string) bool { return c.GroupOf(id) != g })
		invited, err := r.hand(ctx, c, batch, people, now)
		if err != nil {
			return err
		}
		if err := r.Campaigns.HandedPart(ctx, batch, g, people, invited); err != nil {
			return err
		}
	}
	switch {
	case number < c.Batches:
		if err := r.Agenda.Schedule(ctx, groupItem(c, invite, g, number+1, now)); err != nil {
			return fmt.Errorf("planning the next batch: %w", err)
		}
		return nil
	case g == abtest.Rest:
		return r.Campaigns.Replace(ctx, c.InvitedAll(now))
	default:
		return r.replaceAndPlan(ctx, c.SideSent(g, now))
	}
}

// count counts the answers of the sides that had their time, and with the last one decides. It is done once: an attempt that died leaves the
// campaign as it was, or decided and not told of yet.
func (r Runner) count(ctx context.Context, c campaign.Campaign, now time.Time) error {
	switch {
	case c.Trial.Decision != nil:
		return r.tellDecision(ctx, c)
	case c.State != campaign.Running:
		return nil
	}
	ripe := c.Trial.Ripe(*c.Content.Test, now)
	if len(ripe) == 0 {
		return r.Plan(ctx, c)
	}
	groups, err := r.Campaigns.GroupFigures(ctx, c)
	if err != nil {
		return err
	}
	counts := map[abtest.Group]abtest.Count{}
	for _, g := range ripe {
		counts[g] = abtest.Count{Invited: groups[g].Invited, Answered: groups[g].Answered}
	}
	next, err := c.SidesCounted(counts, now)
	if err != nil {
		return err
	}
	if d := next.Trial.Decision; d != nil {
		r.Log.Info("A/B test decided", zap.String("campaign", c.ID), zap.String("reason", string(d.Reason)), zap.String("chosen", string(d.Chosen())),
			zap.String("p", strconv.FormatFloat(d.P, 'f', 4, 64)))
	}
	if err := r.replaceAndPlan(ctx, next); err != nil || next.Trial.Decision == nil {
		return err
	}
	return r.tellDecision(ctx, next)
}

// tellDecision tells that a test was decided: once, however often it is called.
func (r Runner) tellDecision(ctx context.Context, c campaign.Campaign) error {
	d := c.Trial.Decision
	ev, err := event.NewKeyed(ctx, "moments", c.ID, "decided/"+c.ID, d.At, &momentsv1.CampaignTestsDecided{
		Tests: []*momentsv1.CampaignTestsDecided_Decided{{CampaignId: c.ID, Winner: string(d.Winner()), Reason: string(d.Reason)}},
	})
	if err != nil {
		return fmt.Errorf("telling that the test of campaign %s is decided: %w", c.ID, err)
	}
	if err := r.Relay.Append(ctx, ev); err != nil {
		return fmt.Errorf("telling that the test of campaign %s is decided: %w", c.ID, err)
	}
	return nil
}

func (r Runner) replaceAndPlan(ctx context.Context, c campaign.Campaign) error {
	if err := r.Campaigns.Replace(ctx, c); err != nil {
		return err
	}
	return r.Plan(ctx, c)
}

// subject is a line as events tell it; nil for none.
func subject(said survey.Wording) *momentsv1.Subject {
	if said == (survey.Wording{}) {
		return nil
	}
	return &momentsv1.Subject{Fr: said.FR, En: said.EN}
}
