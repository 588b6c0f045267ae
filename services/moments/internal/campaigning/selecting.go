package campaigning

import (
	"context"
	"iter"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/survey"
)

// Selector finds who is in an audience: by what directory tells of people, and by what they did about what they were asked. The latter
// is looked up for so many people at a time and kept nowhere, so that nothing more is known of who answered than the answers themselves.
type Selector struct {
	People    *people.Register
	Reactions *mongostore.Reactions
	// Quiet finds those of some people who react to nothing.
	Quiet Quiet
}

// Quiet returns those of at most a thousand people who react to nothing; notifications knows.
type Quiet func(ctx context.Context, people []string) ([]string, error)

// lookedUp is of how many people at a time it is looked up how they reacted.
const lookedUp = 1000

// Each yields the ids of those who are in the audience on a day and come after an id, in the order of ids: limit of them at most, all
// where it is 0. An error ends the sequence.
func (s Selector) Each(ctx context.Context, a audience.Audience, on clock.Date, after string, limit int) iter.Seq2[string, error] {
	selected := Selection(a, on)
	if !a.Reacts() {
		return s.People.Selected(ctx, selected, after, limit)
	}
	return func(yield func(string, error) bool) {
		if tells, err := s.Reactions.Tells(ctx, a.Reaction); err != nil || !tells {
			if err != nil {
				yield("", err)
			}
			return
		}
		n := 0
		for part, err := range inParts(s.People.Selected(ctx, selected, after, 0)) {
			var reacted map[string]audience.Reacted
			if err == nil {
				reacted, err = s.reacted(ctx, a, part, on, clock.Date{})
			}
			if err != nil {
				yield("", err)
				return
			}
			for _, id := range part {
				if !a.Holds(reacted[id]) {
					continue
				}
				if n++; !yield(id, nil) || n == limit {
					return
				}
			}
		}
	}
}

// Count says how many are in the audience, as far as it may be told. What depends on who answered is counted of days that are over
// everywhere, so that watching the number grow tells of nobody who answers today.
func (s Selector) Count(ctx context.Context, a audience.Audience, on clock.Date, now time.Time) (audience.Count, error) {
	if !a.Reacts() {
		n, err := s.People.CountSelected(ctx, Selection(a, on))
		return audience.Count{People: n}, err
	}
	tells, err := s.Reactions.Tells(ctx, a.Reaction)
	switch {
	case err != nil:
		return audience.Count{}, err
	case !tells:
		return audience.Count{TooFew: true}, nil
	case !a.Confidential():
		n := 0
		for _, err := range s.Each(ctx, a, on, "", 0) {
			if err != nil {
				return audience.Count{}, err
			}
			n++
		}
		return audience.Count{People: n}, nil
	default:
		tally, err := s.tally(ctx, a, on, survey.Complete(now))
		return tally.Count(), err
	}
}

// tally goes through the whole company: what is left of the units around the audience's is a part of the answer.
func (s Selector) tally(ctx context.Context, a audience.Audience, on, before clock.Date) (audience.Tally, error) {
	var (
		t      audience.Tally
		all    int
		around []string
		bases  = map[string]int{}
	)
	for part, err := range inParts(s.People.Selected(ctx, people.Selection{On: on}, "", 0)) {
		if err != nil {
			return t, err
		}
		known, err := s.People.GetMany(ctx, part)
		if err != nil {
			return t, err
		}
		reacted, err := s.reacted(ctx, a, part, on, before)
		if err != nil {
			return t, err
		}
		for _, id := range part {
			if !a.NeverReacts && !reacted[id].Asked {
				continue
			}
			path := known[id].UnitPath
			for _, unit := range path {
				bases[unit]++
			}
			all++
			at := slices.Index(path, a.UnitID)
			if a.UnitID != "" && at < 0 {
				continue
			}
			around = path[:max(at, 0)]
			if a.Holds(reacted[id]) {
				t.Did++
			}
		}
	}
	if t.Base = all; a.UnitID != "" {
		t.Base = bases[a.UnitID]
	}
	t.Around = append(t.Around, all)
	for _, unit := range around {
		t.Around = append(t.Around, bases[unit])
	}
	return t, nil
}

// reacted is how people reacted to what the audience is about.
func (s Selector) reacted(
	ctx context.Context, a audience.Audience, ids []string, on, before clock.Date,
) (map[string]audience.Reacted, error) {
	if !a.NeverReacts {
		return s.Reactions.Of(ctx, a.Reaction, ids, since(on), before)
	}
	quiet, err := s.Quiet(ctx, ids)
	if err != nil {
		return nil, err
	}
	reacted := make(map[string]audience.Reacted, len(quiet))
	for _, id := range quiet {
		reacted[id] = audience.Reacted{Never: true}
	}
	return reacted, nil
}

// since is from when on something asked is remembered.
func since(on clock.Date) time.Time { return on.AddMonths(-audience.RememberedMonths).In(time.UTC) }

// inParts gathers ids, so many at a time. A part is good until the next one.
func inParts(ids iter.Seq2[string, error]) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		part := make([]string, 0, lookedUp)
		for id, err := range ids {
			if err != nil {
				yield(nil, err)
				return
			}
			if part = append(part, id); len(part) == lookedUp {
				if !yield(part, nil) {
					return
				}
				part = part[:0]
			}
		}
		if len(part) > 0 {
			yield(part, nil)
		}
	}
}

// audience is whom a campaign that begins invites. Where it depends on who reacted and there are too few by now, it is nobody.
func (r Runner) audience(ctx context.Context, a audience.Audience, on clock.Date, after string) (iter.Seq2[string, error], error) {
	selector := Selector{People: r.People, Reactions: r.Reactions, Quiet: r.Quiet}
	if a.Confidential() && after == "" {
		for _, before := range []clock.Date{survey.Complete(r.Clock.Now()), {}} { // by what HR was told, and as they are now
			tally, err := selector.tally(ctx, a, on, before)
			if err != nil {
				return nil, err
			}
			if tally.Count().TooFew {
				return func(func(string, error) bool) {}, nil
			}
		}
	}
	return selector.Each(ctx, a, on, after, 0), nil
}
