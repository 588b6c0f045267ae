package portal_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	portalv1 "jalon.dev/proto/gen/jalon/portal/v1"
	"jalon.dev/proto/gen/jalon/portal/v1/portalv1connect"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestAPersonIsErasedByTypingTheirNumber(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	address := site.URL + "/hr/people/" + portaltest.Lea + "/erase"
	_, body := get(t, hr, site.URL+"/hr/people/"+portaltest.Lea)
	require.Contains(t, body, `href="/hr/people/`+portaltest.Lea+`/erase"`)
	_, body = get(t, hr, address)
	require.Contains(t, body, "Effacer Léa Moreau")
	require.Contains(t, body, "réponses données en confidence")

	for name, c := range map[string]struct {
		form url.Values
		says string
	}{
		"no number":             {url.Values{"still_employed": {"yes"}}, "pas le matricule de cette personne"},
		"somebody's number":     {url.Values{"number": {"001002"}, "still_employed": {"yes"}}, "pas le matricule de cette personne"},
		"somebody who is there": {url.Values{"number": {"001003"}}, "pas encore partie"},
	} {
		status, _, body := send(t, hr, address, c.form)
		require.Equal(t, http.StatusUnprocessableEntity, status, name)
		require.Contains(t, body, c.says, name)
	}
	require.Empty(t, site.Fakes.Now().Erased)

	form := url.Values{"number": {" 001003 "}, "still_employed": {"yes"}}
	for range 2 { // a double click
		status, location, _ := send(t, hr, address, form)
		require.Equal(t, http.StatusSeeOther, status)
		_, body = get(t, hr, site.URL+location)
		require.Contains(t, body, "C&#39;est effacé")
		require.NotContains(t, body, "Moreau")
	}
	status, _ := get(t, hr, address)
	require.Equal(t, http.StatusNotFound, status)

	log, err := portalv1connect.NewAccessServiceClient(operator(portaltest.OperatorKey), site.URL).ListAudit(t.Context(), &portalv1.ListAuditRequest{AboutId: portaltest.Lea})
	require.NoError(t, err)
	outcomes := map[string]int{}
	for _, e := range log.GetEntries() {
		if e.GetRoute() == "POST /hr/people/{id}/erase" {
			outcomes[e.GetOutcome()]++
		}
		require.NotContains(t, e.String(), "Moreau")
		require.NotContains(t, e.String(), "001003")
	}
	require.Equal(t, map[string]int{"failed": 3, "done": 2}, outcomes)
}

func TestOnlyHROfTheCompanyErases(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Karim)
	give(t, jeanne, site, "001002", "local_hr", portaltest.Nantes)
	_, body := get(t, karim, site.URL+"/hr/people/"+portaltest.Lea)
	require.NotContains(t, body, "/erase")
	status, _, _ := send(t, karim, site.URL+"/hr/people/"+portaltest.Lea+"/erase", url.Values{"number": {"001003"}, "still_employed": {"yes"}})
	require.Equal(t, http.StatusForbidden, status)
	require.Empty(t, site.Fakes.Now().Erased)
}

func TestWhoeverIsErasedIsSignedOutAndHasNoAccess(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	jeanne, lea, karim := site.As(t, "hr:"+portaltest.Jeanne), site.As(t, "employee:"+portaltest.Lea), site.As(t, "employee:"+portaltest.Karim)
	give(t, jeanne, site, "001003", "hr", "")
	give(t, lea, site, "001002", "director", portaltest.Nantes) // given by Léa
	_, err := portalv1connect.NewOperatorServiceClient(operator(portaltest.OperatorKey), site.URL).
		CreateSignInLink(t.Context(), &portalv1.CreateSignInLinkRequest{EmployeeNumber: "001003", Name: "Léa Moreau"})
	require.NoError(t, err)
	_, err = site.DB.Collection("widget_sessions").InsertOne(t.Context(), bson.M{"_id": "w", "person_id": portaltest.Lea, "expires_at": time.Now().Add(time.Hour)})
	require.NoError(t, err)

	for range 2 {
		ev, err := event.New(t.Context(), "directory", "", site.Clock.Now(), &directoryv1.PeopleErased{PersonIds: []string{portaltest.Lea}})
		require.NoError(t, err)
		require.NoError(t, site.Bus.PublishEvents(t.Context(), []event.Event{ev}))
	}
	require.Eventually(t, func() bool {
		settled, err := site.Bus.Settled(t.Context())
		return err == nil && settled
	}, 30*time.Second, 10*time.Millisecond)

	status, _ := get(t, lea, site.URL+"/")
	require.Equal(t, http.StatusSeeOther, status, "to sign in")
	status, _ = get(t, karim, site.URL+"/hr")
	require.Equal(t, http.StatusOK, status, "what she gave holds")
	for _, collection := range []string{"sessions", "sign_in_links", "roles", "widget_sessions", "people"} {
		cursor, err := site.DB.Collection(collection).Find(t.Context(), bson.M{})
		require.NoError(t, err)
		var docs []bson.M
		require.NoError(t, cursor.All(t.Context(), &docs))
		for _, doc := range docs {
			if collection == "people" && doc["_id"] == portaltest.Lea {
				require.Len(t, doc, 2, "an id and a version")
				continue
			}
			shown, err := bson.MarshalExtJSON(doc, false, false)
			require.NoError(t, err)
			require.NotContains(t, string(shown), portaltest.Lea, collection)
		}
	}
}
