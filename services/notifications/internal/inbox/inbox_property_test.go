package inbox_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// Whatever happens to an inbox in whatever order, the person's rules hold, nothing is shown twice, and nothing waits for
// ever.
func TestALifeOfAnInbox(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	person := &gate.Person{Zone: zone}

	rapid.Check(t, func(t *rapid.T) {
		box := inbox.New("person")
		now := tuesday.AddDate(0, 0, rapid.IntRange(0, 365).Draw(t, "start"))
		anyID := func() string { return fmt.Sprintf("m%d", rapid.IntRange(0, 9).Draw(t, "message")) }
		shown := map[string]time.Time{}

		step := func(cause string) {
			box.Settle(now, person, rules, cause)
			for _, m := range box.Messages {
				if !m.WasShown() {
					continue
				}
				if at, known := shown[m.ID]; known {
					require.Equal(t, at, m.ShownAt, "%s is shown once", m.ID)
				}
				shown[m.ID] = m.ShownAt
			}
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 2*24*60).Draw(t, "minutes")) * time.Minute)
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				box.Close(anyID(), now, "close")
			case 1:
				box.Expire(now, "sweep")
			default:
				box.Request(inbox.Message{ID: anyID(), ExpiresAt: now.AddDate(0, 0, 30)}, now)
			}
			step("step")
		}
		for next, waits := nextTry(box); waits; next, waits = nextTry(box) {
			require.True(t, next.After(now), "a waiting message is tried later, not never")
			now = next
			step("retry")
		}

		var times []time.Time
		for _, at := range shown {
			require.Equal(t, at, rules.Window.NextOpening(at, zone), "shown inside the window only")
			times = append(times, at)
		}
		slices.SortFunc(times, time.Time.Compare)
		for i := rules.Cap.Messages; i < len(times); i++ {
			require.GreaterOrEqual(t, times[i].Sub(times[i-rules.Cap.Messages]), rules.Cap.Period, "never over the cap")
		}
	})
}

// nextTry is when the gate is to be asked about the first of the waiting messages.
func nextTry(box *inbox.Inbox) (next time.Time, waits bool) {
	for _, m := range box.Messages {
		if m.State == inbox.Waiting && (!waits || m.NextTryAt.Before(next)) {
			next, waits = m.NextTryAt, true
		}
	}
	return next, waits
}
