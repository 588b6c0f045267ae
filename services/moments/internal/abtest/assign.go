package abtest

import (
	"crypto/sha256"
	"encoding/binary"
)

// Assign says in which group of a campaign somebody is, where the sample is so many percent. It follows from the two ids alone: whoever
// asks again, after a crash, at another replica, is told the same, so that nobody can be in two. That two campaigns have samples of
// their own spares people from being tried on each time.
func Assign(campaignID, personID string, share int) Group {
	sum := sha256.Sum256([]byte("ab/" + campaignID + "/" + personID))
	if binary.BigEndian.Uint64(sum[:8])%100 >= uint64(max(share, 0)) {
		return Rest
	}
	if sum[8]&1 == 0 {
		return A
	}
	return B
}
