package portal_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/portal/internal/portaltest"
)

// linked is a browser that came in by a link of the operator's.
func linked(t *testing.T, site *portaltest.Portal, request *portalv1.CreateSignInLinkRequest) *http.Client {
	t.Helper()
	cli := portalv1connect.NewOperatorServiceClient(operator(portaltest.OperatorKey), site.URL)
	link, err := cli.CreateSignInLink(t.Context(), request)
	require.NoError(t, err)
	browser := site.Browser(t)
	answer, _ := post(t, browser, site.URL+link.GetPath(), nil) //nolint:bodyclose // post has read and closed it
	require.Equal(t, "/hr", answer.Header.Get("Location"))
	return browser
}

// The first HR comes in by a link. Where a file names the person, the role is kept where HR takes it back.
func TestARoleThatCameWithALinkIsSeenOnAccessAndTakenBack(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withoutDemo)
	karim := linked(t, site, &portalv1.CreateSignInLinkRequest{EmployeeNumber: "001002", Roles: []string{"hr"}})
	jeanne := linked(t, site, &portalv1.CreateSignInLinkRequest{EmployeeNumber: "001001", Roles: []string{"hr"}})
	_, body := get(t, jeanne, site.URL+"/hr/access")
	require.Contains(t, body, "Karim Duval")
	require.Contains(t, body, "l&#39;administration de Jalon", "who gave it")
	require.NotContains(t, body, "Sans fiche RH")

	id := regexp.MustCompile(`action="/hr/access/([0-9a-f-]{36})"[^>]*><button[^>]*Karim`).FindStringSubmatch(body)
	require.Len(t, id, 2)
	answer, _ := post(t, jeanne, site.URL+"/hr/access/"+id[1], nil) //nolint:bodyclose // post has read and closed it
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	status, _ := get(t, karim, site.URL+"/hr")
	require.Equal(t, http.StatusForbidden, status, "the session goes on, as an employee's")
}

// Where no file names the person, there is nobody to keep a role for: the access itself is seen, ended and recorded.
func TestWhoeverNoHRFileNamesIsSeenOnAccessAndEndedThere(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withoutDemo)
	jeanne := linked(t, site, &portalv1.CreateSignInLinkRequest{EmployeeNumber: "001001", Roles: []string{"hr"}})
	anne := linked(t, site, &portalv1.CreateSignInLinkRequest{Name: "Anne <b>Martin</b>", Roles: []string{"hr"}})
	_, body := get(t, anne, site.URL+"/hr/people/"+portaltest.Lea)
	require.Contains(t, body, "Léa Moreau")
	status, _ := give(t, anne, site, "001002", "director", portaltest.Nantes)
	require.Equal(t, http.StatusSeeOther, status)

	_, body = get(t, jeanne, site.URL+"/hr/access")
	require.Contains(t, body, "Sans fiche RH")
	require.Contains(t, body, "Anne &lt;b&gt;Martin&lt;/b&gt;")
	require.Contains(t, body, "par Anne &lt;b&gt;", "and it is seen what she gave")
	id := regexp.MustCompile(`action="/hr/access/([0-9a-f-]{36})/end"`).FindStringSubmatch(body)
	require.Len(t, id, 2)
	_, body = get(t, jeanne, site.URL+"/hr/audit?person="+id[1])
	require.Contains(t, body, "A consulté une fiche")
	require.Contains(t, body, "Anne &lt;b&gt;Martin")

	answer, _ := post(t, jeanne, site.URL+"/hr/access/"+id[1]+"/end", nil) //nolint:bodyclose // post has read and closed it
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	status, _ = get(t, anne, site.URL+"/hr/people")
	require.Equal(t, http.StatusSeeOther, status, "signed out")
	_, body = get(t, jeanne, site.URL+"/hr/access")
	require.NotContains(t, body, "Sans fiche RH")
	_, body = get(t, jeanne, site.URL+"/hr/audit")
	require.Contains(t, body, "A mis fin à l&#39;accès")
	require.NotContains(t, body, "Martin", "the log keeps an id and no name")

	entries := auditEntries(t, site, "/jalon.portal.v1.OperatorService/CreateSignInLink")
	require.Len(t, entries, 2)
	require.Contains(t, entries[1].String(), id[1])
}
