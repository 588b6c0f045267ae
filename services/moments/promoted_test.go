package moments_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments"
)

func TestAPromotionAndAReturnAreHeardAndAskedAboutAtTheirTime(t *testing.T) {
	in := install(t, moments.Config{})
	in.tell(&directoryv1.PeopleHired{People: employees(1, 2, "2019-05-06"), AsOf: "2026-11-01"})
	in.tell(&directoryv1.PeoplePromoted{AsOf: "2026-11-02", Promotions: []*directoryv1.PeoplePromoted_Promotion{
		{Person: employee(1, "2019-05-06"), PromotedOn: "2026-11-02"},
	}})
	in.tell(&directoryv1.PeopleReturned{AsOf: "2026-11-02", Returns: []*directoryv1.PeopleReturned_Return{
		{Person: employee(2, "2019-05-06"), ReturnedOn: "2026-11-02", AwayFrom: "2026-06-01"},
	}})
	in.settle()
	in.moveTo("2026-11-05T10:00:00Z")
	require.Contains(t, in.awaitInvitations(1), personID(2)+" day_3")
	in.moveTo("2026-12-02T10:00:00Z")
	require.Contains(t, in.awaitInvitations(3), personID(1)+" day_30")

	causes := map[string]string{}
	for n := range 2 {
		for _, m := range in.momentsOf(personID(n + 1)) {
			causes[m.GetKeyMoment()] = m.GetCause()
		}
	}
	require.Equal(t, "promoted", causes["promotion"])
	require.Equal(t, "returned", causes["return_from_leave"])
}
