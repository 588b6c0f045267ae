package directory_test

import (
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestTheReportingLineGoesUpToTheTopAndDownOneStep(t *testing.T) {
	in := install(t)
	in.take(t, "Matricule;Nom;Prénom;Matricule manager;Magasin;Date d'entrée;Date de sortie\n"+
		"1;TOP;A;;Nantes;05/01/2015;\n2;MID;B;1;Nantes;05/01/2015;\n3;LOW;C;2;Nantes;05/01/2015;\n4;LOW;D;2;Rennes;05/01/2015;\n"+
		"5;GONE;E;2;Nantes;05/01/2015;01/10/2026\n6;LAST;F;2;Nantes;05/01/2015;30/11/2026\n7;OTHER;G;1;Nantes;05/01/2015;\n", asOf("2026-10-01"))
	id := func(number string) string { return in.person(t, number).GetId() }
	numbers := func(cards []*directoryv1.PersonCard) (all []string) {
		for _, c := range cards {
			all = append(all, c.GetNumber())
		}
		return all
	}
	low, err := in.client.GetReportingLine(hr(t.Context()), &directoryv1.GetReportingLineRequest{PersonId: id("3")})
	require.NoError(t, err)
	require.Equal(t, []string{"2", "1"}, numbers(low.GetManagers()), "the person's own manager first")
	require.Empty(t, low.GetReports())

	top, err := in.client.GetReportingLine(hr(t.Context()), &directoryv1.GetReportingLineRequest{PersonId: id("1")})
	require.NoError(t, err)
	require.Empty(t, top.GetManagers())
	require.Equal(t, []string{"2", "7"}, numbers(top.GetReports()))
	require.Equal(t, map[string]int32{id("2"): 3}, top.GetReportCounts(), "who has left is not counted, who will leave is")

	page, err := in.client.GetReportingLine(hr(t.Context()), &directoryv1.GetReportingLineRequest{PersonId: id("2"), PageSize: 2})
	require.NoError(t, err)
	require.EqualValues(t, 3, page.GetTotalSize())
	require.Equal(t, []string{"6", "3"}, numbers(page.GetReports()))
	page, err = in.client.GetReportingLine(hr(t.Context()), &directoryv1.GetReportingLineRequest{PersonId: id("2"), PageSize: 2, PageToken: page.GetNextPageToken()})
	require.NoError(t, err)
	require.Equal(t, []string{"4"}, numbers(page.GetReports()))
	require.Empty(t, page.GetNextPageToken())

	nantes := holding(t.Context(), identity.LocalHR, in.unit(t, "Nantes").GetId())
	seen, err := in.client.GetReportingLine(nantes, &directoryv1.GetReportingLineRequest{PersonId: id("2")})
	require.NoError(t, err)
	require.Equal(t, []string{"6", "3"}, numbers(seen.GetReports()), "not the one in Rennes")
	require.EqualValues(t, 2, seen.GetTotalSize())
	_, err = in.client.GetReportingLine(nantes, &directoryv1.GetReportingLineRequest{PersonId: id("4")})
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	_, err = in.client.GetReportingLine(hr(t.Context()), &directoryv1.GetReportingLineRequest{PersonId: "nobody"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
}
