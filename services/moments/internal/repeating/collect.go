package repeating

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/campaigning"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/recurrence"
)

// LeastAnswered is of how many people, at least, it may be told that they answered.
const LeastAnswered = 10

// collectorRun is the one launch of what collects people.
const collectorRun = 1

// collect has those of the audience join the month's campaign who come due on a day. They are kept in batches, as the audience of
// every campaign is, and invited as they are. An attempt that was killed goes on where it ended.
func (r Runner) collect(ctx context.Context, c campaign.Campaign, on recurrence.Day, now time.Time) (made bool, why campaign.Reason, err error) {
	day := on.On
	id := campaign.OccurrenceID(c.ID, c.CollectorKey(day))
	collector, err := r.Campaigns.Get(ctx, id)
	missing := errors.Is(err, mongodb.ErrNotFound)
	if err != nil && !missing {
		return false, "", err
	}
	switch {
	case missing:
	case collector.State == campaign.Cancelled:
		return false, campaign.Dropped, nil
	case collector.State.Final():
		return false, campaign.Missed, nil
	}
	last, err := r.Campaigns.LastFixed(ctx, id, collectorRun)
	if err != nil {
		return false, "", err
	}
	if last.On != day || last.Number > collector.Batches {
		if last, why, err = r.fix(ctx, c, id, day, last); err != nil {
			return false, "", err
		}
	}
	if last.Number == 0 {
		return false, why, nil // nobody came due this month so far
	}
	if missing {
		number, err := r.Campaigns.LastNumber(ctx, c.ID)
		if err != nil {
			return false, "", err
		}
		if collector, err = r.begin(ctx, c.Collector(day, number+1, now)); err != nil {
			return false, "", err
		}
	}
	if last.Number > collector.Batches {
		collector = collector.Joined(last.Number)
		if err := r.Campaigns.Replace(ctx, collector); err != nil {
			return false, "", err
		}
	}
	return true, why, r.Campaign.Plan(ctx, collector)
}

// fix keeps who comes due on a day, after the last batch that there is.
func (r Runner) fix(
	ctx context.Context, c campaign.Campaign, id string, day clock.Date, last mongostore.Batch,
) (_ mongostore.Batch, why campaign.Reason, err error) {
	for _, anchor := range c.PerPerson().Anchors(day) {
		var after string
		if last.On == day {
			if anchor.Before(last.Anchor) {
				continue
			}
			if n := len(last.People); n > 0 && anchor == last.Anchor {
				after = last.People[n-1]
			}
		}
		due, few, err := r.due(ctx, c, day, anchor, after)
		if err != nil {
			return last, "", err
		}
		if few {
			why = campaign.Few
		}
		for chunk := range slices.Chunk(due, r.Campaign.BatchSize()) {
			fresh, err := r.fresh(ctx, c.ID, anchor, chunk)
			if err != nil {
				return last, "", err
			}
			if len(fresh) == 0 {
				continue
			}
			last = mongostore.Batch{
				Campaign: id, Run: collectorRun, Number: last.Number + 1, Size: len(fresh), People: fresh,
				On: day, Until: day.AddDays(c.Content.Recurrence.AnswerDays), Anchor: anchor,
			}
			if err := r.Campaigns.Fix(ctx, last); err != nil {
				return last, "", err
			}
		}
	}
	return last, why, nil
}

// fresh are those who were not invited for this day of theirs yet: by the same series before it was edited.
func (r Runner) fresh(ctx context.Context, seriesID string, anchor clock.Date, people []string) ([]string, error) {
	ids := make([]string, len(people))
	for i, id := range people {
		ids[i] = campaign.AnchoredInvitationID(seriesID, id, anchor)
	}
	invited, err := r.Campaigns.Invited(ctx, ids)
	if err != nil {
		return nil, err
	}
	var fresh []string
	for i, id := range people {
		if !invited[ids[i]] {
			fresh = append(fresh, id)
		}
	}
	return fresh, nil
}

// due are those of the audience for whom a day is the one from which is counted, in the order of their ids, after one of them; few
// tells that they are too few to be told.
func (r Runner) due(ctx context.Context, c campaign.Campaign, day, anchor clock.Date, after string) (due []string, few bool, err error) {
	switch c.PerPerson().Anchor {
	case recurrence.Hire:
		selection, some := HiredOn(c, day, anchor)
		if !some {
			return nil, false, nil
		}
		for id, err := range r.People.Selected(ctx, selection, after, 0) {
			if err != nil {
				return nil, false, err
			}
			due = append(due, id)
		}
		return due, false, nil
	case recurrence.Talk:
		talked, err := r.Moments.TalkedOn(ctx, anchor, after)
		if err != nil {
			return nil, false, err
		}
		due, err = r.within(ctx, c, day, talked)
		return due, false, err
	default:
		answered, some, err := r.answered(ctx, anchor)
		if err != nil {
			return nil, false, err
		}
		if due, err = r.within(ctx, c, day, answered); err != nil {
			return nil, false, err
		}
		if len(due) < LeastAnswered {
			return nil, some, nil // of none as of nine: where there is one person who could be due, it would tell of that one
		}
		first, found := slices.BinarySearch(due, after)
		if found {
			first++
		}
		return due[first:], false, nil
	}
}

// within are those of people who are in the audience on a day.
func (r Runner) within(ctx context.Context, c campaign.Campaign, day clock.Date, ids []string) ([]string, error) {
	var in []string
	for chunk := range slices.Chunk(ids, campaigning.Batch) {
		known, err := r.People.GetMany(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for _, id := range chunk {
			if person, ok := known[id]; ok && c.Content.Audience.Has(person, day) {
				in = append(in, id)
			}
		}
	}
	return in, nil
}

// answered are the people who answered a campaign that ended on a day, and none that ends later; some tells that one ended then. Who
// they are is asked of the answers and kept nowhere.
func (r Runner) answered(ctx context.Context, day clock.Date) (ids []string, some bool, err error) {
	that, later, err := r.Campaigns.Ended(ctx, day)
	if err != nil || len(that) == 0 {
		return nil, false, err
	}
	people := map[string]bool{}
	for _, c := range that {
		err := r.Campaigns.EachAnswered(ctx, c.ID, campaigning.Batch, func(ids []string) error {
			for _, id := range ids {
				people[id] = true
			}
			return nil
		})
		if err != nil {
			return nil, false, err
		}
	}
	for _, c := range later {
		err := r.Campaigns.EachAnswered(ctx, c.ID, campaigning.Batch, func(ids []string) error {
			for _, id := range ids {
				delete(people, id)
			}
			return nil
		})
		if err != nil {
			return nil, false, err
		}
	}
	return slices.Sorted(maps.Keys(people)), true, nil
}
