package talk

import (
	"errors"
	"strconv"
	"time"

	"jalon.dev/pkg/clock"
)

var (
	// ErrNotYours says that the person is none of the two.
	ErrNotYours = errors.New("this talk is between two other people")
	// ErrNotPlanned says that the talk is held, contested or cancelled: nothing about its date changes any more.
	ErrNotPlanned = errors.New("the talk is not planned any more")
	// ErrFuture says that a talk cannot have been held on a day that is still ahead.
	ErrFuture = errors.New("the day is still ahead")
	// ErrBefore says that the day lies before the talk before, or before the person was there.
	ErrBefore = errors.New("the day lies before the talk before this one")
	// ErrLeft says that the person had left by then.
	ErrLeft = errors.New("the person had left by then")
	// ErrOwnWord says that it is for the other one to answer.
	ErrOwnWord = errors.New("it is for the other one to answer")
	// ErrNothingSaid says that nobody said that the talk was held, or that it was answered already.
	ErrNothingSaid = errors.New("there is nothing to answer")
)

// SayHeld notes that one of the two says that the talk was held on the day. Saying the same again changes nothing; changed tells.
func (t *Talk) SayHeld(by string, on clock.Date, now time.Time) (changed bool, err error) {
	today := clock.DateOf(now, t.Location())
	switch {
	case !t.Of(by):
		return false, ErrNotYours
	case t.State.Counts() && t.HeldOn == on:
		return false, nil
	case t.State != Planned || t.ManagerID == "":
		return false, ErrNotPlanned
	case on.After(today):
		return false, ErrFuture
	case !t.LastDay.IsZero() && on.After(t.LastDay):
		return false, ErrLeft
	case !t.LastHeldOn.IsZero() && !on.After(t.LastHeldOn), on.Before(t.HiredOn):
		return false, ErrBefore
	}
	t.State, t.HeldOn, t.SaidBy, t.SaidAt = Held, on, by, now
	t.Proposal = nil
	if t.EmployeeID == "" { // nobody else can confirm it
		t.State = Confirmed
	}
	return true, nil
}

// Answer confirms or contests what the other one said. Answering the same again changes nothing; changed tells.
func (t *Talk) Answer(by string, confirm bool) (changed bool, err error) {
	want := Contested
	if confirm {
		want = Confirmed
	}
	switch {
	case !t.Of(by):
		return false, ErrNotYours
	case t.SaidBy == by:
		return false, ErrOwnWord
	case t.State == want:
		return false, nil
	case t.State != Held:
		return false, ErrNothingSaid
	}
	t.State = want
	return true, nil
}

// ToConfirm tells that the person is to confirm or contest that the talk was held.
func (t Talk) ToConfirm(personID string) bool {
	return t.State == Held && t.Of(personID) && t.SaidBy != personID
}

func numeral(n int) string { return strconv.Itoa(n) }
