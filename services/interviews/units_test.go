package interviews_test

import (
	"testing"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

func TestHROfAUnitListsTheTalksOfItsPeopleOnly(t *testing.T) {
	w := start(t, nil)
	manager := uuid.NewString()
	here, elsewhere := employee(manager), employee(manager)
	elsewhere.UnitId, elsewhere.UnitPath = "other", []string{"company", "other"}
	w.publish(&directoryv1.PeopleHired{People: []*directoryv1.Employee{here, elsewhere}})
	require.Len(t, w.list(manager, manager), 2)

	hrOf := func(unit string) identity.Actor {
		return identity.Actor{PersonID: uuid.NewString(), Grants: []identity.Grant{{Role: identity.LocalHR, Unit: unit}}}
	}
	client := w.parts.Peers.Interviews()
	res, err := client.ListTalks(identity.NewContext(t.Context(), hrOf("store")), &interviewsv1.ListTalksRequest{ManagerId: manager})
	require.NoError(t, err)
	require.Len(t, res.GetTalks(), 1)
	require.Equal(t, here.GetId(), res.GetTalks()[0].GetEmployeeId())

	_, err = client.GetNextTalk(identity.NewContext(t.Context(), hrOf("store")), &interviewsv1.GetNextTalkRequest{EmployeeId: here.GetId()})
	require.NoError(t, err)
	_, err = client.GetNextTalk(identity.NewContext(t.Context(), hrOf("store")), &interviewsv1.GetNextTalkRequest{EmployeeId: elsewhere.GetId()})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
	director := identity.Actor{PersonID: uuid.NewString(), Grants: []identity.Grant{{Role: identity.Director, Unit: "store"}}}
	_, err = client.ListTalks(identity.NewContext(t.Context(), director), &interviewsv1.ListTalksRequest{ManagerId: manager})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "a director's own team is listed as a manager's: %v", err)
}
