package gate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/notifications/internal/gate"
)

// Tuesday 3 November 2026, 10:00 in Paris.
var open = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

func TestWhoeverReactsToNothingIsAskedLessAndIsToldSo(t *testing.T) {
	rules := gate.DefaultRules()
	history := []gate.Past{{At: open.AddDate(0, 0, -20), Kind: gate.Company}, {At: open.AddDate(0, 0, -10), Kind: gate.Milestone}}
	message := gate.Message{Kind: gate.Milestone}
	person := gate.Person{Zone: time.UTC}
	require.Equal(t, gate.LetThrough, gate.Decide(open, person, history, message, rules).Verdict, "two in thirty days are within everybody's caps")

	person.Quiet = true
	decision := gate.Decide(open, person, history, message, rules)
	require.Equal(t, gate.Deferred, decision.Verdict)
	require.Equal(t, gate.Spared, decision.Reason)
	require.Equal(t, open.AddDate(0, 0, 10), decision.Until, "thirty days after the first of the two")
}

func TestAQuietPersonIsNeverAskedSoonerThanAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, now := anyRules(t), anyInstant(t)
		person, history := anyPerson(t, now, rules), anyHistory(t, now)
		message := gate.Message{Kind: anyKind(t)}
		usual := gate.Decide(now, person, history, message, rules)
		person.Quiet = true
		spared := gate.Decide(now, person, history, message, rules)
		if usual.Verdict != gate.LetThrough {
			require.NotEqual(t, gate.LetThrough, spared.Verdict)
		}
		if spared.Verdict == gate.LetThrough {
			require.False(t, over(rules.Quiet.Caps, message.Kind, now, history))
			require.False(t, over(rules.Caps, message.Kind, now, history))
		}
		if usual.Verdict == gate.Deferred && spared.Verdict == gate.Deferred {
			require.False(t, spared.Until.Before(usual.Until))
		}
	})
}
