package survey

import "slices"

// Cell counts the invitations of one follow-up in one unit, by the unit's path from the company down.
type Cell struct {
	UnitPath []string
	FollowUp string
	N        int
}

// Count sums the cells of a unit (empty: everybody) and of follow-ups.
func Count(cells []Cell, unitID string, followUps []string) int {
	n := 0
	for _, c := range cells {
		if (unitID == "" || slices.Contains(c.UnitPath, unitID)) && slices.Contains(followUps, c.FollowUp) {
			n += c.N
		}
	}
	return n
}
