package inbox

import (
	"slices"
	"time"
)

// Copy is an inbox to try things on: whatever happens to it leaves this one as it is.
func (b *Inbox) Copy() *Inbox {
	copied := *b
	copied.Messages = append(make([]Message, 0, len(b.Messages)+1), b.Messages...) // with room for the one to try
	for i := range copied.Messages {
		m := &copied.Messages[i]
		// What is appended to a clipped slice goes elsewhere.
		m.Decisions, m.RemindedAgain = slices.Clip(m.Decisions), slices.Clip(m.RemindedAgain)
	}
	return &copied
}

// Next is when the gate is to be asked next about anything; ok is false when it is not.
func (b *Inbox) Next() (next time.Time, ok bool) {
	for _, m := range b.Messages {
		at := m.NextTryAt
		if m.State == Shown {
			at = m.RemindAt
		}
		if !at.IsZero() && (!ok || at.Before(next)) {
			next, ok = at, true
		}
	}
	return next, ok
}
