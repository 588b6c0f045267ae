package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/calendar"
	"jalon.dev/services/notifications/internal/mail"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// TalksCancelled takes talks out of the calendars of whoever was told of them.
func TalksCancelled(m *mail.Mailer, register *people.Register) func(context.Context, event.Event, *interviewsv1.TalksCancelled) error {
	return talks[*interviewsv1.TalksCancelled](m, register, calendar.Cancelled)
}
