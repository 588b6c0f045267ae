package talk_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/interviews/internal/talk"
)

func in(zone string, id string) talk.Person {
	p := person(id, 1)
	p.Zone = zone
	return p
}

func TestTalksDoNotOverlapWhereEmployeesLiveByOtherClocks(t *testing.T) {
	others := around()
	boss := others.Managers["manager"]
	boss.Zone = "Europe/Paris"
	others.Managers["manager"] = boss
	rapid.Check(t, func(t *rapid.T) {
		var team []talk.Person
		for i := range rapid.IntRange(2, 30).Draw(t, "reports") {
			zone := rapid.SampledFrom([]string{"Europe/Paris", "Europe/Lisbon", "Indian/Reunion", "America/Guadeloupe", "Asia/Kolkata"}).Draw(t, "zone")
			report := in(zone, fmt.Sprintf("report %d", i))
			report.HiredOn = day("2026-10-26").AddDays(rapid.IntRange(0, 30).Draw(t, "hired"))
			team = append(team, report)
		}
		talks := talk.Plan(talk.Occasion{Cause: "hired", At: monday}, team, others)
		if moves := rapid.IntRange(0, len(team)).Draw(t, "moves"); moves > 0 { // to Paris
			moved := others
			moved.Known = talks
			for i := range team[:moves] {
				team[i].Zone, team[i].Version = "Europe/Paris", 2
			}
			after := map[string]talk.Talk{}
			for _, one := range append(talks, talk.Plan(talk.Occasion{Cause: "moved", At: monday}, team[:moves], moved)...) {
				after[one.ID] = one
			}
			talks = slices.Collect(maps.Values(after))
		}
		slices.SortFunc(talks, func(x, y talk.Talk) int { return x.Begins().Compare(y.Begins()) })
		for i := 1; i < len(talks); i++ {
			x, y := talks[i-1], talks[i]
			if y.Begins().Sub(x.Begins()) < time.Hour {
				t.Fatalf("%s has a talk at %s in %s, and %s one at %s in %s", x.EmployeeID, x.Begins(), x.Zone, y.EmployeeID, y.Begins(), y.Zone)
			}
		}
	})
}

func TestAManagerElsewhereIsMetInWorkingHoursThere(t *testing.T) {
	for zone, at := range map[string]string{
		"Europe/Paris":       "10:00",
		"America/Guadeloupe": "10:00", // 15:00 in Paris
		"America/Vancouver":  "10:00", // no hour of the day suits both
		"Indian/Reunion":     "14:00", // 11:00 in Paris: at 10:00 it would be seven there
		"Asia/Kolkata":       "14:00",
	} {
		others := around()
		boss := others.Managers["manager"]
		boss.Zone = "Europe/Paris"
		others.Managers["manager"] = boss
		talks := talk.Plan(talk.Occasion{Cause: "hired", At: monday}, []talk.Person{in(zone, "someone")}, others)
		require.Equal(t, at, talks[0].StartsAt.String(), zone)
	}
}
