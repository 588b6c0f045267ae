package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

// HR writes a message with fields at a press, sees its reminders move with its days, and before the launch what it will do and what
// somebody of the group will see.
func TestHRTakesCareBeforeALaunch(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	page, closePage := chromedp.NewContext(browser)
	defer closePage()
	page, cancel := context.WithTimeout(page, 3*time.Minute)
	defer cancel()
	await := awaiting(t, page)
	open := func(path string) {
		t.Helper()
		require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+path)))
	}
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	dress(t, page, screens[0], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	open("/hr/campaigns/new")

	run(t, page, `document.getElementById("kind_message").click(), true`)
	await(`document.querySelector("[data-insert='{prenom}']").checkVisibility()`, "fields are there where something is said")
	run(t, page, `(() => { const text = document.getElementById("text.fr"); text.focus(); text.value = "Bonjour , voici"; text.setSelectionRange(8, 8); return true })()`)
	run(t, page, `document.querySelector("[data-insert='{prenom}']").click(), true`)
	await(`document.getElementById("text.fr").value === "Bonjour {prenom}, voici" && document.activeElement.id === "text.fr"`, "where one was writing")
	run(t, page, `document.querySelector("[data-insert='{unit}']").click(), true`)
	await(`document.getElementById("text.en").value === "{unit}"`, "a field of the other language goes into its text")

	await(`document.getElementById("reminder-days").textContent.includes("10 novembre")`, "HR sees when reminders go out")
	run(t, page, `(() => { const until = document.getElementById("until"); until.focus(); until.value = document.getElementById("on").value;
		return until.dispatchEvent(new Event("input", { bubbles: true })) })()`)
	await(`document.getElementById("reminder-days").textContent.includes("trop court")`, "and that there is no room for them")
	await(`document.activeElement.id === "until"`, "while the keyboard stays where it is")

	open(checkedAt + "/check")
	await(`document.querySelectorAll(".load-days > li").length === 3`, "what it will do arrives by itself")
	run(t, page, `document.querySelector("a[href$='/recipients/`+portaltest.Karim+`']").click(), true`)
	await(`document.querySelector(".phone iframe")?.contentDocument?.querySelector(".prompt h3")?.textContent === "HR has a few questions for you"`, "as Karim sees it")
	await(`document.querySelector(".mail-frame iframe")?.contentDocument?.querySelector("h1")?.textContent === "How are things going for you?"`, "and reads it")
}
