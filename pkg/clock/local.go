package clock

import (
	"fmt"
	"sync"
	"time"
)

// reach is further than any zone has ever been from UTC, in either direction.
const reach = 24 * time.Hour

// LocalInstant is the instant, in UTC, at which a wall clock in the zone shows the time on the date, by the rule of
// RFC 5545 3.3.5: a time that a change of clocks skips is moved forward by what was skipped (02:30 becomes 03:30), and
// a time that is shown twice means the first. time.Date promises neither.
func LocalInstant(date Date, at TimeOfDay, zone *time.Location) time.Time {
	wall := date.midnight().Add(time.Duration(at) * time.Minute)
	// Walk the spans of constant offset around the wall time, earliest first. Within each, the wall time read with the
	// span's offset is either inside the span (found), or after it (try the next), or before it: then no span showed
	// the time, and the reading with the previous offset is the answer.
	var before time.Time // set before it is used: the first span begins further back than any reading can be
	for span := wall.Add(-reach); ; {
		local := span.In(zone)
		start, end := local.ZoneBounds()
		_, offset := local.Zone()
		instant := wall.Add(-time.Duration(offset) * time.Second)
		switch {
		case !start.IsZero() && instant.Before(start):
			return before
		case end.IsZero() || instant.Before(end):
			return instant
		}
		before, span = instant, end
	}
}

// zones remembers loaded zones: they never change while the process runs, and parsing one takes longer than the rest of
// what is done for a person whose zone it is.
var zones sync.Map

// Zone is the zone with the IANA name, such as "Europe/Paris".
func Zone(name string) (*time.Location, error) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("loading time zone %q: %w", name, err)
	}
	zones.Store(name, zone)
	return zone, nil
}
