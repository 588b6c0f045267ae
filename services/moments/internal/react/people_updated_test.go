package react_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestAChangeOfManagerHappensOnTheDayThatHRSays(t *testing.T) {
	w, announced, undated := newWorld(t), uuid.NewString(), uuid.NewString()
	led := func(id, manager string, version int64) *directoryv1.Employee {
		e := someone(id)
		e.ManagerId, e.Version = manager, version
		return e
	}
	w.hear(t.Context(), t, news(t, &directoryv1.PeopleUpdated{
		AsOf: today.String(), People: []*directoryv1.Employee{led(announced, "ada", 1), led(undated, "ada", 1)},
	}))
	w.hear(t.Context(), t, news(t, &directoryv1.PeopleUpdated{
		AsOf: today.String(), People: []*directoryv1.Employee{led(announced, "bob", 2), led(undated, "bob", 2)},
		Changes: map[string]*directoryv1.Change{
			announced: {ManagerChanged: true, FormerManagerId: "ada", ManagerChangedOn: "2026-12-01"}, undated: {ManagerChanged: true},
		},
	}))
	require.Contains(t, w.planned(t, announced), "manager_change 2026-12-01")
	require.Contains(t, w.planned(t, undated), "manager_change 2026-11-02")
}
