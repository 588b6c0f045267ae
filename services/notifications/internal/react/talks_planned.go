package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/calendar"
	"jalon.dev/services/notifications/internal/mail"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// TalksPlanned puts talks into the two people's calendars, moves them there, and takes them out of a former manager's.
func TalksPlanned(m *mail.Mailer, register *people.Register) func(context.Context, event.Event, *interviewsv1.TalksPlanned) error {
	return talks[*interviewsv1.TalksPlanned](m, register, calendar.Planned)
}
