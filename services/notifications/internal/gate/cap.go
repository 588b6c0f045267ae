package gate

import (
	"fmt"
	"slices"
	"time"
)

// Past is a message that reached the person, or a reminder of one.
type Past struct {
	At   time.Time
	Kind Kind
}

// Cap limits how many messages reach a person in a rolling period.
type Cap struct {
	// Kind is the only kind that is counted and limited; empty for all kinds of questions together.
	Kind Kind
	// Messages is how many may reach a person in any Period.
	Messages int
	Period   time.Duration
}

// LongestPeriod is how far caps can look back: what is older is not remembered.
const LongestPeriod = 90 * 24 * time.Hour

func (c Cap) validate() error {
	switch {
	case c.Messages <= 0 || c.Period <= 0:
		return fmt.Errorf("pressure cap: %d messages per %s make no sense", c.Messages, c.Period)
	case c.Period > LongestPeriod:
		return fmt.Errorf("pressure cap: a period of %s is longer than the %s that are remembered", c.Period, LongestPeriod)
	case c.Kind != "" && !slices.Contains(Kinds(), c.Kind):
		return fmt.Errorf("pressure cap: there is no kind %q", c.Kind)
	}
	return nil
}

// covers tells whether messages of the kind are counted and limited.
func (c Cap) covers(kind Kind) bool {
	if c.Kind == "" {
		return kind.asks()
	}
	return c.Kind == kind
}

// free returns the first instant from now on at which one more message of the kind stays within the cap.
func (c Cap) free(now time.Time, kind Kind, history []Past) time.Time {
	if !c.covers(kind) {
		return now
	}
	var recent []time.Time
	for _, past := range history {
		if c.covers(past.Kind) && past.At.Add(c.Period).After(now) {
			recent = append(recent, past.At)
		}
	}
	if len(recent) < c.Messages {
		return now
	}
	slices.SortFunc(recent, time.Time.Compare)
	return recent[len(recent)-c.Messages].Add(c.Period)
}

// free returns the first instant from now on at which one more message of the kind stays within all caps.
func (r Rules) free(now time.Time, kind Kind, history []Past) time.Time {
	return within(r.Caps, now, kind, history)
}

// spared is the same of those who react to nothing.
func (r Rules) spared(now time.Time, kind Kind, history []Past) time.Time {
	return within(r.Quiet.Caps, now, kind, history)
}

func within(caps []Cap, now time.Time, kind Kind, history []Past) time.Time {
	free := now
	for _, limit := range caps {
		if at := limit.free(now, kind, history); at.After(free) {
			free = at
		}
	}
	return free
}
