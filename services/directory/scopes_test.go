package directory_test

import (
	"context"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestHROfAUnitSeesItsPeopleAndItsBranchOfTheTreeOnly(t *testing.T) {
	in := install(t)
	in.take(t, october)
	tree, err := in.client.ListUnits(hr(t.Context()), &directoryv1.ListUnitsRequest{})
	require.NoError(t, err)
	everybody, err := in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{})
	require.NoError(t, err)
	home := everybody.GetPeople()[0].GetUnitId()
	var inside, outside *directoryv1.PersonCard
	count := 0
	for _, card := range everybody.GetPeople() {
		if card.GetUnitId() == home {
			inside, count = card, count+1
		} else {
			outside = card
		}
	}
	require.NotNil(t, outside, "the sample has people of two units")

	as := holding(t.Context(), identity.LocalHR, home)
	list, err := in.client.ListPeople(as, &directoryv1.ListPeopleRequest{})
	require.NoError(t, err)
	require.EqualValues(t, count, list.GetTotalSize())
	list, err = in.client.ListPeople(as, &directoryv1.ListPeopleRequest{Query: outside.GetNumber()})
	require.NoError(t, err)
	require.Empty(t, list.GetPeople(), "a search finds nobody beyond the unit")
	list, err = in.client.ListPeople(as, &directoryv1.ListPeopleRequest{UnitId: tree.GetUnits()[0].GetId()})
	require.NoError(t, err)
	require.EqualValues(t, count, list.GetTotalSize(), "nor does asking for the company")
	list, err = in.client.ListPeople(as, &directoryv1.ListPeopleRequest{UnitId: outside.GetUnitId()})
	require.NoError(t, err)
	require.Empty(t, list.GetPeople())

	_, err = in.client.BatchGetPeople(as, &directoryv1.BatchGetPeopleRequest{Ids: []string{inside.GetId()}})
	require.NoError(t, err)
	_, err = in.client.BatchGetPeople(as, &directoryv1.BatchGetPeopleRequest{Ids: []string{inside.GetId(), outside.GetId()}})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))

	units, err := in.client.ListUnits(as, &directoryv1.ListUnitsRequest{})
	require.NoError(t, err)
	require.Len(t, units.GetUnits(), 1)
	require.Equal(t, home, units.GetUnits()[0].GetId())

	director := holding(t.Context(), identity.Director, home)
	_, err = in.client.ListPeople(director, &directoryv1.ListPeopleRequest{})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err), "a director reads results and moments")
	units, err = in.client.ListUnits(director, &directoryv1.ListUnitsRequest{})
	require.NoError(t, err)
	require.Len(t, units.GetUnits(), 1)
	list, err = in.client.ListPeople(holding(t.Context(), identity.LocalHR, "nowhere"), &directoryv1.ListPeopleRequest{})
	require.NoError(t, err)
	require.Empty(t, list.GetPeople(), "HR of a unit that is gone sees nobody")
}

func TestAPersonIsFoundByAWholeAddressInWhateverCase(t *testing.T) {
	in := install(t)
	in.take(t, october)
	everybody, err := in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{})
	require.NoError(t, err)
	for _, card := range everybody.GetPeople() {
		if card.GetEmail() == "" {
			continue
		}
		found, err := in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{Query: strings.ToUpper(card.GetEmail())})
		require.NoError(t, err)
		require.Len(t, found.GetPeople(), 1)
		require.Equal(t, card.GetId(), found.GetPeople()[0].GetId())
		found, err = in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{Query: card.GetEmail()[1:]})
		require.NoError(t, err)
		require.Empty(t, found.GetPeople(), "a part of an address is nobody's")
		return
	}
	t.Fatal("the sample has somebody with an address")
}

func holding(ctx context.Context, role identity.Role, unit string) context.Context {
	return identity.NewContext(ctx, identity.Actor{PersonID: "asker", Grants: []identity.Grant{{Role: role, Unit: unit}}})
}
