// Package campaigning runs campaigns: at their time it fixes the audience, invites it batch by batch, and ends or takes back what has
// to end. Each batch is an item of the agenda, so that other work goes on between two of them, and so does a pause; and each step may
// be redone, after a crash or because it was handed out twice, with the same end.
package campaigning

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/mongostore"
)

// Kind is the agenda's word for the steps of a campaign.
const Kind = "campaign"

// What an item carries.
const (
	dataTurn   = "turn"
	dataDo     = "do"
	dataNumber = "number"
	dataGroup  = "group"
)

// What there is to do.
const (
	begin    = "begin"
	invite   = "invite"
	count    = "count"
	end      = "end"
	takeBack = "take_back"
)

// Batch is how many people are invited at once: as many as one event may name.
const Batch = 1000

// Runner runs campaigns.
type Runner struct {
	Campaigns *mongostore.Campaigns
	FollowUps *mongostore.FollowUps
	Erasure   *mongostore.Erasure
	People    *people.Register
	Reactions *mongostore.Reactions
	Quiet     Quiet
	Agenda    *agenda.Agenda
	Relay     *outbox.Relay
	Clock     clock.Clock
	Log       *zap.Logger
	// Batch is how many people are invited at once.
	Batch int
}

// Plan puts into the agenda what comes next of a campaign. It is called after each change that HR made, and at the start for what a
// process had no time to plan; what is planned already stays.
func (r Runner) Plan(ctx context.Context, c campaign.Campaign) error {
	var items []agenda.Item
	switch {
	case c.Recurs(): // it invites nobody itself: package repeating plans it
	case c.State == campaign.Scheduled:
		due, err := c.Due()
		if err != nil {
			return fmt.Errorf("planning campaign %s: %w", c.ID, err)
		}
		items = append(items, item(c, begin, 0, due))
	case c.State == campaign.Running, c.State == campaign.Paused:
		ends, err := c.Ends()
		if err != nil {
			return fmt.Errorf("planning campaign %s: %w", c.ID, err)
		}
		items = append(items, agenda.Item{
			ID: event.ID(Kind, c.ID, end, strconv.Itoa(c.Run)), Kind: Kind, Subject: c.ID, Due: ends,
			Data: map[string]string{dataDo: end, dataTurn: strconv.Itoa(c.Turn)},
		}, announcement(c, r.Clock.Now()))
		if c.State == campaign.Running && !c.AllInvited {
			next, err := r.next(ctx, c)
			if err != nil {
				return err
			}
			items = append(items, next...)
		}
	case c.State == campaign.Cancelled && c.Run > 0 && !c.Withdrawn:
		items = append(items, item(c, takeBack, 0, r.Clock.Now()))
	}
	if len(items) == 0 {
		return nil
	}
	if err := r.Agenda.Schedule(ctx, items...); err != nil {
		return fmt.Errorf("planning campaign %s: %w", c.ID, err)
	}
	return nil
}

// next are the invitations that come next.
func (r Runner) next(ctx context.Context, c campaign.Campaign) ([]agenda.Item, error) {
	if c.Tested() {
		return r.nextOfTest(ctx, c)
	}
	left, err := r.Campaigns.FirstLeft(ctx, c.ID, c.Run)
	if err != nil || left.Number == 0 && c.Collecting { // of who comes due day after day, everybody may be invited by now
		return nil, err
	}
	return []agenda.Item{item(c, invite, max(left.Number, 1), r.Clock.Now())}, nil
}

// Repair plans what a process that died had no time to.
func (r Runner) Repair(ctx context.Context) error {
	unsettled, err := r.Campaigns.Unsettled(ctx)
	if err != nil {
		return err
	}
	for _, c := range unsettled {
		if err := r.Plan(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// item is the same for the same thing to do in the same turn.
func item(c campaign.Campaign, do string, number int, due time.Time) agenda.Item {
	turn := strconv.Itoa(c.Turn)
	return agenda.Item{
		ID: event.ID(Kind, c.ID, turn, do, strconv.Itoa(number)), Kind: Kind, Subject: c.ID, Due: due,
		Data: map[string]string{dataDo: do, dataTurn: turn, dataNumber: strconv.Itoa(number)},
	}
}

// Handle does what is due. What is due of an earlier turn is over: it was paused, edited or cancelled since.
func (r Runner) Handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	outcomes := make([]agenda.Outcome, 0, len(items))
	for _, due := range items {
		if err := r.handle(ctx, now, due); err != nil {
			return outcomes, fmt.Errorf("running campaign %s: %w", due.Subject, err)
		}
		outcomes = append(outcomes, agenda.Done(due.ID))
	}
	return outcomes, nil
}

func (r Runner) handle(ctx context.Context, now time.Time, due agenda.Item) error {
	c, err := r.Campaigns.Get(ctx, due.Subject)
	if err != nil {
		return err
	}
	switch do := due.Data[dataDo]; {
	case do == end:
		return r.end(ctx, c, now)
	case do == announce:
		return r.announce(ctx, c)
	case due.Data[dataTurn] != strconv.Itoa(c.Turn):
		return nil
	case do == begin:
		return r.begin(ctx, c, now)
	case do == invite:
		number, err := strconv.Atoi(due.Data[dataNumber])
		if err != nil {
			return err
		}
		if group := abtest.Group(due.Data[dataGroup]); group != "" {
			return r.inviteGroup(ctx, c, group, number, now)
		}
		return r.invite(ctx, c, number, now)
	case do == count:
		return r.count(ctx, c, now)
	case do == takeBack:
		return r.takeBack(ctx, c)
	default:
		return fmt.Errorf("nobody knows how to %q", do)
	}
}

// begin fixes who is invited: whoever is in the audience now. It reads no more than their ids, in order, and goes on where an earlier
// attempt ended.
func (r Runner) begin(ctx context.Context, c campaign.Campaign, now time.Time) error {
	if c.State != campaign.Scheduled {
		return r.Plan(ctx, c)
	}
	if err := r.Campaigns.DropOtherRuns(ctx, c.ID, c.Run); err != nil {
		return err
	}
	last, err := r.Campaigns.LastFixed(ctx, c.ID, c.Run)
	if err != nil {
		return err
	}
	var after string
	switch n := len(last.People); {
	case n > 0:
		after = last.People[n-1]
	case last.Number > 0: // all of them were erased meanwhile: nothing says any more how far the attempt came
		if err := r.Campaigns.DropOtherRuns(ctx, c.ID, 0); err != nil {
			return err
		}
		last = mongostore.Batch{}
	}
	zone, err := clock.Zone(c.Zone)
	if err != nil {
		return err
	}
	next := mongostore.Batch{Campaign: c.ID, Run: c.Run, Number: last.Number + 1}
	fix := func() error {
		if next.Size = len(next.People); next.Size == 0 {
			return nil
		}
		next.Parts = parts(c, next.People)
		if err := r.Campaigns.Fix(ctx, next); err != nil {
			return err
		}
		last = next
		next = mongostore.Batch{Campaign: c.ID, Run: c.Run, Number: last.Number + 1, People: next.People[:0]}
		return nil
	}
	chosen, err := r.audience(ctx, c.Content.Audience, clock.DateOf(now, zone), after)
	if err != nil {
		return err
	}
	for id, err := range chosen {
		if err != nil {
			return err
		}
		if next.People = append(next.People, id); len(next.People) == r.BatchSize() {
			if err := fix(); err != nil {
				return err
			}
		}
	}
	if err := fix(); err != nil {
		return err
	}
	begun, err := c.Begun(last.Number, now)
	if err != nil {
		return err
	}
	if err := r.Campaigns.Replace(ctx, begun); err != nil {
		return err
	}
	r.Log.Info("campaign begun", zap.String("campaign", c.ID), zap.Int("batches", begun.Batches))
	return r.Plan(ctx, begun)
}

// end ends a campaign whose time to answer is over.
func (r Runner) end(ctx context.Context, c campaign.Campaign, now time.Time) error {
	finished, err := c.Finished(now)
	var refused *campaign.StepError
	if errors.As(err, &refused) { // it was cancelled, or is done: by an attempt that may have ended here
		return r.Campaigns.ForgetLeft(ctx, c.ID)
	}
	if err != nil {
		return err
	}
	if err := r.Campaigns.Replace(ctx, finished); err != nil {
		return err
	}
	r.Log.Info("campaign done", zap.String("campaign", c.ID))
	return r.Campaigns.ForgetLeft(ctx, c.ID)
}

// BatchSize is how many people are invited at once.
func (r Runner) BatchSize() int {
	if r.Batch > 0 {
		return min(r.Batch, Batch)
	}
	return Batch
}

// Selection is an audience as a question to the register.
func Selection(a audience.Audience, on clock.Date) people.Selection {
	first, last := a.Hired(on)
	return people.Selection{
		On: on, UnitID: a.UnitID, JobTitles: a.JobTitles, Contracts: a.Contracts, Language: a.Language, ManagerID: a.ManagerID,
		HiredFrom: first, HiredTo: last,
	}
}

// Conflict tells that a campaign was changed by somebody else meanwhile.
func Conflict(err error) bool { return errors.Is(err, mongodb.ErrConflict) }
