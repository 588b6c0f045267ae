package portal_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

const resultsOfTest = campaignsAt + portaltest.TestedCampaign + "/results"

func TestHRReadsWhatACampaignBroughtAndGoesDownToAUnit(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, campaign := get(t, hr, site.URL+campaignsAt+portaltest.RunningCampaign)
	require.Contains(t, campaign, `href="`+campaignsAt+portaltest.RunningCampaign+`/results"`)

	_, page := get(t, hr, site.URL+resultsOfTest)
	require.Contains(t, page, "38 réponses pour 47 personnes")
	require.Contains(t, page, "Montagne", "the audience is of Nantes, and this is its team")
	require.Contains(t, page, "7 réponses pour 9 personnes")
	require.NotContains(t, page, "Rennes", "which is not of the audience")
	require.Contains(t, page, "B l&#39;emporte")
	require.Contains(t, page, "en hausse")
	require.Contains(t, page, "entre +4 et +20 points")
	require.Contains(t, page, "62\u00a0% de réponses", "the time before")

	_, page = get(t, hr, site.URL+resultsOfTest+"?unit="+portaltest.Team)
	require.Contains(t, page, "7 réponses pour 9 personnes")
	require.Contains(t, page, "Tout le groupe", "the way back")
	require.NotContains(t, page, "B l&#39;emporte", "a test is of the whole audience")
	_, page = get(t, hr, site.URL+resultsOfTest+"?unit="+portaltest.Rennes)
	require.Contains(t, page, "38 réponses pour 47 personnes", "a unit of another audience is none of this one's")
}

func TestOfTooFewNothingIsToldOnThePageNorInItsFiles(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	site.Fakes.Set(func(s *portaltest.State) { s.TooFew = true })
	at := site.URL + campaignsAt + portaltest.RunningCampaign + "/results"
	_, page := get(t, hr, at)
	require.Contains(t, page, "Trop peu de réponses pour l&#39;instant")
	require.NotContains(t, page, "data-chart")
	_, file := get(t, hr, at+".csv")
	require.Contains(t, file, "Trop peu de réponses")
	require.NotContains(t, file, "Taux de réponse")
}

func TestWhatIsOverSaysWhyNothingIsTold(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	at := site.URL + campaignsAt + portaltest.RunningCampaign + "/results"
	for ended, told := range map[string]string{
		"2026-11-01T23:00:00Z": "moins de 5 réponses sont arrivées", "2026-11-02T08:00:00Z": "Élargissez le choix",
	} {
		site.Fakes.Set(func(s *portaltest.State) {
			s.TooFew = true
			s.Campaigns.All[portaltest.RunningCampaign].State, s.Campaigns.All[portaltest.RunningCampaign].EndedAt = momentsv1.Campaign_STATE_DONE, ended
		})
		_, page := get(t, hr, at)
		require.Contains(t, page, told, "counted before 2 November")
	}
	_, file := get(t, hr, at+".csv")
	require.Contains(t, file, "Trop peu de réponses")
}

func TestTheFilesSayWhatThePageSaysAndNoMore(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	status, body := get(t, hr, site.URL+resultsOfTest+".csv")
	require.Equal(t, http.StatusOK, status)
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff")))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	require.NoError(t, err)
	file := flat(rows)
	for _, told := range []string{
		"|Taux de réponse|Tout le groupe|81|", "|Taux de réponse|Montagne|78|", "|Invitées|Variante A|118|", "|Réponses|Variante B|70|",
		"|Évolution, en points|en hausse|12,4|38", "'=HYPERLINK",
	} {
		require.Contains(t, file, told)
	}

	book := openBook(t, hr, site.URL+resultsOfTest+".xlsx")
	require.Equal(t, []string{"Participation", "Test A-B", "Ce qui a été répondu"}, book.GetSheetList())
	rates := flat(sheet(t, book, "Participation"))
	require.Contains(t, rates, "Tout le groupe|47|38|81")
	require.Contains(t, rates, "Montagne|9|7|78")
	require.Contains(t, flat(sheet(t, book, "Test A-B")), "Variante B|Votre avis sur <i>les ventes</i>|121|70")
	answers := flat(sheet(t, book, "Ce qui a été répondu"))
	require.Contains(t, answers, "|en hausse|12.4|38")
	require.Contains(t, answers, "=HYPERLINK", "as text: the workbook takes it for no formula")
}

func TestResultsAreOfCampaignsThatStartedAndHRs(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	for _, file := range []string{"", ".csv", ".xlsx"} {
		_, page := get(t, hr, site.URL+campaignsAt+portaltest.DraftCampaign+"/results"+file)
		require.Contains(t, page, `href="`+campaignsAt+portaltest.DraftCampaign+`"`, "%s leads to the campaign", file)
	}
	lea := site.As(t, "employee:"+portaltest.Lea)
	for _, file := range []string{"", ".csv", ".xlsx"} {
		status, _ := get(t, lea, site.URL+resultsOfTest+file)
		require.Equal(t, http.StatusForbidden, status, file)
	}
}
