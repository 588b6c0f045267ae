package react

import (
	"context"
	"fmt"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/moment"
)

// managersChanged opens a change of manager for those who have another one than was known. It compares with what is known
// before the event is noted, and is done before: an event that is told again after a crash finds the same difference, or
// everything opened. Somebody's first manager, and having none any more, are no change of manager.
//
// Which of several changes counts, the newest facts decide when the follow-up's time comes (moment.Refusal).
func (r Reactions) managersChanged(
	ctx context.Context, ev event.Event, catalogue moment.Catalogue, employees []*directoryv1.Employee, day func(i int) string,
) error {
	km, ok := catalogue.Find(moment.ManagerChange)
	if !ok {
		return nil
	}
	known, err := r.People.GetMany(ctx, employeeIDs(employees))
	if err != nil {
		return err
	}
	var moments []moment.Moment
	for i, e := range employees {
		now, err := people.PersonOf(e)
		if err != nil {
			return err
		}
		before := known[now.ID]
		if before.Version >= now.Version || before.ManagerID == "" || now.ManagerID == "" || before.ManagerID == now.ManagerID {
			continue
		}
		changedOn, err := clock.ParseDate(day(i))
		if err != nil {
			return fmt.Errorf("reading when the manager of person %s changed: %w", now.ID, err)
		}
		if changedOn.IsZero() {
			changedOn = clock.DateOf(ev.Time, now.Location())
		}
		m := moment.OpenManagerChange(km, person(now), now.ManagerID, changedOn, ev.Time)
		if now.Employed(changedOn) && len(m.Planned()) > 0 {
			moments = append(moments, m)
		}
	}
	if len(moments) == 0 {
		return nil
	}
	if _, err = r.Opener.Open(ctx, "managers/"+ev.ID, ev.Time, moments); err != nil {
		return err
	}
	return r.forgetErased(ctx, concerned(moments))
}
