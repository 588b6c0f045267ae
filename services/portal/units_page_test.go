package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestTheOrganisationIsShownAsATreeWithWhatIsToBePlaced(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/units")
	require.Contains(t, body, "1 unité est à placer")
	require.Contains(t, body, "Dépôt d&#39;Élancourt &lt;annexe&gt;", "markup in a name is text")
	require.Contains(t, body, "Europe/Paris · FR")
	require.Contains(t, body, "106 personnes", "the company counts everybody beneath it")
	require.Contains(t, body, "1 équipe<span", "teams are folded beneath their store")

	status, _ := get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/hr/units")
	require.Equal(t, http.StatusForbidden, status)
	status, _ = get(t, hr, site.URL+"/hr/units/nowhere")
	require.Equal(t, http.StatusNotFound, status)
}

func TestAUnitIsPlacedOnTheScreen(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address := site.URL + "/hr/units/" + portaltest.Depot
	_, body := get(t, hr, address)
	require.Contains(t, body, "Cette unité vient d&#39;un import de personnes.")
	require.NotContains(t, body, `<option value="`+portaltest.Depot+`"`, "a unit does not stand beneath itself")
	require.NotContains(t, body, `<option value="`+portaltest.Team+`"`, "nor a store beneath a team")
	_, above := get(t, hr, site.URL+"/hr/units/"+portaltest.Region)
	require.NotContains(t, above, `<option value="`+portaltest.Nantes+`"`, "nor beneath what is beneath it")
	require.Contains(t, above, "Vide\u00a0: comme au-dessus, Europe/Paris.")

	form := url.Values{"version": {"3"}, "name": {"Dépôt"}, "kind": {"store"}, "parent": {portaltest.Region}, "zone": {"Mars/Olympus"}, "holidays": {"fr-57"}}
	status, _, body := send(t, hr, address, form)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, "Ce fuseau n&#39;existe pas.")
	require.Contains(t, body, `value="Mars/Olympus"`, "what was entered is still there")

	form.Set("zone", "Indian/Reunion")
	for range 2 { // a double click
		_, location, _ := send(t, hr, address, form)
		require.Equal(t, "/hr/units/"+portaltest.Depot+"?saved", location)
	}
	kept := unitNamed(t, site, "Dépôt")
	require.EqualValues(t, 4, kept.GetVersion(), "the second click changed nothing")
	require.Equal(t, "FR-57", kept.GetHolidayCalendar())

	form.Set("name", "Dépôt d'Élancourt")
	status, _, body = send(t, hr, address, form)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, body, "Quelqu&#39;un a modifié cette unité entre-temps.")
	require.Contains(t, body, `name="version" value="4"`, "the next click overwrites what is shown")
	require.Equal(t, "Dépôt", unitNamed(t, site, "Dépôt").GetName())
}

func TestTheCompanyKeepsItsKindAndPlace(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address := site.URL + "/hr/units/" + portaltest.Company
	_, body := get(t, hr, address)
	require.NotContains(t, body, `name="parent"`)
	status, _, _ := send(t, hr, address, url.Values{"version": {"1"}, "name": {"Exemple Sport SA"}, "zone": {"Europe/Paris"}, "holidays": {"FR"}})
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, "company", unitNamed(t, site, "Exemple Sport SA").GetKind())
}

func TestAFileOfUnitsIsShownBeforeItIsAppliedWhollyOrNotAtAll(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/units/import")
	require.NotContains(t, body, `name="as_of"`, "a file of units has no date")

	messy := uploadTo(t, hr, site.URL, "/hr/units/import", "messy")
	require.Regexp(t, `^/hr/units/import/[0-9a-f-]{36}$`, messy)
	_, body = get(t, hr, site.URL+messy)
	require.Contains(t, body, "Aucune unité n&#39;a ce code ni ce nom.")
	require.Contains(t, body, "société, région, magasin ou équipe")
	require.Contains(t, body, "Code de l&#39;unité")
	require.Contains(t, body, "1 unité connue n&#39;est pas dans ce fichier.")
	require.NotContains(t, body, "skip_rejected", "one rejected line refuses the file")
	require.NotContains(t, body, "Parties", "no contract ends")
	_, file := get(t, hr, site.URL+messy+"/problems.csv")
	require.Contains(t, file, "6;Ligne refusée;Parent;Aucune unité n'a ce code ni ce nom.;NORD;")
	status, _, body := send(t, hr, site.URL+messy, url.Values{"skip_rejected": {"yes"}})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, "rien n&#39;a changé")

	clean := uploadTo(t, hr, site.URL, "/hr/units/import", "clean")
	_, body = get(t, hr, site.URL+clean)
	require.Contains(t, body, "Appliquer 6 changements")
	_, location, _ := send(t, hr, site.URL+clean, url.Values{})
	require.Equal(t, "/hr/units/import?done=units-1", location)
	_, body = get(t, hr, site.URL+location)
	require.Contains(t, body, "C&#39;est importé")
	require.Contains(t, body, "1 ajoutées, 3 déplacées, 2 mises à jour")

	_, log := get(t, hr, site.URL+"/hr/audit")
	require.Contains(t, log, "A importé un fichier d&#39;unités")
}

func unitNamed(t *testing.T, site *portaltest.Portal, name string) *directoryv1.Unit {
	t.Helper()
	for _, unit := range site.Fakes.Now().Units {
		if unit.GetName() == name {
			return unit
		}
	}
	require.Fail(t, "no unit "+name)
	return nil
}
