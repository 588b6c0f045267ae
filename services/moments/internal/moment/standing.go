package moment

import (
	"time"

	"jalon.dev/pkg/clock"
)

// Reason is a stable word for why a follow-up was not asked.
type Reason string

// Reasons.
const (
	// HeardTooLate: its grace had passed when Jalon heard of the moment.
	HeardTooLate Reason = "heard_too_late"
	// LeftBefore: the person's last day comes before it.
	LeftBefore Reason = "left_before"
	// DateChanged: the moment's date is no longer the one that was told, and another moment took its place.
	DateChanged Reason = "date_changed"
	// PersonUnknown: the person was erased.
	PersonUnknown Reason = "person_unknown"
	// TooLate: its grace passed while Jalon could not ask.
	TooLate Reason = "too_late"
	// ChangedAgain: what the moment was about has changed again since, and another moment took its place.
	ChangedAgain Reason = "changed_again"
	// MomentCancelled: somebody called the moment off.
	MomentCancelled Reason = "moment_cancelled"
	// TalkContested: of the two who had the talk, one says that it was not held. It is why a moment is cancelled, not a follow-up.
	TalkContested Reason = "talk_contested"
	// Failed: it could not be asked, however often it was tried; the operator's log says why.
	Failed Reason = "failed"
)

// Refuses tells that the reason is one for which a follow-up is called off when its time comes.
func (r Reason) Refuses() bool {
	return r == LeftBefore || r == DateChanged || r == ChangedAgain || r == PersonUnknown
}

// State is where a follow-up stands.
type State int

// States. The zero value is a follow-up that waits for its time.
const (
	Planned State = iota
	Asked
	Expired
	Cancelled
	Skipped
)

// Standing is a state with what is known about it.
type Standing struct {
	State   State
	Reason  Reason
	Due     time.Time
	AskedAt time.Time
}

// Contract is what directory told last of when and for whom a person works here; what is not known is zero.
type Contract struct {
	FirstDay, LastDay clock.Date
	ManagerID         string
	// Moves are the changes of unit that were told, in any order.
	Moves []Move
}

// Refusal says why a follow-up of the moment, dated on, must not be asked on a day, or nothing where it may be. Only the
// person's newest facts decide, so it does not matter in which order they became known.
//
// An onboarding or a departure that directory told of stands or falls with its date, the person's first or last day; one that
// was declared may be ahead of what directory knows.
func (m Moment) Refusal(on, day clock.Date, c Contract) Reason {
	switch {
	case m.KeyMoment == Departure && m.Cause == Left && m.HappensOn != c.LastDay:
		return DateChanged
	case m.KeyMoment == Onboarding && m.Cause == Hired && !c.FirstDay.IsZero() && m.HappensOn != c.FirstDay:
		return DateChanged
	case m.Cause == Dated && !c.FirstDay.IsZero() && !IsAnniversary(c.FirstDay, m.HappensOn):
		return DateChanged
	case m.Cause == Moved && len(c.Moves) > 0 && !arrived(c.Moves, m.HappensOn):
		return DateChanged
	case m.Cause == Moved && movedOn(c.Moves, m.HappensOn, day):
		return ChangedAgain
	case m.Cause == ManagerChanged && m.ManagerID != c.ManagerID:
		return ChangedAgain
	case !c.LastDay.IsZero() && day.After(c.LastDay) && !m.ByLink(on):
		return LeftBefore
	default:
		return ""
	}
}

// Stand is where a follow-up stands: kept is what its agenda item says, and c the person's contract, as far as known. A planned
// one that will be refused when its time comes is shown as cancelled already.
func (m Moment) Stand(f FollowUp, kept Standing, c Contract) Standing {
	if f.Skipped != "" {
		return Standing{State: Skipped, Reason: f.Skipped, Due: f.Due}
	}
	if kept.Due.IsZero() {
		kept.Due = f.Due
	}
	if m.Cancelled != nil && kept.State == Planned {
		kept.State, kept.Reason = Cancelled, MomentCancelled
	}
	if kept.State == Planned {
		if why := m.Refusal(f.On, f.On, c); why != "" {
			kept.State, kept.Reason = Cancelled, why
		}
	}
	return kept
}

// Life is the state of a whole moment.
type Life int

// Lives.
const (
	// Underway: a follow-up is still ahead, or the moment itself.
	Underway Life = iota
	// Over: everything is behind.
	Over
	// CalledOff: every follow-up was cancelled.
	CalledOff
)

// LifeOf is the state of the moment whose follow-ups stand so, on a day.
func (m Moment) LifeOf(standings []Standing, today clock.Date) Life {
	if m.Cancelled != nil {
		return CalledOff
	}
	cancelled := 0
	for _, s := range standings {
		switch s.State {
		case Planned:
			return Underway
		case Cancelled:
			cancelled++
		case Asked, Expired, Skipped:
		}
	}
	switch {
	case cancelled > 0 && cancelled == len(standings):
		return CalledOff
	case m.HappensOn.After(today):
		return Underway
	default:
		return Over
	}
}
