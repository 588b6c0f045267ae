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

	"jalon.dev/services/portal/internal/portaltest"
)

func TestTheCalendarSaysWhenAndWithWhomAndNothingElse(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
