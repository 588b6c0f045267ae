package clock

import (
	"cmp"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Date is a day of the calendar, without time or zone. The zero Date means "none": it is written as an empty string and
// left out of documents that omit empty fields.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2026-11-02". The empty string is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("reading date %q: want YYYY-MM-DD", s)
	}
	return dateOf(t), nil
}

// DateOf is the date that a calendar in the zone shows at t.
func DateOf(t time.Time, zone *time.Location) Date { return dateOf(t.In(zone)) }

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{Year: y, Month: m, Day: d}
}

// String is "2026-11-02", and "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// IsZero says whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// midnight is the date in a calendar without zones: arithmetic on days never meets a change of clocks there.
func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// AddDays is the date n days later; n may be negative.
func (d Date) AddDays(n int) Date { return dateOf(d.midnight().AddDate(0, 0, n)) }

// AddMonths is the same day n months later, or the last day of that month where it has no such day:
// one month after 31 January is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{Year: first.Year(), Month: first.Month(), Day: min(d.Day, last)}
}

// AddYears is the same day n years later; 28 February for 29 February in a common year.
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// DaysUntil counts the days from d to other; negative when other is earlier.
func (d Date) DaysUntil(other Date) int {
	return int(other.midnight().Sub(d.midnight()) / (24 * time.Hour))
}

// Compare is -1, 0 or +1 as d is before, the same as, or after other. The zero Date is before all others.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// Before says whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After says whether d is later than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// In is the first instant of the date in the zone.
func (d Date) In(zone *time.Location) time.Time { return LocalInstant(d, 0, zone) }

// MarshalText writes "2026-11-02".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2026-11-02" or nothing.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// MarshalBSONValue stores the date as a string, which sorts as the date does.
func (d Date) MarshalBSONValue() (byte, []byte, error) { return marshalString(d.String()) }

// UnmarshalBSONValue reads what MarshalBSONValue wrote; null is no date.
func (d *Date) UnmarshalBSONValue(kind byte, data []byte) error {
	s, err := unmarshalString(kind, data)
	if err != nil {
		return fmt.Errorf("reading a date: %w", err)
	}
	return d.UnmarshalText([]byte(s))
}

func marshalString(s string) (byte, []byte, error) {
	kind, data, err := bson.MarshalValue(s)
	return byte(kind), data, err
}

func unmarshalString(kind byte, data []byte) (string, error) {
	value := bson.RawValue{Type: bson.Type(kind), Value: data}
	if value.Type == bson.TypeNull {
		return "", nil
	}
	s, ok := value.StringValueOK()
	if !ok {
		return "", fmt.Errorf("want a string, found %s", value.Type)
	}
	return s, nil
}
