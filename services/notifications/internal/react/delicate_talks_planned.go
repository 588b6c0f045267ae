package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/calendar"
	"jalon.dev/services/notifications/internal/mail"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// DelicateTalksPlanned does what TalksPlanned does.
func DelicateTalksPlanned(m *mail.Mailer, register *people.Register) func(context.Context, event.Event, *interviewsv1.DelicateTalksPlanned) error {
	return talks[*interviewsv1.DelicateTalksPlanned](m, register, calendar.Planned)
}
