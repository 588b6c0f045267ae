package portal_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestHRSeesHowPeopleAreReachedInCountsAndTens(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	_, page := get(t, hr, site.URL+"/hr/reach")
	for _, told := range []string{"environ 80", "environ 60\u00a0%", "plus de 90\u00a0%", "6 et plus", "à qui 4 questions au moins", "1\u00a0234"} {
		require.Contains(t, page, told)
	}
	for _, name := range []string{"Karim", "Duval", "Moreau"} {
		require.NotContains(t, page, name)
	}
	_, page = get(t, hr, site.URL+"/hr/reach?unit="+portaltest.Depot)
	require.Contains(t, page, "Moins de dix personnes")
	require.NotContains(t, page, "<figure", "nothing of so few")
	status, _ := get(t, hr, site.URL+"/hr/reach?unit=nowhere")
	require.Equal(t, http.StatusNotFound, status)
	status, _ = get(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/hr/reach")
	require.Equal(t, http.StatusForbidden, status)
}

func TestWhoeverReactsToNothingIsToldWhyAndInFewerWords(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	_, page := get(t, lea, site.URL+"/why")
	require.NotContains(t, page, "restés sans réaction")
	site.Fakes.Set(func(s *portaltest.State) {
		prompt := portaltest.Prompt()
		prompt.Quiet = true
		s.Prompts, s.Spared = []*notificationsv1.Prompt{prompt}, true
	})
	_, page = get(t, lea, site.URL+"/why")
	require.Contains(t, page, "restés sans réaction")
	_, page = get(t, lea, site.URL+"/")
	require.Contains(t, page, "Même en deux mots.")
}
