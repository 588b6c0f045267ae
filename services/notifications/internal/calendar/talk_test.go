package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/calendar"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

func told(on, at, zone string) *interviewsv1.Talk {
	return &interviewsv1.Talk{
		Id: "talk", EmployeeId: "ada", ManagerId: "bob", PlannedOn: on, StartsAt: at, TimeZone: zone, Minutes: 60,
	}
}

func TestATalkBeginsWhenTheWallClockSaysSo(t *testing.T) {
	for _, c := range []struct{ name, on, at, zone, begins string }{
		{"in summer", "2026-10-20", "10:00", "Europe/Paris", "2026-10-20T08:00:00Z"},
		{"the week after the clocks went back", "2026-10-27", "10:00", "Europe/Paris", "2026-10-27T09:00:00Z"},
		{"the week after they went forward", "2026-03-31", "10:00", "Europe/Paris", "2026-03-31T08:00:00Z"},
		{"at an hour that is skipped", "2026-03-29", "02:30", "Europe/Paris", "2026-03-29T01:30:00Z"},
		{"at an hour that comes twice", "2026-10-25", "02:30", "Europe/Paris", "2026-10-25T00:30:00Z"},
		{"far away", "2026-11-10", "09:00", "Indian/Reunion", "2026-11-10T05:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			talk, err := calendar.Planned(told(c.on, c.at, c.zone))
			require.NoError(t, err)
			require.Equal(t, c.begins, talk.Begins.Format(time.RFC3339))
		})
	}
}

func TestATalkWithoutATimeIsNoMatterOfCalendars(t *testing.T) {
	for _, timeless := range []*interviewsv1.Talk{
		told("2026-11-10", "", "Europe/Paris"), told("2026-11-10", "10:00", ""), told("2026-11-10", "10:00", "Europe/Atlantis"),
	} {
		talk, err := calendar.Planned(timeless)
		require.NoError(t, err)
		require.Zero(t, talk.Begins)
	}
	for _, wrong := range []*interviewsv1.Talk{
		told("soon", "10:00", "Europe/Paris"), told("2026-11-10", "ten", "Europe/Paris"),
	} {
		_, err := calendar.Planned(wrong)
		require.ErrorIs(t, err, event.ErrInvalid)
	}
}
