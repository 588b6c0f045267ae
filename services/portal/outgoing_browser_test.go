package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// HR adds a system by keyboard and form alone: what is missing is said, the secret is shown and can be copied, a test shows the answer;
// and each of these pages passes axe.
func TestHRAddsASystemAndSeesThatItAnswers(t *testing.T) {
	axe := axeCore(t)
	browser := openBrowser(t)
	site := portaltest.Start(t)
	page, closePage := chromedp.NewContext(browser)
	defer closePage()
	page, cancel := context.WithTimeout(page, 3*time.Minute)
	defer cancel()
	await := awaiting(t, page)
	l := look{screen: screens[0], scheme: "light", lang: "fr"}
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	dress(t, page, l.screen, l.scheme)
	setCookie(t, page, site, "jalon_language", l.lang)
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/outgoing")))

	run(t, page, `document.querySelector("a[href$='/receivers/new']").click(), true`)
	await(`location.pathname.endsWith("/receivers/new") && document.getElementById("name") != null`, "the form opens")
	run(t, page, `document.getElementById("name").value = "Paie", document.querySelector("main form button").click(), true`)
	await(`document.querySelector("#address[aria-invalid]") != null && document.querySelector("#name").value === "Paie"`, "what is missing is said, and nothing is lost")
	await(`document.activeElement?.matches("[role=alert]")`, "and read out")
	inspect(t, page, axe, "receiver-wrong", l)

	run(t, page, `document.getElementById("address").value = "https://paie.example.com/in", document.getElementById("hr_system").click(),
		document.getElementById("hr-PeopleHired").click(), document.querySelector("main form button").click(), true`)
	await(`document.getElementById("secret")?.value === "`+portaltest.WebhookSecret+`"`, "the secret is shown")
	await(`!document.querySelector("[data-copy=secret]").hidden`, "and can be copied")
	inspect(t, page, axe, "receiver-secret", l)

	run(t, page, `document.querySelector("form[action$='/test'] button").click(), true`)
	await(`document.querySelector("main .note.good")?.textContent.includes("réponse 200")`, "the answer is shown")
	await(`document.getElementById("secret") == null`, "and the secret is not, any more")
	inspect(t, page, axe, "receiver-tested", l)
	site.Fakes.Set(func(s *portaltest.State) {
		s.Outgoing.Answer = &notificationsv1.Answer{Trouble: "forbidden"}
	})
	run(t, page, `document.querySelector("form[action$='/test'] button").click(), true`)
	await(`document.querySelector("main .note.bad")?.textContent.includes("l'intérieur du réseau")`, "and what goes wrong too")
}
