// Package repeating makes the occurrences of series at their time: a campaign on each day of a calendar, or one a month that gathers
// whoever comes due on a day of their own. One item of the agenda per series wakes it for its next day; what is due then is found out
// anew, so that an item that comes late, twice, or after the clock jumped, does no harm. Each step may be redone with the same end:
// occurrences, batches and invitations bear ids that follow from the series and its days.
package repeating

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
	"jalon.dev/pkg/holidays"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/campaigning"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/recurrence"
)

// Kind is the agenda's word for the next day of a series.
const Kind = "campaign_series"

// dataTurn is of which launch, or resumption, an item is.
const dataTurn = "turn"

// Runner makes occurrences.
type Runner struct {
	Campaigns *mongostore.Campaigns
	Moments   *mongostore.Moments
	People    *people.Register
	// Campaign runs what was made.
	Campaign campaigning.Runner
	Agenda   *agenda.Agenda
	// Calendars are the public holidays that are known.
	Calendars holidays.Calendars
	Clock     clock.Clock
	Log       *zap.Logger
}

// Plan wakes a series for its next day. It is called after each change that HR made, and at the start; what is planned stays.
func (r Runner) Plan(ctx context.Context, c campaign.Campaign) error {
	if !c.Goes() {
		return nil
	}
	off, err := r.DaysOff(ctx)
	if err != nil {
		return err
	}
	coming, err := c.Coming(off.Day)
	if err != nil {
		return fmt.Errorf("planning series %s: %w", c.ID, err)
	}
	for p := range coming {
		return r.schedule(ctx, item(c, p))
	}
	return r.schedule(ctx, item(c, campaign.Planned{Due: r.Clock.Now()})) // nothing comes any more: it is to be ended
}

// Repair plans what a process that died had no time to.
func (r Runner) Repair(ctx context.Context) error {
	going, err := r.Campaigns.Going(ctx)
	if err != nil {
		return err
	}
	for _, c := range going {
		if err := r.Plan(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (r Runner) schedule(ctx context.Context, next agenda.Item) error {
	if err := r.Agenda.Schedule(ctx, next); err != nil {
		return fmt.Errorf("planning series %s: %w", next.Subject, err)
	}
	return nil
}

// item is the same for the same day, at the same instant, of the same turn.
func item(c campaign.Campaign, p campaign.Planned) agenda.Item {
	turn := strconv.Itoa(c.Turn)
	return agenda.Item{
		ID: event.ID(Kind, c.ID, turn, p.Rule.String(), p.Due.UTC().Format(time.RFC3339)), Kind: Kind, Subject: c.ID, Due: p.Due,
		Data: map[string]string{dataTurn: turn},
	}
}

// Handle makes what is due. What is due of an earlier turn is over: the series was paused, edited or ended since.
func (r Runner) Handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	off, err := r.DaysOff(ctx)
	if err != nil {
		return nil, err
	}
	outcomes := make([]agenda.Outcome, 0, len(items))
	for _, woken := range items {
		outcome, err := r.handle(ctx, now, off.Day, woken)
		if err != nil {
			return outcomes, fmt.Errorf("repeating campaign %s: %w", woken.Subject, err)
		}
		outcomes = append(outcomes, outcome)
	}
	return outcomes, nil
}

func (r Runner) handle(ctx context.Context, now time.Time, off func(clock.Date) bool, woken agenda.Item) (agenda.Outcome, error) {
	done := agenda.Done(woken.ID)
	c, err := r.Campaigns.Get(ctx, woken.Subject)
	if err != nil || !c.Goes() || woken.Data[dataTurn] != strconv.Itoa(c.Turn) {
		return done, err
	}
	coming, err := c.Coming(off)
	if err != nil {
		return done, err
	}
	passed := 0
	for p := range coming {
		if p.Due.After(now) {
			if passed > 0 {
				r.Log.Info("days of a series are left out", zap.String("series", c.ID), zap.Int("days", passed), zap.Stringer("until", c.Course.Passed))
				if err := r.keep(ctx, &c); err != nil {
					return done, err
				}
			}
			next := item(c, p)
			if next.ID == woken.ID { // the clock went back
				return agenda.Postpone(woken.ID, p.Due, "it is not due yet"), nil
			}
			return done, r.schedule(ctx, next)
		}
		switch {
		case p.Why != "":
			c, passed = c.Passing(p.Rule, p.Why), passed+1
		case c.TooLate(p, now):
			c, passed = c.Passing(p.Rule, campaign.Missed), passed+1
		default:
			if c, err = r.make(ctx, c, p, now); err != nil {
				return done, err
			}
			passed = 0
		}
	}
	finished, err := c.Finished(now)
	if err != nil {
		return done, err
	}
	r.Log.Info("series done", zap.String("series", c.ID))
	return done, r.Campaigns.Replace(ctx, finished)
}

// keep notes how far a series has come.
func (r Runner) keep(ctx context.Context, c *campaign.Campaign) error {
	*c = c.Kept()
	return r.Campaigns.Replace(ctx, *c)
}

// make makes the occurrence of a day that has come. The mark on the series is written last: a process that dies before makes the same
// again, and finds it made.
func (r Runner) make(ctx context.Context, c campaign.Campaign, p campaign.Planned, now time.Time) (campaign.Campaign, error) {
	into := r.occur
	if c.PerPerson() != nil {
		into = r.collect
	}
	made, why, err := into(ctx, c, p.Day, now)
	if err != nil {
		return c, err
	}
	if made && c.State == campaign.Scheduled {
		if c, err = c.Going(now); err != nil {
			return c, err
		}
	}
	c = c.Passing(p.Rule, why)
	return c, r.keep(ctx, &c)
}

// occur makes a campaign of its own for a day.
func (r Runner) occur(ctx context.Context, c campaign.Campaign, day recurrence.Day, now time.Time) (made bool, why campaign.Reason, err error) {
	number, err := r.Campaigns.LastNumber(ctx, c.ID)
	if err != nil {
		return false, "", err
	}
	next, err := r.after(ctx, c, day)
	if err != nil {
		return false, "", err
	}
	occurrence, err := r.begin(ctx, c.Occurrence(day, number+1, now).EndingBefore(next))
	if err != nil {
		return false, "", err
	}
	r.Log.Info("occurrence made", zap.String("series", c.ID), zap.String("campaign", occurrence.ID), zap.Int("number", occurrence.Number))
	return true, "", r.Campaign.Plan(ctx, occurrence)
}

// after is the next day that is kept; none where there is no other.
func (r Runner) after(ctx context.Context, c campaign.Campaign, day recurrence.Day) (clock.Date, error) {
	off, err := r.DaysOff(ctx)
	if err != nil {
		return clock.Date{}, err
	}
	coming, err := c.Coming(off.Day)
	if err != nil {
		return clock.Date{}, err
	}
	for p := range coming {
		if p.Why == "" && p.Rule.After(day.Rule) {
			return p.On, nil
		}
	}
	return clock.Date{}, nil
}

// begin keeps an occurrence; one that is there stays as it is.
func (r Runner) begin(ctx context.Context, occurrence campaign.Campaign) (campaign.Campaign, error) {
	err := r.Campaigns.Begin(ctx, occurrence)
	if errors.Is(err, mongodb.ErrConflict) {
		return r.Campaigns.Get(ctx, occurrence.ID)
	}
	return occurrence, err
}

// DaysOff are the weekends and the public holidays of where the company is.
type DaysOff struct{ Holiday func(clock.Date) bool }

// Day tells whether a day is off.
func (d DaysOff) Day(day clock.Date) bool {
	weekday := day.Weekday()
	return weekday == time.Saturday || weekday == time.Sunday || d.Holiday(day)
}

// DaysOff are those of the company: its units may have others, which the gate keeps for each person.
func (r Runner) DaysOff(ctx context.Context) (DaysOff, error) {
	units, err := r.People.Units(ctx)
	if err != nil {
		return DaysOff{}, fmt.Errorf("looking up the company's holidays: %w", err)
	}
	var name string
	for _, u := range units {
		if u.ParentID == "" && !u.Unplaced {
			name = u.HolidayCalendar
		}
	}
	return DaysOff{r.Calendars.Find(name)}, nil
}
