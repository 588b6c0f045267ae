package campaign

import (
	"errors"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
)

// ErrNotComing says that a series has no such day to come that could be left out.
var ErrNotComing = errors.New("the series makes nothing on that day any more, or does not yet")

// LeaveOut has a series on the calendar make nothing on a day of its rule that is still to come; or, where out is false, make it after all.
// It is an EXDATE of RFC 5545: it stands beside the rule and changes nothing of what is sent, so the series goes on, and a number of times
// counts the day. A series that is edited keeps it: what was left out is not sent because of another text.
func (c Campaign) LeaveOut(day clock.Date, out bool, off func(clock.Date) bool, by string, at time.Time) (Campaign, error) {
	if !c.Goes() || c.PerPerson() != nil {
		return c, ErrNotComing
	}
	coming, err := c.Coming(off)
	if err != nil {
		return c, err
	}
	for p := range coming {
		if p.Rule.After(day) {
			break
		}
		if p.Rule != day || p.LeftOut || !p.Due.After(at) {
			continue
		}
		if out == (p.Why == ByHR) {
			return c, nil
		}
		c.Course.Except = slices.DeleteFunc(slices.Clone(c.Course.Except), func(d clock.Date) bool { return d == day })
		if out {
			c.Course.Except = append(c.Course.Except, day)
		}
		c.Version, c.ChangedAt, c.ChangedBy = c.Version+1, at, by
		return c, nil
	}
	return c, ErrNotComing
}
