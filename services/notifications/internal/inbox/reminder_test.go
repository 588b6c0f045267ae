package inbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

func TestAnInvitationWithoutAnswerComesBackOnceAtHalfOfItsTime(t *testing.T) {
	box := requested(t, tuesday, "a")
	m, _ := box.Find("a")
	half := tuesday.AddDate(0, 0, 7)
	require.Equal(t, half, m.RemindAt)

	box.Settle(half, somebody(t), rules, "half time")
	require.Len(t, box.RemindedBy("half time"), 1)
	require.Empty(t, box.ShownBy("half time"), "it is not shown a second time")
	m, _ = box.Find("a")
	require.Equal(t, inbox.Shown, m.State)
	require.True(t, m.Decisions[1].Reminder)
	require.Equal(t, gate.LetThrough, m.Decisions[1].Verdict)

	box.Settle(half.AddDate(0, 0, 3), somebody(t), rules, "later")
	require.Empty(t, box.RemindedBy("later"), "once")
}

func TestWhatNeedsNoAnswerIsNotRemindedOf(t *testing.T) {
	half := tuesday.AddDate(0, 0, 7)
	closed := requested(t, tuesday, "a")
	closed.Close("a", tuesday.AddDate(0, 0, 1), "answered")
	closed.Settle(half, somebody(t), rules, "half time")
	require.Empty(t, closed.RemindedBy("half time"))

	unwanted := requested(t, tuesday, "a")
	unwanted.Prefer(gate.Preferences{NoReminders: true})
	unwanted.Settle(half, somebody(t), rules, "half time")
	require.Empty(t, unwanted.RemindedBy("half time"))
}

func TestAReminderCountsAndWaitsItsTurn(t *testing.T) {
	box := requested(t, tuesday, "a") // its reminder is due a week later, together with two new messages
	half := tuesday.AddDate(0, 0, 7)
	box.Request(inbox.Message{ID: "b"}, half)
	box.Request(inbox.Message{ID: "c"}, half)
	box.Settle(half, somebody(t), rules, "half time")

	require.Len(t, box.ShownBy("half time"), 2, "what was not seen yet goes first")
	m, _ := box.Find("a")
	require.Zero(t, m.RemindedAt)
	require.Equal(t, gate.Expired, m.Decisions[1].Verdict, "a week later it would come too late")
	require.Zero(t, m.RemindAt)
}

func TestThePersonsChoicesHoldForWhatWaitsAlready(t *testing.T) {
	box := requested(t, night, "a")
	early, _ := box.Find("a")
	box.Prefer(gate.Preferences{From: 14 * 60, To: 16 * 60})
	box.Reconsider(night)
	box.Settle(night, somebody(t), rules, "chosen")
	late, _ := box.Find("a")
	require.Equal(t, "14:00", late.NextTryAt.In(somebody(t).Zone).Format("15:04"))

	box.Prefer(gate.Preferences{})
	box.Reconsider(night)
	box.Settle(night, somebody(t), rules, "unchosen")
	again, _ := box.Find("a")
	require.Equal(t, early.NextTryAt, again.NextTryAt)
}
