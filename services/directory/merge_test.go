package directory_test

import (
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestAMistypedUnitIsMergedAndTheOthersAreTold(t *testing.T) {
	in := install(t)
	in.take(t, october, asOf("2026-10-01"))
	typo := strings.Replace(october, "lea@exemple.fr;001;Nantes", "lea@exemple.fr;001;Nantse", 1)
	in.take(t, typo, asOf("2026-10-15"))
	wrong, right, lea := in.unit(t, "Nantse"), in.unit(t, "Nantes"), in.person(t, "002")
	require.Contains(t, lea.GetUnitPath(), wrong.GetId())

	req := &directoryv1.MergeUnitRequest{Id: wrong.GetId(), Version: wrong.GetVersion() + 1, IntoId: right.GetId()}
	_, err := in.client.MergeUnit(hr(t.Context()), req)
	require.True(t, rpc.Is(err, connect.CodeAborted), "%v", err)
	req.Version--
	_, err = in.client.MergeUnit(identity.NewContext(t.Context(), identity.Actor{PersonID: "somebody"}), req)
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)
	_, err = in.client.MergeUnit(hr(t.Context()), &directoryv1.MergeUnitRequest{Id: wrong.GetId(), Version: 1, IntoId: wrong.GetId()})
	require.Equal(t, "into_id", rpc.Violations(err)[0].Field)
	res, err := in.client.MergeUnit(hr(t.Context()), req)
	require.NoError(t, err)
	require.Equal(t, right.GetId(), res.GetUnit().GetId())
	_, err = in.client.MergeUnit(hr(t.Context()), req)
	require.True(t, rpc.Is(err, connect.CodeNotFound), "it is gone: %v", err)

	events := in.events(t)
	require.Equal(t, map[string]int{"UnitsChanged": 3, "PeopleRegistered": 1, "PeopleMoved": 1, "PeopleUpdated": 1}, types(events))
	units := newest(t, events, &directoryv1.UnitsChanged{}).GetUnits()
	merged := map[string]string{}
	for _, u := range units {
		merged[u.GetId()] = u.GetMergedInto()
	}
	require.Equal(t, right.GetId(), merged[wrong.GetId()])
	require.Len(t, merged, 2, "the team of the same name goes with it")
	updated := newest(t, events, &directoryv1.PeopleUpdated{})
	require.Len(t, updated.GetPeople(), 1)
	require.Equal(t, lea.GetId(), updated.GetPeople()[0].GetId())
	require.Contains(t, updated.GetPeople()[0].GetUnitPath(), right.GetId())

	tree, err := in.client.ListUnits(hr(t.Context()), &directoryv1.ListUnitsRequest{})
	require.NoError(t, err)
	for _, u := range tree.GetUnits() {
		require.Empty(t, u.GetMergedInto(), u.GetName())
	}
	snapshot, err := in.client.Snapshot(identity.AsService(t.Context(), "moments"), &directoryv1.SnapshotRequest{})
	require.NoError(t, err)
	require.Len(t, snapshot.GetUnits(), len(tree.GetUnits())+2, "whoever starts later must not take old news of it for a unit")

	history, err := in.client.GetHistory(hr(t.Context()), &directoryv1.GetHistoryRequest{PersonId: lea.GetId()})
	require.NoError(t, err)
	var happened []string
	for _, e := range history.GetEntries() {
		happened = append(happened, e.GetWhat())
	}
	require.Equal(t, []string{"hired", "unit_corrected"}, happened, "a move from a unit to itself was none")

	report := in.take(t, typo, asOf("2026-10-20"))
	require.EqualValues(t, 4, report.GetUnchanged(), "the next file with the mistake finds the store")
	require.Zero(t, report.GetWarnings())
	require.Len(t, in.events(t), len(events))
}

func TestAUnitIsCreatedOnTheScreen(t *testing.T) {
	in := install(t)
	in.units(t, organisation, false)
	region := in.unit(t, "Région Ouest")
	req := &directoryv1.CreateUnitRequest{Code: " M07 ", Name: "Brest", Kind: "store", ParentId: region.GetId(), HolidayCalendar: "be"}
	res, err := in.client.CreateUnit(hr(t.Context()), req)
	require.NoError(t, err)
	require.Equal(t, "M07", res.GetUnit().GetCode())
	require.Equal(t, res.GetUnit().GetId(), in.unit(t, "Brest").GetId())
	require.Equal(t, 2, types(in.events(t))["UnitsChanged"])
	_, err = in.client.CreateUnit(hr(t.Context()), req)
	require.Equal(t, "code", rpc.Violations(err)[0].Field, "twice is once")
	_, err = in.client.CreateUnit(identity.NewContext(t.Context(), identity.Actor{PersonID: "somebody"}), req)
	require.True(t, rpc.Is(err, connect.CodePermissionDenied), "%v", err)

	tree, err := in.client.ListUnits(hr(t.Context()), &directoryv1.ListUnitsRequest{})
	require.NoError(t, err)
	require.Equal(t, []string{"BE"}, tree.GetUnknownCalendars())
	report := in.take(t, strings.ReplaceAll(october, "Rennes", "M07"))
	require.Zero(t, report.GetWarnings(), "files may name it by its code")
	require.Contains(t, in.person(t, "004").GetUnitPath(), res.GetUnit().GetId())
}
