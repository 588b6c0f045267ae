package importing

import (
	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
)

// farAhead is how many days ahead a change is announced at most; more is a date of something else, or a year typed wrong.
const farAhead = 366

// effect is the day from which the unit or the manager is another one: the line's, or the file's date where it says none, or
// something doubtful.
//
// A day ahead is a change that HR announces, like a hire who starts next week. The file names the new unit and the new manager
// already, so they are taken as they would be without a date; what happens on the day is dated by it, and can be prepared.
func (p *planner) effect(l *line, d person.Difference, after person.Facts) clock.Date {
	on := l.EffectiveOn
	switch {
	case on.IsZero(), d.Rehired, !d.Unit && !d.Manager:
	case on.Before(after.HiredOn):
		p.warn(l, roster.EffectiveOn, roster.EffectUnclear, on.String(), "a day from "+after.HiredOn.String()+" on",
			"The change takes effect before the hire; the file's date was taken.")
	case on.After(p.opt.AsOf.AddDays(farAhead)):
		p.warn(l, roster.EffectiveOn, roster.EffectUnclear, on.String(), "a day until "+p.opt.AsOf.AddDays(farAhead).String(),
			"The change takes effect more than a year ahead; the file's date was taken.")
	default:
		return on
	}
	return p.opt.AsOf
}
