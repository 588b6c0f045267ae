package delivery_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/gate"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func reminders(t *testing.T, events map[string]event.Event) (reminded []string) {
	t.Helper()
	for _, ev := range events {
		msg := &notificationsv1.PromptsShown{}
		require.NoError(t, ev.Decode(msg))
		for _, p := range msg.GetPrompts() {
			if p.GetReminder() {
				reminded = append(reminded, p.GetInvitationId())
			}
		}
	}
	return reminded
}

// planned returns the agenda's items of the invitations of a kind.
func (d *desk) planned(kind string, asked []delivery.Request) []agenda.Item {
	d.t.Helper()
	var items []agenda.Item
	for _, r := range asked {
		id := event.ID(kind, r.Message.ID)
		found, err := d.agenda.Get(d.t.Context(), id)
		require.NoError(d.t, err)
		if item, ok := found[id]; ok {
			items = append(items, item)
		}
	}
	return items
}

func TestAReminderThatWasCutShortIsToldWhenItIsRedone(t *testing.T) {
	persons := ids(10)
	d := newDesk(t, persons...)
	asked := requests(persons...)
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	items := d.planned(delivery.KindReminder, asked)
	require.Len(t, items, 10)
	half := tuesday.AddDate(0, 0, 7)
	require.Equal(t, half, items[0].Due.UTC())

	d.crash()
	d.clock.Set(half)
	_, err := d.Retry(t.Context(), half, items)
	require.NoError(t, err)
	want := d.recorded()
	require.Len(t, reminders(t, want), 10)

	d.clock.Advance(time.Minute)
	outcomes, err := d.Retry(t.Context(), d.clock.Now(), items[:7]) // handed out in other company
	require.NoError(t, err)
	require.Equal(t, keys(want), keys(d.recorded()), "they were told")
	require.Equal(t, agenda.Done(items[0].ID), outcomes[0])

	d.crash()
	for range 2 {
		_, err = d.Retry(t.Context(), d.clock.Now(), items)
		require.NoError(t, err)
		require.ElementsMatch(t, reminders(t, want), reminders(t, d.recorded()), "each is told once, and none is forgotten")
	}
}

// A second reminder is a step of its own: it is planned when the first is told, told by an event of its own, and cut short it is redone
// without the first being told again.
func TestASecondReminderIsAStepOfItsOwn(t *testing.T) {
	persons := ids(3)
	d := newDesk(t, persons...)
	asked, twice := requests(persons...), 2
	for i := range asked {
		asked[i].Message.KeyMoment, asked[i].Message.ExpiresAt, asked[i].Message.Reminders = gate.Campaign, tuesday.AddDate(0, 0, 28), &twice
	}
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	half := tuesday.AddDate(0, 0, 14)
	d.clock.Set(half)
	items := d.planned(delivery.KindReminder, asked)
	outcomes, err := d.Retry(t.Context(), half, items)
	require.NoError(t, err)
	require.Equal(t, agenda.Done(items[0].ID), outcomes[0])
	first := d.recorded()
	require.Len(t, reminders(t, first), 3)

	var second []agenda.Item
	for _, r := range asked {
		id := event.ID(delivery.KindReminder, r.Message.ID, "2")
		found, err := d.agenda.Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, half.AddDate(0, 0, 7), found[id].Due.UTC(), "at half of what is left")
		second = append(second, found[id])
	}
	d.clock.Set(half.AddDate(0, 0, 7))
	for range 2 {
		_, err = d.Retry(t.Context(), d.clock.Now(), second)
		require.NoError(t, err)
	}
	require.Len(t, reminders(t, d.recorded()), 6, "each is told once more, and once")
	var numbers []int32
	for id, ev := range d.recorded() {
		if _, before := first[id]; before {
			continue
		}
		msg := &notificationsv1.PromptsShown{}
		require.NoError(t, ev.Decode(msg))
		for _, p := range msg.GetPrompts() {
			numbers = append(numbers, p.GetReminderNumber())
		}
	}
	require.Equal(t, []int32{2, 2, 2}, numbers)

	d.crash()
	_, err = d.Retry(t.Context(), d.clock.Now(), second)
	require.NoError(t, err)
	require.Len(t, reminders(t, d.recorded()), 3, "what was cut short is told, the first reminders are not told again")
}

func TestAReminderOutsideTheHoursWaitsForThem(t *testing.T) {
	persons := ids(1)
	d := newDesk(t, persons...)
	asked := requests(persons...)
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	night := tuesday.AddDate(0, 0, 7).Add(12 * time.Hour)
	d.clock.Set(night)
	items := d.planned(delivery.KindReminder, asked)
	outcomes, err := d.Retry(t.Context(), night, items)
	require.NoError(t, err)
	// The 11th of November is a holiday.
	require.Equal(t, agenda.Postpone(items[0].ID, time.Date(2026, time.November, 12, 8, 0, 0, 0, time.UTC), "outside_window"), outcomes[0])
}

func TestClosingCancelsTheReminder(t *testing.T) {
	persons := ids(1)
	d := newDesk(t, persons...)
	asked := requests(persons...)
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	require.NoError(t, d.Close(t.Context(), "answered", []delivery.Closing{{PersonID: persons[0], InvitationID: asked[0].Message.ID}}))
	require.Equal(t, agenda.StateCancelled, d.planned(delivery.KindReminder, asked)[0].State)
}

// Choices made between two attempts of the same work neither lose a message nor tell of it twice.
func TestChoicesAreKeptAndWhatWaitsIsReconsidered(t *testing.T) {
	persons := ids(1)
	d := newDesk(t, persons...)
	d.clock.Set(tuesday.Add(2 * time.Hour))
	require.NoError(t, d.Prefer(t.Context(), persons[0], gate.Preferences{From: 14 * 60, To: 16 * 60}))
	asked := requests(persons...)
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	require.Empty(t, d.recorded())
	require.Len(t, d.planned(delivery.KindRetry, asked), 1)

	require.NoError(t, d.Prefer(t.Context(), persons[0], gate.Preferences{}))
	due, err := d.agenda.DueNow(t.Context())
	require.NoError(t, err)
	require.Zero(t, due, "kinds are counted where they are handled")
	now := d.clock.Now()
	id := event.ID(delivery.KindRetry, asked[0].Message.ID, now.UTC().Format(time.RFC3339Nano))
	found, err := d.agenda.Get(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, now, found[id].Due.UTC())
	_, err = d.Retry(t.Context(), now, []agenda.Item{found[id]})
	require.NoError(t, err)
	require.Len(t, prompts(t, d.recorded()), 1)

	require.ErrorIs(t, d.Prefer(t.Context(), persons[0], gate.Preferences{From: 20 * 60, To: 22 * 60}), gate.ErrNoTime)
}
