package portal_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

// HR writes a questionnaire: every field is kept as it is left, the preview follows and can be answered without sending anything,
// and buttons draw the form anew without losing where one was.
func TestHRWritesAQuestionnaireAndSeesItOnAPhone(t *testing.T) {
	browser := openBrowser(t)
	site := portaltest.Start(t)
	page, closePage := chromedp.NewContext(browser)
	defer closePage()
	page, cancel := context.WithTimeout(page, 3*time.Minute)
	defer cancel()
	is := func(script string) bool {
		t.Helper()
		yes, err := chromedp.Run(page, chromedp.Evaluate[bool](script))
		require.NoError(t, err)
		return yes
	}
	await := awaiting(t, page)
	write := func(id, text string) {
		t.Helper()
		run(t, page, `(() => { const field = document.getElementById("`+id+`"); field.focus(); field.value = "`+text+`";
			return field.dispatchEvent(new Event("change", { bubbles: true })) })()`)
	}
	const phone = `document.querySelector("#preview iframe").contentDocument`
	require.NoError(t, chromedp.Do(page, chromedp.Navigate("about:blank")))
	dress(t, page, screens[1], "light")
	setCookie(t, page, site, "jalon", sessionOf(t, site, "hr:"+portaltest.Jeanne))
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/hr/questionnaires/"+portaltest.Draft)))

	await(phone+`?.querySelector("h1")?.textContent.includes("Votre avis") ?? false`, "the preview is there")
	write("title.fr", "Un autre titre")
	await(phone+`?.querySelector("h1")?.textContent === "Un autre titre"`, "the preview follows")
	require.True(t, is(`document.activeElement.id === "title.fr"`), "writing goes on where it was")
	require.EqualValues(t, 8, draftOf(site).GetRevision())

	// The preview is clicked through: its questions come and go, and its button sends nothing.
	await(phone+`?.querySelector("#rating-q_1_3") != null && `+phone+`.querySelector("[name='multiple-q_2']")?.checkVisibility() === false`, "a dependent question is hidden")
	run(t, page, phone+`.getElementById("rating-q_1_3").click(), true`)
	require.True(t, is(phone+`.querySelector("[name='multiple-q_2']").checkVisibility()`))
	run(t, page, phone+`.querySelector("form.survey button.wide").click(), true`)
	require.True(t, is(phone+`.getElementById("rating-q_1_3").checked`))
	require.Empty(t, site.Fakes.Now().Stored)
	require.Empty(t, site.Fakes.Now().Drafts)

	// Pressed twice, a question is added once; what was not sent yet goes along.
	write("title.en", "Another title")
	run(t, page, `document.getElementById("add").click(), document.getElementById("add").click(), true`)
	await(`document.getElementById("questions[4].text.fr") === document.activeElement`, "the new question is to be written")
	require.Len(t, draftOf(site).GetQuestions(), 5)
	require.Equal(t, "Another title", draftOf(site).GetTitle().GetEn())
	require.False(t, is(`document.getElementById("questions[5].text.fr") != null`))

	run(t, page, `document.getElementById("up_q_4").focus(), document.getElementById("up_q_4").click(), true`)
	await(`document.getElementById("questions[2].text.fr").value === "On m'écoute."`, "the question moved")
	await(`document.activeElement.id === "up_q_4"`, "and the keyboard with it")

	run(t, page, `document.getElementById("preview_en").click(), true`)
	await(phone+`?.querySelector("h1")?.textContent === "Another title"`, "the preview speaks English")

	run(t, page, `document.getElementById("publish").click(), true`)
	await(`document.querySelector("[aria-invalid]")?.id === "questions[4].text.fr"`, "what is missing is said beside its field")
	write("questions[4].text.fr", "Une dernière question ?")
	run(t, page, `document.getElementById("publish").click(), true`)
	await(`location.search === "?published" && document.querySelector(".note.good") != null`, "it is published")
}
