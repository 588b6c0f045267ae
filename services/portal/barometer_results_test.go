package portal_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

const resultsOf = "/barometer/results?unit="

func shown(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	status, body := get(t, client, address)
	require.Equal(t, http.StatusOK, status)
	return body
}

func TestADirectorReadsInTwoSentencesWhatIsStrongAndWhatMoved(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	nantes := shown(t, hr, site.URL+resultsOf+portaltest.Nantes)
	require.Contains(t, nantes, "55 bulletins pour 71 personnes")
	require.Contains(t, nantes, "Le plus fort\u00a0: «\u00a0Le plaisir au travail\u00a0», 82\u00a0% de réponses favorables.")
	require.Contains(t, nantes, "Le plus fragile\u00a0: «\u00a0Ma rémunération\u00a0»")
	require.Contains(t, nantes, "Par rapport à l&#39;édition «\u00a02025\u00a0», en hausse\u00a0: «\u00a0Mes responsabilités\u00a0», ")
	require.Contains(t, nantes, "Rien n&#39;est en baisse.")
	require.Contains(t, nantes, "entre la 1re et la 8e place sur 25 magasins")
	require.Contains(t, nantes, "entre 0,37 et 0,78 à 95\u00a0%", "what goes with recommending, with its interval")
	require.NotContains(t, strings.ToLower(nantes), "détracteur")

	rennes := shown(t, hr, site.URL+resultsOf+portaltest.Rennes)
	require.Contains(t, rennes, "Par rapport à l&#39;édition «\u00a02025\u00a0», en baisse\u00a0: ")
	require.Contains(t, shown(t, hr, site.URL+resultsOf+portaltest.Company), "Par rapport à l&#39;édition «\u00a02025\u00a0», rien n&#39;a nettement changé.")
	require.Contains(t, shown(t, hr, site.URL+resultsOf+portaltest.Team), "Trop peu de bulletins pour dire ce qui a changé par rapport à l&#39;édition «\u00a02025\u00a0».")

	site.Fakes.Set(func(s *portaltest.State) { s.Published.First = true })
	first := shown(t, hr, site.URL+resultsOf+portaltest.Nantes)
	require.Contains(t, first, "Il n&#39;y a pas encore d&#39;édition à laquelle comparer.")
	require.NotContains(t, first, `name="edition" hx-`)
	require.NotContains(t, first, "▲")

	site.Fakes.Set(func(s *portaltest.State) {
		s.Published.Change = func(res *barometerv1.GetResultsResponse) {
			for _, f := range res.GetUnit().GetThemes() {
				f.Favourable, f.Share, f.ShareInterval = 70, 0.7, &barometerv1.Interval{Low: 0.6, High: 0.8}
			}
		}
	})
	require.Contains(t, shown(t, hr, site.URL+resultsOf+portaltest.Nantes), "Les thèmes se tiennent")
}

func TestWhatPeopleWroteIsText(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	nantes := shown(t, hr, site.URL+resultsOf+portaltest.Nantes)
	require.Contains(t, nantes, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
	require.NotContains(t, nantes, "<script>alert")
	require.Contains(t, nantes, "<li>Deux lignes :\n  - la prime\n  - les horaires</li>", "its lines stay")
	require.Contains(t, shown(t, hr, site.URL+"/barometer/results"), "Dépôt d&#39;Élancourt &lt;annexe&gt;")

	tiny := shown(t, hr, site.URL+resultsOf+portaltest.TinyStore)
	require.Contains(t, tiny, "8 bulletins pour 11 personnes")
	require.Contains(t, tiny, "Répartitions et commentaires se lisent à partir de 10 bulletins")
	require.NotContains(t, tiny, "La prime")
	require.NotContains(t, tiny, "Réponses de 1 à 5")
}

// Of a band nobody learns the number: not from the page, its drawing, the map above, or the file.
func TestABandIsNeverToldMoreExactly(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	auray := shown(t, hr, site.URL+resultsOf+portaltest.AlikeStore)
	pleasure := regexp.MustCompile(`(?s)<details class="result-theme"><summary><span class="name">Le plaisir au travail.*?</summary>`).FindString(auray)
	require.Contains(t, pleasure, "90\u00a0% ou plus")
	require.Contains(t, pleasure, "Presque toutes les réponses sont favorables")
	require.NotRegexp(t, `9[1-9]|100,|pts`, strings.ReplaceAll(pleasure, "100%", ""), "neither drawn nor told")
	require.Contains(t, auray, "tous ont répondu pareil, ou tous sauf un", "and why")
	region := shown(t, hr, site.URL+resultsOf+portaltest.Region)
	require.Contains(t, region, "≥\u00a090")
	for _, row := range table(t, hr, site.URL+"/barometer/results.csv?unit="+portaltest.AlikeStore) {
		if row[3] == "Thème,\u00a0% favorables" && row[4] == "Le plaisir au travail" {
			require.Equal(t, "Presque toutes les réponses sont favorables\u00a0: 90\u00a0% ou plus.", row[len(row)-1])
			require.Empty(t, strings.Join(row[5:18], ""), "neither share, nor parts, nor mean, nor distribution")
			require.Empty(t, strings.Join(row[19:22], ""), "a change would tell it with last year's")
			return
		}
	}
	require.Fail(t, "the theme is not in the file")
}

// Five who answer alike are four in five and one: fewer than 90 %.
func TestABandOfAFewPromisesNoMoreThanTheyAre(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) {
		s.Published.Change = func(res *barometerv1.GetResultsResponse) {
			themes := res.GetUnit().GetThemes()
			themes[0] = &barometerv1.Figure{Favourable: 4, Neutral: 1, Share: 0.8, Band: true}
			themes[1] = &barometerv1.Figure{Unfavourable: 4, Neutral: 1, Band: true}
			themes[2] = &barometerv1.Figure{Favourable: 1, Neutral: 11, Share: 1. / 12, Band: true}
		}
	})
	body := shown(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+resultsOf+portaltest.Nantes)
	require.Contains(t, body, "80\u00a0% ou plus")
	require.Contains(t, body, "20\u00a0% ou moins")
	require.Contains(t, body, "Presque toutes les réponses sont neutres\u00a0: 90\u00a0% ou plus.")
}

func TestAUnitWithTooFewSaysWithWhichItIsCounted(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	small := shown(t, hr, site.URL+resultsOf+portaltest.SmallStore)
	require.Contains(t, small, "Comptée avec «\u00a0Région Ouest\u00a0»")
	require.Contains(t, small, `href="/barometer/results?edition=`+portaltest.Edition+`&amp;unit=`+portaltest.Region+`"`)
	require.NotContains(t, small, "result-theme")
	status, _ := get(t, hr, site.URL+"/barometer/results.csv?unit="+portaltest.SmallStore)
	require.Equal(t, http.StatusNotFound, status)
	region := shown(t, hr, site.URL+resultsOf+portaltest.Region)
	require.Contains(t, region, "Région Ouest, hors magasins")
	require.Contains(t, region, "elle est comptée dans «\u00a0Région Ouest, hors magasins\u00a0»")
	require.NotContains(t, region, "Vitré")
}

var heatName = regexp.MustCompile(`<th scope="row">(?:<a href="[^"]*">|<span>)([^<]*)<`)

func heatNames(body string) (names []string) {
	for _, found := range heatName.FindAllStringSubmatch(body, -1) {
		names = append(names, found[1])
	}
	return names
}

func TestUnitsBelowAreInTheOrderThatWasChosen(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	names := heatNames(shown(t, hr, site.URL+resultsOf+portaltest.Region))
	require.Len(t, names, 26)
	require.Equal(t, "Angers Beaucouzé", names[0])
	require.Equal(t, "Région Ouest, hors magasins", names[25], "what is left comes last")
	byPay := shown(t, hr, site.URL+resultsOf+portaltest.Region+"&theme=theme5")
	require.Contains(t, byPay, `aria-sort="ascending"`)
	names = heatNames(byPay)
	require.Equal(t, "Auray", names[25], "the weakest first")
	require.Contains(t, shown(t, hr, site.URL+resultsOf+portaltest.Region+"&theme=enps"), `value="enps" selected`)
	require.Len(t, heatNames(shown(t, hr, site.URL+resultsOf+portaltest.Region+"&theme=none&q=saint-m")), 1)
}

func TestAMapOfManyStoresStaysLightAndIsSearched(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Published.Stores = 1500 })
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	body := shown(t, hr, site.URL+"/barometer/results?theme=theme2")
	require.Less(t, len(body), 150_000, "a phone in a store opens it")
	require.Contains(t, body, "1\u00a0500 unités")
	require.Len(t, heatNames(body), 50)
	next := regexp.MustCompile(`href="(/barometer/results\?[^"]*from=50[^"]*)"`).FindStringSubmatch(body)
	require.Len(t, next, 2)
	second := heatNames(shown(t, hr, site.URL+strings.ReplaceAll(next[1], "&amp;", "&")))
	require.Len(t, second, 50)
	require.NotEqual(t, heatNames(body)[0], second[0])
	found := heatNames(shown(t, hr, site.URL+"/barometer/results?q="+url.QueryEscape("1500, EVRY")))
	require.Equal(t, []string{"Magasin n° 1500, Évry"}, found, "accents and case do not matter")
	require.Contains(t, shown(t, hr, site.URL+"/barometer/results?q=Brest"), "Aucune unité ne porte ce nom.")
	require.Len(t, table(t, hr, site.URL+"/barometer/results.csv"), 1+7+45+1+7+4+1500*(7+1+7)-7*droppedDrivers(1500), "the file has them all")
}

// droppedDrivers are the stores of the sample of so many that are too few for drivers.
func droppedDrivers(stores int) (few int) {
	for i := range stores {
		if 24+i*7%40+i%6 <= 25 {
			few++
		}
	}
	return few
}

func TestResultsAreAFileThatRunsNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	rows := table(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+"/barometer/results.csv?unit="+portaltest.Nantes)
	units, formulas := map[string]bool{}, 0
	for _, row := range rows {
		units[row[0]] = true
		for _, cell := range row {
			if strings.Contains(cell, "HYPERLINK") {
				formulas++
				require.True(t, strings.HasPrefix(cell, "'="), cell)
			}
		}
	}
	require.Equal(t, 1, formulas)
	require.Contains(t, units, "Nantes Atlantis, hors équipes")
	require.Contains(t, units, "Montagne")
}

func table(t *testing.T, client *http.Client, address string) [][]string {
	t.Helper()
	status, body := get(t, client, address)
	require.Equal(t, http.StatusOK, status)
	file := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff")))
	file.Comma = ';'
	rows, err := file.ReadAll()
	require.NoError(t, err)
	return rows
}

func TestEachReadsTheirOwnUnitsAndNoOther(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "manager:"+portaltest.Karim)
	for _, persona := range []string{"manager:" + portaltest.Karim, "employee:" + portaltest.Lea} {
		require.Contains(t, shown(t, site.As(t, persona), site.URL+"/barometer/results"), "Rien à lire pour vous", "neither leads anything alone")
	}
	for _, refused := range []string{resultsOf + portaltest.Rennes, "/barometer/results.csv?unit=" + portaltest.Rennes, resultsOf + "nowhere", resultsOf + portaltest.Company} {
		status, body := get(t, karim, site.URL+refused)
		require.Equal(t, http.StatusForbidden, status, refused)
		require.Contains(t, body, "Cette page n&#39;est pas pour vous")
	}
	for _, wrong := range []string{resultsOf + "nowhere", "/barometer/results?edition=none"} {
		status, _ := get(t, jeanne, site.URL+wrong)
		require.Equal(t, http.StatusNotFound, status, wrong)
	}

	karimLeads(t, site)
	led := shown(t, karim, site.URL+"/barometer/results")
	require.Contains(t, led, "<h1>Nantes Atlantis</h1>", "the unit that the manager leads")
	require.Contains(t, led, `<span class="soft">Région Ouest</span>`, "what is above is named, and leads nowhere")
	require.Contains(t, led, `unit=`+portaltest.Team, "what is below is a step away")
	require.NotContains(t, led, `<nav class="row"`)
	require.NotContains(t, led, "/hr/barometer/", "what would be refused is not offered")
	require.Contains(t, shown(t, karim, site.URL+"/team"), `href="/barometer/results"`)
	require.Contains(t, shown(t, karim, site.URL+"/team/results"), `href="/barometer/results"`)

	give(t, jeanne, site, "001002", "director", portaltest.Rennes)
	both := shown(t, karim, site.URL+"/barometer/results")
	require.Contains(t, both, "<h1>Rennes Cesson</h1>")
	require.Regexp(t, `<a class="chip" href="[^"]*unit=`+portaltest.Nantes+`"[^>]*>Nantes Atlantis</a>`, both, "one's other unit is a step away")
}

// A unit that is younger than the edition is none of it: the reader is led to another of theirs.
func TestAUnitYoungerThanTheEditionKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Karim)
	site.Fakes.Set(func(s *portaltest.State) { s.Published.Stores = 3 })
	give(t, jeanne, site, "001002", "director", portaltest.Rennes)
	require.Contains(t, shown(t, karim, site.URL+"/barometer/results"), "Rien à lire pour vous")
}

func TestBeforeAnythingIsPublishedThePageSaysSo(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Empty = true })
	for _, persona := range []string{"hr:" + portaltest.Jeanne, "manager:" + portaltest.Karim} {
		require.Contains(t, shown(t, site.As(t, persona), site.URL+"/barometer/results"), "Pas encore de résultats")
	}
	status, _ := get(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+"/barometer/results.csv")
	require.Equal(t, http.StatusNotFound, status)
}

func TestAnEarlierEditionIsReadToo(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	body := shown(t, hr, site.URL+resultsOf+portaltest.Nantes+"&edition="+portaltest.LastEdition)
	require.Contains(t, body, "Baromètre 2025")
	require.Contains(t, body, `value="`+portaltest.LastEdition+`" selected`)
	require.Contains(t, shown(t, hr, site.URL+"/hr/barometer"), `href="/barometer/results?edition=`+portaltest.LastEdition+`"`, "the list of editions leads there")
}
