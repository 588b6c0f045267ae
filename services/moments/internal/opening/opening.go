// Package opening opens moments: it keeps them, puts their follow-ups into the agenda and tells the others.
package opening

import (
	"context"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/outbox"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
)

// most is how many moments one event tells of, and one write keeps.
const most = 1000

// Opener opens moments.
type Opener struct {
	Moments   *mongostore.Moments
	FollowUps *mongostore.FollowUps
	Agenda    *agenda.Agenda
	Relay     *outbox.Relay
}

// Open makes sure that the moments are kept, planned and told of. Every step may be redone, after a crash or because the same
// news came twice: what was decided first stands. key names the news. It returns how many moments were new.
func (o Opener) Open(ctx context.Context, key string, at time.Time, moments []moment.Moment) (int, error) {
	opened, part := 0, 0
	for chunk := range slices.Chunk(moments, most) {
		n, err := o.open(ctx, fmt.Sprintf("%s/%d", key, part), at, chunk)
		if err != nil {
			return opened, err
		}
		opened, part = opened+n, part+1
	}
	return opened, nil
}

// Keep keeps moments without opening them yet: whoever decided on them has something to note first, by which they could not be
// decided on again.
func (o Opener) Keep(ctx context.Context, moments []moment.Moment) error {
	_, err := o.Moments.Insert(ctx, moments)
	return err
}

// Kept returns which of the moments news heard at an instant kept before.
func (o Opener) Kept(ctx context.Context, moments []moment.Moment, heard time.Time) ([]moment.Moment, error) {
	if len(moments) == 0 {
		return nil, nil
	}
	known, err := o.Moments.GetMany(ctx, ids(moments))
	return slices.DeleteFunc(known, func(m moment.Moment) bool { return !m.OpenedAt.Equal(heard) }), err
}

// Declare opens one moment that no event tells of, and says whether it was new.
func (o Opener) Declare(ctx context.Context, m moment.Moment) (bool, error) {
	opened, err := o.open(ctx, keyOf(m), m.OpenedAt, []moment.Moment{m})
	return opened == 1, err
}

func keyOf(declared moment.Moment) string { return "declared/" + declared.ID }

func (o Opener) open(ctx context.Context, key string, at time.Time, moments []moment.Moment) (int, error) {
	inserted, err := o.Moments.Insert(ctx, moments)
	if err != nil {
		return 0, err
	}
	if inserted < len(moments) {
		// Some were known: what was planned then counts, not what would be planned now.
		if moments, err = o.Moments.GetMany(ctx, ids(moments)); err != nil {
			return 0, err
		}
	}
	if err := o.Plan(ctx, moments); err != nil {
		return 0, err
	}
	told, err := tell(ctx, key, at, moments)
	if err != nil {
		return 0, err
	}
	if err := o.Relay.Append(ctx, told...); err != nil {
		return 0, fmt.Errorf("telling of %d moments: %w", len(moments), err)
	}
	return inserted, nil
}

// Plan puts the follow-ups of moments into the agenda; those that are there already stay as they are.
func (o Opener) Plan(ctx context.Context, moments []moment.Moment) error {
	var items []agenda.Item
	for _, m := range moments {
		if m.Cancelled != nil {
			continue
		}
		personal, err := m.Personal()
		if err != nil {
			return err
		}
		for _, p := range personal {
			for _, f := range p.Planned() {
				items = append(items, followup.Item(p, f))
			}
		}
	}
	for part := range slices.Chunk(items, most) {
		if err := o.Agenda.Schedule(ctx, part...); err != nil {
			return fmt.Errorf("planning %d follow-ups: %w", len(part), err)
		}
	}
	return nil
}

// tell makes the events about moments. Delicate ones are told of apart, by an event that never leaves Jalon.
func tell(ctx context.Context, key string, at time.Time, moments []moment.Moment) ([]event.Event, error) {
	open, delicate := &momentsv1.MomentsOpened{}, &momentsv1.DelicateMomentsOpened{}
	for _, m := range moments {
		if moment.IsDelicate(m.KeyMoment) {
			delicate.Moments = append(delicate.Moments, message(m))
		} else {
			open.Moments = append(open.Moments, message(m))
		}
	}
	var events []event.Event
	for _, msg := range []interface {
		proto.Message
		GetMoments() []*momentsv1.Moment
	}{open, delicate} {
		if len(msg.GetMoments()) == 0 {
			continue
		}
		ev, err := event.NewKeyed(ctx, "moments", "", key, at, msg)
		if err != nil {
			return nil, fmt.Errorf("telling of %d moments: %w", len(moments), err)
		}
		events = append(events, ev)
	}
	return events, nil
}

func message(m moment.Moment) *momentsv1.Moment {
	msg := &momentsv1.Moment{
		Id: m.ID, KeyMoment: m.KeyMoment, PersonId: m.PersonID, HappensOn: m.HappensOn.String(), UnitId: m.UnitID,
	}
	if m.Guest && len(m.UnitPath) > 0 {
		msg.PersonId, msg.Guest, msg.UnitId = "", true, m.UnitPath[len(m.UnitPath)-1]
	}
	return msg
}

func ids(moments []moment.Moment) []string {
	out := make([]string, len(moments))
	for i, m := range moments {
		out[i] = m.ID
	}
	return out
}
