package campaign

import "slices"

// Recipient is one of the people whom a campaign would reach.
type Recipient struct{ PersonID, Language, UnitID string }

// Differing chooses a few of many people who differ: by language first, then by unit. Of those who differ as much it takes the first.
func Differing(many []Recipient, few int) []Recipient {
	var chosen []Recipient
	news := func(r Recipient) (n int) {
		if !slices.ContainsFunc(chosen, func(o Recipient) bool { return o.Language == r.Language }) {
			n += 2
		}
		if !slices.ContainsFunc(chosen, func(o Recipient) bool { return o.UnitID == r.UnitID }) {
			n++
		}
		return n
	}
	for len(chosen) < min(few, len(many)) {
		next, most := Recipient{}, -1
		for _, r := range many {
			if n := news(r); n > most && !slices.Contains(chosen, r) {
				next, most = r, n
			}
		}
		if most < 0 { // the same person is there twice
			break
		}
		chosen = append(chosen, next)
	}
	return chosen
}
