package webhook

import (
	"encoding/binary"
	"hash/fnv"
	"time"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/outward"
)

// Fate says where a delivery stands.
type Fate string

// The fates of a delivery.
const (
	Waiting   Fate = "waiting"
	Delivered Fate = "delivered"
	// Failed deliveries were tried as often as is sensible.
	Failed Fate = "failed"
	// Withdrawn deliveries are of nobody any more, or of what the receiver is no longer to be told of.
	Withdrawn Fate = "withdrawn"
)

// Delivery is one event for one receiver. The event itself is kept once for all.
type Delivery struct {
	ID         string    `bson:"_id"`
	Receiver   string    `bson:"receiver"`
	EventID    string    `bson:"event"`
	Type       string    `bson:"type"`
	HappenedAt time.Time `bson:"happened_at"`
	QueuedAt   time.Time `bson:"queued_at"`
	// Arrived orders what happened at the same instant, such as the parts of an import: it is when this process heard of it, in
	// nanoseconds of real time.
	Arrived int64 `bson:"arrived"`
	Fate    Fate  `bson:"fate"`
	// Attempts counts those that failed.
	Attempts int             `bson:"attempts,omitempty"`
	TriedAt  time.Time       `bson:"tried_at,omitempty"`
	Status   int             `bson:"status,omitempty"`
	Trouble  outward.Trouble `bson:"trouble,omitempty"`
	Took     time.Duration   `bson:"took,omitempty"`
	// Wake is when it is tried next; only what waits has it, and the index is over that alone.
	Wake time.Time `bson:"wake,omitempty"`
	// Turn grows with each replay, so that an attempt of an earlier turn does not settle it.
	Turn int `bson:"turn,omitempty"`
}

func newDelivery(r Receiver, ev event.Event, now time.Time) Delivery {
	return Delivery{
		ID: event.ID("webhook", r.ID, ev.ID), Receiver: r.ID, EventID: ev.ID, Type: ev.Type, HappenedAt: ev.Time, QueuedAt: now,
		Arrived: time.Now().UnixNano(), Fate: Waiting, Wake: now,
	}
}

// pauses lie between attempts: eleven in some three days.
var pauses = []time.Duration{
	10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

const (
	// spread is by how much of itself a pause may be longer, so that what failed together does not come again together.
	spread = 0.2
	// restFirst doubles with each failure in a row, up to restLongest: a receiver that is down is not called for each event that waits.
	restFirst   = 2 * time.Second
	restLongest = 5 * time.Minute
	// gone is the answer of a receiver that wants to hear nothing any more.
	gone = 410
)

// pause is how long a delivery waits after its nth failure; false where it is given up.
func (d Delivery) pause(failures int) (time.Duration, bool) {
	if failures > len(pauses) {
		return 0, false
	}
	usual := pauses[failures-1]
	return usual + time.Duration(spread*d.lot(failures)*float64(usual)), true
}

// lot is a number from 0 to 1 that follows from the delivery and the attempt.
func (d Delivery) lot(attempt int) float64 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(d.ID)) // never fails
	_, _ = hash.Write(binary.BigEndian.AppendUint64(nil, uint64(attempt)))
	return float64(hash.Sum64()>>11) / (1 << 53)
}

// rest is how long a receiver is left alone after so many failures in a row.
func rest(failures int) time.Duration {
	return min(restFirst<<min(failures-1, 10), restLongest)
}

// judge says what an answer makes of a delivery and of its receiver.
func judge(d Delivery, r Receiver, a outward.Answer, now time.Time) (Delivery, Receiver) {
	d.TriedAt, d.Status, d.Trouble, d.Took, d.Wake = now, a.Status, a.Trouble, a.Took, time.Time{}
	if a.OK() {
		d.Fate = Delivered
		r.Failures, r.RestUntil, r.LastDeliveredAt = 0, time.Time{}, now
		return d, r
	}
	d.Attempts++
	r.Failures++
	r.RestUntil = now.Add(max(rest(r.Failures), a.After))
	wait, again := d.pause(d.Attempts)
	switch {
	case a.Status == gone:
		d.Fate = Failed
		r.State, r.StateSince = Gone, now
	case again:
		d.Wake = now.Add(max(wait, a.After))
	default:
		d.Fate = Failed
		if r.LastDeliveredAt.Before(d.QueuedAt) {
			r.State, r.StateSince = Failing, now
		}
	}
	return d, r
}
