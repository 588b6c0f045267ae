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

func TestHRReadsTheRhythmFromTheCompanyDown(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/rhythm")
	require.Contains(t, body, "78\u00a0%")
	require.Contains(t, body, "968 personnes sur 1\u00a0238")
	require.Contains(t, body, "37 entretiens en retard de plus d&#39;une semaine")
	require.Contains(t, body, "Au 3 nov. 2026, 09:40.")
	require.Contains(t, body, "Dépôt d&#39;Élancourt &lt;annexe&gt;", "markup in a name is text")
	require.Contains(t, body, "un entretien tous les 21 jours", "a unit with a rhythm of its own says so")
	require.Equal(t, []string{"Dépôt", "Région Ouest"}, unitsOf(body), "where care is needed comes first")

	_, body = get(t, hr, site.URL+"/hr/rhythm?unit="+portaltest.Nantes)
	require.Equal(t, []string{"Montagne"}, unitsOf(body))
	company, region := strings.Index(body, "/hr/rhythm?unit="+portaltest.Company), strings.Index(body, "/hr/rhythm?unit="+portaltest.Region)
	require.Positive(t, company)
	require.Greater(t, region, company, "the way down leads over the region")

	status, _ := get(t, hr, site.URL+"/hr/rhythm?unit=nowhere")
	require.Equal(t, http.StatusNotFound, status)
	status, _ = get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/hr/rhythm")
	require.Equal(t, http.StatusForbidden, status)
}

var unitLine = regexp.MustCompile(`(?s)<ul class="card flush rhythms">.*?</ul>`)

// unitsOf are the names of the board's lines, cut at their first odd letter.
func unitsOf(body string) (names []string) {
	for _, found := range regexp.MustCompile(`class="cover"[^>]*>([\p{L} ]+?)(?: d&|<)`).FindAllStringSubmatch(unitLine.FindString(body), -1) {
		names = append(names, found[1])
	}
	return names
}

func TestTheGapSaysWhatItMeansAndTooFewAnswersSayNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, company := get(t, hr, site.URL+"/hr/rhythm")
	require.Contains(t, company, "611 réponses")
	require.Contains(t, company, "<dd>3,8</dd>")
	require.Contains(t, company, "<dd>2,9</dd>")
	require.Contains(t, company, "Jalon a enregistré plus d&#39;entretiens")
	require.Contains(t, company, "écart d&#39;audit 2,3", "a wide gap is seen in the list")
	require.NotContains(t, company, "écart d&#39;audit 0,2", "a small one is none")
	require.Contains(t, company, "Recadrages")

	_, rennes := get(t, hr, site.URL+"/hr/rhythm?unit="+portaltest.Rennes)
	require.Contains(t, rennes, "Les personnes comptent plus d&#39;entretiens")
	require.NotContains(t, rennes, "Recadrages", "fewer than five managers")
	_, team := get(t, hr, site.URL+"/hr/rhythm?unit="+portaltest.Team)
	require.Contains(t, team, "Trop peu de réponses ici")
	require.NotContains(t, team, "réponses</p>")
}

func TestABoardOfManyUnitsStaysLightAndIsSearched(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Rhythm.Boards[""] = portaltest.ManyUnits(1500) })
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/rhythm?sort=name")
	require.Less(t, len(body), 80_000, "a phone in a store opens it")
	require.Contains(t, body, "1\u00a0500 unités")
	require.Equal(t, 25, strings.Count(body, `class="cover"`))
	next := regexp.MustCompile(`href="(/hr/rhythm\?[^"]*from=25[^"]*)"`).FindStringSubmatch(body)
	require.Len(t, next, 2)
	site.Fakes.Set(func(s *portaltest.State) { s.Rhythm.Boards[portaltest.Company] = s.Rhythm.Boards[""] })
	_, second := get(t, hr, site.URL+strings.ReplaceAll(next[1], "&amp;", "&"))
	require.Equal(t, 25, strings.Count(second, `class="cover"`))
	require.NotEqual(t, unitLine.FindString(body), unitLine.FindString(second))

	_, found := get(t, hr, site.URL+"/hr/rhythm?q="+url.QueryEscape("1500, evry"))
	require.Equal(t, 1, strings.Count(found, `class="cover"`), "accents and case do not matter")
	require.Contains(t, found, "Personne à rencontrer")
	_, none := get(t, hr, site.URL+"/hr/rhythm?q=Brest&from=9999")
	require.Contains(t, none, "Aucune unité ne porte ce nom.")
	_, last := get(t, hr, site.URL+"/hr/rhythm?sort=share&from=1475")
	require.Less(t, strings.LastIndex(last, "%</strong>"), strings.Index(last, "Personne à rencontrer"), "what has no figure comes last")
}

func TestHRSetsARhythmAndTakesTheParentsAgain(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	for _, wrong := range []string{"", "6", "183", "souvent", "28,5"} {
		status, _, body := send(t, hr, site.URL+"/hr/rhythm", url.Values{"unit": {portaltest.Depot}, "days": {wrong}})
		require.Equal(t, http.StatusUnprocessableEntity, status, wrong)
		require.Contains(t, body, "Donnez un nombre de jours de 7 à 182.")
		require.Contains(t, body, `value="`+wrong+`"`, "what was entered stays")
	}
	require.Empty(t, site.Fakes.Now().Rhythm.Set)

	_, location, _ := send(t, hr, site.URL+"/hr/rhythm", url.Values{"unit": {portaltest.Depot}, "days": {" 21 "}})
	_, body := get(t, hr, site.URL+location)
	require.Contains(t, body, "à partir du prochain entretien planifié")
	_, _, _ = send(t, hr, site.URL+"/hr/rhythm", url.Values{"unit": {portaltest.Depot}, "days": {"21"}, "inherit": {"yes"}})
	set := site.Fakes.Now().Rhythm.Set
	require.Len(t, set, 2)
	require.EqualValues(t, 21, set[0].GetDays())
	require.Zero(t, set[1].GetDays())

	_, log := get(t, hr, site.URL+"/hr/audit")
	require.Contains(t, log, "A réglé le rythme des entretiens d&#39;une unité")
}

func TestWhoeverSeesOneStoreReadsItsRhythmAndSetsNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Karim)
	give(t, jeanne, site, "001002", "director", portaltest.Nantes)
	answer, err := karim.Get(site.URL + "/hr/rhythm")
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, "/hr/rhythm?unit="+portaltest.Nantes, answer.Header.Get("Location"))
	_, body := get(t, karim, site.URL+"/hr/rhythm?unit="+portaltest.Nantes)
	require.Contains(t, body, "60 personnes sur 71")
	require.NotContains(t, body, `href="/hr/rhythm?unit=`+portaltest.Region, "nothing leads above one's own")
	require.NotContains(t, body, `action="/hr/rhythm" data-busy`)
	require.NotContains(t, body, "/hr/catalogue/training", "what would be refused is not offered")
	status, _, _ := send(t, karim, site.URL+"/hr/rhythm", url.Values{"unit": {portaltest.Nantes}, "days": {"14"}})
	require.Equal(t, http.StatusForbidden, status)
	_, overview := get(t, karim, site.URL+"/hr")
	require.Contains(t, overview, "60 personnes sur 71", "the overview is of the own store")

	give(t, jeanne, site, "001002", "local_hr", portaltest.Rennes)
	_, body = get(t, karim, site.URL+"/hr/rhythm?unit="+portaltest.Rennes)
	require.Contains(t, body, "Rennes Cesson")
	require.Contains(t, body, "/hr/rhythm?unit="+portaltest.Nantes, "one's other unit is a step away")
	_, overview = get(t, karim, site.URL+"/hr")
	require.Contains(t, overview, "91 personnes sur 123", "both stores are summed")
}

// A training, and its follow-up, is two clicks away from the board.
func TestHRTriggersATrainingFromTheBoard(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, board := get(t, hr, site.URL+"/hr/rhythm")
	require.Contains(t, board, `href="/hr/catalogue/training#declare"`)
	require.Contains(t, board, `href="/hr/catalogue/first_steps_as_manager#declare"`)
	_, form := get(t, hr, site.URL+"/hr/catalogue/training")
	require.Contains(t, form, `id="declare"`)
	answer, _ := post(t, hr, site.URL+"/hr/catalogue/training/declare", url.Values{"number": {"001002"}, "on": {"2026-11-09"}}) //nolint:bodyclose // post has read and closed it
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	require.Equal(t, portaltest.Karim, site.Fakes.Now().Declared[0].GetPersonId())
}

func TestBeforeTheFirstImportTheBoardSaysWhatComes(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	site.Fakes.Set(func(s *portaltest.State) { s.Empty = true })
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/rhythm")
	require.Contains(t, body, "Rien à suivre pour l&#39;instant")
	require.Contains(t, body, `href="/hr/import"`)
	require.NotContains(t, body, "%</")
	_, overview := get(t, hr, site.URL+"/hr")
	require.NotContains(t, overview, "met-bar")
}
