// Package react turns events of other services into deliveries: one file per event.
package react

import (
	"context"
	"fmt"
	"time"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/inbox"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// InvitationsRequested puts the invitations before the gate.
func InvitationsRequested(d *delivery.Delivery) func(context.Context, event.Event, *momentsv1.InvitationsRequested) error {
	return func(ctx context.Context, ev event.Event, msg *momentsv1.InvitationsRequested) error {
		requests := make([]delivery.Request, len(msg.GetInvitations()))
		for i, invitation := range msg.GetInvitations() {
			expires, err := instant(invitation.GetExpiresAt())
			if err != nil {
				return fmt.Errorf("expiry of invitation %s: %w", invitation.GetId(), err)
			}
			requests[i] = delivery.Request{PersonID: invitation.GetPersonId(), Message: inbox.Message{
				ID:        invitation.GetId(),
				KeyMoment: invitation.GetKeyMoment(),
				FollowUp:  invitation.GetFollowUp(),
				Subject:   subjectOf(invitation.GetSubject()),
				ExpiresAt: expires,
				Discreet:  invitation.GetDiscreet(),
				Piece:     pieceOf(invitation),
				Reminders: wanted(invitation),
			}}
		}
		return d.Request(ctx, ev.ID, requests)
	}
}

func subjectOf(told *momentsv1.Subject) *inbox.Subject {
	if told == nil {
		return nil
	}
	return &inbox.Subject{FR: told.GetFr(), EN: told.GetEn()}
}

// pieceOf is by what the mails of a campaign are counted. Those of a discreet one are not: how many there are tells exactly what HR is
// told in tens.
func pieceOf(invitation *momentsv1.Invitation) string {
	if invitation.GetDiscreet() {
		return ""
	}
	return invitation.GetPiece()
}

// wanted is how many reminders an invitation asks for; nil is as many as is usual.
func wanted(invitation *momentsv1.Invitation) *int {
	if invitation.Reminders == nil {
		return nil
	}
	n := int(invitation.GetReminders())
	return &n
}

// instant reads what an event tells of a time; an empty text is the zero time.
func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: %w", event.ErrInvalid, err)
	}
	return at.UTC().Truncate(time.Millisecond), nil
}
