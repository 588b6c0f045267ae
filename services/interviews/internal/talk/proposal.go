package talk

import (
	"errors"
	"time"

	"jalon.dev/pkg/clock"
)

var (
	// ErrPast says that the date and time proposed are behind.
	ErrPast = errors.New("the date is behind")
	// ErrTooFar says that the date is further away than a talk may be put off.
	ErrTooFar = errors.New("the date is too far away")
	// ErrNoProposal says that there is no such proposal, or another one meanwhile.
	ErrNoProposal = errors.New("there is no such proposal any more")
	// ErrNotStartable says that the rhythm plans talks of this kind.
	ErrNotStartable = errors.New("talks of this kind are planned by themselves")
)

// furthest is how many days ahead a talk may be moved.
const furthest = 92

// Proposal is another date and time that one of the two proposes.
type Proposal struct {
	By       string          `bson:"by"`
	On       clock.Date      `bson:"on"`
	StartsAt clock.TimeOfDay `bson:"starts_at"`
}

// Propose notes what one of the two proposes; it replaces what either had proposed before. Whoever started a talk moves it at
// once; moved tells.
func (t *Talk) Propose(by string, on clock.Date, at clock.TimeOfDay, now time.Time) (moved bool, err error) {
	switch {
	case !t.Of(by):
		return false, ErrNotYours
	case t.State != Planned || t.ManagerID == "":
		return false, ErrNotPlanned
	}
	if err := t.possible(on, at, now); err != nil {
		return false, err
	}
	if t.StartedBy == by {
		t.move(on, at, Set)
		return true, nil
	}
	t.Proposal = &Proposal{By: by, On: on, StartsAt: at}
	return false, nil
}

// Withdraw takes back what the person proposed, if it is still there.
func (t *Talk) Withdraw(by string) error {
	if !t.Of(by) {
		return ErrNotYours
	}
	if t.Proposal != nil && t.Proposal.By == by {
		t.Proposal = nil
	}
	return nil
}

// AnswerProposal accepts or declines what the other one proposed.
func (t *Talk) AnswerProposal(by string, proposal Proposal, accept bool, now time.Time) error {
	switch {
	case !t.Of(by):
		return ErrNotYours
	case t.State != Planned:
		return ErrNotPlanned
	case t.Proposal == nil || *t.Proposal != proposal:
		return ErrNoProposal
	case proposal.By == by:
		return ErrOwnWord
	}
	if !accept {
		t.Proposal = nil
		return nil
	}
	if err := t.possible(proposal.On, proposal.StartsAt, now); err != nil {
		return err
	}
	t.move(proposal.On, proposal.StartsAt, Agreed)
	return nil
}

func (t *Talk) possible(on clock.Date, at clock.TimeOfDay, now time.Time) error {
	today := clock.DateOf(now, t.Location())
	switch {
	case !clock.LocalInstant(on, at, t.Location()).After(now):
		return ErrPast
	case today.DaysUntil(on) > furthest:
		return ErrTooFar
	case !t.LastDay.IsZero() && on.After(t.LastDay):
		return ErrLeft
	}
	return nil
}

func (t *Talk) move(on clock.Date, at clock.TimeOfDay, reason Reason) {
	t.PlannedOn, t.StartsAt, t.Reason, t.Proposal = on, at, reason, nil
	t.Sequence++
}

// Start plans a talk that a manager starts. The id makes starting it again start nothing.
func Start(id string, kind Kind, managerID string, employee Person, on clock.Date, at clock.TimeOfDay, now time.Time) (Talk, error) {
	if !kind.Startable() {
		return Talk{}, ErrNotStartable
	}
	t := Talk{
		ID: id, Kind: kind, Version: 1, StartedBy: managerID, State: Planned,
		PlannedOn: on, StartsAt: at, Reason: Set,
	}
	t.take(employee)
	t.ManagerID = managerID
	if err := t.possible(on, at, now); err != nil {
		return Talk{}, err
	}
	return t, nil
}

// Cancel calls off a talk that was started. Calling it off again changes nothing; changed tells.
func (t *Talk) Cancel(by string) (changed bool, err error) {
	switch {
	case by == "" || by != t.StartedBy:
		return false, ErrNotYours
	case t.State == Cancelled:
		return false, nil
	case t.State != Planned:
		return false, ErrNotPlanned
	}
	t.State, t.Proposal = Cancelled, nil
	t.Sequence++
	return true, nil
}
