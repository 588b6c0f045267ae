package inbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

var (
	tuesday = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC) // 10:00 in Paris
	night   = time.Date(2026, time.November, 3, 22, 0, 0, 0, time.UTC)
	rules   = gate.DefaultRules()
)

func somebody(t *testing.T) *gate.Person {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	return &gate.Person{Zone: zone}
}

func requested(t *testing.T, now time.Time, ids ...string) *inbox.Inbox {
	t.Helper()
	box := inbox.New("person")
	for _, id := range ids {
		box.Request(inbox.Message{ID: id, ExpiresAt: now.Add(14 * 24 * time.Hour)}, now)
	}
	box.Settle(now, somebody(t), rules, inbox.Cause{Name: "request"})
	return box
}

func state(t *testing.T, box *inbox.Inbox, id string) inbox.State {
	t.Helper()
	m, ok := box.Find(id)
	require.True(t, ok)
	return m.State
}

func TestARequestInOpenHoursIsShown(t *testing.T) {
	box := requested(t, tuesday, "a")

	open := box.Open(tuesday)
	require.Len(t, open, 1)
	require.Equal(t, tuesday, open[0].ShownAt)
	require.Equal(t, open, box.ShownBy("request"))
	require.Equal(t, gate.Open, open[0].Decisions[0].Reason)
	require.Equal(t, open[0].ExpiresAt, box.NextExpiry)
}

func TestAskingForTheSameInvitationAgainChangesNothing(t *testing.T) {
	box := requested(t, tuesday, "a")
	saved := inbox.Inbox{PersonID: box.PersonID, Version: 1, Messages: box.Messages, NextExpiry: box.NextExpiry}

	saved.Request(inbox.Message{ID: "a"}, tuesday.Add(time.Hour))
	saved.Settle(tuesday.Add(time.Hour), somebody(t), rules, inbox.Cause{Name: "again"})

	require.False(t, saved.Changed())
	require.Len(t, saved.Messages, 1)
	require.Empty(t, saved.ShownBy("again"))
}

func TestAtNightTheMessageWaitsForTheMorning(t *testing.T) {
	box := requested(t, night, "a")
	require.Equal(t, inbox.Waiting, state(t, box, "a"))
	require.Empty(t, box.Open(night))

	m, _ := box.Find("a")
	box.Settle(m.NextTryAt.Add(-time.Second), somebody(t), rules, inbox.Cause{Name: "early"})
	require.Equal(t, inbox.Waiting, state(t, box, "a"), "asking early changes nothing")

	box.Settle(m.NextTryAt, somebody(t), rules, inbox.Cause{Name: "retry"})
	require.Equal(t, inbox.Shown, state(t, box, "a"))
	m, _ = box.Find("a")
	require.Len(t, m.Decisions, 2, "both decisions are kept")
}

func TestOverTheCapTheLongestWaitingGoesFirst(t *testing.T) {
	box := requested(t, tuesday, "a", "b", "c")
	require.Equal(t, inbox.Waiting, state(t, box, "c"))
	c, _ := box.Find("c")
	require.Equal(t, gate.OverCap, c.Decisions[0].Reason)

	later := c.NextTryAt
	box.Request(inbox.Message{ID: "d"}, later)
	box.Request(inbox.Message{ID: "e"}, later)
	box.Request(inbox.Message{ID: "f"}, later)
	box.Settle(later, somebody(t), rules, inbox.Cause{Name: "second week"})

	require.Equal(t, inbox.Shown, state(t, box, "c"), "what came later does not overtake")
	require.Equal(t, inbox.Shown, state(t, box, "d"))
	require.Equal(t, inbox.Waiting, state(t, box, "e"))
	require.Len(t, box.ShownBy("second week"), 2)
}

func TestClosing(t *testing.T) {
	t.Run("takes a shown message away", func(t *testing.T) {
		box := requested(t, tuesday, "a")
		box.Close("a", tuesday, "close")
		require.Equal(t, inbox.Closed, state(t, box, "a"))
		require.Empty(t, box.Open(tuesday))
		require.Zero(t, box.NextExpiry)
	})
	t.Run("ends a waiting message before it is shown", func(t *testing.T) {
		box := requested(t, night, "a")
		box.Close("a", night, "close")
		box.Settle(night.Add(24*time.Hour), somebody(t), rules, inbox.Cause{Name: "retry"})
		require.Equal(t, inbox.Closed, state(t, box, "a"))
	})
	t.Run("before the request arrived keeps it from being shown", func(t *testing.T) {
		box := inbox.New("person")
		box.Close("a", tuesday, "close")
		box.Request(inbox.Message{ID: "a"}, tuesday)
		box.Settle(tuesday, somebody(t), rules, inbox.Cause{Name: "request"})
		require.Equal(t, inbox.Closed, state(t, box, "a"))
	})
	t.Run("twice keeps the first cause", func(t *testing.T) {
		box := requested(t, tuesday, "a")
		box.Close("a", tuesday, "first")
		box.Close("a", tuesday.Add(time.Hour), "second")
		m, _ := box.Find("a")
		require.Equal(t, "first", m.EndedBy)
	})
}

func TestAShownMessageExpires(t *testing.T) {
	box := requested(t, tuesday, "a")
	at := box.NextExpiry
	require.Empty(t, box.Open(at), "nobody sees it from then on, swept or not")

	require.Empty(t, box.Expire(at.Add(-time.Second), "early"))
	expired := box.Expire(at, "sweep")
	require.Len(t, expired, 1)
	require.Equal(t, gate.TooLate, expired[0].Decisions[1].Reason)
	require.Zero(t, box.NextExpiry)
	require.Empty(t, box.Expire(at, "again"))
}

func TestSomebodyUnknownIsNotAskedBeforeDirectoryToldOfThem(t *testing.T) {
	box := inbox.New("person")
	box.Request(inbox.Message{ID: "a"}, tuesday)
	box.Settle(tuesday, nil, rules, inbox.Cause{Name: "request"})
	m, _ := box.Find("a")
	require.Equal(t, gate.Unknown, m.Decisions[0].Reason)

	box.Settle(m.NextTryAt, somebody(t), rules, inbox.Cause{Name: "retry"})
	require.Equal(t, inbox.Shown, state(t, box, "a"))
}

func TestWhatEndedLongAgoIsForgotten(t *testing.T) {
	box := requested(t, tuesday, "a")
	box.Close("a", tuesday, "close")
	later := tuesday.AddDate(0, 0, 91)
	box.Request(inbox.Message{ID: "b"}, later)
	box.Settle(later, somebody(t), rules, inbox.Cause{Name: "request"})
	_, known := box.Find("a")
	require.False(t, known)
	require.Equal(t, inbox.Shown, state(t, box, "b"))
}
