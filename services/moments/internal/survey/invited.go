package survey

import (
	"cmp"
	"slices"
)

// Cell counts the invitations of one follow-up in one unit, by the unit's path from the company down, in one month.
type Cell struct {
	UnitPath []string
	FollowUp string
	// Month is when they were asked, as YYYY-MM.
	Month string
	N     int
}

// Participation is how many people were asked, and how many of these have answered (product 4): complete / invitations sent in the
// period. Both are of the people asked in the months of the cells, so that an answer that comes in the month after counts for the
// one who was asked.
//
// Months in which fewer than LeastForFigures people were asked are left out, whatever the period: a longer period less a shorter one
// would tell whether a single person answered. A withdrawn invitation may have been answered before; a month is full then, not more.
func Participation(cells []Cell, unitID string, result Result) (invited, answered int) {
	months := map[string]int{}
	for _, c := range cells {
		if (unitID == "" || slices.Contains(c.UnitPath, unitID)) && slices.Contains(result.FollowUps, c.FollowUp) {
			months[c.Month] += c.N
		}
	}
	for month, n := range months {
		if n >= LeastForFigures {
			invited += n
			answered += min(n, result.Answered[month])
		}
	}
	return invited, answered
}

// askedIn is the month in which whoever answered was asked.
func (r Response) askedIn() string { return cmp.Or(r.AskedIn, monthOf(r.AnsweredOn)) }
