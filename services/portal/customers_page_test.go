package portal_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

const crossingOf = "/barometer/results/customers?unit="

func TestAFileOfCustomersIsLookedAtBeforeItCounts(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	require.Contains(t, shown(t, hr, site.URL+"/hr/customers"), "Test été")
	preview := uploadTo(t, hr, site.URL, "/hr/customers", "known wrong")
	body := shown(t, hr, site.URL+preview)
	for _, said := range []string{
		"remplacerait", "déjà là, identique", "2 magasins inconnus", "Vitre-Est", "&lt;b&gt;Guingamp&lt;/b&gt;", "Aucun magasin ne s&#39;appelle ainsi.",
		"un nombre entier, 1–5, ou rien", "une ligne par répondant ; celui-ci est à la ligne 977", `name="skip_rejected"`, `name="replace"`,
	} {
		require.Contains(t, strings.ReplaceAll(body, "\u00a0", " "), said)
	}
	require.True(t, site.Fakes.Now().Customers.HandedIn[0].GetDryRun())

	status, file := get(t, hr, site.URL+preview+"/problems.csv")
	require.Equal(t, 200, status)
	require.Contains(t, file, "'=6", "a value is no formula")

	status, _, body = send(t, hr, site.URL+preview, url.Values{"skip_rejected": {"yes"}})
	require.Equal(t, 422, status, "nobody said that a wave shall be replaced")
	require.Contains(t, body, "rien n&#39;a changé")
	require.Contains(t, body, `name="skip_rejected" value="yes" checked`)
	status, to, _ := send(t, hr, site.URL+preview, url.Values{"skip_rejected": {"yes"}, "replace": {"yes"}})
	require.Equal(t, 303, status)
	require.Equal(t, "/hr/customers?done", to)
	require.Contains(t, shown(t, hr, site.URL+to), "La vague est enregistrée.")
	status, _ = get(t, hr, site.URL+preview)
	require.Equal(t, 410, status, "it was applied")

	body = shown(t, hr, site.URL+uploadTo(t, hr, site.URL, "/hr/customers", "nonsense"))
	require.Contains(t, body, "Il manque cette colonne.")
	require.NotContains(t, body, "<form class=\"form\"")

	status, _, _ = send(t, hr, site.URL+"/hr/customers/remove", url.Values{"wave": {"Test été"}})
	require.Equal(t, 303, status)
	require.Equal(t, []string{"Test été"}, site.Fakes.Now().Customers.Removed)
}

func TestCustomersAreReadBesideAStoresResults(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	karim := site.As(t, "manager:"+portaltest.Karim)
	body := shown(t, karim, site.URL+resultsOf+portaltest.Nantes)
	require.Contains(t, body, "Ce que disent les clients")
	require.Contains(t, body, "Recommandation (NPS)")
	require.Contains(t, body, "vague 2025-3\u00a0:", "the waves, in words")
	require.Contains(t, body, "Ailleurs\u00a0: 71,5\u00a0% (Baromètre du commerce, 2025)")
	require.NotContains(t, body, "Baromètre du commerce, 2023", "of each source the newest")
	require.Contains(t, body, "Étude &lt;Salaires&gt;", "beside the theme")
	require.Contains(t, body, `href="/barometer/results/customers?edition=`+portaltest.Edition+`&amp;store=`+portaltest.Nantes+`&amp;unit=`+portaltest.Nantes+`"`)
	require.NotContains(t, shown(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+resultsOf+portaltest.Team), "Ce que disent les clients", "a team has none of its own")
	site.Fakes.Set(func(s *portaltest.State) { s.Customers.None = true })
	body = shown(t, karim, site.URL+resultsOf+portaltest.Nantes)
	require.NotContains(t, body, "Ce que disent les clients")
	require.NotContains(t, body, "/barometer/results/customers", "there is nothing to cross")
}

func TestACrossingIsSaidInWordsAndNeverAsCause(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	body := shown(t, hr, site.URL+"/barometer/results/customers?store="+portaltest.Nantes)
	for _, said := range []string{
		"les clients notent mieux", "Corrélation de 0,62, entre", "sur 26 magasins", "Aller ensemble n&#39;est pas causer", "Les mêmes quatre mois", "pas de lien net",
		`class="marked"`, "Nantes Atlantis", "Équipes et clients au-dessus",
	} {
		require.Contains(t, body, said)
	}
	site.Fakes.Set(func(s *portaltest.State) {
		s.Customers.Change = func(res *barometerv1.GetCrossingResponse) {
			res.Chosen = &barometerv1.Relation{Verdict: barometerv1.Relation_VERDICT_UNCLEAR, Wave: "2026-2", Stores: 26}
		}
	})
	require.Contains(t, shown(t, hr, site.URL+"/barometer/results/customers"), "Tous les magasins sont à égalité")
	for _, wrong := range []string{"?question=parking", "?unit=nowhere", "?edition=none"} {
		status, _ := get(t, hr, site.URL+"/barometer/results/customers"+wrong)
		require.Equal(t, 404, status, wrong)
	}
}

func TestOfFiveStoresNobodySaysWhatGoesTogether(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Published.Stores = 5 })
	body := shown(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+"/barometer/results/customers")
	require.Contains(t, body, "Trop peu de magasins pour le dire\u00a0: 5 se comparent, il en faut 10.")
	require.NotContains(t, body, "Corrélation")
	require.Contains(t, body, "Magasin n° 5, Évry")
}

func TestACrossingOfManyStoresIsSearched(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Published.Stores = 1500 })
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	body := shown(t, hr, site.URL+"/barometer/results/customers?theme=theme2")
	require.Equal(t, 1500, strings.Count(body, "data-dot="))
	require.Equal(t, 25, strings.Count(body, `<th scope="row">`))
	require.Contains(t, body, "theme=theme2&amp;unit=", "the next page keeps the choice")
	body = shown(t, hr, site.URL+"/barometer/results/customers?q="+url.QueryEscape("1500, EVRY"))
	require.Equal(t, 1, strings.Count(body, `<th scope="row">`))
}

func TestADirectorSeesTheirOwnStoreAmongTheOthers(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	karim := site.As(t, "manager:"+portaltest.Karim)
	body := shown(t, karim, site.URL+crossingOf+portaltest.Nantes)
	require.Equal(t, 1, strings.Count(body, "data-dot="))
	require.Contains(t, body, "25 autres magasins comptent dans le milieu")
	require.NotContains(t, body, "Rennes Cesson")
	for _, refused := range []string{crossingOf + portaltest.Rennes, crossingOf + portaltest.Company, "/hr/customers", "/hr/benchmarks"} {
		status, _ := get(t, karim, site.URL+refused)
		require.Equal(t, 403, status, refused)
	}
	require.Contains(t, shown(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/barometer/results/customers"), "Rien à lire pour vous")
}

func TestWithoutWavesOrResultsTheCrossingSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	site.Fakes.Set(func(s *portaltest.State) { s.Customers.None = true })
	require.Contains(t, shown(t, hr, site.URL+"/barometer/results/customers"), "Aucune vague de clients")
	require.Contains(t, shown(t, hr, site.URL+"/hr/customers"), "Aucune vague pour l&#39;instant")
	site.Fakes.Set(func(s *portaltest.State) { s.Empty = true })
	require.Contains(t, shown(t, hr, site.URL+"/barometer/results/customers"), "Pas encore de résultats")
	require.Contains(t, shown(t, hr, site.URL+"/hr/benchmarks"), "Aucune valeur n&#39;a été saisie.")
}

func TestAValueFromElsewhereIsEnteredChangedAndRemoved(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	form := url.Values{"measure": {"competence"}, "source": {"Étude"}, "value": {"64,5 %"}, "year": {"2025"}}
	status, to, _ := send(t, hr, site.URL+"/hr/benchmarks", form)
	require.Equal(t, 303, status)
	require.Equal(t, "/hr/benchmarks?saved", to)
	require.InDelta(t, 64.5, site.Fakes.Now().Customers.Saved[0].GetValue(), 0)

	form.Set("value", "beaucoup")
	form.Del("source")
	status, _, body := send(t, hr, site.URL+"/hr/benchmarks", form)
	require.Equal(t, 422, status)
	require.Contains(t, body, `value="beaucoup"`, "what was entered stays")
	require.Contains(t, body, "Un nombre de 0 à 100")

	change := shown(t, hr, site.URL+"/hr/benchmarks?change="+portaltest.Benchmark)
	require.Contains(t, change, `value="71,5"`)
	require.Contains(t, change, `<option value="welcome" selected`)
	form = url.Values{"measure": {"welcome"}, "source": {"Étude"}, "value": {"70"}, "year": {"2025"}, "version": {"1"}}
	status, _, body = send(t, hr, site.URL+"/hr/benchmarks/"+portaltest.Benchmark, form)
	require.Equal(t, 409, status)
	require.Contains(t, body, "a changé ou disparu entre-temps")
	form.Set("version", "2")
	status, _, _ = send(t, hr, site.URL+"/hr/benchmarks/"+portaltest.Benchmark, form)
	require.Equal(t, 303, status)
	status, _, _ = send(t, hr, site.URL+"/hr/benchmarks/"+portaltest.Benchmark+"/remove", nil)
	require.Equal(t, 303, status)
	require.Equal(t, []string{portaltest.Benchmark}, site.Fakes.Now().Customers.Removed)
}
