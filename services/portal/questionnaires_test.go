package portal_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// formOf is the editor's form as the browser would send it.
func formOf(q *momentsv1.Questionnaire) url.Values {
	form := url.Values{"revision": {fmt.Sprint(q.GetRevision())}, "named": {fmt.Sprint(q.GetNamed())}}
	text := func(at string, w *momentsv1.Wording) {
		form.Set(at+".fr", w.GetFr())
		form.Set(at+".en", w.GetEn())
	}
	text("title", q.GetTitle())
	for i, question := range q.GetQuestions() {
		at := fmt.Sprintf("questions[%d].", i)
		form.Set(at+"id", question.GetId())
		form.Set(at+"kind", question.GetKind().String())
		form.Set(at+"measure", question.GetMeasure().String())
		form.Set(at+"max_length", fmt.Sprint(question.GetMaxLength()))
		text(at+"text", question.GetText())
		text(at+"low", question.GetLow())
		text(at+"high", question.GetHigh())
		if question.GetRequired() {
			form.Set(at+"required", "yes")
		}
		for j, o := range question.GetOptions() {
			form.Set(fmt.Sprintf("%soptions[%d].id", at, j), o.GetId())
			text(fmt.Sprintf("%soptions[%d].label", at, j), o.GetLabel())
		}
		if on := question.GetShowIf(); on != nil {
			form.Set(at+"show_if.question", on.GetQuestionId())
			form[at+"show_if.options"] = on.GetOptionIds()
			if len(on.GetOptionIds()) == 0 {
				form.Set(at+"show_if.from", fmt.Sprint(on.GetAtLeast()))
				form.Set(at+"show_if.to", fmt.Sprint(on.GetAtMost()))
			}
		}
	}
	return form
}

func draftOf(site *portaltest.Portal) *momentsv1.Questionnaire {
	return site.Fakes.Now().Questionnaires[portaltest.Draft]
}

func TestHRListsAndBeginsQuestionnaires(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr, lea := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Lea)
	_, list := get(t, hr, site.URL+"/hr/questionnaires")
	require.Contains(t, list, "Brouillon")
	require.Contains(t, list, "Version 2")
	require.Contains(t, list, "Intégration, Jour 30")
	require.Contains(t, list, "&lt;b&gt;l&#39;accueil&lt;/b&gt;")
	for _, path := range []string{"/hr/questionnaires", "/hr/questionnaires/" + portaltest.Draft, "/hr/questionnaires/" + portaltest.Draft + "/preview"} {
		status, _ := get(t, lea, site.URL+path)
		require.Equal(t, http.StatusForbidden, status, path)
	}
	status, _ := get(t, hr, site.URL+"/hr/questionnaires/nothing")
	require.Equal(t, http.StatusNotFound, status)

	for range 2 { // pressed twice
		answer, _ := post(t, hr, site.URL+"/hr/questionnaires", url.Values{"code": {"hr_mine"}, "from": {portaltest.Standard}})
		require.Equal(t, "/hr/questionnaires/hr_mine", answer.Header.Get("Location"))
	}
	begun := site.Fakes.Now().Questionnaires["hr_mine"]
	require.EqualValues(t, 1, begun.GetRevision())
	require.Len(t, begun.GetQuestions(), 4)
	_, editor := get(t, hr, site.URL+"/hr/questionnaires/hr_mine")
	require.Contains(t, editor, "Votre première semaine")
}

func TestTheFormSaysBackWhatItWasDrawnFrom(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	before := draftOf(site)
	answer, _ := post(t, hr, site.URL+"/hr/questionnaires/"+portaltest.Draft, formOf(before))
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	after := draftOf(site)
	require.EqualValues(t, 8, after.GetRevision())
	require.Len(t, after.GetQuestions(), len(before.GetQuestions()))
	for i, q := range after.GetQuestions() {
		require.Equal(t, before.GetQuestions()[i].GetId(), q.GetId())
		require.Equal(t, before.GetQuestions()[i].GetText().GetFr(), q.GetText().GetFr())
		require.Equal(t, before.GetQuestions()[i].GetRequired(), q.GetRequired())
		require.Equal(t, before.GetQuestions()[i].GetShowIf().String(), q.GetShowIf().String())
		require.Len(t, q.GetOptions(), len(before.GetQuestions()[i].GetOptions()))
	}
}

func TestQuestionsAreAddedMovedAndRemoved(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address := site.URL + "/hr/questionnaires/" + portaltest.Draft
	press := func(action string, more ...string) {
		t.Helper()
		form := formOf(draftOf(site))
		form.Set("action", action)
		for i := 0; i+1 < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		answer, _ := post(t, hr, address, form)
		require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	}
	ids := func() (all []string) {
		for _, q := range draftOf(site).GetQuestions() {
			all = append(all, q.GetId())
		}
		return all
	}
	press("up:3")
	require.Equal(t, []string{"q_1", "q_2", "q_4", "q_3"}, ids())
	press("down:3")
	press("up:0")
	require.Equal(t, []string{"q_1", "q_2", "q_4", "q_3"}, ids(), "the ends are the ends")
	press("add", "add_kind", "KIND_SINGLE")
	added := draftOf(site).GetQuestions()[4]
	require.Equal(t, "new_10", added.GetId())
	require.Len(t, added.GetOptions(), 2)
	press("option:4")
	press("drop:4:0")
	require.Equal(t, "o2", draftOf(site).GetQuestions()[4].GetOptions()[0].GetId())
	press("option:4")
	require.Equal(t, "o4", draftOf(site).GetQuestions()[4].GetOptions()[2].GetId(), "no id is given twice")
	press("save", "questions[3].show_if.question", "q_1", "questions[3].show_if.from", "", "questions[3].show_if.to", "")
	press("remove:0")
	require.Equal(t, []string{"q_2", "q_4", "q_3", "new_10"}, ids())
	require.Nil(t, draftOf(site).GetQuestions()[0].GetShowIf(), "what depended on it depends on nothing any more")
	press("remove:99")
	press("drop:0:x")
	require.Len(t, ids(), 4)
}

func TestNothingThatWasWrittenIsLost(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address := site.URL + "/hr/questionnaires/" + portaltest.Draft
	form := formOf(draftOf(site))
	form.Set("title.fr", `Un titre "<script>alert(1)</script>`)

	site.Fakes.Set(func(s *portaltest.State) { s.Broken = true })
	_, body := post(t, hr, address, form)
	require.Contains(t, body, "Nous n&#39;avons pas pu enregistrer")
	require.Contains(t, body, "Un titre &#34;&lt;script&gt;alert(1)&lt;/script&gt;")
	site.Fakes.Set(func(s *portaltest.State) { s.Broken = false })

	form.Set("revision", "3")
	_, body = post(t, hr, address, form)
	require.Contains(t, body, "a été modifié ailleurs")
	require.Contains(t, body, "&lt;script&gt;alert(1)&lt;/script&gt;")
	form.Set("action", "overwrite")
	answer, _ := post(t, hr, address, form)
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	require.Contains(t, draftOf(site).GetTitle().GetFr(), "<script>")
	_, body = get(t, hr, address+"/preview")
	require.Contains(t, body, "&lt;script&gt;alert(1)&lt;/script&gt;")
	require.NotContains(t, body, "<script>alert")
}

func TestWhatIsMissingIsSaidBesideItsFieldWhenPublishing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address := site.URL + "/hr/questionnaires/" + portaltest.Draft
	publish := func() (*http.Response, string) {
		form := formOf(draftOf(site))
		form.Set("action", "publish")
		form.Set("title.en", form.Get("title.en"))
		return post(t, hr, address+"/publish", form)
	}
	whole := draftOf(site).GetTitle().GetEn()
	draftOf(site).GetTitle().En = ""
	_, body := get(t, hr, address)
	require.NotContains(t, body, "il manque dans cette langue", "nobody is blamed for what they are still writing")
	require.Contains(t, body, "Encore 1 point")
	answer, _ := publish()
	require.Equal(t, "/hr/questionnaires/"+portaltest.Draft+"?checked#", answer.Header.Get("Location"))
	_, body = get(t, hr, address+"?checked")
	require.Contains(t, body, `aria-describedby="title.en.problem"`)
	require.Contains(t, body, "il manque dans cette langue")

	draftOf(site).GetTitle().En = whole
	form := formOf(draftOf(site))
	form.Set("action", "publish")
	for range 2 { // pressed twice
		answer, _ = post(t, hr, address+"/publish", form)
		require.Equal(t, "/hr/questionnaires/"+portaltest.Draft+"?published", answer.Header.Get("Location"))
	}
	_, body = get(t, hr, address+"?published")
	require.Contains(t, body, "C&#39;est publié")
	require.NotContains(t, body, `name="title.fr"`, "a published version cannot be written in")
	answer, _ = post(t, hr, address, url.Values{"action": {"next"}, "revision": {fmt.Sprint(draftOf(site).GetRevision())}})
	require.Equal(t, "/hr/questionnaires/"+portaltest.Draft, answer.Header.Get("Location"))
	require.Equal(t, momentsv1.Questionnaire_STATE_DRAFT, draftOf(site).GetState())
}

func TestThePreviewIsTheRealPageAndSendsNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address := site.URL + "/hr/questionnaires/" + portaltest.Draft
	answer, err := hr.Get(address + "/preview?lang=en")
	require.NoError(t, err)
	_, body := read(t, answer)
	require.Contains(t, body, "Would you recommend your store?")
	require.Contains(t, body, `data-show-if="rating-q_1"`)
	require.Contains(t, body, "Your answers are confidential.")
	require.NotContains(t, body, "action=")
	require.NotContains(t, body, "data-draft")
	policy := answer.Header.Get("Content-Security-Policy")
	require.Contains(t, policy, "frame-ancestors 'self'")
	require.Contains(t, policy, "form-action 'none'")
	answer, err = hr.Get(address)
	require.NoError(t, err)
	_, _ = read(t, answer)
	require.Contains(t, answer.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
	require.Contains(t, answer.Header.Get("Content-Security-Policy"), "frame-src 'self'")
	require.Equal(t, 1, strings.Count(answer.Header.Get("Content-Security-Policy"), "frame-src"))
}

func TestAFollowUpIsGivenAnotherQuestionnaire(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address := site.URL + "/hr/catalogue/training/edit"
	_, body := get(t, hr, address)
	require.Contains(t, body, `name="questionnaire_day_1"`)
	require.Contains(t, body, `value="`+portaltest.Draft+`.v1"`, "what is published can be asked, its draft cannot")
	form := url.Values{"version": {"0"}, "offset_day_1": {"1"}, "offset_day_60": {"60"}, "questionnaire_day_1": {portaltest.Draft + ".v1"}}
	for _, language := range []string{"fr", "en"} {
		for _, field := range []string{"summary_", "emotional_", "relational_", "operational_", "prepare_"} {
			form.Set(field+language, "Une ligne.")
		}
	}
	post(t, hr, address, form)
	changed := site.Fakes.Now().Changed[0].GetFollowUps()
	require.Equal(t, portaltest.Draft+".v1", changed[0].GetQuestionnaireId())
	require.Empty(t, changed[1].GetQuestionnaireId())
}

func TestNamedAnswersAreReadByHROnlyAndEachReadingIsRecorded(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "manager:"+portaltest.Karim)
	status, _ := get(t, karim, site.URL+"/hr/results/named")
	require.Equal(t, http.StatusForbidden, status)
	_, results := get(t, hr, site.URL+"/hr/results")
	require.Contains(t, results, "/hr/results/named?")
	_, body := get(t, hr, site.URL+"/hr/results/named?key_moment=onboarding&follow_up=day_30")
	require.Contains(t, body, "Léa Moreau")
	require.Contains(t, body, "Personne effacée")
	require.Contains(t, body, "0 sur 10")
	require.Contains(t, body, "Les horaires")
	require.Contains(t, body, "Une &lt;script&gt;alert(1)&lt;/script&gt;")
	require.Contains(t, body, `rel="next"`)
	_, body = get(t, hr, site.URL+"/hr/results/named?key_moment=onboarding&page=second")
	require.Contains(t, body, "Karim Duval")
	require.NotContains(t, body, `rel="next"`)
	_, body = get(t, hr, site.URL+"/hr/results/named?key_moment=training")
	require.Contains(t, body, "Aucune réponse nominative ici")

	_, log := get(t, hr, site.URL+"/hr/audit?about="+portaltest.Lea)
	require.Contains(t, log, "A lu des réponses nominatives")
	_, file := get(t, hr, site.URL+"/hr/results.csv?key_moment=onboarding")
	require.NotContains(t, file, "Léa")
}
