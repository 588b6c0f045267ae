package inbox_test

import (
	"fmt"
	"slices"
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

	box.Settle(half, somebody(t), rules, inbox.Cause{Name: "half time"})
	require.Len(t, remindedBy(box, "half time"), 1)
	require.Empty(t, box.ShownBy("half time"), "it is not shown a second time")
	m, _ = box.Find("a")
	require.Equal(t, inbox.Shown, m.State)
	require.True(t, m.Decisions[1].Reminder)
	require.Equal(t, gate.LetThrough, m.Decisions[1].Verdict)

	box.Settle(half.AddDate(0, 0, 3), somebody(t), rules, inbox.Cause{Name: "later"})
	require.Empty(t, remindedBy(box, "later"), "once")
}

func TestWhoeverDoesNotAnswerIsRemindedAsOftenAsIsWanted(t *testing.T) {
	for wanted := range 3 {
		box := inbox.New("person")
		box.Request(inbox.Message{ID: "a", KeyMoment: gate.Campaign, ExpiresAt: tuesday.AddDate(0, 0, 28), Reminders: &wanted}, tuesday)
		box.Settle(tuesday, somebody(t), rules, inbox.Cause{Name: "request"})
		for {
			next, waits := box.Next()
			if !waits {
				break
			}
			box.Settle(next, somebody(t), rules, inbox.Cause{Name: next.String()})
		}
		m, _ := box.Find("a")
		reminders := m.Reminded()
		require.Len(t, reminders, wanted)
		for i := 1; i < len(reminders); i++ {
			require.NotEqual(t, reminders[i-1].By, reminders[i].By, "each is a step of its own")
		}
	}
}

func TestWhatNeedsNoAnswerIsNotRemindedOf(t *testing.T) {
	half := tuesday.AddDate(0, 0, 7)
	closed := requested(t, tuesday, "a")
	closed.Close("a", tuesday.AddDate(0, 0, 1), "answered")
	closed.Settle(half, somebody(t), rules, inbox.Cause{Name: "half time"})
	require.Empty(t, remindedBy(closed, "half time"))

	unwanted := requested(t, tuesday, "a")
	unwanted.Prefer(gate.Preferences{NoReminders: true})
	unwanted.Settle(half, somebody(t), rules, inbox.Cause{Name: "half time"})
	require.Empty(t, remindedBy(unwanted, "half time"))
}

func TestAReminderCountsAndWaitsItsTurn(t *testing.T) {
	box := requested(t, tuesday, "a") // its reminder is due a week later, together with two new messages
	half := tuesday.AddDate(0, 0, 7)
	box.Request(inbox.Message{ID: "b"}, half)
	box.Request(inbox.Message{ID: "c"}, half)
	box.Settle(half, somebody(t), rules, inbox.Cause{Name: "half time"})

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
	box.Settle(night, somebody(t), rules, inbox.Cause{Name: "chosen"})
	late, _ := box.Find("a")
	require.Equal(t, "14:00", late.NextTryAt.In(somebody(t).Zone).Format("15:04"))

	box.Prefer(gate.Preferences{})
	box.Reconsider(night)
	box.Settle(night, somebody(t), rules, inbox.Cause{Name: "unchosen"})
	again, _ := box.Find("a")
	require.Equal(t, early.NextTryAt, again.NextTryAt)
}

func TestAManagerOfFortyIsRemindedOfTalksAndStillAsked(t *testing.T) {
	box := inbox.New("manager")
	for n := range 5 {
		id := fmt.Sprint("talks", n)
		box.Request(inbox.Message{ID: id, KeyMoment: gate.Talk, FollowUp: "prepare", Count: 8, ExpiresAt: tuesday.AddDate(0, 0, 6)}, tuesday)
	}
	for _, id := range []string{"a", "b", "c"} {
		box.Request(inbox.Message{ID: id, ExpiresAt: tuesday.AddDate(0, 0, 14)}, tuesday)
	}
	box.Settle(tuesday, somebody(t), rules, inbox.Cause{Name: "request"})

	require.Len(t, box.ShownBy("request"), 3+2, "three reminders and two questions in a week")
	m, _ := box.Find("talks0")
	require.Equal(t, 8, m.Count)
	require.Zero(t, m.RemindAt, "a reminder does not come back by itself")
	m, _ = box.Find("talks4")
	require.Equal(t, gate.TooLate, m.Decisions[0].Reason, "a fourth one in a week would come too late")
	m, _ = box.Find("c")
	require.Equal(t, gate.OverCap, m.Decisions[0].Reason, "questions are limited as ever")
}

func TestWhoWantsNoRemindersOfQuestionsIsRemindedOfTalks(t *testing.T) {
	box := inbox.New("person")
	box.Prefer(gate.Preferences{NoReminders: true})
	box.Request(inbox.Message{ID: "a", KeyMoment: gate.Talk, FollowUp: "tomorrow", Count: 1, ExpiresAt: tuesday.AddDate(0, 0, 1)}, tuesday)
	box.Settle(tuesday, somebody(t), rules, inbox.Cause{Name: "request"})
	require.Equal(t, inbox.Shown, state(t, box, "a"))
}

// remindedBy are the messages of which the cause reminded.
func remindedBy(box *inbox.Inbox, cause string) []inbox.Message {
	return slices.DeleteFunc(slices.Clone(box.Messages), func(m inbox.Message) bool { return m.RemindedBy != cause })
}
