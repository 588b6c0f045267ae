// Package contact is the domain of wishes to be contacted. A confidential survey may ask at its end whether the person wants to
// be contacted; who does is known to HR by name, and what was answered stays confidential. So a wish is kept apart from every
// response: it has no id, no instant and no place in an order in common with one.
package contact

import (
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
)

// Request is somebody's wish to be contacted about a key moment. Where the person works is not kept: the register of people
// knows, and whoever reads a list is shown those of their own units.
type Request struct {
	// ID is made of the fields below, and of nothing else: a wish sent twice is one.
	ID        string `bson:"_id"`
	PersonID  string `bson:"person_id"`
	KeyMoment string `bson:"key_moment"`
	// AskedOn is a local date; nothing finer is kept.
	AskedOn clock.Date `bson:"asked_on"`
	// DoneOn and DoneBy are zero while it waits.
	DoneOn clock.Date `bson:"done_on"`
	DoneBy string     `bson:"done_by,omitempty"`
}

// New is a wish made on a day.
func New(personID, keyMoment string, on clock.Date) Request {
	return Request{ID: event.ID("contact", personID, keyMoment, on.String()), PersonID: personID, KeyMoment: keyMoment, AskedOn: on}
}

// Done tells that the person was contacted.
func (r Request) Done() bool { return !r.DoneOn.IsZero() }
