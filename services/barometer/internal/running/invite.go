package running

import (
	"context"
	"fmt"
	"iter"
	"time"

	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
)

// The occasions on which people are asked to take part.
const (
	occasionOpening  = "opening"
	occasionReminder = "reminder"
	occasionClosing  = "closing"
)

// together is how many people one event tells of.
const together = 1000

// invitationID is the same for the same person and occasion, however often they are asked for.
func invitationID(editionID, personID, occasion string) string {
	return event.ID("barometer", editionID, personID, occasion)
}

// invite asks for invitations of people who may vote. Redone, it asks for the same: their ids make that harmless.
func (r *Runner) invite(ctx context.Context, now time.Time, e edition.Edition, occasion string, electors iter.Seq2[mongostore.Elector, error]) error {
	closes, err := e.Closes()
	if err != nil {
		return err
	}
	expires := closes.UTC().Format(time.RFC3339)
	return inParts(electors, func(some []mongostore.Elector) error {
		msg := &barometerv1.InvitationsRequested{}
		for _, elector := range some {
			msg.Invitations = append(msg.Invitations, &barometerv1.Invitation{
				Id: invitationID(e.ID, elector.PersonID, occasion), PersonId: elector.PersonID, Occasion: occasion, ExpiresAt: expires,
			})
		}
		asked, err := event.NewKeyed(ctx, source, "", event.ID(occasion, e.ID, some[0].ID, some[len(some)-1].ID), now, msg)
		if err != nil {
			return fmt.Errorf("asking %d people to take part: %w", len(some), err)
		}
		if err := r.Relay.Append(ctx, asked); err != nil {
			return fmt.Errorf("asking %d people to take part: %w", len(some), err)
		}
		return nil
	})
}

// tell tells, once a night, who took a token, so that they are not asked again before the end. It tells of nobody's hour, and as long as
// they are fewer than a batch of ballots, of nobody.
func (r *Runner) tell(ctx context.Context, now time.Time, e edition.Edition) error {
	var all []mongostore.Elector
	for elector, err := range r.Electors.Untold(ctx, e.ID) {
		if err != nil {
			return err
		}
		all = append(all, elector)
	}
	if len(all) < smallestTold {
		return nil
	}
	return inParts(values(all), func(some []mongostore.Elector) error {
		msg := &barometerv1.InvitationsClosed{}
		ids := make([]string, len(some))
		for i, elector := range some {
			ids[i] = elector.ID
			for _, occasion := range []string{occasionOpening, occasionReminder} {
				msg.Invitations = append(msg.Invitations, &barometerv1.InvitationsClosed_Closed{
					InvitationId: invitationID(e.ID, elector.PersonID, occasion), PersonId: elector.PersonID,
				})
			}
		}
		told, err := event.NewKeyed(ctx, source, "", event.ID(append([]string{KindTell, e.ID}, ids...)...), now, msg)
		if err != nil {
			return fmt.Errorf("telling of %d people who took part: %w", len(some), err)
		}
		if err := r.Relay.Append(ctx, told); err != nil {
			return fmt.Errorf("telling of %d people who took part: %w", len(some), err)
		}
		return r.Electors.SetTold(ctx, ids)
	})
}

// smallestTold is how many people at least are told of together.
const smallestTold = 10

func values[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

// inParts does something with as many as go into one event, of which each has two lines at most.
func inParts(electors iter.Seq2[mongostore.Elector, error], do func([]mongostore.Elector) error) error {
	var some []mongostore.Elector
	for elector, err := range electors {
		if err != nil {
			return err
		}
		some = append(some, elector)
		if len(some) == together/2 {
			if err := do(some); err != nil {
				return err
			}
			some = nil
		}
	}
	if len(some) == 0 {
		return nil
	}
	return do(some)
}
