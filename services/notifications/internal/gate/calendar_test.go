package gate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/holidays"
	"jalon.dev/services/notifications/internal/gate"
)

func TestAPersonsOwnCalendarHolds(t *testing.T) {
	rules := gate.DefaultRules()
	var err error
	rules.Calendars, err = rules.Calendars.With(map[string][]string{"be": {"2026-07-21"}})
	require.NoError(t, err)
	for _, c := range []struct{ name, calendar, now, opens string }{
		{"Good Friday in Lyon", "", "2026-04-03 10:00", "2026-04-03 10:00"},
		{"Good Friday in Strasbourg", holidays.AlsaceMoselle, "2026-04-03 10:00", "2026-04-07 09:00"},
		{"by the number of a department", "FR-57", "2026-04-03 10:00", "2026-04-07 09:00"},
		{"a list from the configuration", "BE", "2026-07-21 10:00", "2026-07-22 09:00"},
		{"it replaces France's", "BE", "2026-07-14 10:00", "2026-07-14 10:00"},
		{"a calendar that nobody knows is France's", "XX", "2026-07-14 10:00", "2026-07-15 09:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			opens := rules.NextOpening(at(t, c.now), gate.Person{Zone: paris(t), Calendar: c.calendar})
			require.Equal(t, c.opens, opens.In(paris(t)).Format("2006-01-02 15:04"))
		})
	}
	holiday := gate.Decide(at(t, "2026-07-21 10:00"), gate.Person{Zone: paris(t), Calendar: "be"}, nil, gate.Message{}, rules)
	require.Equal(t, gate.Holiday, holiday.Reason)
}
