package react

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/moments/internal/moment"
)

// AuditDue plans to ask each person about their talks, on the audit's day at the usual hour of where they are; at once where that is
// past. Nothing but the follow-up is kept, and no event tells of it before it is asked (moment.TalkAudit). Whoever has left by then is
// not asked, as with every follow-up.
func (r Reactions) AuditDue(ctx context.Context, ev event.Event, msg *interviewsv1.AuditDue) error {
	on, err := clock.ParseDate(msg.GetAuditOn())
	if err == nil && on.IsZero() {
		err = errors.New("no day is given")
	}
	if err != nil {
		return fmt.Errorf("reading when to ask about talks: %w", err)
	}
	known, err := r.People.GetMany(ctx, msg.GetPersonIds())
	if err != nil {
		return err
	}
	audit := moment.AuditOf(on)
	var asked []moment.Moment
	var unheard []string
	for _, id := range msg.GetPersonIds() {
		p, ok := known[id]
		if !ok {
			unheard = append(unheard, id)
			continue
		}
		asked = append(asked, moment.Open(audit, person(p), on, moment.Audited, ev.Time))
	}
	if err := r.Opener.Plan(ctx, asked); err != nil {
		return fmt.Errorf("planning the audit of %s: %w", on, err)
	}
	r.Log.Info("audit of the talks planned", zap.Stringer("day", on), zap.String("event", ev.ID), zap.Int("people", len(asked)))
	if err := r.forgetErased(ctx, concerned(asked)); err != nil {
		return err
	}
	return r.awaitPeople(ctx, unheard)
}
