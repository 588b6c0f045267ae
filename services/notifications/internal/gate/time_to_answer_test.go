package gate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications/internal/gate"
)

func TestWhatCanHardlyBeAnsweredIsNotShown(t *testing.T) {
	tuesday := at(t, "2026-11-03 10:00")
	full := []gate.Past{{At: at(t, "2026-10-28 11:30")}, {At: at(t, "2026-11-02 15:00")}} // free again on Wednesday at 11:30
	for _, c := range []struct {
		name    string
		message gate.Message
		history []gate.Past
		want    gate.Verdict
	}{
		{"a cap that frees ten minutes before the end", gate.Message{Expires: at(t, "2026-11-04 11:40")}, full, gate.Expired},
		{"a cap that frees a day before the end", gate.Message{Expires: at(t, "2026-11-05 11:30")}, full, gate.Deferred},
		{"an hour left of two weeks", gate.Message{Expires: tuesday.Add(time.Hour), Asked: tuesday.AddDate(0, 0, -14)}, nil, gate.Expired},
		{"a day left of two weeks", gate.Message{Expires: tuesday.AddDate(0, 0, 1), Asked: tuesday.AddDate(0, 0, -14)}, nil, gate.LetThrough},
		{"asked on somebody's last day", gate.Message{Expires: at(t, "2026-11-04 00:00"), Asked: tuesday}, nil, gate.LetThrough},
		{"late on somebody's last day", gate.Message{Expires: at(t, "2026-11-03 14:00"), Asked: at(t, "2026-11-02 10:00")}, nil, gate.Expired},
		{"a talk in an hour", gate.Message{Kind: gate.Appointment, Expires: tuesday.Add(time.Hour)}, nil, gate.LetThrough},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := gate.Decide(tuesday, gate.Person{Zone: paris(t)}, c.history, c.message, gate.DefaultRules())
			require.Equal(t, c.want, got.Verdict, got.Reason)
			if c.want == gate.Expired {
				require.Equal(t, gate.TooLate, got.Reason)
			}
		})
	}
}
