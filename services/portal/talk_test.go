package portal_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/require"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// Without a script every form of a talk works by its button.
func TestATalkIsPreparedSharedAndHeldWithoutAScript(t *testing.T) {
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

func TestTheDeskPutsLateTalksFirst(t *testing.T) {
	site := portaltest.Start(t)
	karim := site.As(t, "manager:"+portaltest.Karim)
	_, body := get(t, karim, site.URL+"/team")
	places := make([]int, 0, 6)
	for _, words := range []string{"Bastien indique que", "2 entretiens en retard", "9 jours de retard", "Dans les sept jours", "Plus tard", "Ce que j&#39;ai promis"} {
		at := strings.Index(body, words)
		require.Positive(t, at, words)
		places = append(places, at)
	}
	require.IsIncreasing(t, places)
	require.Contains(t, body, "Pour vos yeux seulement")
	require.Contains(t, body, `href="/talks/`+portaltest.NextTalk+`#c-`+portaltest.Promised+`"`, "a promise is spoken of in the next talk")
	require.Contains(t, body, `href="/team/moments"`)
}

func TestAManagerStartsMovesAndCancelsATalk(t *testing.T) {
	site := portaltest.Start(t)
	karim := site.As(t, "manager:"+portaltest.Karim)
	_, body := get(t, karim, site.URL+"/team/start?kind=congratulation")
	require.Contains(t, body, `href="/talks/guides/congratulation"`)
	id := regexp.MustCompile(`name="request_id" value="([0-9a-f-]{36})"`).FindStringSubmatch(body)[1]
	form := url.Values{"kind": {"congratulation"}, "request_id": {id}, "planned_on": {"2026-11-05"}, "starts_at": {"09:30"}}
	answer, body := post(t, karim, site.URL+"/team/start", form)
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "Choisissez une personne de votre équipe.")
	form.Set("person", portaltest.Lea)
	_, first, _ := send(t, karim, site.URL+"/team/start", form)
	_, again, _ := send(t, karim, site.URL+"/team/start", form)
	require.Equal(t, first, again, "pressing twice starts one talk")
	page, _, _ := strings.Cut(first, "?")

	_, location, _ := send(t, karim, site.URL+page+"/date", url.Values{"planned_on": {"2026-11-06"}, "starts_at": {"11:00"}, "sequence": {"0"}})
	require.Equal(t, page+"?done=moved", location, "whoever began it need not ask")
	_, body = get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+page)
	require.NotContains(t, body, page+"/cancel")
	_, location, _ = send(t, karim, site.URL+page+"/cancel", nil)
	require.Equal(t, page+"?done=cancelled", location)
	_, body = get(t, karim, site.URL+location)
	require.Contains(t, body, "Cet entretien est annulé.")
}

func TestARecruitmentIsForOnesOwnNotes(t *testing.T) {
	site := portaltest.Start(t)
	karim := site.As(t, "manager:"+portaltest.Karim)
	_, location, _ := send(t, karim, site.URL+"/team/start", url.Values{
		"kind": {"recruitment"}, "request_id": {portaltest.Moment}, "planned_on": {"2026-11-03"}, "starts_at": {"18:00"},
	})
	_, body := get(t, karim, site.URL+location)
	require.Contains(t, body, "Lu par vous seulement.")
	require.NotContains(t, body, "/share")
	require.NotContains(t, body, `name="part" value="notes"`)
	require.NotContains(t, body, "Partager avec")
}

func TestDatesAreProposedAndAnswered(t *testing.T) {
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

func TestTheCalendarSaysWhenAndWithWhomAndNothingElse(t *testing.T) {
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	_, body := get(t, lea, site.URL+"/talks")
	require.NotContains(t, body, portaltest.FeedSecret)
	_, body = post(t, lea, site.URL+"/talks/feed", nil)
	address := regexp.MustCompile(`value="([^"]+/calendar/[^"]+)"`).FindStringSubmatch(body)[1]
	_, body = get(t, lea, site.URL+"/talks")
	require.NotContains(t, body, portaltest.FeedSecret, "it is shown once")
	require.Contains(t, body, "l&#39;ancienne ne marchera plus")

	nobody := site.Browser(t)
	answer, err := nobody.Get(address)
	require.NoError(t, err)
	_, file := read(t, answer)
	require.Equal(t, "text/calendar; charset=utf-8", answer.Header.Get("Content-Type"))
	require.NotContains(t, strings.ReplaceAll(file, "\r\n", ""), "\n", "lines end as RFC 5545 says")
	calendar, err := ics.ParseCalendar(strings.NewReader(file))
	require.NoError(t, err)
	require.Len(t, calendar.Events(), 4)
	next := calendar.Events()[0]
	require.Equal(t, portaltest.NextTalk, next.Id())
	require.Equal(t, "Entretien avec Karim Duval", next.GetProperty(ics.ComponentPropertySummary).Value)
	require.Equal(t, "20261104T090000Z", next.GetProperty(ics.ComponentPropertyDtStart).Value)
	require.Equal(t, "20261104T100000Z", next.GetProperty(ics.ComponentPropertyDtEnd).Value)
	require.NotContains(t, file, "élicitation", "what kind of talk it is stays between the two")

	for _, wrong := range []string{"a-secret-that-nobody-has-made", "short"} {
		status, _ := get(t, nobody, site.URL+"/calendar/"+wrong)
		require.Equal(t, http.StatusNotFound, status)
	}
}

func TestOnesExportHoldsWhatTheManagerNoted(t *testing.T) {
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	_, body := get(t, lea, site.URL+"/talks/export")
	require.Contains(t, body, "À revoir : la caisse.")
	answer, err := lea.Get(site.URL + "/talks/export?file")
	require.NoError(t, err)
	_, file := read(t, answer)
	require.Contains(t, answer.Header.Get("Content-Disposition"), "attachment")
	var kept struct {
		Talks []struct {
			Texts []struct{ Part, Author, Text string }
		}
		Commitments []struct{ Text string }
	}
	require.NoError(t, json.Unmarshal([]byte(file), &kept))
	require.Len(t, kept.Talks, 4)
	require.Equal(t, "Karim Duval", kept.Talks[0].Texts[1].Author)
	require.NotEmpty(t, kept.Commitments)
}

func TestDaysOffAndEmptyPages(t *testing.T) {
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	_, location, _ := send(t, lea, site.URL+"/talks/days-off", url.Values{"day": {"3", "3", "9", "x"}})
	require.Equal(t, "/talks?saved#off", location)
	require.Equal(t, []int32{3}, site.Fakes.Now().Talks.DaysOff)
	answer, body := post(t, lea, site.URL+"/talks/days-off", url.Values{"day": {"1", "2", "3", "4", "5"}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	require.Contains(t, body, "Gardez au moins un jour travaillé.")

	_, body = get(t, site.As(t, "employee:"+portaltest.Jeanne), site.URL+"/talks")
	require.Contains(t, body, "Pas de manager connu")
	_, body = get(t, site.As(t, "employee:"+portaltest.Karim), site.URL+"/talks")
	require.Contains(t, body, "Pas encore d&#39;entretien")
	require.Contains(t, body, "Les entretiens que vous menez")
	_, body = get(t, lea, site.URL+"/")
	require.Contains(t, body, `href="/talks/`+portaltest.NextTalk+`"`)
	require.Contains(t, body, `href="/talks"`)
}

// A commitment that somebody else changed meanwhile is shown as it stands, with what was written about it.
func TestWhatWasWrittenAboutACommitmentOutlivesAConflict(t *testing.T) {
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
