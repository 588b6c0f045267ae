package interviews_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/identity"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestWhoeverIsErasedHasNoTalkAndIsInNobodys(t *testing.T) {
	w := start(t, nil)
	boss := employee("")
	ada, bob := employee(boss.GetId()), employee(boss.GetId())
	everybody := []*directoryv1.Employee{boss, ada, bob}
	w.publish(&directoryv1.PeopleHired{People: everybody, AsOf: "2026-11-03"})
	require.NotNil(t, w.next("", ada.GetId(), identity.HR))

	bossIsErased := &directoryv1.PeopleErased{PersonIds: []string{boss.GetId(), bob.GetId()}}
	w.publish(bossIsErased)
	late := employee(boss.GetId())
	// Everything that was told before comes again, and somebody who still names the manager.
	w.publish(&directoryv1.PeopleHired{People: append(everybody, late), AsOf: "2026-11-03"}, bossIsErased)

	cursor, err := w.parts.DB.Collection("talks").Find(t.Context(), bson.D{})
	require.NoError(t, err)
	var talks []bson.M
	require.NoError(t, cursor.All(t.Context(), &talks))
	require.Len(t, talks, 2, "Ada's, and that of whoever came late")
	for _, talk := range talks {
		require.Contains(t, []any{ada.GetId(), late.GetId()}, talk["employee_id"])
		require.Empty(t, talk["manager_id"])
	}
	require.Nil(t, w.next("", ada.GetId(), identity.HR), "there is nobody to talk with until HR says who")
}
