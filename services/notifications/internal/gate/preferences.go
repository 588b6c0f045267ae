package gate

import (
	"errors"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
)

// Preferences are a person's own choices. They can only narrow the company's hours: a message passes when both are open.
type Preferences struct {
	// From, included, and To, excluded, are the hours of any day in which the person wants to be asked; both zero for all.
	From clock.TimeOfDay `bson:"from,omitempty"`
	To   clock.TimeOfDay `bson:"to,omitempty"`
	// DaysOff are weekdays on which the person does not want to be asked.
	DaysOff []time.Weekday `bson:"days_off,omitempty"`
	// NoEmail: in-app only.
	NoEmail bool `bson:"no_email,omitempty"`
	// NoReminders: once is enough, questions that wait for an answer do not come back. Reminders of the person's own talks are
	// not meant: each is a message of its own, about something to do.
	NoReminders bool `bson:"no_reminders,omitempty"`
}

// Why preferences are refused.
var (
	// ErrHours: the hours do not begin before they end.
	ErrHours = errors.New("the hours must begin before they end")
	// ErrNoTime: together with the company's hours there is no half hour left in a week.
	ErrNoTime = errors.New("the hours and days leave no time within the company's hours")
)

// enough is how much time a week must leave, in minutes: a window that opens for moments only is as good as none.
const enough = clock.TimeOfDay(30)

// Check tells whether the person can be asked at all under the company's window; ErrHours, ErrNoTime.
func (p Preferences) Check(company Window) error {
	if p.ownHours() && p.From >= p.To {
		return ErrHours
	}
	if company.Always {
		if len(p.DaysOff) >= 7 || p.ownHours() && p.To-p.From < enough {
			return ErrNoTime
		}
		return nil
	}
	for weekday, hours := range company.Week {
		if own, working := p.narrow(weekday, hours); working && own.To-own.From >= enough {
			return nil
		}
	}
	return ErrNoTime
}

func (p Preferences) ownHours() bool { return p.From != 0 || p.To != 0 }

// chosen tells whether anything narrows the company's hours.
func (p Preferences) chosen() bool { return p.ownHours() || len(p.DaysOff) > 0 }

// narrow returns what the person's choices leave of the hours of a weekday; ok is false when nothing is left.
func (p Preferences) narrow(weekday time.Weekday, hours Hours) (own Hours, ok bool) {
	if slices.Contains(p.DaysOff, weekday) {
		return Hours{}, false
	}
	if p.ownHours() {
		hours.From, hours.To = max(hours.From, p.From), min(hours.To, p.To)
	}
	return hours, hours.From < hours.To
}
