package main

import (
	"cmp"
	"context"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// comeDue checks that whoever comes due in a series is asked once, and nobody else.
func (b *books) comeDue(ctx context.Context, client *mongo.Client, s *series, collectors []campaignDoc, ask asksHR) error {
	for day, must := range s.due {
		may, surely := b.dueOn(s, day)
		for id := range may {
			s.may[turn{id, day}] = true
		}
		for id := range surely {
			if must && !s.rested {
				s.owed[turn{id, day}] = collectorOf(collectors, day)
			}
		}
	}
	for _, doc := range collectors {
		if r := b.appeals[doc.ID]; !r.settled {
			if err := b.collected(ctx, client, s, r, ask); err != nil {
				return err
			}
		}
	}
	for t, collector := range s.owed {
		if b.resting[s.id] || b.resting[collector] {
			continue
		}
		b.kept(dueOnce)
		r := b.appeals[cmp.Or(collector, collectorOf(collectors, t.on))]
		switch over := t.on.AddDays(s.repeats.answerDays + 1).In(home()); {
		case r == nil && s.asked[t] == "":
			return b.broken(dueOnce, "%s came due on %s in series %s (%+v), and nobody was asked in that month", t.person, t.on, s.id, *s.repeats)
		case r == nil, s.asked[t] != "", !goes(r.is.State) && r.is.State != "paused", !b.working(t.person), !over.After(b.read):
			delete(s.owed, t)
		case r.is.State == "running":
			return b.broken(dueOnce, "%s came due on %s in series %s (%+v), and campaign %s did not ask", t.person, t.on, s.id, *s.repeats, r.id)
		}
	}
	return nil
}

// collectorOf is the latest campaign that gathers those of a month; empty where there is none.
func collectorOf(collectors []campaignDoc, day clock.Date) (id string) {
	for _, doc := range collectors { // in the order of their numbers
		if doc.On.Year == day.Year && doc.On.Month == day.Month {
			id = doc.ID
		}
	}
	return id
}

// collected checks the invitations of a campaign that gathers people day after day.
func (b *books) collected(ctx context.Context, client *mongo.Client, s *series, r *reached, ask asksHR) error {
	items, err := b.invitations(ctx, client, r.id)
	if err != nil {
		return err
	}
	for _, item := range items {
		b.kept(dueOnce)
		on, err := clock.ParseDate(item.Data["on"])
		if err != nil {
			return err
		}
		t := turn{item.Subject, on}
		if !s.may[t] {
			return b.broken(dueOnce, "series %s (%+v) asked %s, who does not come due on %s (%+v)", s.id, *s.repeats, t.person, t.on, b.people[t.person])
		}
		if err := b.invitedTo(r, item, s.asked[t]); err != nil {
			return err
		}
		s.asked[t] = item.ID
	}
	f, err := b.figures(ctx, client, r.is, items)
	if err != nil {
		return err
	}
	if !b.resting[r.id] && (f.handed != len(items) || f.handed > f.audience) {
		return b.broken(addressed, "campaign %s counts %d of %d invited, and there are %d invitations", r.id, f.handed, f.audience, len(items))
	}
	return b.seen(r, f, ask)
}

// dueOn are those of the audience who may come due on a day, and those who surely do, whatever happened in this step first.
func (b *books) dueOn(s *series, day clock.Date) (may, surely map[string]bool) {
	may, surely = map[string]bool{}, map[string]bool{}
	for id := range b.people {
		always, once := b.holds(id, func(f facts) bool {
			return s.has(f, day) && (s.repeats.own != momentsv1.Recurrence_PerPerson_ANCHOR_HIRE || s.repeats.due(f.HiredOn) == day)
		})
		if s.repeats.own == momentsv1.Recurrence_PerPerson_ANCHOR_TALK {
			sure, possible := b.lastTalked(id, day.AddDays(-s.repeats.after))
			always, once = always && sure, once && possible
		}
		if once {
			may[id] = true
		}
		if always {
			surely[id] = true
		}
	}
	if s.repeats.own != momentsv1.Recurrence_PerPerson_ANCHOR_ANSWER {
		return may, surely
	}
	answered, sure := b.lastAnswered(day.AddDays(-s.repeats.after))
	return enough(both(may, answered)), enough(both(surely, sure))
}

// leastAnswered is of how many people, at least, it may be told that they answered.
const leastAnswered = 10

func enough(people map[string]bool) map[string]bool {
	if len(people) < leastAnswered {
		return nil
	}
	return people
}

// both are those who are in both sets.
func both(x, y map[string]bool) map[string]bool {
	in := map[string]bool{}
	for id := range x {
		if y[id] {
			in[id] = true
		}
	}
	return in
}

// lastTalked tells whether somebody's last four-weekly talk was held on a day: surely, where that was said before this step.
func (b *books) lastTalked(id string, day clock.Date) (surely, possibly bool) {
	later := false
	for _, c := range b.talks {
		if c.EmployeeID != id || c.Kind != fourWeekly || c.HeldOn.IsZero() {
			continue
		}
		known := !c.counted.IsZero() && c.counted.Before(b.read)
		switch {
		case c.HeldOn == day:
			surely, possibly = surely || c.counts() && known, possibly || c.counts() || c.contested.Equal(b.read)
		case c.HeldOn.After(day) && c.counts() && known:
			return false, false
		case c.HeldOn.After(day):
			later = true
		}
	}
	return surely && !later, possibly
}

// lastAnswered are those who answered a campaign whose last day was this one, and none that ends later: possibly, and surely. What was
// answered in this step came before or after the others were counted, and answers to what was called off count no more.
func (b *books) lastAnswered(day clock.Date) (possibly, surely map[string]bool) {
	possibly, surely = map[string]bool{}, map[string]bool{}
	var later, perhapsLater []string
	for _, r := range b.appeals {
		if r.is.Kind != "survey" || r.is.StartedAt.IsZero() || r.is.Until.Before(day) {
			continue
		}
		for invitation, id := range r.people {
			at, answered := b.answered[invitation]
			if !answered {
				continue
			}
			counted := at.Before(b.read) && r.is.State != "cancelled"
			switch that := r.is.Until == day; {
			case that && counted:
				surely[id], possibly[id] = true, true
			case that:
				possibly[id] = true
			case counted:
				later = append(later, id)
			default:
				perhapsLater = append(perhapsLater, id)
			}
		}
	}
	for _, id := range later {
		delete(possibly, id)
		delete(surely, id)
	}
	for _, id := range perhapsLater {
		delete(surely, id)
	}
	return possibly, surely
}
