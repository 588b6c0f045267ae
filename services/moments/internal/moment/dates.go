package moment

import (
	"cmp"
	"slices"
	"time"

	"jalon.dev/pkg/clock"
)

// Move is one change of unit, as directory told it.
type Move struct {
	// Version is the person's with which it was told: later tellings have higher ones.
	Version int64      `bson:"version"`
	From    string     `bson:"from"`
	To      string     `bson:"to"`
	On      clock.Date `bson:"on"`
}

// arrived tells whether some move happened on the day. Nobody can move from one unit to another twice in a row: the second
// telling corrects the date of the first.
func arrived(moves []Move, day clock.Date) bool {
	return slices.ContainsFunc(standing(moves), func(m Move) bool { return m.On == day })
}

// movedOn tells whether another move followed one of a day, until another day: the person has left the team again, and is no longer
// asked about arriving in it.
func movedOn(moves []Move, from, until clock.Date) bool {
	return slices.ContainsFunc(standing(moves), func(m Move) bool { return m.On.After(from) && !m.On.After(until) })
}

// standing are the moves without those of which a later telling corrected the date.
func standing(moves []Move) []Move {
	moves = slices.SortedFunc(slices.Values(moves), func(a, b Move) int { return cmp.Compare(a.Version, b.Version) })
	var stand []Move
	for i, move := range moves {
		if corrected := i+1 < len(moves) && moves[i+1].From == move.From && moves[i+1].To == move.To; !corrected {
			stand = append(stand, move)
		}
	}
	return stand
}

// longLeave is how many days somebody was away at least, for coming back to be a moment of its own: a month. Shorter absences,
// holidays above all, are none; at a month French law begins to want the return prepared too.
const longLeave = 30

// IsLongLeave tells whether a leave from a first day until the day of the return was long. One whose first day nobody knows is
// not taken for long.
func IsLongLeave(from, back clock.Date) bool {
	return !from.IsZero() && from.DaysUntil(back) >= longLeave
}

// AnniversaryIn is the anniversary of a first day in a year. Whoever began on 29 February is celebrated on 28 February in
// years that have no 29th: the anniversary stays in its month.
func AnniversaryIn(year int, first clock.Date) clock.Date {
	day := clock.Date{Year: year, Month: first.Month, Day: first.Day}
	if first.Month == time.February && first.Day == 29 && time.Date(year, time.February, 29, 0, 0, 0, 0, time.UTC).Month() != time.February {
		day.Day = 28
	}
	return day
}

// IsAnniversary tells whether a day is an anniversary of a first day; the first day itself is none.
func IsAnniversary(first, day clock.Date) bool {
	return day.Year > first.Year && AnniversaryIn(day.Year, first) == day
}
