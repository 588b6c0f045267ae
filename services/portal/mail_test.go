package portal_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

// mailPrograms post what RFC 8058 says, without a cookie, and sometimes from a page of their own.
func oneClick(t *testing.T, address, origin string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("List-Unsubscribe=One-Click"))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if origin != "" {
		request.Header.Set("Origin", origin)
		request.Header.Set("Sec-Fetch-Site", "cross-site")
	}
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

func TestUnsubscribingTakesOneClickAndOpeningTheLinkChangesNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	address := site.URL + "/unsubscribe/" + portaltest.MailToken
	nobody := site.Browser(t)

	for range 3 { // a scanner opens links, again and again
		status, body := get(t, nobody, address)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, "Ne plus m&#39;écrire")
	}
	require.False(t, site.Fakes.Now().NoMail)

	for _, origin := range []string{"", "https://mail.example.net", "null"} {
		site.Fakes.Set(func(s *portaltest.State) { s.NoMail = false })
		require.Equal(t, http.StatusOK, oneClick(t, address, origin), origin)
		require.True(t, site.Fakes.Now().NoMail)
	}
	_, body := get(t, nobody, address)
	require.Contains(t, body, "Vous ne recevrez plus")

	answer, _ := post(t, nobody, address, url.Values{"emails": {"on"}})
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	require.False(t, site.Fakes.Now().NoMail)
	require.Equal(t, http.StatusNotFound, oneClick(t, site.URL+"/unsubscribe/forged", ""))
}

func TestNoOtherRouteTakesPostsFromOtherSites(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	require.Equal(t, http.StatusForbidden, oneClick(t, site.URL+"/language", "https://mail.example.net"))
	require.Equal(t, http.StatusForbidden, oneClick(t, site.URL+"/survey/"+portaltest.Invitation, "https://mail.example.net"))
}

type mailbox []portal.CaughtMail

func (m mailbox) Mails() []portal.CaughtMail { return m }

func (m mailbox) Mail(id string) (portal.CaughtMail, bool) {
	for _, mail := range m {
		if mail.ID == id {
			return mail, true
		}
	}
	return portal.CaughtMail{}, false
}

// caught is a mail in which everything tries to reach out.
func caught() mailbox {
	return mailbox{{
		ID: "7", To: "lea@example.com", Subject: "Quelques <b>questions</b>", Text: "Bonjour <i>Léa</i>", At: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC),
		HTML: "<html><head></head><body><script>alert(1)</script>Bonjour</body></html>", Headers: [][2]string{{"Subject", "Quelques questions"}},
	}}
}

func TestCaughtMailsAreReadInAFrameThatReachesNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t, func(c *portal.Config) { c.Mailbox = caught() })
	nobody := site.Browser(t)

	_, list := get(t, nobody, site.URL+"/demo/mail")
	require.Contains(t, list, `href="/demo/mail/7"`)
	require.NotContains(t, list, "<b>questions</b>")
	_, one := get(t, nobody, site.URL+"/demo/mail/7")
	require.Contains(t, one, `<iframe class="mail-body" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/demo/mail/7/body"`)
	require.NotContains(t, one, "<i>Léa</i>")

	answer, err := nobody.Get(site.URL + "/demo/mail/7/body")
	require.NoError(t, err)
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Contains(t, string(body), `<base target="_blank">`)
	policy := answer.Header.Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'")
	require.Contains(t, policy, "sandbox allow-popups")
	require.NotContains(t, policy, "script-src")

	status, _ := get(t, nobody, site.URL+"/demo/mail/8")
	require.Equal(t, http.StatusNotFound, status)
	_, home := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/")
	require.Contains(t, home, `href="/demo/mail"`)
}

func TestWithoutAMailboxThereIsNoPageForIt(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	nobody := site.Browser(t)
	status, _ := get(t, nobody, site.URL+"/demo/mail")
	require.Equal(t, http.StatusNotFound, status)
	_, home := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/")
	require.NotContains(t, home, `href="/demo/mail"`)
}
