package abtest

import "time"

// Trial is how far a test has come.
type Trial struct {
	A Side `bson:"a"`
	B Side `bson:"b"`
	// Decision is nil until it is made.
	Decision *Decision `bson:"decision,omitempty"`
}

// Side is one half of the sample.
type Side struct {
	// SentAt is when the last of it was invited, and CountedAt when its answers were counted.
	SentAt    time.Time `bson:"sent_at,omitempty"`
	CountedAt time.Time `bson:"counted_at,omitempty"`
	Count     Count     `bson:"count"`
}

// tolerance is how far the sides may be from each other's conditions, and within it whoever comes to count one counts the other.
const tolerance = time.Hour

// Of is a side.
func (t Trial) Of(g Group) Side {
	if g == B {
		return t.B
	}
	return t.A
}

// With is the trial with another side. Of a trial nothing is shared with the one before.
func (t Trial) With(g Group, side Side) Trial {
	if g == B {
		t.B = side
	} else {
		t.A = side
	}
	return t
}

// Ripe are the sides whose answers are to be counted now.
func (t Trial) Ripe(p Plan, now time.Time) []Group {
	var ripe []Group
	for _, g := range []Group{A, B} {
		side := t.Of(g)
		if !side.SentAt.IsZero() && side.CountedAt.IsZero() && !now.Before(side.SentAt.Add(p.Waits()-tolerance)) {
			ripe = append(ripe, g)
		}
	}
	return ripe
}

// Counted tells that both sides were.
func (t Trial) Counted() bool { return !t.A.CountedAt.IsZero() && !t.B.CountedAt.IsZero() }

// Decide ends a trial whose sides were counted. apart is how much later than A's people B's were to be invited.
func (t Trial) Decide(apart time.Duration, at time.Time) Trial {
	d := Decide(t.A.Count, t.B.Count)
	sent := t.B.SentAt.Sub(t.A.SentAt) - apart
	waited := t.B.CountedAt.Sub(t.B.SentAt) - t.A.CountedAt.Sub(t.A.SentAt)
	if d.Reason != TooFew && (sent.Abs() > tolerance || waited.Abs() > tolerance) {
		d.Reason = Disturbed
	}
	d.At = at
	t.Decision = &d
	return t
}
