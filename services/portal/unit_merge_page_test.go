package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestAUnitIsAddedOnTheScreen(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, body := get(t, hr, site.URL+"/hr/units")
	require.Contains(t, body, `href="/hr/units/new"`)
	_, body = get(t, hr, site.URL+"/hr/units/new?beneath="+portaltest.Nantes)
	require.Contains(t, body, `<option value="team" selected`, "beneath a store stands a team")
	require.Contains(t, body, `<option value="`+portaltest.Nantes+`" selected`)

	form := url.Values{"code": {"EXS"}, "name": {"<b>Brest</b>"}, "kind": {"store"}, "parent": {portaltest.Region}, "zone": {""}, "holidays": {"fr"}}
	status, _, body := send(t, hr, site.URL+"/hr/units", form)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, "Donnez un code qu&#39;aucune autre unité ne porte.")
	require.Contains(t, body, `value="&lt;b&gt;Brest&lt;/b&gt;"`, "what was entered is still there")
	form.Set("code", "M07")
	var first string
	for range 2 { // a double click
		_, location, _ := send(t, hr, site.URL+"/hr/units", form)
		require.Regexp(t, `^/hr/units/[0-9a-f-]{36}\?created$`, location)
		require.True(t, first == "" || first == location)
		first = location
	}
	_, body = get(t, hr, site.URL+first)
	require.Contains(t, body, "L&#39;unité est ajoutée.")
	require.Equal(t, "M07", unitNamed(t, site, "<b>Brest</b>").GetCode())
	_, log := get(t, hr, site.URL+"/hr/audit")
	require.Contains(t, log, "A ajouté une unité")
}

func TestAMistypedUnitIsMergedOnTheScreen(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address, merging := site.URL+"/hr/units/"+portaltest.Depot, site.URL+"/hr/units/merge/"+portaltest.Depot
	_, body := get(t, hr, address)
	require.Contains(t, body, `href="/hr/units/merge/`+portaltest.Depot+`"`)
	_, body = get(t, hr, site.URL+"/hr/units/"+portaltest.Company)
	require.NotContains(t, body, "/merge/", "the company is no mistake")
	status, _ := get(t, hr, site.URL+"/hr/units/merge/"+portaltest.Company)
	require.Equal(t, http.StatusNotFound, status)

	_, body = get(t, hr, merging)
	require.Contains(t, body, "Fusionner «\u00a0Dépôt d&#39;Élancourt &lt;annexe&gt;\u00a0»")
	require.Contains(t, body, `<option value="`+portaltest.Nantes+`"`)
	require.NotContains(t, body, `<option value="`+portaltest.Team+`"`, "a store was meant to be no team")
	require.NotContains(t, body, `<option value="`+portaltest.Depot+`"`)
	_, team := get(t, hr, site.URL+"/hr/units/merge/"+portaltest.Team)
	require.Contains(t, team, `<option value="`+portaltest.Nantes+`"`, "a team goes into its own store")
	require.NotContains(t, team, `<option value="`+portaltest.Rennes+`"`, "not into another")

	status, _, body = send(t, hr, merging, url.Values{"version": {"3"}, "into": {""}})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Contains(t, body, "Choisissez une autre unité")
	status, _, body = send(t, hr, merging, url.Values{"version": {"2"}, "into": {portaltest.Nantes}})
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, body, "entre-temps")
	for range 2 { // a double click
		_, location, _ := send(t, hr, merging, url.Values{"version": {"3"}, "into": {portaltest.Nantes}})
		require.Equal(t, "/hr/units/"+portaltest.Nantes+"?merged", location)
	}
	_, body = get(t, hr, site.URL+"/hr/units/"+portaltest.Nantes+"?merged")
	require.Contains(t, body, "C&#39;est fusionné")
	status, _ = get(t, hr, address)
	require.Equal(t, http.StatusNotFound, status)
	_, log := get(t, hr, site.URL+"/hr/audit")
	require.Contains(t, log, "A fusionné une unité dans une autre")
}

func TestHolidaysThatNobodyConfiguredAreSaidOnTheUnits(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	const said = "Aucun calendrier de jours fériés ne porte"
	_, body := get(t, hr, site.URL+"/hr/units")
	require.NotContains(t, body, said)
	site.Fakes.Set(func(s *portaltest.State) { s.UnknownCalendars = []string{"FR", "FR-ALSCE"} }) // the company's own, to see it there
	_, body = get(t, hr, site.URL+"/hr/units")
	require.Contains(t, body, said+" ces noms\u00a0: FR, FR-ALSCE.")
	_, body = get(t, hr, site.URL+"/hr/units/"+portaltest.Company)
	require.Contains(t, body, said)
	_, body = get(t, hr, site.URL+"/hr/units/"+portaltest.Nantes)
	require.NotContains(t, body, said)
}
