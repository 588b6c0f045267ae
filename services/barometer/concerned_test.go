package barometer_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
)

// Whoever leads a unit, or holds a role over it or one above it, is pointed to its results, once.
func TestThoseWhomResultsConcernArePointedToThem(t *testing.T) {
	snapshot := company(30, 14)
	lead := world{}.nantes(0)
	for _, p := range snapshot.GetPeople() {
		if p.GetUnitId() == "nantes" && p.GetId() != lead {
			p.ManagerId = lead
		}
	}
	hr, region, elsewhere := uuid.NewString(), uuid.NewString(), uuid.NewString()
	w := start(t, snapshot)
	w.access.held = []*portalv1.RoleHeld{
		{Id: "1", PersonId: hr, Role: "hr"},
		{Id: "2", PersonId: region, Role: "local_hr", UnitId: "co"},
		{Id: "3", PersonId: region, Role: "director", UnitId: "nantes"},
		{Id: "4", PersonId: lead, Role: "director", UnitId: "nantes"},
		{Id: "5", PersonId: elsewhere, Role: "director", UnitId: "velo"}, // counted with Vitré: there are no results of it
	}
	e := w.launched()
	w.votes(w.nantes, 20, 4, 9, "")
	w.votes(w.vitre, 10, 4, 9, "")
	w.closes(e)

	told := map[string]int{}
	require.NoError(t, w.parts.Bus.Tail(t.Context(), 10_000, "jalon.barometer.v1.ResultsToRead", true, func(ev event.Event) error {
		var msg barometerv1.ResultsToRead
		require.NoError(t, ev.Decode(&msg))
		for _, reader := range msg.GetReaders() {
			require.False(t, reader.GetFell(), "nothing to compare with")
			told[reader.GetPersonId()]++
		}
		return nil
	}))
	require.Equal(t, map[string]int{hr: 1, region: 1, lead: 1}, told)
}
