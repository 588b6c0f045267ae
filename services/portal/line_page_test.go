package portal_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestAPersonsPageLeadsUpAndDownTheReportingLine(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	link := func(person string) string { return `href="/hr/people/` + person + `"` }
	_, lea := get(t, hr, site.URL+"/hr/people/"+portaltest.Lea)
	require.Regexp(t, `(?s)Ligne hiérarchique.*`+link(portaltest.Jeanne)+`.*`+link(portaltest.Karim)+`.*aria-current="true">Léa Moreau`, lea, "from the top down")
	require.Contains(t, lea, "Personne ne lui rapporte directement.")

	_, karim := get(t, hr, site.URL+"/hr/people/"+portaltest.Karim)
	require.Contains(t, karim, "8 personnes lui rapportent directement")
	require.Contains(t, karim, link(portaltest.Lea))
	require.Contains(t, karim, "&lt;script&gt;", "a name is text")
	require.NotContains(t, karim, "Voir toute l&#39;équipe")

	_, jeanne := get(t, hr, site.URL+"/hr/people/"+portaltest.Jeanne)
	require.Contains(t, jeanne, "Au sommet")
	require.Contains(t, jeanne, "1 personne lui rapporte directement")
	require.Regexp(t, `(?s)`+link(portaltest.Karim)+`.*?8 personnes`, jeanne, "how many report to whoever reports")

	site.Fakes.Set(func(s *portaltest.State) { s.MoreReports = 60 })
	_, karim = get(t, hr, site.URL+"/hr/people/"+portaltest.Karim)
	require.Contains(t, karim, "68 personnes lui rapportent directement")
	require.Contains(t, karim, `href="/hr/people?manager=`+portaltest.Karim+`"`)
	_, list := get(t, hr, site.URL+"/hr/people?manager="+portaltest.Karim)
	require.Contains(t, list, "Les personnes que Karim Duval encadre directement.")
	require.Contains(t, list, `name="manager" value="`+portaltest.Karim+`"`, "a search and the next page stay within")
	require.Contains(t, list, "Léa Moreau")
	require.NotContains(t, list, link(portaltest.Jeanne)+`>`)
	status, _ := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/hr/people?manager="+portaltest.Karim)
	require.Equal(t, http.StatusForbidden, status)
}
