package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/guide"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestEveryGuideIsReadByEverybodyInBothLanguages(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	for _, lang := range []string{"fr", "en"} {
		_, _ = post(t, lea, site.URL+"/language", url.Values{"language": {lang}}) //nolint:bodyclose // post has read and closed it
		for _, kind := range guide.Kinds() {
			status, body := get(t, lea, site.URL+"/talks/guides/"+kind)
			require.Equal(t, http.StatusOK, status, kind)
			require.Contains(t, body, `<html lang="`+lang+`">`)
			for _, other := range guide.Kinds() {
				require.Contains(t, body, `href="/talks/guides/`+other+`"`, "each guide leads to all others")
			}
		}
	}
	status, _ := get(t, lea, site.URL+"/talks/guides/yearly_appraisal")
	require.Equal(t, http.StatusNotFound, status)
	status, _ = get(t, site.Browser(t), site.URL+"/talks/guides/ei2d")
	require.Equal(t, http.StatusSeeOther, status, "whoever has no session is led to the sign-in page")
}

func TestEachOfTheTwoBeginsWithTheirOwnSideAndMayReadTheOther(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	_, lea := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/talks/guides/ei2d")
	require.Contains(t, lea, "Ce que votre manager espère et redoute")
	require.Contains(t, lea, `href="/talks/guides/ei2d?side=manager"`)
	_, karim := get(t, site.As(t, "manager:"+portaltest.Karim), site.URL+"/talks/guides/ei2d")
	require.Contains(t, karim, "Ce que la personne espère et redoute")
	_, other := get(t, site.As(t, "manager:"+portaltest.Karim), site.URL+"/talks/guides/ei2d?side=employee")
	require.Contains(t, other, "Ce que votre manager espère et redoute")
}

func TestWhatIsKeptOfTalksIsSaidToEverybodyInTheSameWords(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	for _, persona := range []string{"employee:" + portaltest.Lea, "manager:" + portaltest.Karim, "hr:" + portaltest.Jeanne} {
		status, body := get(t, site.As(t, persona), site.URL+"/talks/about")
		require.Equal(t, http.StatusOK, status)
		for _, said := range []string{
			"la clé maîtresse", "au moins cinq managers", "à partir de cinq réponses", "Classer les managers par nom", "leurs notes personnelles comprises", "Ce que montrent les agendas",
		} {
			require.Contains(t, body, said, persona)
		}
	}
}
