package portal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// Without a script every form of a talk works by its button.
func TestATalkIsPreparedSharedAndHeldWithoutAScript(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea, karim := site.As(t, "employee:"+portaltest.Lea), site.As(t, "manager:"+portaltest.Karim)
	page := "/talks/" + portaltest.NextTalk

	status, location, _ := send(t, lea, site.URL+page+"/preparation", points("0", "pleasure", "Le mur <b>d'escalade</b>", "expectation", "Un planning", "displeasure", " "))
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, page+"?done=prepared#preparation", location)
	_, body := get(t, lea, site.URL+page)
	require.Contains(t, body, "Le mur &lt;b&gt;d&#39;escalade&lt;/b&gt;</textarea>")
	_, body = get(t, karim, site.URL+page)
	require.NotContains(t, body, "escalade", "it is not shared yet")

	_, location, _ = send(t, lea, site.URL+page+"/share", points("1", "pleasure", "Le mur d'escalade", "expectation", "Un planning"))
	require.Equal(t, page+"?done=shared", location)
	_, body = get(t, karim, site.URL+page)
	require.Contains(t, body, "Le mur d&#39;escalade")
	require.Contains(t, body, "Répondre", "the expectation waits for an answer")

	request := regexp.MustCompile(`action="(` + page + `/commitments/[0-9a-f-]{36})"[^>]*><input type="hidden" name="do" value="promise">`).FindStringSubmatch(body)
	require.Len(t, request, 2)
	_, location, _ = send(t, karim, site.URL+request[1], url.Values{"do": {"promise"}, "version": {"1"}, "answer": {"Chaque jeudi."}, "due_on": {"2026-11-19"}})
	require.Contains(t, location, page+"#c-")
	_, body = get(t, lea, site.URL+page)
	require.Contains(t, body, "Karim, promis pour le 19 novembre 2026")
	require.Contains(t, body, "Chaque jeudi.")

	_, location, _ = send(t, karim, site.URL+page+"/held", url.Values{"held_on": {"2026-11-03"}})
	require.Equal(t, page+"?done=held", location)
	_, body = get(t, lea, site.URL+"/talks")
	require.Contains(t, body, "Karim indique que votre entretien a eu lieu le mardi 3 novembre.")
	_, location, _ = send(t, lea, site.URL+page+"/answer", url.Values{"confirm": {"no"}})
	require.Equal(t, page+"?done=contested", location)
	_, body = get(t, karim, site.URL+page)
	require.Contains(t, body, "il compte comme non tenu.")
}

func points(version string, pairs ...string) url.Values {
	form := url.Values{"version": {version}}
	for i := 0; i < len(pairs); i += 2 {
		form.Add("point_id", pairs[i]+version)
		form.Add("point_kind", pairs[i])
		form.Add("point_text", pairs[i+1])
		form.Add("point_skill", "")
	}
	return form
}

func TestWhatIsSavedTwiceIsNoConflictAndWhatDiffersIsShown(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	address := site.URL + "/talks/" + portaltest.NextTalk + "/preparation"

	answer, body := post(t, lea, address+"?keep", points("0", "pleasure", "Première version"))
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.JSONEq(t, `{"version":1}`, body)
	answer, body = post(t, lea, address+"?keep", points("0", "pleasure", "Première version"))
	require.Equal(t, http.StatusOK, answer.StatusCode, "the answer got lost, the text did not")
	require.JSONEq(t, `{"version":1}`, body)

	answer, body = post(t, lea, address+"?keep", points("0", "pleasure", "Autrement"))
	require.Equal(t, http.StatusConflict, answer.StatusCode)
	require.Contains(t, body, `data-conflict="1"`)
	require.Contains(t, body, "Première version")
	answer, body = post(t, lea, address, points("0", "pleasure", "Autrement"))
	require.Equal(t, http.StatusConflict, answer.StatusCode, "and the same without a script")
	require.Contains(t, body, "Autrement</textarea>")
	require.Contains(t, body, "Première version")

	mine := points("1", "pleasure", "Autrement")
	mine.Set("resolve", "mine")
	status, _, _ := send(t, lea, address, mine)
	require.Equal(t, http.StatusSeeOther, status)
	_, body = get(t, lea, site.URL+"/talks/"+portaltest.NextTalk)
	require.Contains(t, body, "Autrement</textarea>")
	require.NotContains(t, body, "Première version")
}

func TestRefusalsAreSaidInTheReadersWords(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea, karim := site.As(t, "employee:"+portaltest.Lea), site.As(t, "manager:"+portaltest.Karim)
	page := site.URL + "/talks/" + portaltest.NextTalk

	answer, body := post(t, karim, page+"/held", url.Values{"held_on": {"2026-12-24"}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "Ce jour n&#39;est pas encore arrivé.")
	require.Contains(t, body, `value="2026-12-24"`, "what was entered stays")
	answer, body = post(t, lea, page+"/date", url.Values{"planned_on": {"2026-01-02"}, "starts_at": {"09:00"}, "sequence": {"0"}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "Cette date est passée.")
	_, body = post(t, lea, page+"/date", url.Values{"planned_on": {"2026-11-09"}, "starts_at": {"09:00"}, "sequence": {"7"}})
	require.Contains(t, body, "Cela a changé pendant que vous regardiez cette page.")
	answer, body = post(t, karim, page+"/commitments", url.Values{"commitment_id": {portaltest.Lea}, "kind": {"decision"}, "text": {" "}, "owner": {portaltest.Karim}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "Écrivez quelques mots")

	for _, reason := range []string{
		"not_planned", "future", "before", "left", "own_word", "nothing_said", "past", "too_far", "no_proposal", "owner", "settled", "not_yours",
		"not_asked", "not_manager", "not_startable", "closed",
	} {
		site.Fakes.Set(func(s *portaltest.State) { s.Talks.Refusing = reason })
		answer, body := post(t, lea, page+"/preparation?keep", points("0", "pleasure", "x"))
		require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
		require.NotContains(t, body, "Ce n'est pas possible pour l'instant", reason)
		require.NotContains(t, body, reason)
	}
	site.Fakes.Set(func(s *portaltest.State) { s.Talks.Refusing = "a reason of tomorrow" })
	_, body = post(t, lea, page+"/preparation", points("0", "pleasure", "Ce que j'ai écrit"))
	require.Contains(t, body, "Ce n&#39;est pas possible pour l&#39;instant")
	require.Contains(t, body, "Ce que j&#39;ai écrit</textarea>", "nothing is lost")
}

func TestATalkIsForItsTwoPeopleAlone(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne := site.As(t, "hr:"+portaltest.Jeanne)
	for _, path := range []string{portaltest.NextTalk, portaltest.PastTalk, "not-an-id"} {
		status, body := get(t, jeanne, site.URL+"/talks/"+path)
		require.Equal(t, http.StatusNotFound, status)
		require.NotContains(t, body, "saisonniers")
	}
	status, _, _ := send(t, jeanne, site.URL+"/talks/"+portaltest.NextTalk+"/notes", url.Values{"part": {"notes"}, "text": {"x"}, "version": {"0"}})
	require.Equal(t, http.StatusNotFound, status)
	lea := site.As(t, "employee:"+portaltest.Lea)
	_, body := get(t, lea, site.URL+"/talks/"+portaltest.PastTalk)
	require.Contains(t, body, "Penser à demander le planning", "one's own notes stay readable")
	require.NotContains(t, body, "data-keep", "and a talk that is over does not change")
	require.Contains(t, body, "Dire ce que c&#39;est devenu")
	karim := site.As(t, "manager:"+portaltest.Karim)
	_, body = get(t, karim, site.URL+"/talks/"+portaltest.PastTalk)
	require.NotContains(t, body, "Penser à demander le planning")
	require.Contains(t, body, "Léa veut former les saisonniers.\nOn commence")
}

func TestDatesAreProposedAndAnswered(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea, karim := site.As(t, "employee:"+portaltest.Lea), site.As(t, "manager:"+portaltest.Karim)
	page := "/talks/" + portaltest.NextTalk
	_, location, _ := send(t, lea, site.URL+page+"/date", url.Values{"planned_on": {"2026-11-09"}, "starts_at": {"15:00"}, "sequence": {"0"}})
	require.Equal(t, page+"?done=proposed", location)
	_, body := get(t, karim, site.URL+page)
	require.Contains(t, body, "Léa propose une autre date\u00a0: lundi 9 novembre, 15:00.")
	answer := url.Values{"accept": {"yes"}, "by": {portaltest.Lea}, "planned_on": {"2026-11-10"}, "starts_at": {"15:00"}}
	_, body = post(t, karim, site.URL+page+"/proposal", answer)
	require.Contains(t, body, "Cette proposition n&#39;existe plus")
	answer.Set("planned_on", "2026-11-09")
	_, location, _ = send(t, karim, site.URL+page+"/proposal", answer)
	require.Equal(t, page+"?done=accepted", location)
	_, body = get(t, lea, site.URL+page)
	require.Contains(t, body, "Lundi 9 novembre, 15:00")
	require.Contains(t, body, "Date convenue entre vous.")
}

// A commitment that somebody else changed meanwhile is shown as it stands, with what was written about it.
func TestWhatWasWrittenAboutACommitmentOutlivesAConflict(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	site.Fakes.Set(func(s *portaltest.State) {
		for _, c := range s.Talks.Commitments {
			c.Version = 2
		}
	})
	page := site.URL + "/talks/" + portaltest.NextTalk
	form := url.Values{"do": {"settle"}, "version": {"1"}, "state": {"dropped"}, "outcome": {"Plus utile"}}
	answer, body := post(t, lea, page+"/commitments/"+portaltest.ToDevelop, form)
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, `value="Plus utile"`)
	form.Set("version", "2")
	_, location, _ := send(t, lea, page+"/commitments/"+portaltest.ToDevelop, form)
	require.Equal(t, "/talks/"+portaltest.NextTalk+"#c-"+portaltest.ToDevelop, location)
	_, body = get(t, lea, page)
	require.Contains(t, body, "Abandonné")
	for _, c := range site.Fakes.Now().Talks.Commitments {
		if c.GetId() == portaltest.ToDevelop {
			require.Equal(t, interviewsv1.Commitment_STATE_DROPPED, c.GetState())
		}
	}
}
