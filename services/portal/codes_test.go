package portal_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

// How long roles may take to be known, and how long wrong codes are remembered.
const (
	patienceWithRoles = 30 * time.Second
	wrongForgotten    = 10 * time.Minute
)

var (
	typedCode = regexp.MustCompile(`<p class="typed">([A-Z2-9-]+)</p>`)
	drawnCode = regexp.MustCompile(`src="data:image/svg\+xml;base64,([^"]+)"`)
)

func TestHRPrintsCodesForPeopleWithoutEMail(t *testing.T) {
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/codes")
	require.NotContains(t, body, `name="person"`, "a unit comes first")
	_, body = get(t, hr, site.URL+"/hr/codes?unit="+portaltest.Nantes)
	without := portaltest.Cards[8:]
	require.Equal(t, len(without), strings.Count(body, `name="person"`))
	require.NotContains(t, body, "Léa Moreau")
	_, body = get(t, hr, site.URL+"/hr/codes?everybody=yes&unit="+portaltest.Nantes)
	require.Contains(t, body, "Léa Moreau")

	answer, body := post(t, hr, site.URL+"/hr/codes", url.Values{"unit": {portaltest.Nantes}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "Cochez au moins une personne")

	chosen := url.Values{"person": {without[0].GetId(), without[1].GetId()}}
	answer, first := post(t, hr, site.URL+"/hr/codes", chosen)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	answer, body = post(t, hr, site.URL+"/hr/codes", chosen) // the button, twice: the page that is seen is the one that works
	require.Equal(t, http.StatusOK, answer.StatusCode)
	codes := typedCode.FindAllStringSubmatch(body, -1)
	require.Len(t, codes, 2)
	picture, err := base64.StdEncoding.DecodeString(drawnCode.FindStringSubmatch(body)[1])
	require.NoError(t, err)
	require.Contains(t, string(picture), "<svg")
	require.NotContains(t, body, "style=", "the page's policy allows no style of its own")

	person := site.Browser(t)
	answer, body = post(t, person, site.URL+"/signin/code", url.Values{"code": {typedCode.FindStringSubmatch(first)[1]}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "demandez une nouvelle carte aux RH")
	answer, _ = post(t, person, site.URL+"/signin/code", url.Values{"code": {strings.ToLower(codes[0][1])}})
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	require.NotEmpty(t, cookieOf(t, person, site.URL))
	answer, _ = post(t, site.Browser(t), site.URL+"/signin/code", url.Values{"code": {codes[0][1]}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode, "once")

	require.Len(t, auditEntries(t, site, "POST /hr/codes"), 3)
}

func TestACodeOnPaperOpensNoRole(t *testing.T) {
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	give(t, hr, site, "001002", "local_hr", portaltest.Nantes)
	require.Eventually(t, func() bool {
		_, body := get(t, hr, site.URL+"/hr/codes?everybody=yes&unit="+portaltest.Nantes)
		return strings.Contains(body, "A un rôle dans Jalon")
	}, patienceWithRoles, patienceWithRoles/1000)
	answer, _ := post(t, hr, site.URL+"/hr/codes", url.Values{"person": {portaltest.Karim}})
	require.Equal(t, http.StatusNotFound, answer.StatusCode)
	answer, _ = post(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/hr/codes", url.Values{"person": {portaltest.Lea}})
	require.Equal(t, http.StatusForbidden, answer.StatusCode)
}

func TestCodesCannotBeGuessedForLong(t *testing.T) {
	site := portaltest.Start(t)
	stranger := site.Browser(t)
	tried := 0
	for ; tried < 100; tried++ {
		answer, body := post(t, stranger, site.URL+"/signin/code", url.Values{"code": {"ABCD-EFGH-JKLM"}})
		if answer.StatusCode == http.StatusTooManyRequests {
			require.Equal(t, "600", answer.Header.Get("Retry-After"))
			require.Contains(t, body, "Attendez dix minutes")
			break
		}
		require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	}
	require.Equal(t, 20, tried)
	site.Clock.Advance(wrongForgotten)
	answer, _ := post(t, stranger, site.URL+"/signin/code", url.Values{"code": {"ABCD-EFGH-JKLM"}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
}
