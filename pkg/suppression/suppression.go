// Package suppression says of which units a figure may be told beside those of the units around them: a unit less those that are told in it
// is a figure, too, of whoever is left.
package suppression

import (
	"cmp"
	"slices"
)

// Unit is one, with all below it.
type Unit struct {
	ID string
	// People is how many are behind its figure.
	People int
	Below  []Unit
}

// Told tells of each unit below whether its figure may be told where that of this one is. Those that are told are of enough people, and so
// is whoever is left of a unit without them, or nobody is: where too few would be left, the smallest of those that are told waits, too. So
// from all that is told nothing follows about fewer people, however figures are added and subtracted.
//
// A unit that stands in several places of the tree is told of where it may be in all of them.
func (u Unit) Told(least int) map[string]bool {
	told := map[string]bool{}
	u.settle(told, u.People >= least, least)
	return told
}

func (u Unit) settle(told map[string]bool, itself bool, least int) {
	along := u.along(least)
	for _, part := range u.Below {
		tell := itself && slices.Contains(along, part.ID)
		before, elsewhere := told[part.ID]
		told[part.ID] = tell && (before || !elsewhere)
		part.settle(told, tell, least)
	}
}

// along are the units right below that are told of with this one.
func (u Unit) along(least int) []string {
	parts := slices.DeleteFunc(slices.Clone(u.Below), func(part Unit) bool { return part.People < least })
	slices.SortFunc(parts, func(a, b Unit) int { return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.ID, b.ID)) })
	left := u.People
	ids := make([]string, len(parts))
	for i, part := range parts {
		ids[i] = part.ID
		left -= part.People
	}
	if left > 0 && left < least && len(ids) > 0 {
		return ids[:len(ids)-1] // it is of enough people, and so is it with whoever else is left
	}
	return ids
}
