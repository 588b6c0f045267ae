package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

type withKey struct{ key string }

func (k withKey) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+k.key)
	return http.DefaultTransport.RoundTrip(r)
}

func operator(key string) *http.Client {
	return &http.Client{Transport: withKey{key: key}}
}

func withoutDemo(cfg *portal.Config) { cfg.Demo = nil }

func TestALinkSignsANamedPersonInOnce(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withoutDemo)
	cli := portalv1connect.NewOperatorServiceClient(operator(portaltest.OperatorKey), site.URL)
	link, err := cli.CreateSignInLink(t.Context(), &portalv1.CreateSignInLinkRequest{EmployeeNumber: "001001", Roles: []string{"hr"}})
	require.NoError(t, err)

	jeanne := site.Browser(t)
	for range 2 {
		status, body := get(t, jeanne, site.URL+link.GetPath())
		require.Equal(t, http.StatusOK, status, "a program that looks into mail uses nothing up")
		require.Contains(t, body, "Bonjour Jeanne Picard")
	}
	answer, _ := post(t, jeanne, site.URL+link.GetPath(), nil)
	require.Equal(t, "/hr", answer.Header.Get("Location"))
	cookie := answer.Cookies()[0]
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	status, body := get(t, jeanne, site.URL+"/hr")
	require.Equal(t, http.StatusOK, status)
	require.NotContains(t, body, `class="demo"`)

	answer, _ = post(t, site.Browser(t), site.URL+link.GetPath(), nil)
	require.Equal(t, http.StatusGone, answer.StatusCode)

	answer, _ = post(t, jeanne, site.URL+"/signout", nil)
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	answer, err = jeanne.Get(site.URL + "/hr")
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, "/signin", answer.Header.Get("Location"))
}

func TestOutsideDemoModeNobodyChoosesWhoToBe(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, withoutDemo)
	answer, _ := post(t, site.Browser(t), site.URL+"/signin/demo", url.Values{"person": {"hr:" + portaltest.Jeanne}})
	require.Equal(t, http.StatusNotFound, answer.StatusCode)
	answer, _ = post(t, site.Browser(t), site.URL+"/demo/clock", url.Values{"days": {"1"}})
	require.NotEqual(t, http.StatusSeeOther, answer.StatusCode)
	_, body := get(t, site.Browser(t), site.URL+"/signin")
	require.Contains(t, body, "lien personnel")
}

func TestOnASecureAddressCookiesStayOnIt(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, func(cfg *portal.Config) { cfg.PublicURL = "https://jalon.example" })
	answer, _ := post(t, site.Browser(t), site.URL+"/signin/demo", url.Values{"person": {"employee:" + portaltest.Lea}})
	cookie := answer.Cookies()[0]
	require.Equal(t, "__Host-jalon", cookie.Name)
	require.True(t, cookie.Secure)
}

func TestOnlyTheHRPersonaHasHRsRights(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	karim := site.As(t, "employee:"+portaltest.Karim)
	status, _ := get(t, karim, site.URL+"/hr")
	require.Equal(t, http.StatusForbidden, status)
	answer, _ := post(t, site.Browser(t), site.URL+"/signin/demo", url.Values{"person": {"hr:" + portaltest.Karim}})
	require.Equal(t, "/", answer.Header.Get("Location"), "nobody becomes HR by saying so")
}

func TestWhoeverHasLeftIsSignedOutWithinAMinute(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	status, _ := get(t, lea, site.URL+"/")
	require.Equal(t, http.StatusOK, status)
	stream := listen(t, lea, site.URL, "")
	stream.next(t, "prompts")

	require.NoError(t, site.People.Apply(t.Context(), []*directoryv1.Employee{{Id: portaltest.Lea, Version: 2, TimeZone: "Europe/Paris", HiredOn: "2024-03-18", LeftOn: "2026-11-02"}}))
	stream.next(t, "bye")
	answer, err := lea.Get(site.URL + "/")
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, "/signin", answer.Header.Get("Location"))
}

// HR tells in November of somebody who left in May: the session does not wait for its week to end.
func TestADepartureLearntMonthsLaterEndsSessionsWithinAMinute(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	stream := listen(t, lea, site.URL, "")
	stream.next(t, "prompts")
	require.NoError(t, site.People.Apply(t.Context(), []*directoryv1.Employee{{Id: portaltest.Lea, Version: 2, TimeZone: "Europe/Paris", HiredOn: "2024-03-18", LeftOn: "2026-05-31"}}))
	stream.next(t, "bye")
	require.Eventually(t, func() bool {
		status, _ := get(t, lea, site.URL+"/")
		return status == http.StatusSeeOther
	}, 30*time.Second, 10*time.Millisecond)
}

func TestTheLastDayCounts(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	require.NoError(t, site.People.Apply(t.Context(), []*directoryv1.Employee{{Id: portaltest.Lea, Version: 2, TimeZone: "Europe/Paris", HiredOn: "2024-03-18", LeftOn: "2026-11-03"}}))
	status, _ := get(t, lea, site.URL+"/")
	require.Equal(t, http.StatusOK, status)
	site.Clock.Advance(24 * time.Hour)
	require.Eventually(t, func() bool {
		status, _ := get(t, lea, site.URL+"/")
		return status == http.StatusSeeOther
	}, 30*time.Second, 10*time.Millisecond)
}

func TestTheCommandLineReachesServicesWithTheOperatorsKeyOnly(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	file := &directoryv1.ImportPeopleRequest{File: []byte("clean"), FileName: "hris.csv", DryRun: true}

	cli := directoryv1connect.NewDirectoryServiceClient(operator(portaltest.OperatorKey), site.URL)
	answer, err := cli.ImportPeople(t.Context(), file)
	require.NoError(t, err)
	require.EqualValues(t, 41, answer.GetReport().GetAdded())
	_, err = cli.ListPeople(t.Context(), &directoryv1.ListPeopleRequest{})
	require.Equal(t, connect.CodeUnimplemented, connect.CodeOf(err), "the operator installs; people are HR's, and this door does not show them")
	_, err = cli.FindPerson(t.Context(), &directoryv1.FindPersonRequest{Number: "none"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err), "a service's own refusal comes through")

	for _, key := range []string{"", "wrong", portaltest.OperatorKey + "x"} {
		_, err = directoryv1connect.NewDirectoryServiceClient(operator(key), site.URL).ImportPeople(t.Context(), file)
		require.Equal(t, connect.CodeUnauthenticated, connect.CodeOf(err))
	}
	require.Len(t, site.Fakes.Now().Imported, 1)
}

func TestWithoutAKeyThereIsNoOperator(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, func(cfg *portal.Config) { cfg.OperatorKey = "" })
	_, err := portalv1connect.NewOperatorServiceClient(operator(""), site.URL).ListDeadLetters(t.Context(), &portalv1.ListDeadLettersRequest{})
	require.Equal(t, connect.CodeUnauthenticated, connect.CodeOf(err))
}

func TestTheOperatorFollowsEventsAndReadsDeadLetters(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	cli := portalv1connect.NewOperatorServiceClient(operator(portaltest.OperatorKey), site.URL)
	letters, err := cli.ListDeadLetters(t.Context(), &portalv1.ListDeadLettersRequest{})
	require.NoError(t, err)
	require.Empty(t, letters.GetDeadLetters())
	_, err = cli.GetDeadLetter(t.Context(), &portalv1.GetDeadLetterRequest{Id: "12345"})
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))

	publish(t, site, promptShown(portaltest.Prompt()))
	tail, err := cli.TailEvents(t.Context(), &portalv1.TailEventsRequest{Last: 5, Once: true})
	require.NoError(t, err)
	var texts []string
	for tail.Receive() {
		texts = append(texts, tail.Msg().GetCloudEvent())
	}
	require.NoError(t, tail.Err())
	require.Contains(t, strings.Join(texts, "\n"), "jalon.notifications.v1.PromptsShown")
}
