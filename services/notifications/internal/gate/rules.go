package gate

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Rules are the company's rules on when and how often people may be asked.
type Rules struct {
	Window Window
	Cap    Cap
}

// DefaultRules protect Monday mornings, Friday afternoons, evenings, nights, weekends and the public holidays of
// France, and let two messages through in any seven days.
func DefaultRules() Rules {
	return Rules{Window: OfficeHours(), Cap: Cap{Messages: 2, Period: 7 * 24 * time.Hour}}
}

// NoRules let everything through at once, for trials and measurements.
func NoRules() Rules {
	return Rules{Window: Window{Always: true}}
}

// Validate tells what is wrong with the rules; a window that never opens would defer for ever.
func (r Rules) Validate() error {
	return errors.Join(r.Window.validate(), r.Cap.validate())
}

// Cap limits how many messages reach a person in a rolling period.
type Cap struct {
	// Messages is how many may reach a person in any Period; 0 means no cap.
	Messages int
	Period   time.Duration
}

func (c Cap) validate() error {
	if c.Messages < 0 || c.Messages > 0 && c.Period <= 0 {
		return fmt.Errorf("pressure cap: %d messages per %s make no sense", c.Messages, c.Period)
	}
	return nil
}

// free returns the first instant from now on at which one more message stays within the cap.
func (c Cap) free(now time.Time, history []time.Time) time.Time {
	if c.Messages == 0 {
		return now
	}
	var recent []time.Time
	for _, at := range history {
		if at.Add(c.Period).After(now) {
			recent = append(recent, at)
		}
	}
	if len(recent) < c.Messages {
		return now
	}
	slices.SortFunc(recent, time.Time.Compare)
	return recent[len(recent)-c.Messages].Add(c.Period)
}
