package gate

import "time"

// Kind is a sort of message. Caps and the order of the waiting depend on it.
type Kind string

// The kinds of messages.
const (
	// Milestone: it asks about something that happens to the person rarely, and only now: an arrival, a promotion.
	Milestone Kind = "milestone"
	// Company: everybody is asked, once in a long while: the barometer.
	Company Kind = "company"
	// Routine: it comes back by itself every few weeks: the survey about the regular talk.
	Routine Kind = "routine"
	// Appointment: it reminds people of their own talks, to prepare one, to hold one, or points to results that are theirs to read.
	// That is a part of the work and no question; see asks.
	Appointment Kind = "appointment"
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Milestone, Company, Routine, Appointment} }

const (
	// Talk is the key moment under which people are reminded of their own talks.
	Talk = "talk"
	// Barometer is the one under which they are asked to take part in the yearly panel.
	Barometer = "barometer"
	// Campaign is the one under which HR asks an audience, or tells it something.
	Campaign = "campaign"
	// BarometerResults is the one under which those who lead a unit are pointed to its results.
	BarometerResults = "barometer_results"
)

// asks tells whether messages of the kind ask something of the person, which is what caps over all kinds are about. An
// appointment does not: were it counted, a manager of forty would never be asked anything; were it limited, questions would
// keep them from their talks. It has caps of its own, and keeps to the same hours.
func (k Kind) asks() bool { return k != Appointment }

// kinds are the key moments whose messages are no milestones.
var kinds = map[string]Kind{
	"check_in":       Routine,
	"congratulation": Routine,
	"reframing":      Routine,
	Barometer:        Company,
	BarometerResults: Appointment,
	"talk_audit":     Company,
	Campaign:         Company,
	Talk:             Appointment,
}

// KindOf is the kind of what is asked about a key moment; one that is not known is taken for a milestone, which waits
// least.
func KindOf(keyMoment string) Kind {
	if kind, ok := kinds[keyMoment]; ok {
		return kind
	}
	return Milestone
}

// Head starts and handicaps of the order of the waiting; see Rank.
const (
	milestoneAhead   = 14 * 24 * time.Hour
	companyAhead     = 7 * 24 * time.Hour
	appointmentAhead = 3 * 24 * time.Hour
	reminderBehind   = 7 * 24 * time.Hour
)

// Rank is the place of a message among those that wait for the same person: the lower goes first.
//
// The rule is that each kind is counted as if it had been asked for earlier than it was: a milestone by two weeks, a
// company's survey by one week, an appointment by three days. A reminder counts as asked for a week after it was shown last, because it may not
// take the place of what the person has not seen once; its since is that time. So the kinds have priorities, and yet
// waiting counts as much as being important: a message can be overtaken only by those that were asked for less than its
// disadvantage, three weeks at most, after it. Their number is finite, so that none waits for ever, and the order of two that
// wait never changes.
func Rank(kind Kind, since time.Time, reminder bool) time.Time {
	switch {
	case reminder:
		return since.Add(reminderBehind)
	case kind == Milestone:
		return since.Add(-milestoneAhead)
	case kind == Company:
		return since.Add(-companyAhead)
	case kind == Appointment:
		return since.Add(-appointmentAhead)
	default:
		return since
	}
}

// MaxOvertaking is the longest disadvantage that Rank gives one message over another.
const MaxOvertaking = milestoneAhead + reminderBehind
