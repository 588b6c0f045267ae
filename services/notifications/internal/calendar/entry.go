package calendar

import (
	"slices"
	"time"
)

// Entry is what is remembered of a talk: its newest news, and who is to have it in their calendars.
type Entry struct {
	// ID is the talk's.
	ID string `bson:"_id"`
	// Version grows by one with each save; 0 is an entry that was never saved.
	Version    int64     `bson:"version"`
	EmployeeID string    `bson:"employee_id,omitempty"`
	ManagerID  string    `bson:"manager_id,omitempty"`
	Begins     time.Time `bson:"begins,omitempty"`
	Minutes    int       `bson:"minutes"`
	Sequence   int       `bson:"sequence"`
	Cancelled  bool      `bson:"cancelled,omitempty"`
	// Attendees are to have the talk in their calendars as it is now.
	Attendees []string `bson:"attendees,omitempty"`
	// Former were to have it by older news and are not any more.
	Former []string `bson:"former,omitempty"`
}

// order makes news of the same talk comparable: the higher are newer. Calling off comes last under its sequence, since nothing
// follows it.
func order(sequence int, cancelled bool) int {
	if cancelled {
		return 2*sequence + 1
	}
	return 2 * sequence
}

// Order is that of the newest news: what was to be told of older ones must not be told any more.
func (e Entry) Order() int { return order(e.Sequence, e.Cancelled) }

// follow returns the entry as the talk makes it. Old news change nothing, and neither do the same ones told again.
func (e Entry) follow(t Talk, now time.Time) (next Entry, changed bool) {
	if e.Version > 0 && order(t.Sequence, t.Cancelled) <= e.Order() {
		return e, false
	}
	next = Entry{
		ID: t.ID, Version: e.Version + 1, EmployeeID: t.EmployeeID, ManagerID: t.ManagerID, Begins: t.Begins, Minutes: t.Minutes,
		Sequence: t.Sequence, Cancelled: t.Cancelled, Attendees: t.attendees(now),
	}
	if next.ManagerID == "" { // it was with somebody, who is named to the employee when it is called off
		next.ManagerID = e.ManagerID
	}
	if t.Cancelled && next.Begins.IsZero() { // it tells for how long the entry is of use
		next.Begins = e.Begins
	}
	for _, person := range slices.Concat(e.Attendees, e.Former) {
		if !slices.Contains(next.Attendees, person) {
			next.Former = append(next.Former, person)
		}
	}
	return next, true
}

// Notice is one thing to tell one person's calendar.
type Notice struct {
	TalkID, PersonID string
	// Order is that of the news that it tells of; see Entry.Order.
	Order int
	// Cancelled: the talk does not take place any more, at least for this person.
	Cancelled bool
	// Begins is when it does.
	Begins time.Time
}

// notices are what everybody who ever was to have the talk in a calendar is to be told now. Whether a former attendee was
// ever reached, and so has anything to take out, is seen when the mail is about to leave.
func (e Entry) notices() []Notice {
	var all []Notice
	for _, person := range e.Attendees {
		all = append(all, Notice{TalkID: e.ID, PersonID: person, Order: e.Order(), Begins: e.Begins})
	}
	for _, person := range e.Former {
		all = append(all, Notice{TalkID: e.ID, PersonID: person, Order: e.Order(), Cancelled: true})
	}
	return all
}

// Other is whom the person has, or had, the talk with; empty where that is no employee.
func (e Entry) Other(personID string) string {
	if personID == e.EmployeeID {
		return e.ManagerID
	}
	return e.EmployeeID
}
