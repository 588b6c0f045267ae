package portal_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestResultsOfAUnitSayWhatWasAnsweredAndNothingMoreExactly(t *testing.T) {
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	body := shown(t, hr, site.URL+"/barometer/results?unit="+portaltest.Nantes)
	require.Contains(t, body, "49 bulletins pour 71 personnes")
	require.Contains(t, body, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
	require.NotContains(t, body, "<script>alert")
	require.Contains(t, body, "90\u00a0% ou plus", "of one mind")
	require.NotContains(t, body, "98\u00a0%", "48 of 49, which may be 49 of 49")

	company := shown(t, hr, site.URL+"/barometer/results")
	require.Contains(t, company, "Magasin 25")
	require.Contains(t, company, "Région Ouest, hors unités ci-dessous")
	require.Less(t, strings.Index(company, "Magasin 09"), strings.Index(company, "Magasin 10"))
	sorted := shown(t, hr, site.URL+"/barometer/results?theme=theme1")
	require.Contains(t, sorted, `aria-sort="descending"`)

	small := shown(t, hr, site.URL+"/barometer/results?unit="+portaltest.SmallStore)
	require.Contains(t, small, "ils sont comptés avec Nantes Atlantis")
}

func TestResultsAreAFileThatRunsNothing(t *testing.T) {
	site := portaltest.Start(t)
	response, err := site.As(t, "hr:"+portaltest.Jeanne).Get(site.URL + "/barometer/results.csv?unit=" + portaltest.Nantes)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	file := csv.NewReader(response.Body)
	file.Comma = ';'
	rows, err := file.ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+7+45+1)
	for _, row := range rows {
		for _, cell := range row {
			require.NotContains(t, []string{"=", "+", "@"}, clipOne(cell), cell)
		}
	}
}

func shown(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	status, body := get(t, client, address)
	require.Equal(t, http.StatusOK, status)
	return body
}

func clipOne(s string) string {
	if s == "" {
		return ""
	}
	return s[:1]
}

func TestWhoeverLeadsNothingHasNothingToRead(t *testing.T) {
	site := portaltest.Start(t)
	require.Contains(t, shown(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/barometer/results"), "Rien à lire pour l&#39;instant")
	site.Fakes.Set(func(s *portaltest.State) { s.Empty = true })
	require.Contains(t, shown(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+"/barometer/results"), "Rien à lire pour l&#39;instant")
}
