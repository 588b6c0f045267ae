package planning

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

const (
	source = "interviews"
	// most is how many talks an event may tell of.
	most = 1000
)

// TalkOf is a talk as others are told of it.
func TalkOf(t talk.Talk) *interviewsv1.Talk {
	return &interviewsv1.Talk{
		Id: t.ID, EmployeeId: t.EmployeeID, ManagerId: t.ManagerID, PlannedOn: t.PlannedOn.String(), Version: t.Version,
		StartsAt: t.StartsAt.String(), TimeZone: t.Zone, Minutes: int32(t.Minutes()), Sequence: t.Sequence, Kind: string(t.Kind),
	}
}

// tell records events about talks that were planned, or that do not take place any more. Delicate talks are told of by events that never
// leave Jalon.
func (p *Planner) tell(ctx context.Context, at time.Time, talks []talk.Talk) error {
	var planned, cancelled, delicate, undone []*interviewsv1.Talk
	for _, t := range talks {
		list := &planned
		switch {
		case t.Takes() && t.Kind.Delicate():
			list = &delicate
		case t.Takes():
		case t.Sequence == 0: // it was never told of
			continue
		case t.Kind.Delicate():
			list = &undone
		default:
			list = &cancelled
		}
		*list = append(*list, TalkOf(t))
	}
	var events []event.Event
	for _, telling := range []struct {
		what  string
		talks []*interviewsv1.Talk
		msg   func([]*interviewsv1.Talk) proto.Message
	}{
		{"planned", planned, func(t []*interviewsv1.Talk) proto.Message { return &interviewsv1.TalksPlanned{Talks: t} }},
		{"cancelled", cancelled, func(t []*interviewsv1.Talk) proto.Message { return &interviewsv1.TalksCancelled{Talks: t} }},
		{"planned", delicate, func(t []*interviewsv1.Talk) proto.Message { return &interviewsv1.DelicateTalksPlanned{Talks: t} }},
		{"cancelled", undone, func(t []*interviewsv1.Talk) proto.Message { return &interviewsv1.DelicateTalksCancelled{Talks: t} }},
	} {
		for part := range slices.Chunk(telling.talks, most) {
			ev, err := event.NewKeyed(ctx, source, "", key(telling.what, part), at, telling.msg(part))
			if err != nil {
				return fmt.Errorf("telling that %d talks are %s: %w", len(part), telling.what, err)
			}
			events = append(events, ev)
		}
	}
	if len(events) == 0 {
		return nil
	}
	if err := p.relay.Append(ctx, events...); err != nil {
		return fmt.Errorf("telling of %d talks: %w", len(talks), err)
	}
	return nil
}

// key names the event by what it tells: a cause may be redone in other portions.
func key(what string, talks []*interviewsv1.Talk) string {
	parts := []string{what}
	for _, t := range talks {
		parts = append(parts, t.GetId(), strconv.FormatInt(t.GetVersion(), 10))
	}
	return event.ID(parts...)
}

// record puts an event about one talk into its own document, to be saved with what it tells of. Delicate talks are told of by
// events that never leave Jalon.
func record(ctx context.Context, t *talk.Talk, at time.Time, open, delicate proto.Message) error {
	msg := open
	if t.Kind.Delicate() {
		msg = delicate
	}
	ev, err := event.New(ctx, source, t.ID, at, msg)
	if err != nil {
		return fmt.Errorf("telling of talk %s: %w", t.ID, err)
	}
	return t.Record(ev)
}

// RecordPlanned adds to a talk the event that it is planned, anew or for the first time.
func RecordPlanned(ctx context.Context, t *talk.Talk, at time.Time) error {
	told := []*interviewsv1.Talk{TalkOf(*t)}
	return record(ctx, t, at, &interviewsv1.TalksPlanned{Talks: told}, &interviewsv1.DelicateTalksPlanned{Talks: told})
}

// RecordCancelled adds to a talk the event that it does not take place.
func RecordCancelled(ctx context.Context, t *talk.Talk, at time.Time) error {
	told := []*interviewsv1.Talk{TalkOf(*t)}
	return record(ctx, t, at, &interviewsv1.TalksCancelled{Talks: told}, &interviewsv1.DelicateTalksCancelled{Talks: told})
}

// RecordHeld adds to a talk the event that one of the two says that it was held.
func RecordHeld(ctx context.Context, t *talk.Talk, at time.Time) error {
	told := heldOf(*t)
	return record(ctx, t, at, &interviewsv1.TalksHeld{Talks: told}, &interviewsv1.DelicateTalksHeld{Talks: told})
}

// RecordContested adds to a talk the event that the other one says that it was not.
func RecordContested(ctx context.Context, t *talk.Talk, at time.Time) error {
	told := &interviewsv1.TalksContested{Talks: heldOf(*t)}
	return record(ctx, t, at, told, told)
}

func heldOf(t talk.Talk) []*interviewsv1.HeldTalk {
	return []*interviewsv1.HeldTalk{{
		TalkId: t.ID, EmployeeId: t.EmployeeID, ManagerId: t.ManagerID, HeldOn: t.HeldOn.String(), Kind: string(t.Kind),
	}}
}
