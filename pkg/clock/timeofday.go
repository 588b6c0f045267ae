package clock

import (
	"fmt"
	"time"
)

// TimeOfDay is what a wall clock shows, in minutes since midnight: 540 is 09:00. It runs from 00:00 to 23:59.
type TimeOfDay int

// ParseTimeOfDay reads "09:00".
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("reading time of day %q: want HH:MM", s)
	}
	return TimeOfDay(t.Hour()*60 + t.Minute()), nil
}

// TimeOfDayOf is what a wall clock in the zone shows at t, without its seconds.
func TimeOfDayOf(t time.Time, zone *time.Location) TimeOfDay {
	local := t.In(zone)
	return TimeOfDay(local.Hour()*60 + local.Minute())
}

// String is "09:00".
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// MarshalText writes "09:00".
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads "09:00".
func (t *TimeOfDay) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTimeOfDay(string(text))
	return err
}

// MarshalBSONValue stores the time as "09:00".
func (t TimeOfDay) MarshalBSONValue() (byte, []byte, error) { return marshalString(t.String()) }

// UnmarshalBSONValue reads what MarshalBSONValue wrote.
func (t *TimeOfDay) UnmarshalBSONValue(kind byte, data []byte) error {
	s, err := unmarshalString(kind, data)
	if err != nil {
		return fmt.Errorf("reading a time of day: %w", err)
	}
	return t.UnmarshalText([]byte(s))
}
