package running

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
)

// The occasions on which people are asked to take part. Between the two, notifications reminds those whose first invitation was not
// taken back.
const (
	occasionOpening = "opening"
	occasionClosing = "closing"
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
		msg := &barometerv1.VotingInvitationsRequested{}
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

// withoutCard leaves out who votes with a printed card: on the first day nobody else is told of yet.
func withoutCard(electors iter.Seq2[mongostore.Elector, error]) iter.Seq2[mongostore.Elector, error] {
	return func(yield func(mongostore.Elector, error) bool) {
		for elector, err := range electors {
			if (err != nil || !elector.Told) && !yield(elector, err) {
				return
			}
		}
	}
}

// tell takes back, once a night, the invitations of those who took a token, so that they are not reminded before the end. It tells of
// nobody's hour, and as long as they are fewer than a batch of ballots, of nobody.
func (r *Runner) tell(ctx context.Context, now time.Time, e edition.Edition) error {
	if err := r.settleSheets(ctx, now, e); err != nil {
		return err
	}
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
	if err := r.withdraw(ctx, now, e, KindTell, values(all)); err != nil {
		return err
	}
	for some := range slices.Chunk(all, together) {
		ids := make([]string, len(some))
		for i, elector := range some {
			ids[i] = elector.ID
		}
		if err := r.Electors.SetTold(ctx, ids); err != nil {
			return err
		}
	}
	return nil
}

// settleSheets brings what was interrupted of sheets of cards to its end, and lets the people go of those that nobody confirmed in time.
func (r *Runner) settleSheets(ctx context.Context, now time.Time, e edition.Edition) error {
	zone, err := clock.Zone(e.Zone)
	if err != nil {
		return fmt.Errorf("reading the time zone of edition %s: %w", e.ID, err)
	}
	return r.Sheets.Settle(ctx, e.ID, clock.DateOf(now, zone))
}

// withdraw takes people's first invitations back.
func (r *Runner) withdraw(ctx context.Context, now time.Time, e edition.Edition, why string, electors iter.Seq2[mongostore.Elector, error]) error {
	return inParts(electors, func(some []mongostore.Elector) error {
		msg, key := &barometerv1.VotingInvitationsClosed{}, []string{why, e.ID}
		for _, elector := range some {
			key = append(key, elector.ID)
			msg.Invitations = append(msg.Invitations, &barometerv1.VotingInvitationsClosed_Closed{
				InvitationId: invitationID(e.ID, elector.PersonID, occasionOpening), PersonId: elector.PersonID,
			})
		}
		closed, err := event.NewKeyed(ctx, source, "", event.ID(key...), now, msg)
		if err != nil {
			return fmt.Errorf("taking %d invitations back: %w", len(some), err)
		}
		if err := r.Relay.Append(ctx, closed); err != nil {
			return fmt.Errorf("taking %d invitations back: %w", len(some), err)
		}
		return nil
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

// inParts does something with as many as go into one event.
func inParts(electors iter.Seq2[mongostore.Elector, error], do func([]mongostore.Elector) error) error {
	var some []mongostore.Elector
	for elector, err := range electors {
		if err != nil {
			return err
		}
		some = append(some, elector)
		if len(some) == together {
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
