// Package due is what happens when something's time has come.
package due

import (
	"context"
	"fmt"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
)

// FollowUps asks for invitations when follow-ups are due. Whether and when each person is then asked, notifications decides.
type FollowUps struct {
	Catalogue moment.Catalogue
	People    *people.Register
	Arrivals  *mongostore.Arrivals
	Guests    *mongostore.Guests
	Relay     *outbox.Relay
}

// Handle turns a batch of due follow-ups into one event. People who left meanwhile are not asked. After a crash the same
// batch yields the same event again; a batch that is composed otherwise yields another event about the same invitations,
// which their ids make harmless.
func (d FollowUps) Handle(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	known, err := d.People.GetMany(ctx, subjects(items))
	if err != nil {
		return nil, fmt.Errorf("reading the people of %d follow-ups: %w", len(items), err)
	}
	moved, err := d.Arrivals.Of(ctx, movers(items))
	if err != nil {
		return nil, err
	}
	guests, err := d.Guests.Known(ctx, guestIDs(items))
	if err != nil {
		return nil, err
	}
	msg := &momentsv1.InvitationsRequested{}
	outcomes := make([]agenda.Outcome, 0, len(items))
	for _, item := range items {
		f, err := followup.Read(item)
		if err != nil {
			return outcomes, err
		}
		person, ok := known[f.PersonID]
		if why := refusal(f, person, moved[f.PersonID], ok || guests[f.PersonID], now); why != "" {
			outcomes = append(outcomes, agenda.Expire(item.ID, string(why)))
			continue
		}
		if f.ByLink() { // whoever has the link is asked; nobody else is told
			outcomes = append(outcomes, agenda.Done(item.ID))
			continue
		}
		msg.Invitations = append(msg.Invitations, &momentsv1.Invitation{
			Id: f.InvitationID, PersonId: f.PersonID, MomentId: f.Moment.ID, KeyMoment: f.KeyMoment,
			FollowUp:  f.ToldAs(d.Catalogue),
			ExpiresAt: f.AnswerUntil(d.Catalogue, now).Format(time.RFC3339Nano),
		})
		outcomes = append(outcomes, agenda.Done(item.ID))
	}
	if err := d.ask(ctx, now, msg); err != nil {
		return nil, err
	}
	return outcomes, nil
}

func refusal(f followup.FollowUp, p people.Person, moves []moment.Move, known bool, now time.Time) moment.Reason {
	if !known {
		return moment.PersonUnknown
	}
	return f.Refusal(now, moment.Contract{FirstDay: p.HiredOn, LastDay: p.LeftOn, ManagerID: p.ManagerID, Moves: moves})
}

func (d FollowUps) ask(ctx context.Context, now time.Time, msg *momentsv1.InvitationsRequested) error {
	if len(msg.GetInvitations()) == 0 {
		return nil
	}
	ids := make([]string, len(msg.GetInvitations()))
	for i, invitation := range msg.GetInvitations() {
		ids[i] = invitation.GetId()
	}
	ev, err := event.NewKeyed(ctx, "moments", "", event.ID(ids...), now, msg)
	if err != nil {
		return fmt.Errorf("asking for %d invitations: %w", len(ids), err)
	}
	if err := d.Relay.Append(ctx, ev); err != nil {
		return fmt.Errorf("asking for %d invitations: %w", len(ids), err)
	}
	return nil
}

// movers are the people whose moves decide whether they are asked.
func movers(items []agenda.Item) []string {
	var ids []string
	for _, item := range items {
		if followup.Cause(item) == moment.Moved {
			ids = append(ids, item.Subject)
		}
	}
	return ids
}

// guestIDs are the people whom no HR file names.
func guestIDs(items []agenda.Item) []string {
	var ids []string
	for _, item := range items {
		if followup.IsGuest(item) {
			ids = append(ids, item.Subject)
		}
	}
	return ids
}

func subjects(items []agenda.Item) []string {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.Subject
	}
	return ids
}
