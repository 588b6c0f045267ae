package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/calendar"
	"jalon.dev/services/notifications/internal/mail"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// talks is the handler of an event about talks, as read says. It notes the mails for people's calendars; none stays of people
// who were erased. Delicate talks are events of their own because of who may be told of them outside Jalon; the two people are
// told of all theirs alike.
func talks[T interface{ GetTalks() []*interviewsv1.Talk }](
	m *mail.Mailer, register *people.Register, read func(*interviewsv1.Talk) (calendar.Talk, error),
) func(context.Context, event.Event, T) error {
	return func(ctx context.Context, ev event.Event, msg T) error {
		news := make([]calendar.Talk, len(msg.GetTalks()))
		var concerned []string
		for i, t := range msg.GetTalks() {
			var err error
			if news[i], err = read(t); err != nil {
				return err
			}
			concerned = append(concerned, t.GetEmployeeId(), t.GetManagerId())
		}
		if err := m.Talks(ctx, ev.ID, news); err != nil {
			return err
		}
		erased, err := register.Erased(ctx, concerned)
		if err != nil || len(erased) == 0 {
			return err
		}
		return m.Forget(ctx, ev.ID, erased)
	}
}
