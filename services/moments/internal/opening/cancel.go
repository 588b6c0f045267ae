package opening

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/moment"
)

// Cancel calls a moment off: what is planned is not asked any more, what was asked is closed. It says whether it was the first
// to. Every step may be redone.
func (o Opener) Cancel(ctx context.Context, m moment.Moment, c moment.Cancellation) (bool, error) {
	c.At = c.At.UTC().Truncate(time.Millisecond)
	first, err := o.Moments.Cancel(ctx, m.ID, c)
	if err != nil {
		return false, err
	}
	if first {
		m.Cancelled = &c
	}
	if m.Cancelled == nil { // somebody else did, since it was read
		if m, err = o.Moments.Get(ctx, m.ID); err != nil {
			return false, err
		}
	}
	return first, o.callOff(ctx, m)
}

// completeCancellations redoes the cancellations of the last day, of which a process may have died half way.
func (o Opener) completeCancellations(ctx context.Context, now time.Time) error {
	moments, err := o.Moments.CancelledSince(ctx, now.Add(-tellAgain))
	if err != nil {
		return err
	}
	for _, m := range moments {
		if err := o.callOff(ctx, m); err != nil {
			return fmt.Errorf("completing cancellations: %w", err)
		}
	}
	return nil
}

// callOff does what the cancellation of a moment, kept already, entails. The same cancellation yields the same events.
func (o Opener) callOff(ctx context.Context, m moment.Moment) error {
	personal, err := m.Personal()
	if err != nil {
		return err
	}
	whose := map[string]string{}
	var invitations []string
	for _, p := range personal {
		for _, f := range p.FollowUps {
			invitations = append(invitations, f.InvitationID)
			if !p.ByLink(f.On) { // the others show in no prompt
				whose[f.InvitationID] = p.PersonID
			}
		}
	}
	slices.Sort(invitations)
	var events []event.Event
	for part := range slices.Chunk(invitations, most) {
		if err := o.Agenda.Cancel(ctx, string(moment.MomentCancelled), part...); err != nil {
			return fmt.Errorf("cancelling moment %s: %w", m.ID, err)
		}
		if err := o.FollowUps.Withdraw(ctx, part); err != nil {
			return fmt.Errorf("cancelling moment %s: %w", m.ID, err)
		}
		closed, err := o.closed(ctx, m, part, whose)
		if err != nil {
			return err
		}
		events = append(events, closed...)
	}
	if !moment.IsDelicate(m.KeyMoment) {
		told, err := event.NewKeyed(ctx, "moments", "", "cancelled/"+m.ID, m.Cancelled.At,
			&momentsv1.MomentsCancelled{Moments: []*momentsv1.Moment{message(m)}})
		if err != nil {
			return fmt.Errorf("telling that moment %s is cancelled: %w", m.ID, err)
		}
		events = append(events, told)
	}
	if err := o.Relay.Append(ctx, events...); err != nil {
		return fmt.Errorf("telling that moment %s is cancelled: %w", m.ID, err)
	}
	return nil
}

// closed makes the event that closes those invitations that were asked, or were on their way out when the moment was
// cancelled. Closing one that was never asked, or was answered, does no harm.
func (o Opener) closed(ctx context.Context, m moment.Moment, invitations []string, whose map[string]string) ([]event.Event, error) {
	items, err := o.Agenda.Get(ctx, invitations...)
	if err != nil {
		return nil, fmt.Errorf("cancelling moment %s: %w", m.ID, err)
	}
	msg := &momentsv1.InvitationsClosed{TakenBack: true}
	for _, id := range invitations {
		item, ok := items[id]
		out := ok && whose[id] != "" && (item.State == agenda.StateDone ||
			item.State == agenda.StateCancelled && !item.Due.After(m.Cancelled.At))
		if out {
			msg.Invitations = append(msg.Invitations, &momentsv1.InvitationsClosed_Closed{InvitationId: id, PersonId: whose[id]})
		}
	}
	if len(msg.GetInvitations()) == 0 {
		return nil, nil
	}
	ev, err := event.NewKeyed(ctx, "moments", "", "cancelled/"+m.ID+"/"+invitations[0], m.Cancelled.At, msg)
	if err != nil {
		return nil, fmt.Errorf("closing the invitations of moment %s: %w", m.ID, err)
	}
	return []event.Event{ev}, nil
}
