package notifications_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/services/notifications"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// remind returns a reminder of so many talks, pointless in two days.
func (w *world) reminder(person, about string, count int32) *interviewsv1.RemindersRequested {
	return &interviewsv1.RemindersRequested{Reminders: []*interviewsv1.Reminder{{
		Id: uuid.NewString(), PersonId: person, About: about, Count: count,
		ExpiresAt: w.clock.Now().AddDate(0, 0, 2).Format(time.RFC3339),
	}}}
}

func done(msg *interviewsv1.RemindersRequested) *interviewsv1.RemindersClosed {
	closed := &interviewsv1.RemindersClosed{}
	for _, r := range msg.GetReminders() {
		closed.Reminders = append(closed.Reminders, &interviewsv1.RemindersClosed_Closed{ReminderId: r.GetId(), PersonId: r.GetPersonId()})
	}
	return closed
}

func (w *world) promptOf(person string) *notificationsv1.Prompt {
	w.t.Helper()
	res, err := w.peers.Notifications().ListPrompts(w.as(person), &notificationsv1.ListPromptsRequest{PersonId: person})
	require.NoError(w.t, err)
	require.Len(w.t, res.GetPrompts(), 1)
	return res.GetPrompts()[0]
}

func TestAReminderOfTalksIsShownUntilTheMatterIsSettled(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	boss := uuid.NewString()
	w.hire(asIs, boss)
	request := w.reminder(boss, "prepare", 3)
	id := request.GetReminders()[0].GetId()
	w.publish("interviews", request, request)

	prompt := w.promptOf(boss)
	require.Equal(t, "talk", prompt.GetKeyMoment())
	require.Equal(t, "prepare", prompt.GetFollowUp())
	require.EqualValues(t, 3, prompt.GetCount())
	shown, _ := w.told()
	require.Equal(t, []string{id}, shown)
	why := w.why(boss, id)
	require.Equal(t, "open", why.GetDecisions()[0].GetReason())
	require.Empty(t, why.GetRemindAt())

	w.publish("interviews", done(request), done(request))
	w.forget("INTERVIEWS", "notifications-reminders-requested")
	_, closed := w.told()
	require.Equal(t, []string{id}, closed)
	require.Empty(t, w.prompts(boss))

	overtaken := w.reminder(boss, "late", 1)
	w.publish("interviews", done(overtaken))
	w.publish("interviews", overtaken)
	require.Empty(t, w.prompts(boss), "it was settled before it was asked for")
}

func TestRemindersOfTalksKeepToTheHoursAndTakeNothingFromQuestions(t *testing.T) {
	w := start(t, notifications.DefaultConfig())
	boss := uuid.NewString()
	w.hire(asIs, boss)
	w.move(tuesday.Add(10 * time.Hour)) // 20:00
	requests := []proto.Message{w.invite(boss, boss)}
	for range 4 {
		requests = append(requests, w.reminder(boss, "tomorrow", 2))
	}
	w.publish("interviews", requests[1:]...)
	w.publish("moments", requests[0])
	require.Empty(t, w.prompts(boss))

	w.move(time.Date(2026, time.November, 4, 8, 0, 0, 0, time.UTC))
	require.Len(t, w.prompts(boss), 2+3, "two questions, three reminders")
	w.move(tuesday.AddDate(0, 0, 3))
	var over int
	for _, m := range requests[1:] {
		if w.why(boss, m.(*interviewsv1.RemindersRequested).GetReminders()[0].GetId()).GetState() == notificationsv1.Message_STATE_EXPIRED {
			over++
		}
	}
	require.Equal(t, 4, over, "all are pointless now, the fourth was never shown")
}

func TestAReminderOfTalksIsMailedOnce(t *testing.T) {
	cfg, boxes := withMail(t)
	w := start(t, cfg)
	boss := uuid.NewString()
	w.hire(asIs, boss)
	request := w.reminder(boss, "prepare", 3)
	w.publish("interviews", request, request)
	w.forget("NOTIFICATIONS", "notifications-mail")
	require.Len(t, boxes.all(), 1)
	require.Contains(t, boxes.all()[0], "Trois entretiens")
}

// between returns a talk of two people in a week.
func between(employee, manager string, sequence int32) *interviewsv1.Talk {
	return &interviewsv1.Talk{
		Id: uuid.NewString(), EmployeeId: employee, ManagerId: manager, PlannedOn: "2026-11-10", StartsAt: "10:00",
		TimeZone: "Europe/Paris", Minutes: 60, Sequence: sequence,
	}
}

// methods counts the calendar mails by what they ask for.
func methods(mails []string) (requests, cancels int) {
	for _, m := range mails {
		requests += strings.Count(m, "text/calendar; method=REQUEST")
		cancels += strings.Count(m, "text/calendar; method=CANCEL")
	}
	return requests, cancels
}

func TestCalendarsAreToldOfEveryTalkOnceWhateverIsDeliveredAgain(t *testing.T) {
	cfg, boxes := withMail(t)
	w := start(t, cfg)
	ada, bob, cid := uuid.NewString(), uuid.NewString(), uuid.NewString()
	w.hire(asIs, ada, bob, cid)
	talk, delicate := between(ada, bob, 0), between(ada, bob, 0)
	delicate.Kind = "reframing"
	w.publish("interviews", &interviewsv1.TalksPlanned{Talks: []*interviewsv1.Talk{talk}})
	w.publish("interviews", &interviewsv1.DelicateTalksPlanned{Talks: []*interviewsv1.Talk{delicate}})
	requests, cancels := methods(boxes.all())
	require.Equal(t, []int{4, 0}, []int{requests, cancels})
	for _, mail := range boxes.all() {
		require.NotContains(t, mail, "reframing")
		require.NotContains(t, mail, "recadrage")
	}

	moved := proto.CloneOf(talk)
	moved.ManagerId, moved.Sequence = cid, 1
	w.publish("interviews", &interviewsv1.TalksPlanned{Talks: []*interviewsv1.Talk{moved}})
	requests, cancels = methods(boxes.all())
	require.Equal(t, []int{6, 1}, []int{requests, cancels}, "two invited, one relieved")

	off := proto.CloneOf(moved)
	off.Sequence = 2
	w.publish("interviews", &interviewsv1.TalksCancelled{Talks: []*interviewsv1.Talk{off}},
		&interviewsv1.DelicateTalksCancelled{Talks: []*interviewsv1.Talk{delicate}})
	requests, cancels = methods(boxes.all())
	require.Equal(t, []int{6, 5}, []int{requests, cancels})

	// All of it again, by the bus and by another replica.
	w.replica(cfg)
	for _, durable := range []string{
		"calendar-talks-planned", "calendar-delicate-talks-planned", "calendar-talks-cancelled", "calendar-delicate-talks-cancelled",
	} {
		w.forget("INTERVIEWS", "notifications-"+durable)
	}
	w.publish("interviews", &interviewsv1.TalksPlanned{Talks: []*interviewsv1.Talk{talk, moved, talk}})
	require.Len(t, boxes.all(), 11)
}

func TestATalkOfSomebodyOfWhomDirectoryToldLateIsToldThen(t *testing.T) {
	cfg, boxes := withMail(t)
	w := start(t, cfg)
	ada, bob := uuid.NewString(), uuid.NewString()
	w.publish("interviews", &interviewsv1.TalksPlanned{Talks: []*interviewsv1.Talk{between(ada, bob, 0)}})
	require.Empty(t, boxes.all())
	w.hire(asIs, ada, bob)
	w.move(tuesday.Add(time.Minute))
	require.Len(t, boxes.all(), 2)
}

func TestCalendarsAreToldInPeoplesHoursOnly(t *testing.T) {
	cfg, boxes := withMail(t)
	cfg.Rules = notifications.DefaultRules()
	w := start(t, cfg)
	ada, bob := uuid.NewString(), uuid.NewString()
	w.hire(asIs, ada, bob)
	w.move(tuesday.Add(10 * time.Hour))
	w.publish("interviews", &interviewsv1.TalksPlanned{Talks: []*interviewsv1.Talk{between(ada, bob, 0)}})
	w.move(tuesday.Add(20 * time.Hour))
	require.Empty(t, boxes.all())
	w.move(time.Date(2026, time.November, 4, 8, 0, 0, 0, time.UTC))
	require.Len(t, boxes.all(), 2)
}
