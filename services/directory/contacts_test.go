package directory_test

import (
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestOnlyServicesAreToldHowToWriteToPeople(t *testing.T) {
	in := install(t)
	in.run(t)
	applied := in.take(t, october, asOf("2026-10-05"))
	require.Equal(t, directoryv1.ImportReport_OUTCOME_APPLIED, applied.GetOutcome(), "%v %v", applied.GetRefusal(), applied.GetProblems())
	listed, err := in.client.ListPeople(hr(t.Context()), &directoryv1.ListPeopleRequest{})
	require.NoError(t, err)
	ids := []string{"nobody"}
	for _, p := range listed.GetPeople() {
		ids = append(ids, p.GetId())
	}
	res, err := in.client.GetContacts(identity.AsService(t.Context(), "notifications"), &directoryv1.GetContactsRequest{Ids: ids})
	require.NoError(t, err)
	byName := map[string]*directoryv1.Contact{}
	for _, c := range res.GetContacts() {
		byName[c.GetGivenName()] = c
	}
	require.Len(t, byName, len(ids)-1, "unknown ids are left out")
	require.Equal(t, "lea@exemple.fr", byName["Léa"].GetEmail())
	require.Equal(t, "fr", byName["Léa"].GetLanguage())
	require.Empty(t, byName["=1+1"].GetEmail())

	_, err = in.client.GetContacts(hr(t.Context()), &directoryv1.GetContactsRequest{Ids: ids})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
}
