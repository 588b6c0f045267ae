package portal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestTheDeskPutsLateTalksFirst(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
