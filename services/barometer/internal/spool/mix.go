package spool

import (
	"crypto/rand"
	"encoding/binary"
)

// Smallest is the least number of ballots that are released together, and of those that are kept back to hide among the next.
const Smallest = 10

// mix chooses which of the ballots that wait in a cell are released: any of them, as long as as many as the smallest batch stay
// behind. So a batch tells neither who came last nor who came first, and the last batch of a cell is never a small one, unless the
// whole cell is (a pool mix: Serjantov, Dingledine, Syverson, "From a trickle to a flood", 2002).
func mix[T any](waiting []T) []T {
	if len(waiting) < 2*Smallest {
		return nil
	}
	shuffle(waiting)
	return waiting[:len(waiting)-Smallest]
}

// shuffle puts things into an order that nobody can foresee or find out afterwards.
func shuffle[T any](things []T) {
	for i := len(things) - 1; i > 0; i-- {
		j := below(i + 1)
		things[i], things[j] = things[j], things[i]
	}
}

// below is a random number from 0 to n-1, each as likely: what would favour the first ones is drawn again.
func below(n int) int {
	limit := ^uint64(0) - ^uint64(0)%uint64(n)
	for {
		var random [8]byte
		_, _ = rand.Read(random[:]) // never fails, says crypto/rand
		if drawn := binary.NativeEndian.Uint64(random[:]); drawn < limit {
			return int(drawn % uint64(n))
		}
	}
}
