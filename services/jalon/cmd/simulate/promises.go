package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// brokenError is a promise that was not kept.
type brokenError struct {
	promise string
	at      time.Time
	detail  string
}

func (b *brokenError) Error() string {
	return fmt.Sprintf("broken at %s: %s: %s", b.at.Format(time.RFC3339), b.promise, b.detail)
}

// What is checked. The names are those of the summary.
const (
	pressure   = "nobody is asked more than the caps allow in any period"
	spared     = "whoever reacts to nothing is asked less"
	quiet      = "nobody is reached outside window, holidays, leave, own hours or contract"
	accounted  = "every message is shown, deferred with a date, expired or closed with a reason"
	once       = "nobody is asked the same thing twice"
	gone       = "nobody is asked after leaving"
	followed   = "every follow-up of every moment is accounted for"
	opened     = "whoever arrived or left has the moment"
	known      = "every prompt belongs to an invitation of that person"
	postedOnce = "no mail is sent twice, to the wrong person, or without a prompt"
	posted     = "every mail is accounted for"
	counted    = "as many responses as answers were accepted"
	unlettered = "no dead letters"
	agreed     = "every service knows the people as directory does"
	recurring  = "a series makes each of its days once and at its time, and none while it is paused or after it ended"
	dueOnce    = "whoever comes due in a series is asked once, and nobody else"
	stopped    = "no campaign asks anybody while it is paused or after it ended"
	tried      = "nobody is asked in both variants of a test, nor the rest before it is decided, which it is once"
	addressed  = "a campaign reaches its audience and nobody else, and HR sees how far it came"
	idempotent = "a file that was imported already changes nothing"
	listed     = "people see on their page what their inbox holds"

	forgotten = "everybody with a manager has one four-weekly talk ahead, or it is named why not"
	dated     = "every talk is a rhythm after the last one held, or later for the reason that it names"
	together  = "no talk is on a weekend, holiday or leave of either, unless the two agreed"
	apart     = "nobody has two talks at once where the planner chose the time"
	invited   = "whoever has a talk ahead, an address and wants mail was invited to it as it is now"
	calendars = "nobody is invited twice, backwards, or uninvited before invited"
	reminded  = "nobody is told twice on a day what to do about talks, and nothing that is settled"
	told      = "whoever has a talk tomorrow is told today"
	lived     = "every talk held is a moment, and no contested one"
	heirs     = "what is open is with the manager of now"
	secret    = "what people write in talks stands nowhere in clear"
)

func (b *books) broken(promise, format string, args ...any) error {
	return &brokenError{promise: promise, at: b.read, detail: fmt.Sprintf(format, args...)}
}

func (b *books) kept(promise string) { b.checked[promise]++ }

// inboxes checks every message of everybody, and notes it.
func (b *books) inboxes(ctx context.Context, client *mongo.Client) error {
	boxes, err := all[inboxDoc](ctx, in(client, "notifications", "inboxes"))
	if err != nil {
		return err
	}
	for _, box := range boxes {
		seen := map[string]bool{}
		for _, m := range box.Messages {
			if seen[m.ID] {
				return b.broken(once, "invitation %s is twice in the inbox of %s", m.ID, box.ID)
			}
			seen[m.ID] = true
			if err := b.message(box.ID, m); err != nil {
				return err
			}
		}
		if err := b.withinLimits(box.ID); err != nil {
			return err
		}
		if err := b.withinSparing(box.ID, box.QuietSince); err != nil {
			return err
		}
	}
	return nil
}

// message checks one message and notes when it reached the person.
func (b *books) message(person string, m messageDoc) error {
	a := b.asked[m.ID]
	if a == nil {
		a = &asked{id: m.ID, person: person}
		b.asked[m.ID], b.ofWhom[person] = a, append(b.ofWhom[person], a)
	}
	if a.person == person && a.ended() && m.State == "closed" && m.ShownAt.IsZero() {
		return nil // the inbox forgot it long ago, and noted that it was closed once more: its moment was called off now
	}
	if a.person != person || !a.shownAt.IsZero() && !a.shownAt.Equal(m.ShownAt) || !a.remindedAt.IsZero() && !a.remindedAt.Equal(m.RemindedAt) {
		return b.broken(once, "invitation %s of %s, shown at %s and reminded of at %s, is now of %s, shown at %s and reminded of at %s",
			m.ID, a.person, a.shownAt, a.remindedAt, person, m.ShownAt, m.RemindedAt)
	}
	for _, reach := range []struct{ before, now time.Time }{{a.shownAt, m.ShownAt}, {a.remindedAt, m.RemindedAt}} {
		if reach.before.IsZero() && !reach.now.IsZero() {
			if err := b.quiet(person, reach.now, "the prompt of invitation "+m.ID); err != nil {
				return err
			}
		}
	}
	for i, again := range m.Again {
		switch {
		case i >= len(a.remindedAgain):
			if err := b.quiet(person, again.At, "another reminder of invitation "+m.ID); err != nil {
				return err
			}
			a.remindedAgain = append(a.remindedAgain, again.At)
		case !a.remindedAgain[i].Equal(again.At):
			return b.broken(once, "invitation %s of %s had a reminder at %s, which is now at %s", m.ID, person, a.remindedAgain[i], again.At)
		}
	}
	a.shownAt, a.remindedAt, a.expiresAt, a.state, a.endedBy = m.ShownAt, m.RemindedAt, m.ExpiresAt, m.State, m.EndedBy
	if a.keyMoment == "" {
		a.keyMoment, a.followUp = m.KeyMoment, m.FollowUp
	}
	return b.accounted(person, m)
}

// quiet checks that something may reach somebody at an instant, by what held before the step or after it.
func (b *books) quiet(person string, at time.Time, what string) error {
	b.kept(quiet)
	now, known := b.people[person]
	if !known {
		return b.broken(quiet, "%s reached %s, whom directory does not know", what, person)
	}
	why := now.closed(at)
	if before, known := b.former[person]; why == "" || known && before.closed(at) == "" {
		return nil
	}
	promise := quiet
	if why == "after the last day" {
		promise = gone
	}
	return b.broken(promise, "%s reached %s at %s, %s", what, person, at.In(now.Zone).Format("Monday 2006-01-02 15:04 MST"), why)
}

// accounted checks that a message is somewhere, and why.
func (b *books) accounted(person string, m messageDoc) error {
	b.kept(accounted)
	var last decisionDoc
	if len(m.Decisions) > 0 {
		last = m.Decisions[len(m.Decisions)-1]
	}
	fine := false
	switch m.State {
	case "waiting":
		// Whoever chooses twice in the same instant of a clock that stands still is put before the gate once: the date is what counts.
		fine = last.Until.After(b.read) && last.Verdict == "deferred" && last.Reason != "" && !m.NextTryAt.After(last.Until)
	case "shown":
		fine = !m.ShownAt.IsZero() && (m.RemindAt.IsZero() || m.RemindAt.After(b.read)) &&
			(m.ExpiresAt.IsZero() || m.ExpiresAt.Add(2*time.Minute).After(b.read))
	case "closed":
		fine = m.EndedBy != ""
	case "expired":
		fine = m.EndedBy != "" && last.Verdict == "expired" && last.Reason != ""
	}
	if !fine {
		return b.broken(accounted, "invitation %s of %s: %+v", m.ID, person, m)
	}
	return nil
}

// withinLimits checks all periods at once: the n-th message after any other comes a whole period later.
func (b *books) withinLimits(person string) error {
	b.kept(pressure)
	for _, limit := range limits {
		var at []time.Time
		for _, a := range b.ofWhom[person] {
			if limit.counts(a.keyMoment) {
				at = append(at, a.reaches()...)
			}
		}
		slices.SortFunc(at, time.Time.Compare)
		for i := limit.messages; i < len(at); i++ {
			if at[i].Sub(at[i-limit.messages]) < time.Duration(limit.days)*24*time.Hour {
				return b.broken(pressure, "%s was reached %d times within %d days (of %v), from %s to %s",
					person, limit.messages+1, limit.days, limit.of, at[i-limit.messages], at[i])
			}
		}
	}
	return nil
}

// requests checks what moments asked for since the last step, and that notifications has all of it.
func (b *books) requests(ctx context.Context, client *mongo.Client, since time.Time) error {
	items, err := all[itemDoc](ctx, in(client, "moments", "agenda"),
		bson.E{Key: "kind", Value: "follow_up"}, bson.E{Key: "state", Value: "done"}, bson.E{Key: "done_at", Value: bson.D{{Key: "$gte", Value: since}}})
	if err != nil {
		return err
	}
	for _, item := range items {
		if b.wanted[item.ID] != "" {
			continue // seen at the last look, and right by what was known then
		}
		b.wanted[item.ID] = item.Subject
		b.kept(gone)
		now, before := b.people[item.Subject], b.former[item.Subject]
		leftNow := now.Zone != nil && !now.LeftOn.IsZero() && clock.DateOf(item.DoneAt, now.Zone).After(now.LeftOn)
		leftBefore := before.Zone == nil || !before.LeftOn.IsZero() && clock.DateOf(item.DoneAt, before.Zone).After(before.LeftOn)
		if leftNow && leftBefore {
			return b.broken(gone, "invitation %s was asked of %s at %s, whose last day was %s", item.ID, item.Subject, item.DoneAt, now.LeftOn)
		}
		if err := b.stillAsked(item); err != nil {
			return err
		}
		if a := b.asked[item.ID]; (a == nil || a.person != item.Subject) && !b.resting[item.Data["follow_up"]] {
			return b.broken(accounted, "invitation %s was asked of %s at %s, and is in no inbox", item.ID, item.Subject, item.DoneAt)
		}
	}
	return b.origins(ctx, client)
}

// origins checks that what was shown is what moments asked of that very person, or what interviews had the person told. Where a fault struck between asking and noting
// that it was asked, the follow-up still waits for its next try, or was called off meanwhile, which ends the message too.
func (b *books) origins(ctx context.Context, client *mongo.Client) error {
	var doubtful []string
	for id, a := range b.asked {
		if a.shownAt.IsZero() {
			continue
		}
		b.kept(known)
		if b.wanted[id] != a.person {
			doubtful = append(doubtful, id)
		}
	}
	if len(doubtful) == 0 {
		return nil
	}
	items, err := all[itemDoc](ctx, in(client, "moments", "agenda"), bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: doubtful}}})
	if err != nil {
		return err
	}
	byID := map[string]itemDoc{}
	for _, item := range items {
		byID[item.ID] = item
	}
	for _, id := range doubtful {
		a, item := b.asked[id], byID[id]
		again := item.State == "waiting" && item.Attempts > 0 && !item.Due.After(a.shownAt)
		called := item.State == "cancelled" && a.state != "shown"
		if item.Subject != a.person || !again && !called {
			return b.broken(known, "%s was shown %s, and moments has %+v", a.person, id, item)
		}
	}
	return nil
}

// tellings counts in how many different events each prompt was told of since the last step.
func (b *books) tellings(ctx context.Context, client *mongo.Client, since time.Time) error {
	events, err := b.newEvents(ctx, client, "notifications", &notificationsv1.PromptsShown{}, since)
	if err != nil {
		return err
	}
	for _, ev := range events {
		if err := b.telling(ev); err != nil {
			return err
		}
	}
	return nil
}

func (b *books) telling(ev event.Event) error {
	var msg notificationsv1.PromptsShown
	if err := ev.Decode(&msg); err != nil {
		return err
	}
	for _, p := range msg.GetPrompts() {
		b.kept(once)
		t := telling{p.GetInvitationId(), int(p.GetReminderNumber())}
		b.told[t]++
		if b.told[t] > 1 {
			return b.broken(once, "invitation %s of %s is told of %d times, as reminder %d", t.invitation, p.GetPersonId(), b.told[t], t.reminder)
		}
	}
	return nil
}
