package portal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/portal/internal/portaltest"
)

func give(t *testing.T, jeanne *http.Client, site *portaltest.Portal, number, role, unit string) (status int, body string) {
	t.Helper()
	answer, body := post(t, jeanne, site.URL+"/hr/access", url.Values{"number": {number}, "role": {role}, "unit": {unit}})
	return answer.StatusCode, body
}

func TestHRGivesAndTakesAccessAndItHoldsAtOnce(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Karim)
	_, body := get(t, jeanne, site.URL+"/hr/access")
	require.Contains(t, body, "Personne n&#39;a encore reçu d&#39;accès ici")
	status, _ := get(t, karim, site.URL+"/hr")
	require.Equal(t, http.StatusForbidden, status)

	status, _ = give(t, jeanne, site, "001002", "local_hr", portaltest.Nantes)
	require.Equal(t, http.StatusSeeOther, status)
	_, body = get(t, jeanne, site.URL+"/hr/access")
	require.Contains(t, body, "Karim Duval")
	require.Contains(t, body, "RH d&#39;une région, Nantes Atlantis")
	require.Contains(t, body, "Jeanne Picard", "who gave it")

	status, body = get(t, karim, site.URL+"/hr/people")
	require.Equal(t, http.StatusOK, status, "without signing in again")
	require.Contains(t, body, `href="/hr/moments"`)
	for _, closed := range []string{"/hr/import", "/hr/access", "/hr/audit", "/hr/barometer"} {
		require.NotContains(t, body, `href="`+closed+`"`, "a tab that would lead nowhere")
		status, _ = get(t, karim, site.URL+closed)
		require.Equal(t, http.StatusForbidden, status, closed)
	}

	_, body = get(t, jeanne, site.URL+"/hr/access")
	id := regexp.MustCompile(`action="/hr/access/([0-9a-f-]{36})"`).FindStringSubmatch(body)
	require.Len(t, id, 2)
	answer, _ := post(t, jeanne, site.URL+"/hr/access/"+id[1], nil)
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	status, _ = get(t, karim, site.URL+"/hr/people")
	require.Equal(t, http.StatusForbidden, status)
}

// A store director reads moments; what would be refused is not offered.
func TestADirectorIsNotOfferedToCancel(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Karim)
	cancel := "/hr/moments/" + portaltest.Moment + "/cancel"
	status, _ := give(t, jeanne, site, "001002", "director", portaltest.Nantes)
	require.Equal(t, http.StatusSeeOther, status)
	status, body := get(t, karim, site.URL+"/hr/moments/"+portaltest.Moment)
	require.Equal(t, http.StatusOK, status)
	require.NotContains(t, body, cancel)
	_, body = get(t, jeanne, site.URL+"/hr/moments/"+portaltest.Moment)
	require.Contains(t, body, cancel)
}

func TestAWrongFieldIsNamedWithWhatWouldBeRight(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne := site.As(t, "hr:"+portaltest.Jeanne)
	for name, c := range map[string]struct{ number, role, unit, says string }{
		"nobody's number":         {"999999", "hr", "", "Personne n&#39;a ce matricule"},
		"a role that is none":     {"001002", "operator", "", "Choisissez l&#39;un des accès"},
		"a region without a unit": {"001002", "local_hr", "", "choisissez une région ou un magasin"},
		"a unit that is none":     {"001002", "director", "nowhere", "choisissez une région ou un magasin"},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := give(t, jeanne, site, c.number, c.role, c.unit)
			require.Equal(t, http.StatusUnprocessableEntity, status)
			require.Contains(t, body, c.says)
			require.Contains(t, body, `aria-invalid="true"`)
			require.Contains(t, body, `value="`+c.number+`"`, "what was typed stays")
		})
	}
}

func TestNobodyTakesTheirOwnCompanyAccessBack(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne := site.As(t, "hr:"+portaltest.Jeanne)
	status, _ := give(t, jeanne, site, "001001", "hr", "")
	require.Equal(t, http.StatusSeeOther, status)
	_, body := get(t, jeanne, site.URL+"/hr/access")
	id := regexp.MustCompile(`action="/hr/access/([0-9a-f-]{36})"`).FindStringSubmatch(body)
	answer, body := post(t, jeanne, site.URL+"/hr/access/"+id[1], nil)
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "votre propre accès")
}

func TestADirectorReadsTheStoresResultsAndNoPages(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Karim)
	status, _ := give(t, jeanne, site, "001002", "director", portaltest.Nantes)
	require.Equal(t, http.StatusSeeOther, status)

	answer, err := karim.Get(site.URL + "/hr/results?key_moment=onboarding")
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	to, err := answer.Location()
	require.NoError(t, err)
	require.Equal(t, portaltest.Nantes, to.Query().Get("unit"), "the store is chosen where HR would see the company")
	require.Equal(t, "onboarding", to.Query().Get("key_moment"))
	status, _ = get(t, karim, to.String())
	require.Equal(t, http.StatusOK, status)
	status, _ = get(t, karim, site.URL+"/hr/moments")
	require.Equal(t, http.StatusOK, status)
	status, _ = get(t, karim, site.URL+"/hr/people")
	require.Equal(t, http.StatusForbidden, status)
	status, _ = get(t, karim, site.URL+"/hr")
	require.Equal(t, http.StatusOK, status)
}

func TestTheOperatorGivesTheFirstAccessAndAnotherReplicaHearsOfIt(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	cli := portalv1connect.NewAccessServiceClient(operator(portaltest.OperatorKey), site.URL)
	given, err := cli.GiveRole(t.Context(), &portalv1.GiveRoleRequest{EmployeeNumber: "001002", Role: "hr"})
	require.NoError(t, err)
	require.Equal(t, portaltest.Karim, given.GetRole().GetPersonId())
	_, err = cli.GiveRole(t.Context(), &portalv1.GiveRoleRequest{EmployeeNumber: "001002", Role: "director"})
	require.ErrorContains(t, err, "unit_id")
	list, err := cli.ListRoles(t.Context(), &portalv1.ListRolesRequest{})
	require.NoError(t, err)
	require.Len(t, list.GetRoles(), 1)

	karim := site.As(t, "employee:"+portaltest.Karim)
	status, _ := get(t, karim, site.URL+"/hr/access")
	require.Equal(t, http.StatusOK, status)

	// Another replica takes it back: this one learns of it by reading again.
	require.NoError(t, site.DB.Collection("roles").Drop(t.Context()))
	require.Eventually(t, func() bool {
		status, _ := get(t, karim, site.URL+"/hr/access")
		return status == http.StatusForbidden
	}, 30*time.Second, 20*time.Millisecond)
}

func TestSigningOutEverywhereEndsEverySession(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	desk, phone, other := site.As(t, "employee:"+portaltest.Lea), site.As(t, "employee:"+portaltest.Lea), site.As(t, "employee:"+portaltest.Karim)
	_, body := get(t, desk, site.URL+"/")
	require.Contains(t, body, `action="/signout/everywhere"`)
	answer, _ := post(t, desk, site.URL+"/signout/everywhere", nil)
	require.Equal(t, "/signin", answer.Header.Get("Location"))
	for _, browser := range []*http.Client{desk, phone} {
		status, _ := get(t, browser, site.URL+"/")
		require.Equal(t, http.StatusSeeOther, status)
	}
	status, _ := get(t, other, site.URL+"/")
	require.Equal(t, http.StatusOK, status)
}

func TestWhatHRDoesAndReadsIsRecordedWithoutNames(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Karim)
	cli := portalv1connect.NewAccessServiceClient(operator(portaltest.OperatorKey), site.URL)
	link := portalv1connect.NewOperatorServiceClient(operator(portaltest.OperatorKey), site.URL)

	get(t, jeanne, site.URL+"/hr")                        // figures: nobody's name
	get(t, jeanne, site.URL+"/hr/people/"+portaltest.Lea) // somebody's page
	get(t, jeanne, site.URL+"/hr/people/"+portaltest.Lea) // the same look
	post(t, jeanne, site.URL+"/hr/people", url.Values{"q": {"Moreau"}})
	give(t, jeanne, site, "999999", "hr", "") // nobody
	give(t, jeanne, site, "001003", "director", portaltest.Nantes)
	get(t, karim, site.URL+"/hr/people/"+portaltest.Lea) // refused
	get(t, site.Browser(t), site.URL+"/hr/people/"+portaltest.Lea)
	_, err := link.CreateSignInLink(t.Context(), &portalv1.CreateSignInLinkRequest{EmployeeNumber: "001002", Name: "Karim Duval"})
	require.NoError(t, err)

	log, err := cli.ListAudit(t.Context(), &portalv1.ListAuditRequest{})
	require.NoError(t, err)
	var lines []string
	for _, e := range log.GetEntries() {
		lines = append(lines, strings.Join([]string{e.GetRole(), e.GetRoute(), strings.Join(e.GetAboutIds(), " "), e.GetOutcome()}, "|"))
		require.NotContains(t, e.String(), "Moreau")
		require.NotContains(t, e.String(), "Duval")
	}
	require.ElementsMatch(t, []string{
		"hr|GET /hr/people/{id}|" + portaltest.Lea + "|done",
		"hr|POST /hr/people||done",
		"hr|POST /hr/access||failed",
		"hr|POST /hr/access|" + strings.Join(sorted(portaltest.Lea, portaltest.Nantes), " ") + "|done",
		"|GET /hr/people/{id}|" + portaltest.Lea + "|refused",
		"operator|/jalon.portal.v1.OperatorService/CreateSignInLink|" + portaltest.Karim + "|done",
	}, lines)

	narrowed, err := cli.ListAudit(t.Context(), &portalv1.ListAuditRequest{AboutId: portaltest.Karim})
	require.NoError(t, err)
	require.Len(t, narrowed.GetEntries(), 1)
	first, err := cli.ListAudit(t.Context(), &portalv1.ListAuditRequest{PageSize: 2})
	require.NoError(t, err)
	require.Len(t, first.GetEntries(), 2)
	second, err := cli.ListAudit(t.Context(), &portalv1.ListAuditRequest{PageSize: 500, PageToken: first.GetNextPageToken()})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(second.GetEntries()), 3)
	require.Empty(t, second.GetNextPageToken())

	for _, shown := range []struct{ lang, says string }{{"fr", "A consulté une fiche"}, {"en", "Read a person&#39;s page"}} {
		post(t, jeanne, site.URL+"/language", url.Values{"language": {shown.lang}})
		status, body := get(t, jeanne, site.URL+"/hr/audit")
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, shown.says)
		require.Contains(t, body, "Léa Moreau", "names are looked up when the page is shown")
		require.NotContains(t, body, "GET /hr/people/{id}", "every route here has words")
	}
	_, body := get(t, jeanne, site.URL+"/hr/audit?person="+portaltest.Karim)
	require.NotContains(t, body, "Gave access")
	_, body = get(t, jeanne, site.URL+"/hr/audit?about="+portaltest.Nantes)
	require.Contains(t, body, "Only what concerns Nantes Atlantis")
	require.Contains(t, body, "Gave access")
}
