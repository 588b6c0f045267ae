package abtest

import (
	"time"

	"jalon.dev/pkg/stats"
)

// Count is how many people of a side were invited, and how many of them answered.
type Count struct {
	Invited  int `bson:"invited"`
	Answered int `bson:"answered"`
}

// Reason is why a test ended as it did.
type Reason string

// The reasons. Only the first has a winner.
const (
	Difference   Reason = "difference"
	NoDifference Reason = "no_difference"
	// TooFew: people left since the launch, or were erased.
	TooFew Reason = "too_few"
	// Disturbed: the sides were not invited or counted as planned, because of a pause or a standstill, so that more than one thing was
	// different between them.
	Disturbed Reason = "disturbed"
)

// Decision is what a test showed. It is made once, at the time that was fixed before: looking again and again until chance makes a
// difference would find one too often.
type Decision struct {
	Reason Reason `bson:"reason"`
	// Points is how many points more of B's people answered than of A's, and the true difference lies between Low and High in 95 of 100
	// such tests. P is how often chance alone would part them so far. Nothing of it is set where they are too few.
	Points float64 `bson:"points"`
	Low    float64 `bson:"low"`
	High   float64 `bson:"high"`
	P      float64 `bson:"p"`
	// Exact tells that P is Fisher's.
	Exact bool      `bson:"exact,omitempty"`
	At    time.Time `bson:"at"`
}

// leastCounted is how many a side must have when it is counted: fewer than were planned, because chance does not halve exactly and people leave.
const leastCounted = 30

// MostByChance is how often a test may find a difference where there is none.
const MostByChance = 0.05

// Decide compares two sides by the answers of all who were invited, seen or not: what was not shown is part of what a variant does. The
// test is that of stats.Oppose.
func Decide(a, b Count) Decision {
	if min(a.Invited, b.Invited) < leastCounted {
		return Decision{Reason: TooFew, P: 1}
	}
	c, err := stats.Oppose(arm(a), arm(b))
	if err != nil {
		return Decision{Reason: TooFew, P: 1}
	}
	d := Decision{Reason: NoDifference, Points: c.Points, Low: c.Interval.Low, High: c.Interval.High, P: c.P, Exact: c.Exact}
	if d.P < MostByChance {
		d.Reason = Difference
	}
	return d
}

// arm is a count as the test knows it: a side is full, never more, whatever came between two counts.
func arm(c Count) stats.Arm { return stats.Arm{People: c.Invited, Did: min(c.Answered, c.Invited)} }

// Winner is the variant that is better; empty where none is.
func (d Decision) Winner() Group {
	switch {
	case d.Reason != Difference:
		return ""
	case d.Points > 0:
		return B
	default:
		return A
	}
}

// Chosen is the variant that goes to the rest: the better one, and the first where none is.
func (d Decision) Chosen() Group {
	if d.Winner() == B {
		return B
	}
	return A
}
