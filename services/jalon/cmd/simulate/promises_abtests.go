package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// trial is what HR tries on a part of an audience: another line, or another time.
type trial struct {
	byTime bool
	// at is the time of variant B.
	at clock.TimeOfDay
	// share is how much of the audience is the sample, in percent, and wait for how many hours answers are waited for.
	share, wait int
}

// difference is why a test has a winner.
const difference = "difference"

// The lines of the two variants.
const (
	lineA = "Nouveaux horaires"
	lineB = "Ce qui change lundi"
)

// try adds a test to a campaign that is being written, and its last day.
func (c *crowd) try(a *appeal, draft *momentsv1.CampaignDraft) *trial {
	t := &trial{byTime: c.oneIn(2), share: 50, wait: 4 + c.random.IntN(4*24)}
	if len(c.managers) > 300 {
		t.share = 35 + c.random.IntN(16)
	}
	draft.Test = &momentsv1.CampaignTest{Share: int32(t.share), Wait: int32(t.wait)}
	if t.byTime {
		a.on = a.on.AddDays(1) // not today: one of the times may be behind
		t.at = (a.at + clock.TimeOfDay(60*(1+c.random.IntN(22)))) % (24 * 60)
		draft.Test.Criterion, draft.Test.AtB = momentsv1.CampaignTest_CRITERION_SEND_TIME, t.at.String()
	} else {
		draft.Test.Criterion = momentsv1.CampaignTest_CRITERION_SUBJECT
		draft.Test.SubjectB = &momentsv1.Wording{Fr: lineB, En: lineB}
		if draft.GetKind() == momentsv1.CampaignDraft_KIND_SURVEY {
			draft.Test.SubjectA = &momentsv1.Wording{Fr: lineA, En: lineA}
		}
	}
	draft.Until = a.on.AddDays(t.wait/24 + 3 + c.random.IntN(14)).String()
	return t
}

// leastTried is how many people each side of a test has at least.
const leastTried = 50

// enoughFor tells that so many people work here, by all that is known, that a test of everybody is allowed.
func (b *books) enoughFor(t *trial, on clock.Date) bool {
	n := 0
	for id := range b.people {
		if always, _ := b.holds(id, func(f facts) bool { return (&appeal{}).has(f, on) }); always {
			n++
		}
	}
	return n*t.share/200 >= leastTried
}

// tested checks a campaign that tries something: each side is asked from its time on, the rest once it is decided, which happens once and
// after the time for answers. Half an hour or so may be missing there: who comes to count one side counts the other.
func (b *books) tested(r *reached, items []itemDoc) error {
	d := r.is.Trial.Decision
	if r.verdict != nil && (d == nil || *d != *r.verdict) {
		return b.broken(tried, "the test of campaign %s was decided as %+v, and is now as %+v", r.id, *r.verdict, d)
	}
	r.verdict = d
	starts := map[string]clock.TimeOfDay{"a": r.at, "b": r.at}
	if r.trial.byTime {
		starts["b"] = r.trial.at
	}
	for _, item := range items {
		b.kept(tried)
		group := item.Data["group"]
		at, sample := starts[group]
		switch {
		case sample && item.DoneAt.Before(clock.LocalInstant(r.on, at, home())):
			return b.broken(tried, "%s of side %s of campaign %s was asked at %s, before %s", item.Subject, group, r.id, item.DoneAt, at)
		case !sample && group != "rest":
			return b.broken(tried, "%s is in group %q of campaign %s", item.Subject, group, r.id)
		case !sample && (d == nil || item.DoneAt.Before(d.At)):
			return b.broken(tried, "%s of the rest of campaign %s was asked at %s, before it was decided: %+v", item.Subject, r.id, item.DoneAt, d)
		}
	}
	if d == nil {
		return nil
	}
	for _, side := range []sideDoc{r.is.Trial.A, r.is.Trial.B} {
		if waited := side.CountedAt.Sub(side.SentAt); side.SentAt.IsZero() || waited < time.Duration(r.trial.wait-1)*time.Hour || d.At.Before(side.CountedAt) {
			return b.broken(tried, "campaign %s waits %d hours, and was decided as %+v at %s", r.id, r.trial.wait, r.is.Trial, d.At)
		}
	}
	return nil
}

// variants checks who was told of campaigns in which variant since the last step, and which tests were told to be decided.
func (b *books) variants(ctx context.Context, client *mongo.Client) error {
	requested, err := b.newEvents(ctx, client, "moments", &momentsv1.InvitationsRequested{}, b.since)
	if err != nil {
		return err
	}
	for _, ev := range requested {
		var msg momentsv1.InvitationsRequested
		if err := ev.Decode(&msg); err != nil {
			return err
		}
		for _, asked := range msg.GetInvitations() {
			if err := b.variant(asked); err != nil {
				return err
			}
		}
	}
	decided, err := b.newEvents(ctx, client, "moments", &momentsv1.CampaignTestsDecided{}, b.since)
	if err != nil {
		return err
	}
	for _, ev := range decided {
		var msg momentsv1.CampaignTestsDecided
		if err := ev.Decode(&msg); err != nil {
			return err
		}
		for _, test := range msg.GetTests() {
			b.kept(tried)
			if b.decided[test.GetCampaignId()] {
				return b.broken(tried, "the test of campaign %s is told to be decided twice", test.GetCampaignId())
			}
			b.decided[test.GetCampaignId()] = true
		}
	}
	return nil
}

// variant checks that an invitation to a campaign that tries something is in the variant of the person's side; the rest gets the better
// line, and the first without one.
func (b *books) variant(asked *momentsv1.Invitation) error {
	id, group, _ := strings.Cut(asked.GetPiece(), ".")
	r := b.appeals[id]
	if r == nil || r.trial == nil {
		return nil
	}
	b.kept(tried)
	want := map[string]string{"a": lineA, "b": lineB, "rest": lineA}[group]
	if d := r.is.Trial.Decision; group == "rest" && d != nil && d.Reason == difference && d.Points > 0 {
		want = lineB
	}
	if r.trial.byTime {
		want = ""
	}
	is := fmt.Sprint(group, " ", asked.GetSubject().GetFr())
	switch before := b.tries[asked.GetId()]; {
	case asked.GetSubject().GetFr() != want:
		return b.broken(tried, "%s is told of campaign %s as %q, and %q was to be said", asked.GetPersonId(), r.id, is, want)
	case before != "" && before != is:
		return b.broken(tried, "%s is told of campaign %s as %q and as %q", asked.GetPersonId(), r.id, before, is)
	}
	b.tries[asked.GetId()] = is
	return nil
}
