package portal_test

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestHowAFileIsUnderstoodIsShownBeforeItCounts(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+upload(t, hr, site.URL, "messy;file"))
	require.Contains(t, body, "Comment le fichier est compris")
	require.Contains(t, body, "Windows-1252")
	require.Contains(t, body, "point-virgule")
	require.Contains(t, body, "le jour d&#39;abord")
	require.Contains(t, body, "N° de casier")
	require.Contains(t, body, "Non utilisée")
	require.Contains(t, body, "1 colonne n&#39;est pas utilisée")
	require.Contains(t, body, "&lt;i&gt;PICARD&lt;/i&gt;", "what the file holds is text")
	require.NotContains(t, body, "import_field.")
}

func TestTheLinesToCorrectAreATableFileWithoutFormulas(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	preview := upload(t, hr, site.URL, "messy;file")
	_, body := get(t, hr, site.URL+preview)
	require.Contains(t, body, preview+"/problems.csv")

	status, file := get(t, hr, site.URL+preview+"/problems.csv")
	require.Equal(t, 200, status)
	table := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff")))
	table.Comma = ';'
	rows, err := table.ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"Ligne", "Gravité", "Colonne", "Ce qui ne va pas", "Trouvé", "Ce qui irait"}, rows[0])
	require.Len(t, rows, 6)
	require.Equal(t, []string{"4", "Ligne refusée", "Matricule"}, rows[1][:3], "what is rejected comes first")
	require.True(t, strings.HasPrefix(rows[3][4], "'=HYPERLINK"), "a value is no formula")

	_, body = get(t, hr, site.URL+"/hr/import?done=import-1")
	require.Contains(t, body, "/hr/import/import-1/problems.csv")
	status, _ = get(t, hr, site.URL+"/hr/import/import-1/problems.csv")
	require.Equal(t, 200, status, "what was imported keeps its list")
	status, _ = get(t, hr, site.URL+"/hr/import/unknown/problems.csv")
	require.Equal(t, 404, status)
	status, _ = get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+preview+"/problems.csv")
	require.NotEqual(t, 200, status)
}

func TestEachGuardIsConfirmedForItself(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	preview := upload(t, hr, site.URL, "clean guarded;file")
	_, body := get(t, hr, site.URL+preview)
	for _, said := range []string{"plus ancien que le dernier", "changer d&#39;unité plus du tiers", `value="older" required`, `value="moves" required`, `value="unnamed"`} {
		require.Contains(t, body, said)
	}
	require.NotContains(t, body, `value="unnamed" required`, "the file can be taken while nobody's contract ends")
	status, _, body := send(t, hr, site.URL+preview, url.Values{"confirm": {"older"}})
	require.Equal(t, 422, status)
	require.Contains(t, body, `value="older" required checked`, "what was confirmed stays so")
	require.NotContains(t, body, `value="moves" required checked`)
	status, _, _ = send(t, hr, site.URL+preview, url.Values{"confirm": {"older", "moves"}})
	require.Equal(t, 303, status)
	imported := site.Fakes.Now().Imported
	last := imported[len(imported)-1]
	require.Equal(t, []string{"older", "moves"}, last.GetConfirmGuards())
	require.False(t, last.GetConfirm())
}

func TestAFileOfTheFutureIsHandedInAgain(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/import")
	require.Contains(t, body, `value="2026-11-03" max="2026-11-03"`)
	_, body = get(t, hr, site.URL+uploadAsOf(t, hr, site.URL, "clean;file", "2126-11-03"))
	require.Contains(t, body, "La date de ce fichier est encore à venir.")
	require.Contains(t, body, "une date jusqu&#39;au 4 novembre 2026")
	require.Contains(t, body, "Donnez le fichier à nouveau, avec le jour dont il dit l&#39;état.")
	require.NotContains(t, body, `name="confirm"`)
}
