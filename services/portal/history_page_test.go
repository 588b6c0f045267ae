package portal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestAPersonsPageTellsWhatHappenedToThem(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/people/"+portaltest.Lea)
	require.Contains(t, body, "En longue absence jusqu&#39;au 27 novembre 2026, depuis le 5 octobre 2026.")
	for _, told := range []string{
		"Rennes Cesson → Nantes Atlantis", "Jeanne Picard → Karim Duval", "12 septembre 2019 → 2 septembre 2019",
		"Vendeuse → &lt;b&gt;Responsable&lt;/b&gt; de rayon", "Absence commencée le 4 mai 2026.", "Annoncé auparavant pour le 31 décembre 2026.",
		"Karim Duval → une personne effacée depuis", "Connu par le fichier du 5 octobre 2026.", "Départ annulé",
	} {
		require.Contains(t, body, told)
	}
	require.NotContains(t, body, "history.")
	require.Regexp(t, `(?s)class="ahead">.*?Départ.*?31 janvier 2027`, body, "what is announced is ahead, and comes first")

	site.Fakes.Set(func(s *portaltest.State) { s.Empty = true })
	_, body = get(t, hr, site.URL+"/hr/people/"+portaltest.Lea)
	require.Contains(t, body, "Rien n&#39;est encore connu.")
	require.NotContains(t, body, "longue absence")
}
