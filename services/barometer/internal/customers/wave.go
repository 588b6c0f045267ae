package customers

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jalon.dev/pkg/clock"
)

// Wave is the name of one round of the panel: whatever the company calls it, such as "2026-1" or "Vague 1 2026".
type Wave string

const longestWave = 20

// ErrWave says that a text cannot name a wave.
var ErrWave = errors.New("not the name of a wave")

// NewWave reads the name of a wave. One that is written in figures only has one form, whoever wrote it: 2026-01 and 1/2026
// are 2026-1, or the same wave would count twice. Words stay, for "Pilot 1 2026" may be another wave than "Wave 1 2026".
func NewWave(text string) (Wave, error) {
	text = oneLine(text)
	if text == "" || utf8.RuneCountInString(text) > longestWave {
		return "", fmt.Errorf("%w: 1 to %d characters, not %q", ErrWave, longestWave, shorten(text))
	}
	w := Wave(text)
	if period, placed := w.Period(); placed && !strings.ContainsFunc(text, unicode.IsLetter) {
		return Wave(period.String()), nil
	}
	return w, nil
}

// Period is when the wave was, if its name says so: a year of four figures and a number of one or two, and no other figures.
func (w Wave) Period() (p Period, placed bool) {
	figures := strings.FieldsFunc(string(w), func(r rune) bool { return r < '0' || r > '9' })
	if len(figures) != 2 {
		return Period{}, false
	}
	year, number := figures[0], figures[1]
	if len(year) < len(number) {
		year, number = number, year
	}
	if len(year) != 4 || len(number) > 2 {
		return Period{}, false
	}
	p.Year, _ = strconv.Atoi(year)
	p.Number, _ = strconv.Atoi(number)
	if p.Year < 1900 || p.Number < 1 {
		return Period{}, false
	}
	return p, true
}

// Compare orders waves by year, then number. A wave whose name does not say when it was comes before all that do: it never
// passes for the latest.
func (w Wave) Compare(other Wave) int {
	mine, placed := w.Period()
	theirs, otherPlaced := other.Period()
	switch {
	case placed && !otherPlaced:
		return 1
	case !placed && otherPlaced:
		return -1
	}
	return cmp.Or(mine.Compare(theirs), strings.Compare(string(w), string(other)))
}

// Period is a part of a year: of the panel, a third.
type Period struct{ Year, Number int }

// PeriodOf is the third of the year in which a day lies.
func PeriodOf(day clock.Date) Period {
	return Period{Year: day.Year, Number: (int(day.Month)-1)/4 + 1}
}

// String is the period as waves are named.
func (p Period) String() string { return fmt.Sprintf("%d-%d", p.Year, p.Number) }

// Compare orders periods by time.
func (p Period) Compare(other Period) int {
	return cmp.Or(cmp.Compare(p.Year, other.Year), cmp.Compare(p.Number, other.Number))
}
