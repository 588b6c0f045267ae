package portal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestAGuestAnswersWithoutAnAccount(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	guest := site.Browser(t)
	address := site.URL + "/g/" + portaltest.GuestToken
	answer, err := guest.Get(address)
	require.NoError(t, err)
	status, body := read(t, answer)
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, answer.Header.Values("Set-Cookie"), "nothing follows a guest")
	require.Contains(t, answer.Header.Get("X-Robots-Tag"), "noindex")
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	require.Equal(t, "same-origin", answer.Header.Get("Referrer-Policy"), "the address leaks to no other site")
	require.Contains(t, body, `<html lang="en">`, "the guest's own language")
	require.Contains(t, body, "Hello Nour &lt;b&gt;.", "markup is safe")
	require.Contains(t, body, `action="/g/`+portaltest.GuestToken+`"`)
	require.NotContains(t, body, "contact_me")

	answer, body = post(t, guest, address, url.Values{})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, `href="#emotion-feeling_1"`)
	given := url.Values{"emotion-feeling": {"curious"}, "scale-place_in_team": {"4"}, "scale-manager_time": {"2"}, "text-wish": {"<script>"}}
	answer, _ = post(t, guest, address+"/draft", given)
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
	answer, _ = post(t, guest, address, given)
	require.Equal(t, "/g/"+portaltest.GuestToken+"?thanks", answer.Header.Get("Location"))
	answer, _ = post(t, guest, address, given) // the button, twice
	require.Equal(t, "/g/"+portaltest.GuestToken, answer.Header.Get("Location"))
	_, body = get(t, guest, address+"?thanks")
	require.Contains(t, body, "You can close this page.")
	require.Empty(t, cookieOf(t, guest, site.URL))
}

func TestProgramsThatOpenLinksChangeNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	scanner := site.Browser(t)
	for range 10 {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			request, err := http.NewRequestWithContext(t.Context(), method, site.URL+"/g/"+portaltest.GuestToken, nil)
			require.NoError(t, err)
			answer, err := scanner.Do(request)
			require.NoError(t, err)
			status, _ := read(t, answer)
			require.Equal(t, http.StatusOK, status)
		}
	}
	state := site.Fakes.Now().Guests
	require.Equal(t, 20, state.Asked)
	require.Empty(t, state.Stored)
	require.Empty(t, state.Drafts)
	require.Equal(t, momentsv1.GetSurveyResponse_STATE_OPEN, state.Survey.GetState())
}

func TestALinkThatLeadsNowhereIsMetCalmly(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	guest := site.Browser(t)
	status, body := get(t, guest, site.URL+"/g/wrong")
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, "Ce lien ne mène plus nulle part")
	status, body = get(t, guest, site.URL+"/g/"+strings.Repeat("x", 300))
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, "Ce lien ne mène plus nulle part")
	answer, _ := post(t, guest, site.URL+"/g/wrong", url.Values{"emotion-feeling": {"curious"}})
	require.Equal(t, http.StatusNotFound, answer.StatusCode)
	status, body = get(t, guest, site.URL+"/g/"+portaltest.EarlyToken)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "It is a little early")
	site.Fakes.Set(func(s *portaltest.State) { s.Guests.Survey.State = momentsv1.GetSurveyResponse_STATE_EXPIRED })
	_, body = get(t, guest, site.URL+"/g/"+portaltest.GuestToken)
	require.Contains(t, body, "The time to answer is over.")
}

func TestAPersonalLinkKnowsNobodyWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	_, body := get(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+"/g/"+portaltest.GuestToken)
	require.NotContains(t, body, "Jeanne")
	require.NotContains(t, body, `href="/hr"`)
}

func TestHRDeclaresACandidateAndIsShownTheLinkOnce(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/guests")
	request := regexp.MustCompile(`name="request" value="([^"]+)"`).FindStringSubmatch(body)[1]
	answer, body := post(t, hr, site.URL+"/hr/guests", url.Values{"request": {request}, "on": {"2026-11-03"}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "Choisissez l&#39;unité")
	require.Contains(t, body, request, "it is still the same request")
	answer, body = post(t, hr, site.URL+"/hr/guests", url.Values{"request": {request}, "on": {"2026-02-30"}, "unit": {portaltest.Nantes}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "Indiquez une date qui existe")

	form := url.Values{"request": {request}, "on": {"2026-11-03"}, "unit": {portaltest.Nantes}, "first_name": {" Nour "}, "language": {"en"}}
	answer, body = post(t, hr, site.URL+"/hr/guests", form)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Contains(t, body, site.URL+"/g/"+portaltest.GuestToken)
	require.Contains(t, body, "mailto:?body=Bonjour%2C%0A")
	declared := site.Fakes.Now().Guests.Declared[0]
	require.Equal(t, request, declared.GetRequestId())
	require.Equal(t, "Nour", declared.GetFirstName())
	require.Equal(t, portaltest.Nantes, declared.GetUnitId())

	answer, _ = post(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/hr/guests", form)
	require.Equal(t, http.StatusForbidden, answer.StatusCode)
	entries := auditEntries(t, site, "POST /hr/guests")
	require.NotEmpty(t, entries)
	for _, e := range entries {
		require.NotContains(t, e.String(), "Nour")
		require.NotContains(t, e.String(), portaltest.GuestToken)
	}
}

func auditEntries(t *testing.T, site *portaltest.Portal, route string) []bson.Raw {
	t.Helper()
	cursor, err := site.DB.Collection("audit").Find(t.Context(), bson.D{{Key: "route", Value: route}})
	require.NoError(t, err)
	var entries []bson.Raw
	require.NoError(t, cursor.All(t.Context(), &entries))
	return entries
}

func TestHRMakesANewLinkToAFollowUpThatIsReachedByOne(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/moments/"+portaltest.Moment)
	require.NotContains(t, body, "/link", "whoever has an account needs none")
	answer, body := post(t, hr, site.URL+"/hr/moments/"+portaltest.Moment+"/link", url.Values{"follow_up": {"day_1"}})
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Contains(t, body, "/g/"+portaltest.GuestToken)
	require.Equal(t, "day_1", site.Fakes.Now().Guests.Links[0].GetFollowUp())
}

func TestASurveySaysWhatAskingForContactReveals(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	address := site.URL + "/survey/" + portaltest.Invitation
	_, body := get(t, lea, address)
	require.NotContains(t, body, "contact_me", "it is off unless HR turned it on")
	site.Fakes.Set(func(s *portaltest.State) { s.Survey.AsksContact = true })
	_, body = get(t, lea, address)
	require.Contains(t, body, "Elles sauront donc que vous avez répondu, mais pas ce que vous avez répondu")
	require.NotRegexp(t, `name="contact_me"[^>]*checked`, body)

	answer, body := post(t, lea, address, url.Values{"contact_me": {"yes"}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Regexp(t, `name="contact_me"[^>]*checked`, body, "what was ticked stays")
	answer, _ = post(t, lea, address, url.Values{
		"contact_me": {"yes"}, "emotion-feeling": {"curious"}, "scale-place_in_team": {"4"}, "scale-manager_time": {"2"},
	})
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	stored := site.Fakes.Now().Stored
	require.True(t, stored[len(stored)-1].GetContactMe())
}

func TestHRSeesWhoWantsToBeContactedAndMarksIt(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/contacts")
	require.Contains(t, body, "Léa Moreau")
	require.Contains(t, body, "Contact pris le 22 octobre 2026 par Jeanne Picard")
	require.Contains(t, body, "2 demandes plus anciennes")
	for _, done := range []string{"yes", "no"} {
		answer, _ := post(t, hr, site.URL+"/hr/contacts/"+portaltest.Wish, url.Values{"done": {done}})
		require.Equal(t, "/hr/contacts", answer.Header.Get("Location"))
	}
	contacted := site.Fakes.Now().Guests.Contacted
	require.True(t, contacted[0].GetDone())
	require.False(t, contacted[1].GetDone())
	answer, err := site.As(t, "employee:"+portaltest.Lea).Get(site.URL + "/hr/contacts")
	require.NoError(t, err)
	status, _ := read(t, answer)
	require.Equal(t, http.StatusForbidden, status)
	require.NotEmpty(t, auditEntries(t, site, "POST /hr/contacts/{id}"))
}
