// Package agenda keeps what is due: a follow-up, a reminder, a notification put off until the morning. Each is one
// document beside the service's own state, with an id that follows from what it is, so that scheduling it twice is
// scheduling it once.
//
// An item takes effect once. It is done, done late, cancelled, expired or failed, always visibly: nothing is deleted
// and nothing is dropped.
package agenda

import (
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
)

// State says where an item stands.
type State string

// The states of an item. All but StateWaiting are final.
const (
	StateWaiting   State = "waiting"
	StateDone      State = "done"
	StateCancelled State = "cancelled"
	// StateExpired items came up too late to be of use.
	StateExpired State = "expired"
	// StateFailed items were tried as often as is sensible; Retry gives them another chance.
	StateFailed State = "failed"
)

// Item is one thing that is due.
type Item struct {
	// ID is the occurrence: see OccurrenceID.
	ID string `bson:"_id"`
	// Kind names the handler.
	Kind string `bson:"kind"`
	// Subject is whom or what the item concerns, such as a person's id.
	Subject string `bson:"subject,omitempty"`
	// Due is the instant from which the item is to be done. Left zero, it follows from Local.
	Due time.Time `bson:"due"`
	// Local is set where the item is due at a local time. It is resolved anew when the item comes up, since the rules of
	// zones change.
	Local *LocalTime `bson:"local,omitempty"`
	// Expires is the instant from which doing the item is of no use any more; zero means never.
	Expires time.Time `bson:"expires,omitempty"`
	// Data is a little more that the handler needs to know; never names, answers or anything else that is personal.
	Data map[string]string `bson:"data,omitempty"`

	// What follows is the agenda's own; Schedule ignores it.

	State State `bson:"state"`
	// Reason says why the item was postponed or cancelled, has expired or failed.
	Reason string `bson:"reason,omitempty"`
	// DoneAt is when the item reached its final state.
	DoneAt time.Time `bson:"done_at,omitempty"`
	// Attempts counts the failures of the item by itself.
	Attempts int `bson:"attempts,omitempty"`
	// Wake is when to look at the item next: Due, or later after a failure. Only waiting items have it, and the index is
	// over them alone.
	Wake time.Time `bson:"wake,omitempty"`
}

// Lateness is how long after it was due the item was done; zero unless it was done.
func (i Item) Lateness() time.Duration {
	if i.State != StateDone {
		return 0
	}
	return i.DoneAt.Sub(i.Due)
}

// LocalTime is a wall clock's time on a date in a zone, such as 09:00 on 2026-11-02 in Europe/Paris.
type LocalTime struct {
	Date clock.Date      `bson:"date"`
	Time clock.TimeOfDay `bson:"time"`
	Zone string          `bson:"zone"`
}

// Instant is when the time comes, by the rule of clock.LocalInstant.
func (l LocalTime) Instant() (time.Time, error) {
	zone, err := clock.Zone(l.Zone)
	if err != nil {
		return time.Time{}, err
	}
	return clock.LocalInstant(l.Date, l.Time, zone), nil
}

// OccurrenceID is the id of what is due for whom on a local date. It is the same whenever it is asked for: this is what
// makes each due thing happen once.
func OccurrenceID(what, whom string, date clock.Date) string {
	return event.ID("agenda", what, whom, date.String())
}

// prepare is the item as it is first stored.
func (i Item) prepare() (Item, error) {
	if i.ID == "" || i.Kind == "" {
		return Item{}, fmt.Errorf("scheduling item %q of kind %q: both must be set", i.ID, i.Kind)
	}
	if i.Due.IsZero() {
		if i.Local == nil {
			return Item{}, fmt.Errorf("scheduling item %s of kind %s: it has no due instant", i.ID, i.Kind)
		}
		due, err := i.Local.Instant()
		if err != nil {
			return Item{}, fmt.Errorf("scheduling item %s of kind %s: %w", i.ID, i.Kind, err)
		}
		i.Due = due
	}
	i.Due, i.Expires = stored(i.Due), stored(i.Expires)
	i.State, i.Reason, i.DoneAt, i.Attempts, i.Wake = StateWaiting, "", time.Time{}, 0, i.Due
	return i, nil
}

// stored is the instant as the database keeps it.
func stored(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(clock.Resolution)
}

// expired says whether the item is past its use.
func (i Item) expired(now time.Time) bool { return !i.Expires.IsZero() && !now.Before(i.Expires) }
