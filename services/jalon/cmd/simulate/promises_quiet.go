package main

import (
	"hash/fnv"
	"slices"
	"time"
)

// answersNothing is true of one person in six: they answer nothing that they are asked.
func answersNothing(person string) bool {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(person)) // never fails, says hash.Hash
	return sum.Sum32()%6 == 0
}

// sparing is how often whoever reacts to nothing is asked, besides everybody's limits.
const (
	sparedMessages = 2
	sparedDays     = 30
)

// withinSparing checks that somebody who is quiet was asked no more than is asked of quiet people since they are.
func (b *books) withinSparing(person string, since time.Time) error {
	if since.IsZero() {
		return nil
	}
	b.kept(spared)
	var at []time.Time
	for _, a := range b.ofWhom[person] {
		// Talks are no questions, and the barometer is asked of everybody alike.
		if a.keyMoment != "talk" && a.keyMoment != "barometer_results" && a.keyMoment != "barometer" {
			at = append(at, a.reaches()...)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	for i := sparedMessages; i < len(at); i++ {
		if at[i].After(since) && at[i].Sub(at[i-sparedMessages]) < sparedDays*24*time.Hour {
			return b.broken(spared, "%s, who reacts to nothing since %s, was reached %d times within %d days, from %s to %s",
				person, since, sparedMessages+1, sparedDays, at[i-sparedMessages], at[i])
		}
	}
	return nil
}
