package reminding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// answerDays is how long somebody is asked to answer what the other one said.
const answerDays = 14

// Ask tells whoever of the two has to answer what the other one said, and takes back what has become pointless for either.
func (r *Reminding) Ask(ctx context.Context, t talk.Talk) error {
	now := r.clock.Now()
	var due []mongostore.Reminder
	for _, personID := range [...]string{t.EmployeeID, t.ManagerID} {
		if matter := t.Asks(personID); matter != "" {
			due = append(due, mongostore.Reminder{
				ID:       event.ID(Kind, personID, string(matter), t.ID, strconv.FormatInt(t.Version, 10)),
				PersonID: personID, Matter: matter, Count: 1, TalkID: t.ID, Until: now.AddDate(0, 0, answerDays).Truncate(clock.Resolution),
			})
		}
	}
	if err := r.request(ctx, now, due); err != nil {
		return err
	}
	return r.Settle(ctx, t.EmployeeID, t.ManagerID)
}

// Settle takes back the reminders of people that have become pointless: nothing of their matter is left to do.
func (r *Reminding) Settle(ctx context.Context, personIDs ...string) error {
	now := r.clock.Now()
	standing, err := r.told.Standing(ctx, personIDs, now)
	if err != nil || len(standing) == 0 {
		return err
	}
	own, err := r.talks.PlannedOf(ctx, personIDs...)
	if err != nil {
		return err
	}
	with, err := r.talks.PlannedWith(ctx, personIDs...)
	if err != nil {
		return err
	}
	planned := slices.Concat(own, with)
	prepared, err := r.prepared(ctx, planned)
	if err != nil {
		return err
	}
	var pointless []mongostore.Reminder
	for _, s := range standing {
		stands, err := r.stands(ctx, s, planned, prepared, now)
		if err != nil {
			return err
		}
		if !stands {
			pointless = append(pointless, s)
		}
	}
	return r.takeBack(ctx, now, pointless)
}

func (r *Reminding) stands(ctx context.Context, s mongostore.Reminder, planned []talk.Talk, prepared map[string]bool, now time.Time) (bool, error) {
	if s.TalkID == "" {
		return slices.ContainsFunc(planned, func(t talk.Talk) bool { return concerns(t, s, prepared, now) }), nil
	}
	t, err := r.talks.Get(ctx, s.TalkID)
	if err != nil && !errors.Is(err, mongodb.ErrNotFound) {
		return false, err
	}
	return err == nil && t.Asks(s.PersonID) == s.Matter, nil
}

// concerns tells whether the talk is one that the reminder is still about.
func concerns(t talk.Talk, s mongostore.Reminder, prepared map[string]bool, now time.Time) bool {
	if !t.Takes() || !t.Of(s.PersonID) {
		return false
	}
	behind := now.After(t.Begins())
	switch s.Matter {
	case talk.Happened, talk.Late:
		return behind
	case talk.Prepare:
		return !behind && !t.Begins().After(s.Until) && !prepared[t.ID+s.PersonID]
	default:
		return !behind && !t.Begins().After(s.Until)
	}
}

func (r *Reminding) takeBack(ctx context.Context, now time.Time, pointless []mongostore.Reminder) error {
	if len(pointless) == 0 {
		return nil
	}
	msg := &interviewsv1.RemindersClosed{}
	var ids []string
	for _, s := range pointless {
		ids = append(ids, s.ID)
		msg.Reminders = append(msg.Reminders, &interviewsv1.RemindersClosed_Closed{ReminderId: s.ID, PersonId: s.PersonID})
	}
	ev, err := event.NewKeyed(ctx, "interviews", "", event.ID(append(ids, "closed")...), now, msg)
	if err != nil {
		return fmt.Errorf("taking reminders back: %w", err)
	}
	if err := r.relay.Append(ctx, ev); err != nil {
		return fmt.Errorf("taking reminders back: %w", err)
	}
	return r.told.Remove(ctx, ids)
}
