package portal_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"jalon.dev/services/portal/internal/portaltest"
)

const bookOf = "/barometer/results.xlsx?unit="

func openBook(t *testing.T, client *http.Client, address string) *excelize.File {
	t.Helper()
	status, body := get(t, client, address)
	require.Equal(t, http.StatusOK, status)
	file, err := excelize.OpenReader(strings.NewReader(body))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	return file
}

func sheet(t *testing.T, file *excelize.File, name string) [][]string {
	t.Helper()
	rows, err := file.GetRows(name)
	require.NoError(t, err)
	return rows
}

// flat is a sheet as one text.
func flat(rows [][]string) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = strings.Join(row, "|")
	}
	return strings.Join(lines, "\n")
}

func TestTheWorkbookSaysWhatThePageSays(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	file := openBook(t, hr, site.URL+bookOf+portaltest.Nantes)
	require.Equal(t, []string{"Aperçu", "Unités et thèmes", "Évolutions", "Questions", "Commentaires"}, file.GetSheetList())

	overview := flat(sheet(t, file, "Aperçu"))
	for _, told := range []string{
		"Nantes Atlantis, baromètre 2026", "Unité|Exemple Sport › Région Ouest › Nantes Atlantis", "45 questions en 7 thèmes, empreinte ",
		"Publié le|23 juin 2026", "Bulletins|55 bulletins pour 71 personnes", "Le plus fort\u00a0: «\u00a0Le plaisir au travail\u00a0»",
		"Rien n'est montré en dessous de 5 bulletins", "≥\u00a080\u00a0% favorables\u00a0; eNPS ≥\u00a0+60",
	} {
		require.Contains(t, overview, told)
	}
	require.NotContains(t, overview, "estimation", "the means of so many are counted")

	units := sheet(t, file, "Unités et thèmes")
	require.Equal(t, []string{"Unité", "Personnes", "Bulletins"}, units[1][:3])
	require.Equal(t, "eNPS", units[1][10])
	require.Equal(t, []string{"Nantes Atlantis", "71", "55"}, units[2][:3])
	require.Len(t, units, 2+1+2, "the unit, the team below and what is left")
	require.Equal(t, "Nantes Atlantis, hors équipes", units[4][0])
	shaded, err := file.GetConditionalFormats("Unités et thèmes")
	require.NoError(t, err)
	require.Len(t, shaded, 8)
	require.Contains(t, flat(sheet(t, file, "Évolutions")), "▲ en hausse +")

	questions := sheet(t, file, "Questions")
	require.Len(t, questions, 1+7+45)
	require.Equal(t, []string{"Le projet de l'entreprise", "Ensemble du thème"}, questions[1][:2])

	post(t, hr, site.URL+"/language", url.Values{"language": {"en"}}) //nolint:bodyclose // post closed it
	english := openBook(t, hr, site.URL+bookOf+portaltest.Nantes)
	require.Equal(t, []string{"Overview", "Units and themes", "Changes", "Questions", "Comments"}, english.GetSheetList())
}

func TestTheWorkbookRunsNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	file := openBook(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+bookOf+portaltest.Nantes)
	comments := sheet(t, file, "Commentaires")
	at := slices.IndexFunc(comments, func(row []string) bool { return row[1] == `=HYPERLINK("http://x")` })
	require.Positive(t, at, "what was written is there as it was written")
	for _, name := range file.GetSheetList() {
		for y, row := range sheet(t, file, name) {
			for x := range row {
				cell, err := excelize.CoordinatesToCellName(x+1, y+1)
				require.NoError(t, err)
				formula, err := file.GetCellFormula(name, cell)
				require.NoError(t, err)
				require.Empty(t, formula)
			}
		}
	}
}

// Of a band the workbook tells no more than the page, and a mean that is estimated says so, there and in the table.
func TestTheWorkbookIsNoMoreExactThanThePage(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	file := openBook(t, hr, site.URL+bookOf+portaltest.AlikeStore)
	for _, row := range sheet(t, file, "Questions") {
		if row[0] == "Le plaisir au travail" && row[1] == "Ensemble du thème" {
			require.Empty(t, strings.Join(row[2:15], ""), "neither share, nor parts, nor mean, nor distribution")
			require.Equal(t, "Presque toutes les réponses sont favorables\u00a0: 90\u00a0% ou plus.", row[len(row)-1])
		}
	}
	require.Contains(t, flat(sheet(t, file, "Aperçu")), "Le chiffre exact n'est pas donné.")
	region := sheet(t, openBook(t, hr, site.URL+bookOf+portaltest.Region), "Unités et thèmes")
	require.Contains(t, flat(region), "≥\u00a090")

	tiny := openBook(t, hr, site.URL+bookOf+portaltest.TinyStore)
	require.Equal(t, []string{"Aperçu", "Questions"}, tiny.GetSheetList(), "too few for comments, and nothing below")
	require.Contains(t, flat(sheet(t, tiny, "Aperçu")), "La moyenne est une estimation")
	require.Contains(t, flat(sheet(t, tiny, "Questions")), "Moyenne estimée\u00a0: la répartition n'est pas montrée.")
	for _, row := range table(t, hr, site.URL+"/barometer/results.csv?unit="+portaltest.TinyStore) {
		if row[10] != "" && row[3] != "Mesure" {
			require.Contains(t, row[len(row)-1], "Moyenne estimée")
		}
	}
}

func TestTheWorkbookIsRefusedAsThePageIs(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	status, _ := get(t, site.As(t, "employee:"+portaltest.Karim), site.URL+bookOf+portaltest.Rennes)
	require.Equal(t, http.StatusForbidden, status)
	status, _ = get(t, site.As(t, "hr:"+portaltest.Jeanne), site.URL+bookOf+portaltest.SmallStore)
	require.Equal(t, http.StatusNotFound, status)
}
