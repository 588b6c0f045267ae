package gate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications/internal/gate"
)

func TestTheDefaultRulesAreWhatTheDocumentationWrites(t *testing.T) {
	window, err := gate.ParseWindow("mon 12:00-18:00; tue-thu 09:00-18:00; fri 09:00-14:00")
	require.NoError(t, err)
	require.Equal(t, gate.OfficeHours(), window)
	caps, err := gate.ParseCaps("2/7d, 5/30d, routine 1/7d, routine 3/30d, appointment 3/7d, appointment 10/30d")
	require.NoError(t, err)
	require.Equal(t, gate.DefaultRules().Caps, caps)
}

func TestAWindowIsReadAsPeopleWriteIt(t *testing.T) {
	window, err := gate.ParseWindow(" Sat-Sun 00:00 - 24:00 ;")
	require.NoError(t, err)
	require.Equal(t, map[time.Weekday]gate.Hours{time.Saturday: {To: 1440}, time.Sunday: {To: 1440}}, window.Week)
	window, err = gate.ParseWindow("ALWAYS")
	require.NoError(t, err)
	require.True(t, window.Always)
}

func TestWhatIsWrongWithAWindowIsSaid(t *testing.T) {
	for setting, says := range map[string]string{
		"monday 09:00-18:00":                   "days and hours",
		"mon 9-18":                             "days and hours",
		"fri-mon 09:00-18:00":                  "days and hours",
		"mon":                                  "days and hours",
		"mon 18:00-09:00":                      "begin before they end",
		"mon-tue 09:00-18:00; tue 10:00-12:00": "tue has its hours already",
		";":                                    "no weekday has hours",
	} {
		_, err := gate.ParseWindow(setting)
		require.ErrorContains(t, err, says, setting)
	}
	_, err := gate.ParseWindow("lun 09:00-18:00; mon 9h-18h")
	require.ErrorContains(t, err, "lun")
	require.ErrorContains(t, err, "9h", "everything that is wrong at once")
}

func TestWhatIsWrongWithCapsIsSaid(t *testing.T) {
	for setting, says := range map[string]string{
		"2 per week":  "messages and days",
		"2/7":         "messages and days",
		"0/7d":        "messages and days",
		"2/365d":      "at most 90 days",
		"party 1/7d":  `no kind "party"`,
		"2/7d, x/30d": "x/30d",
		" , ":         "names no cap",
	} {
		_, err := gate.ParseCaps(setting)
		require.ErrorContains(t, err, says, setting)
	}
}
