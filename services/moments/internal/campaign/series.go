package campaign

import (
	"iter"
	"slices"
	"strconv"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/recurrence"
)

// Course is how far a series has come. What is not in it is found again: occurrences bear ids that follow from the series and their
// day, so that none is made twice, however often a day is come to.
type Course struct {
	// Passed is the day of the rule that was decided last: what is not after it is over.
	Passed clock.Date `bson:"passed,omitempty"`
	// From is the instant before which nothing is made up: it was not launched then, or paused.
	From time.Time `bson:"from,omitempty"`
	// LeftOut are the days that were left out lately, the newest last.
	LeftOut []LeftOut `bson:"left_out,omitempty"`
	// Except are days of the rule to come on which HR wants nothing made.
	Except []clock.Date `bson:"except,omitempty"`
}

// LeftOut is a day of a rule on which nothing was made, or several in a row until To.
type LeftOut struct {
	On  clock.Date `bson:"on"`
	To  clock.Date `bson:"to,omitempty"`
	Why Reason     `bson:"why"`
}

// Reason is why a day was left out.
type Reason string

// The reasons.
const (
	// DayOff: a weekend or a public holiday.
	DayOff Reason = "day_off"
	// Missed: the service was away for longer than the grace.
	Missed Reason = "missed"
	// Dropped: the month that would collect these people was cancelled.
	Dropped Reason = "cancelled"
	// ByHR: HR left it out.
	ByHR Reason = "by_hr"
	// Few: so few people were due that inviting them would tell of each of them that they had answered.
	Few Reason = "few"
)

// How late an occurrence is still made after an outage, in whole days. What was missed for longer is left out and said. People who
// are asked on a day of their own are waited for longer: the day means something to them alone, and comes once.
const (
	GraceDays          = 2
	GraceDaysPerPerson = 7
)

// mostLeftOut is how many days that were left out are remembered.
const mostLeftOut = 24

// Recurs tells that it is a series.
func (c Campaign) Recurs() bool { return c.Content.Recurrence != nil }

// PerPerson is how a series asks people on days of their own; nil where it does not.
func (c Campaign) PerPerson() *recurrence.PerPerson {
	if c.Content.Recurrence == nil {
		return nil
	}
	return c.Content.Recurrence.PerPerson
}

// Confidential tells that who is invited depends on who reacted, and to what: those who are chosen for it, and those who are asked so
// long after their last answer.
func (c Campaign) Confidential() bool { return c.AfterAnswer || c.Content.Confidential() }

// Confidential tells that who is invited depends on who reacted.
func (c Content) Confidential() bool { return c.Audience.Confidential() || c.afterAnswer() }

// afterAnswer tells that each is asked so long after their last answer.
func (c Content) afterAnswer() bool {
	return c.Recurrence != nil && c.Recurrence.PerPerson != nil && c.Recurrence.PerPerson.Anchor == recurrence.Answer
}

// TooFine tells that an audience is narrowed by more than its unit, although each is asked so long after their last answer: of how many
// those are, with and without single people, would tell of each of them.
func (c Content) TooFine() bool {
	return c.afterAnswer() && !c.Audience.Same(audience.Audience{UnitID: c.Audience.UnitID})
}

// Goes tells that a series makes occurrences.
func (c Campaign) Goes() bool { return c.Recurs() && (c.State == Scheduled || c.State == Running) }

// TooLate tells that a day is past its grace, or that nobody could answer any more.
func (c Campaign) TooLate(p Planned, now time.Time) bool {
	zone, err := clock.Zone(c.Zone)
	if err != nil {
		return false // Coming says so
	}
	over := p.On.AddDays(c.Content.Recurrence.AnswerDays + 1).In(zone)
	return now.Sub(p.Due) > c.Grace() || !now.Before(over)
}

// Grace is how late an occurrence is still made.
func (c Campaign) Grace() time.Duration {
	if c.PerPerson() != nil {
		return GraceDaysPerPerson * 24 * time.Hour
	}
	return GraceDays * 24 * time.Hour
}

// withRule has the rule of a calendar follow from the first day.
func (c Content) withRule() Content {
	if c.Recurrence != nil && c.Recurrence.Calendar != nil {
		calendar := c.Recurrence.Calendar.From(c.On)
		repeated := *c.Recurrence
		repeated.Calendar = &calendar
		c.Recurrence = &repeated
	}
	return c
}

// relaunched is the course after a launch: what is due today still counts, what was due before does not.
func (c Campaign) relaunched(at time.Time) Course {
	zone, err := clock.Zone(c.Zone)
	if !c.Recurs() || err != nil {
		return c.Course
	}
	today := clock.DateOf(at, zone)
	return c.from(today.In(zone), today)
}

// resumed is the course after a pause: what was missed is not made up.
func (c Campaign) resumed(at time.Time) Course {
	zone, err := clock.Zone(c.Zone)
	if !c.Recurs() || err != nil {
		return c.Course
	}
	return c.from(at, clock.DateOf(at, zone))
}

// from begins again at an instant. Where the clock had jumped ahead and is back, the days that seemed over are not: those that were
// kept are found by their ids.
func (c Campaign) from(at time.Time, today clock.Date) Course {
	course := c.Course
	course.From = at
	if course.Passed.After(today) {
		course.Passed = today.AddDays(-1)
	}
	return course
}

// Planned is a day of a series, and the instant at which it is due.
type Planned struct {
	recurrence.Day
	Due time.Time
	// Why is why nothing is made on it; empty where something is.
	Why Reason
}

// planned is a day, and why nothing is made on it.
func (c Campaign) planned(day recurrence.Day, due time.Time) Planned {
	p := Planned{Day: day, Due: due}
	switch {
	case day.LeftOut:
		p.Why = DayOff
	case slices.Contains(c.Course.Except, day.Rule):
		p.Why = ByHR
	}
	return p
}

// Coming are the days of a series that were not decided yet, in their order, on a calendar of days off. Those of one per person are
// every day: weekends too, since the gate keeps people's own hours.
func (c Campaign) Coming(off func(clock.Date) bool) (iter.Seq[Planned], error) {
	zone, err := clock.Zone(c.Zone)
	if err != nil {
		return nil, err
	}
	days := c.everyDay()
	if c.PerPerson() == nil {
		if days, err = c.Content.Recurrence.Calendar.Planned(c.Content.On, off); err != nil {
			return nil, err
		}
	}
	return func(yield func(Planned) bool) {
		for day := range days {
			due := clock.LocalInstant(day.On, c.Content.At, zone)
			if !day.Rule.After(c.Course.Passed) || due.Before(c.Course.From) {
				continue
			}
			if !yield(c.planned(day, due)) {
				return
			}
		}
	}, nil
}

// everyDay yields every day that was not passed.
func (c Campaign) everyDay() iter.Seq[recurrence.Day] {
	first := c.Content.On
	if next := c.Course.Passed.AddDays(1); !c.Course.Passed.IsZero() && next.After(first) {
		first = next
	}
	if from := clock.DateOf(c.Course.From, time.UTC).AddDays(-1); !c.Course.From.IsZero() && from.After(first) {
		first = from
	}
	return func(yield func(recurrence.Day) bool) {
		for day := first; yield(recurrence.Day{Rule: day, On: day}); day = day.AddDays(1) {
		}
	}
}

// Passing notes that a day is decided, and why nothing was made on it, where nothing was.
func (c Campaign) Passing(day clock.Date, why Reason) Campaign {
	c.Course.Passed = day
	if why == "" {
		return c
	}
	left := slices.Clone(c.Course.LeftOut)
	if n := len(left); n > 0 && left[n-1].Why == why && left[n-1].last().AddDays(1) == day {
		left[n-1].To = day
	} else {
		left = append(left, LeftOut{On: day, Why: why})
	}
	c.Course.LeftOut = left[max(0, len(left)-mostLeftOut):]
	return c
}

func (l LeftOut) last() clock.Date {
	if l.To.IsZero() {
		return l.On
	}
	return l.To
}

// Going notes that a series made its first occurrence.
func (c Campaign) Going(at time.Time) (Campaign, error) {
	next, err := c.step(Start)
	if err == nil {
		next.StartedAt = at
	}
	return next, err
}

// Kept is the next version of a series that took steps by itself.
func (c Campaign) Kept() Campaign {
	c.Version++
	return c
}

// OccurrenceID is the same for the same series and key.
func OccurrenceID(seriesID, key string) string { return event.ID("campaign", seriesID, key) }

// Occurrence is the campaign of a day of the calendar, which waits for its time. It has the series' content as it is now: editing the
// series afterwards does not change it.
func (c Campaign) Occurrence(day recurrence.Day, number int, at time.Time) Campaign {
	o := c.occurrence(day.Rule.String(), number, at)
	o.Content.On = day.On
	o.Content.Until = day.On.AddDays(c.Content.Recurrence.AnswerDays)
	return o
}

// EndingBefore is an occurrence that is over before the next one begins, where a day off brings them near.
func (c Campaign) EndingBefore(next clock.Date) Campaign {
	if last := next.AddDays(-1); !next.IsZero() && last.Before(c.Content.Until) {
		c.Content.Until = last
	}
	return c
}

// Collector is the campaign that gathers whoever comes due in the month of a day. One a month has people enough to be counted; one a
// day, or one each, would be of so few that nothing could be told of it. A series that was launched anew has another, so that
// nobody's answers are mixed with those to another text.
func (c Campaign) Collector(day clock.Date, number int, at time.Time) Campaign {
	o := c.occurrence(c.CollectorKey(day), number, at)
	o.Content.On = day
	o.Content.Until = endOfMonth(day).AddDays(c.Content.Recurrence.AnswerDays)
	o.State, o.StartedAt, o.Collecting, o.AfterAnswer = Running, at, true, c.Content.afterAnswer()
	return o
}

// CollectorKey names the month of a day, and the launch.
func (c Campaign) CollectorKey(day clock.Date) string {
	return day.String()[:len("2026-11")] + "/" + strconv.Itoa(c.Run)
}

func endOfMonth(day clock.Date) clock.Date {
	day.Day = 1
	return day.AddMonths(1).AddDays(-1)
}

func (c Campaign) occurrence(key string, number int, at time.Time) Campaign {
	o := Campaign{
		ID: OccurrenceID(c.ID, key), Version: 1, State: Scheduled, Content: c.Content, Zone: c.Zone, ChangedAt: at, ChangedBy: c.ChangedBy,
		Run: 1, Turn: 1, Series: c.ID, Number: number,
	}
	o.Content.Recurrence = nil
	return o
}

// Joined notes that more people came due: they are in batches up to this one.
func (c Campaign) Joined(batches int) Campaign {
	c.Batches, c.Version = batches, c.Version+1
	return c
}

// AnchoredInvitationID is the same for the same person, series and day from which is counted, whatever else of the series changes.
func AnchoredInvitationID(seriesID, personID string, anchor clock.Date) string {
	return event.ID("campaign", seriesID, personID, anchor.String(), "ask")
}
