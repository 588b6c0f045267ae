package portal_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/services/portal/internal/portaltest"
	"jalon.dev/services/portal/internal/roles"
)

// patienceWithRoles is how long roles may take to be known.
const patienceWithRoles = 30 * time.Second

var (
	typedCode = regexp.MustCompile(`<p class="typed">([A-Z2-9-]+)</p>`)
	drawnCode = regexp.MustCompile(`src="data:image/svg\+xml;base64,([^"]+)"`)
)

func TestHRPrintsCodesForPeopleWithoutEMail(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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

// printed is the code of a new card.
func printed(t *testing.T, hr *http.Client, site *portaltest.Portal, person string) string {
	t.Helper()
	answer, body := post(t, hr, site.URL+"/hr/codes", url.Values{"person": {person}})
	require.Equal(t, http.StatusOK, answer.StatusCode)
	return typedCode.FindStringSubmatch(body)[1]
}

// A card that was printed before somebody was given a role opens nothing, even where nobody took it away.
func TestACardOfWhoeverHoldsARoleByNowIsRefused(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	code := printed(t, hr, site, portaltest.Karim)
	_, err := roles.NewBook(site.DB, keepCards{}, clock.System()).Give(t.Context(), roles.Held{PersonID: portaltest.Karim, Role: identity.HR})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, body := get(t, hr, site.URL+"/hr/codes?everybody=yes&unit="+portaltest.Nantes)
		return strings.Contains(body, "A un rôle dans Jalon")
	}, patienceWithRoles, patienceWithRoles/1000)
	browser := site.Browser(t)
	answer, body := post(t, browser, site.URL+"/signin/code", url.Values{"code": {code}})
	require.Equal(t, http.StatusForbidden, answer.StatusCode)
	require.Contains(t, body, "Cette carte ne suffit plus")
	require.Empty(t, cookieOf(t, browser, site.URL))
}

type keepCards struct{}

func (keepCards) ForgetCards(context.Context, ...string) error { return nil }

func TestWhoeverIsGivenARoleLosesTheirCardAndTheSessionItBegan(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	code := printed(t, hr, site, portaltest.Karim)
	karim := site.Browser(t)
	post(t, karim, site.URL+"/signin/code", url.Values{"code": {code}, "own_device": {"yes"}})
	status, _ := get(t, karim, site.URL+"/team")
	require.Equal(t, http.StatusOK, status)
	code = printed(t, hr, site, portaltest.Karim)

	status, _ = give(t, hr, site, "001002", "hr", "")
	require.Equal(t, http.StatusSeeOther, status)
	status, _ = get(t, karim, site.URL+"/hr")
	require.Equal(t, http.StatusSeeOther, status, "signed out, not let into the console")
	answer, _ := post(t, karim, site.URL+"/signin/code", url.Values{"code": {code}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode, "the card is gone")
}

func TestOnATelephoneOfTheirOwnPeopleNeedNoCardForEachSurvey(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, site.Browser(t), site.URL+"/signin/code")
	require.Contains(t, body, "C&#39;est mon propre téléphone")
	for days, form := range map[int]url.Values{90: {"own_device": {"yes"}}, 7: {}} {
		code := printed(t, hr, site, portaltest.Lea)
		form.Set("code", code)
		answer, _ := post(t, site.Browser(t), site.URL+"/signin/code", form)
		require.Equal(t, http.StatusSeeOther, answer.StatusCode)
		require.Equal(t, days*24*3600, answer.Cookies()[0].MaxAge)
	}
}

// A company has one address on the outside, and behind a proxy the whole world has one: what others mistype keeps nobody out.
func TestWrongCodesKeepNobodyOut(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	code := printed(t, site.As(t, "hr:"+portaltest.Jeanne), site, portaltest.Lea)
	for range 50 {
		answer, _ := post(t, site.Browser(t), site.URL+"/signin/code", url.Values{"code": {"ABCD-EFGH-JKLM"}})
		require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	}
	answer, _ := post(t, site.Browser(t), site.URL+"/signin/code", url.Values{"code": {code}})
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
}
