package portal_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestPagesAreForThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr, lea, nobody := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Lea), site.Browser(t)

	for _, path := range []string{"/hr", "/hr/people", "/hr/people/" + portaltest.Lea, "/hr/import", "/hr/moments", "/hr/moments/" + portaltest.Moment, "/hr/results", "/hr/barometer"} {
		status, _ := get(t, hr, site.URL+path)
		require.Equal(t, http.StatusOK, status, path)
		status, _ = get(t, lea, site.URL+path)
		require.Equal(t, http.StatusForbidden, status, path)
		answer, err := nobody.Get(site.URL + path)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusSeeOther, answer.StatusCode, path)
		require.Equal(t, "/signin", answer.Header.Get("Location"), path)
	}
	status, _ := get(t, hr, site.URL+"/survey/"+portaltest.Invitation)
	require.Equal(t, http.StatusNotFound, status, "HR does not see another person's survey")
	status, _ = get(t, hr, site.URL+"/no/such/page")
	require.Equal(t, http.StatusNotFound, status)
}

func TestEveryPageIsGuardedByTheBrowserToo(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	answer, err := site.As(t, "hr:"+portaltest.Jeanne).Get(site.URL + "/hr/people")
	require.NoError(t, err)
	_, body := read(t, answer)
	require.NotContains(t, answer.Header.Get("Content-Security-Policy"), "unsafe")
	require.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	require.NotContains(t, body, "<script>")
	require.NotContains(t, body, " style=")
	require.NotContains(t, body, " onclick=")
	require.Contains(t, body, "&lt;script&gt;alert(1)&lt;/script&gt; O&#39;Brien &amp; Fils", "markup in a name is text")
}

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site.URL+"/survey/"+portaltest.Invitation, strings.NewReader("emotion-feeling=confident"))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := lea.Do(request)
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, http.StatusForbidden, answer.StatusCode)
	require.Empty(t, site.Fakes.Now().Stored)
}

func TestAnIncompleteAnswerKeepsWhatWasEntered(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	answer, body := post(t, lea, site.URL+"/survey/"+portaltest.Invitation, url.Values{
		"emotion-feeling": {"curious"}, "scale-place_in_team": {"9"}, "text-wish": {`un <b>casier</b>`},
	})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, `href="#scale-place_in_team_1"`, "the summary leads to the question")
	require.Contains(t, body, "Mon manager a pris le temps de parler avec moi. — choisissez une réponse")
	require.Contains(t, body, `value="curious" checked`)
	require.Contains(t, body, `un &lt;b&gt;casier&lt;/b&gt;</textarea>`)
	require.Empty(t, site.Fakes.Now().Stored)
}

func TestAnAnswerIsThankedOnceAndTheSecondTabIsTold(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	form := url.Values{"emotion-feeling": {"curious"}, "scale-place_in_team": {"4"}, "scale-manager_time": {"5"}, "text-wish": {" Un casier.\r\nMerci. "}}
	address := site.URL + "/survey/" + portaltest.Invitation

	answer, _ := post(t, lea, address, form)
	require.Equal(t, "/survey/"+portaltest.Invitation+"?thanks", answer.Header.Get("Location"))
	_, body := get(t, lea, site.URL+answer.Header.Get("Location"))
	require.Contains(t, body, "<h1>Merci</h1>")
	stored := map[string]*momentsv1.Answer{}
	for _, a := range site.Fakes.Now().Stored[0].GetAnswers() {
		stored[a.GetQuestionId()] = a
	}
	require.Len(t, stored, 4)
	require.Equal(t, "curious", stored["feeling"].GetOptionId())
	require.EqualValues(t, 5, stored["manager_time"].GetNumber())
	require.Equal(t, "Un casier.\nMerci.", stored["wish"].GetText())

	answer, _ = post(t, lea, address, form)
	_, body = get(t, lea, site.URL+answer.Header.Get("Location"))
	require.Contains(t, body, "Vous avez déjà répondu")
	require.Len(t, site.Fakes.Now().Stored, 1)

	site.Fakes.Set(func(s *portaltest.State) { s.Survey.State = momentsv1.GetSurveyResponse_STATE_EXPIRED })
	_, body = get(t, lea, address)
	require.Contains(t, body, "Ces questions sont closes")
}

func TestHRCannotTellWhoAnswered(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	pages := map[string]bool{}
	for _, state := range []notificationsv1.Message_State{
		notificationsv1.Message_STATE_SHOWN, notificationsv1.Message_STATE_CLOSED, notificationsv1.Message_STATE_EXPIRED,
	} {
		site.Fakes.Set(func(s *portaltest.State) {
			message := proto.CloneOf(s.Messages[0])
			message.State = state
			if state == notificationsv1.Message_STATE_EXPIRED {
				message.Decisions = append(message.Decisions, &notificationsv1.Decision{At: "2026-11-16T09:00:00Z", Verdict: "expired", Reason: "too_late"})
			}
			s.Messages = []*notificationsv1.Message{message}
		})
		_, person := get(t, hr, site.URL+"/hr/people/"+portaltest.Lea)
		_, moment := get(t, hr, site.URL+"/hr/moments/"+portaltest.Moment)
		pages[person+moment] = true
	}
	require.Len(t, pages, 1, "a question that was asked looks the same, whatever became of it")
}

// A departure calls a question off before anybody was asked: all pages say so, and none says that it was asked.
func TestWhatWasClosedBeforeItWasShownIsAskedOfNobody(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) {
		message := proto.CloneOf(s.Messages[0])
		message.State = notificationsv1.Message_STATE_CLOSED
		message.Decisions = []*notificationsv1.Decision{{At: "2026-11-02T09:00:00Z", Verdict: "deferred", Reason: "over_cap", Until: "2026-11-04T09:00:00Z"}}
		s.Messages = []*notificationsv1.Message{message}
	})
	for path, persona := range map[string]string{
		"/why":                                  "employee:" + portaltest.Lea,
		"/hr/people/" + portaltest.Lea + "/why": "hr:" + portaltest.Jeanne,
		"/hr/people/" + portaltest.Lea:          "hr:" + portaltest.Jeanne,
	} {
		_, body := get(t, site.As(t, persona), site.URL+path)
		require.Contains(t, body, `>Plus utile</span>`, path)
		require.NotContains(t, body, `>Demandée</span>`, path)
		require.NotContains(t, body, `>Posée</span>`, path)
	}
}

func TestTooFewAnswersShowNoFigure(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	site.Fakes.Set(func(s *portaltest.State) { s.TooFew = true })
	_, body := get(t, hr, site.URL+"/hr/results?key_moment=onboarding")
	require.Contains(t, body, "Trop peu de réponses pour l&#39;instant")
	require.NotContains(t, body, "<figure")
}

func TestAFileIsShownBeforeItIsApplied(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	preview := upload(t, hr, site.URL, "messy;file")
	require.Regexp(t, `^/hr/import/[0-9a-f-]{36}$`, preview)

	_, body := get(t, hr, site.URL+preview)
	require.Contains(t, body, "Cette date n&#39;existe pas.")
	require.Contains(t, body, "celui-ci est déjà à la ligne 2")
	require.Contains(t, body, "In English.", "a code that the catalogue does not know is told in the service's own words")
	require.Contains(t, body, "&lt;b&gt;gras&lt;/b&gt;")
	require.True(t, site.Fakes.Now().Imported[0].GetDryRun())

	answer, body := post(t, hr, site.URL+preview, url.Values{})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode, "rejected lines are only left out when somebody says so")
	require.Contains(t, body, "rien n&#39;a changé")

	answer, _ = post(t, hr, site.URL+preview, url.Values{"skip_rejected": {"yes"}})
	require.Equal(t, "/hr/import?done=import-1", answer.Header.Get("Location"))
	applied := site.Fakes.Now().Imported[2]
	require.Equal(t, "messy;file", string(applied.GetFile()))
	require.Equal(t, "2026-11-02", applied.GetAsOf())
	_, body = get(t, hr, site.URL+answer.Header.Get("Location"))
	require.Contains(t, body, "C&#39;est importé")

	status, _ := get(t, hr, site.URL+preview)
	require.Equal(t, http.StatusGone, status, "an applied file is not kept")
}

func TestAnotherSessionDoesNotSeeAnUploadedFile(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	preview := upload(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL, "clean")
	status, _ := get(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+preview)
	require.Equal(t, http.StatusGone, status)
}

func upload(t *testing.T, client *http.Client, address, content string) (preview string) {
	t.Helper()
	return uploadTo(t, client, address, "/hr/import", content)
}

func uploadTo(t *testing.T, client *http.Client, address, where, content string) (preview string) {
	t.Helper()
	return hand(t, client, address+where, content, "2026-11-02")
}

func uploadAsOf(t *testing.T, client *http.Client, address, content, asOf string) (preview string) {
	t.Helper()
	return hand(t, client, address+"/hr/import", content, asOf)
}

func hand(t *testing.T, client *http.Client, where, content, asOf string) (preview string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("as_of", asOf))
	file, err := form.CreateFormFile("file", "hris.csv")
	require.NoError(t, err)
	_, err = file.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, form.Close())
	answer, err := client.Post(where, form.FormDataContentType(), &body)
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	return answer.Header.Get("Location")
}

func TestTheLanguageIsThePersonsUntilTheyChoose(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	_, body := get(t, lea, site.URL+"/")
	require.Contains(t, body, `<html lang="fr">`)
	answer, _ := post(t, lea, site.URL+"/language", url.Values{"language": {"en"}, "back": {"//elsewhere.example"}})
	require.Equal(t, "/", answer.Header.Get("Location"), "a form leads nowhere else")
	_, body = get(t, lea, site.URL+"/")
	require.Contains(t, body, `<html lang="en">`)
	require.Contains(t, body, "How is your first week going?")
}

func TestTheSampleCompanyIsShownWhenItHasBeenLived(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	site.Demo.Set(30, 90)
	_, body := get(t, lea, site.URL+"/")
	require.Contains(t, body, `value="30"`)
	site.Demo.Set(90, 90)
	answer, err := lea.Get(site.URL + "/progress")
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, "true", answer.Header.Get("HX-Refresh"))
	_, body = get(t, lea, site.URL+"/")
	require.Contains(t, body, "Bonjour Léa")
}

func TestTheDemoClockMovesByADayOrAWeek(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	answer, _ := post(t, lea, site.URL+"/demo/clock", url.Values{"days": {"7"}, "back": {"/team"}})
	require.Equal(t, "/team", answer.Header.Get("Location"))
	_, body := get(t, lea, site.URL+"/")
	require.Contains(t, body, "mardi 10 novembre 2026")
	answer, _ = post(t, lea, site.URL+"/demo/clock", url.Values{"days": {"-1"}})
	require.Equal(t, http.StatusNotFound, answer.StatusCode)
}

func TestQuestionsThatDependOnOthersAreLeftOutWhereTheyAreNotAsked(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Survey = portaltest.EveryKind() })
	lea := site.As(t, "employee:"+portaltest.Lea)
	address := site.URL + "/survey/" + portaltest.Invitation
	_, body := get(t, lea, address)
	require.Contains(t, body, `data-show-if="rating-recommend" data-show-values="0 1 2 3 4 5 6"`)
	require.Contains(t, body, "vous avez répondu\u00a0: de 0 à 6", "whoever has no script is told")
	require.Contains(t, body, "Vos réponses portent votre nom.")
	require.NotContains(t, strings.ToLower(body), "détracteur")
	require.NotContains(t, strings.ToLower(body), "detractor")

	answer, body := post(t, lea, address, url.Values{"rating-recommend": {"11"}, "scale-easy": {"2"}})
	require.Equal(t, http.StatusSeeOther, answer.StatusCode, body)
	site.Fakes.Set(func(s *portaltest.State) { s.Survey, s.Stored = portaltest.EveryKind(), nil })

	answer, body = post(t, lea, address, url.Values{"multiple-why": {"o1", "o2"}, "scale-easy": {"9"}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, `href="#rating-recommend_0"`)
	require.Contains(t, body, `value="o1" checked`)
	require.NotContains(t, body, `href="#multiple-why_1"`, "a question that is not asked is not missing")
}

func TestEveryKindOfAnswerIsPassedOn(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Survey = portaltest.EveryKind() })
	lea := site.As(t, "employee:"+portaltest.Lea)
	answer, _ := post(t, lea, site.URL+"/survey/"+portaltest.Invitation, url.Values{
		"rating-recommend": {"0"}, "multiple-why": {"o1", "o3"}, "single-main": {"o2"}, "short-word": {" Merci "}, "scale-easy": {""},
	})
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	stored := map[string]*momentsv1.Answer{}
	for _, a := range site.Fakes.Now().Stored[0].GetAnswers() {
		stored[a.GetQuestionId()] = a
	}
	require.Len(t, stored, 4)
	require.IsType(t, &momentsv1.Answer_Number{}, stored["recommend"].GetValue(), "nothing out of ten is an answer")
	require.Equal(t, []string{"o1", "o3"}, stored["why"].GetOptionIds().GetIds())
	require.Equal(t, "o2", stored["main"].GetOptionId())
	require.Equal(t, "Merci", stored["word"].GetText())
}

func TestWhatWasEnteredIsThereAgain(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Survey = portaltest.EveryKind() })
	lea := site.As(t, "employee:"+portaltest.Lea)
	address := site.URL + "/survey/" + portaltest.Invitation
	answer, _ := post(t, lea, address+"/draft", url.Values{"rating-recommend": {"3"}, "multiple-why": {"o2"}, "text-pay": {"Des <b>primes</b>"}})
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
	require.Empty(t, site.Fakes.Now().Stored, "a draft is no answer")

	_, body := get(t, lea, address)
	require.Contains(t, body, `value="3" checked`)
	require.Contains(t, body, `value="o2" checked`)
	require.Contains(t, body, "Des &lt;b&gt;primes&lt;/b&gt;</textarea>")
	require.Contains(t, body, "Ce que vous aviez commencé est là.")

	answer, _ = post(t, site.Browser(t), address+"/draft", url.Values{})
	require.Equal(t, http.StatusSeeOther, answer.StatusCode, "who has no session is led to the sign-in page")
}

func TestResultsAreATableFileWithoutFormulas(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/results?key_moment=onboarding&from=2026-10&to=2026-09&unit="+portaltest.Nantes)
	require.Contains(t, body, "/hr/results.csv?from=2026-09&amp;key_moment=onboarding&amp;to=2026-10&amp;unit="+portaltest.Nantes)
	require.Contains(t, body, `data-chart="line"`)
	require.Contains(t, body, "+8</dd>", "the eNPS")

	answer, err := hr.Get(site.URL + "/hr/results.csv?key_moment=onboarding")
	require.NoError(t, err)
	_, file := read(t, answer)
	require.Equal(t, "text/csv; charset=utf-8", answer.Header.Get("Content-Type"))
	require.Contains(t, file, "\ufeffQuestion;Mesure;")
	require.Contains(t, file, "eNPS (de −100 à +100);;8;38\r\n")
	require.Contains(t, file, ";Favorables (4 et 5);2026-09;55;11\r\n")
	require.Contains(t, file, "Taux de réponse;;81;")
	require.Contains(t, file, ";Ressenti comme attendu;;53;38\r\n")
	require.Contains(t, file, " (attendue);11;38\r\n")
	require.Contains(t, body, " (attendue)</th>", "the table, and the chart that is drawn from it")
	require.Contains(t, body, "Ressenti comme attendu")
	require.Contains(t, body, "Sur 47 personnes interrogées pendant cette période, 38 ont une réponse qui compte")
	require.Contains(t, file, `"'=HYPERLINK(""http://x"")"`, "a comment is no formula")
	require.NotContains(t, file, "\n=")

	site.Fakes.Set(func(s *portaltest.State) { s.TooFew = true })
	_, file = get(t, hr, site.URL+"/hr/results.csv?key_moment=onboarding")
	require.Contains(t, file, "Trop peu de réponses")
	require.NotContains(t, file, "38")
	status, _ := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/hr/results.csv")
	require.Equal(t, http.StatusForbidden, status)
}
