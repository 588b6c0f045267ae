package portal_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// karimLeads takes the one who does not report to Karim out of his team.
func karimLeads(t *testing.T, site *portaltest.Portal) {
	t.Helper()
	require.NoError(t, site.People.Apply(t.Context(), []*directoryv1.Employee{{
		Id: portaltest.Jeanne, Version: 2, UnitId: portaltest.Region, UnitPath: []string{portaltest.Company, portaltest.Region},
		Language: "fr", TimeZone: "Europe/Paris", HiredOn: "2024-03-18",
	}}))
}

func TestAManagerReadsTheResultsOfTheUnitThatIsTheTeam(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	karim := site.As(t, "manager:"+portaltest.Karim)
	_, body := get(t, karim, site.URL+"/team")
	require.Contains(t, body, `href="/team/results"`)
	status, body := get(t, karim, site.URL+"/team/results")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "Pas de résultats pour votre équipe", "Jeanne works there and reports to nobody of it")
	require.NotContains(t, body, "<figure")

	karimLeads(t, site)
	for _, address := range []string{"/team/results", "/team/results?unit=" + portaltest.Rennes} {
		status, body = get(t, karim, site.URL+address)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, "<figure", address)
		require.Contains(t, body, `<option value="`+portaltest.Team+`"`)
		require.NotContains(t, body, `<option value="`+portaltest.Rennes, "a unit of others is none to choose")
		require.NotContains(t, body, "/hr/results")
	}
	site.Fakes.Set(func(s *portaltest.State) { s.TooFew = true })
	_, body = get(t, karim, site.URL+"/team/results")
	require.Contains(t, body, "Trop peu de réponses pour l&#39;instant")
	require.NotContains(t, body, "<figure")
}
