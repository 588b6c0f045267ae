package portal_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/portaltest"
)

func TestTheImageInMailsIsTheSameForEverybodyAndKnowsNobody(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	load := func(method, piece, program string, signedIn bool) []byte {
		client := http.DefaultClient
		if signedIn {
			client = site.As(t, "employee:"+portaltest.Lea)
		}
		request, err := http.NewRequestWithContext(t.Context(), method, site.URL+"/mail/open/"+piece, http.NoBody)
		require.NoError(t, err)
		request.Header.Set("User-Agent", program)
		response, err := client.Do(request)
		require.NoError(t, err)
		defer func() { _ = response.Body.Close() }()
		require.Equal(t, http.StatusOK, response.StatusCode)
		require.Equal(t, "image/gif", response.Header.Get("Content-Type"))
		require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
		for _, mark := range []string{"Set-Cookie", "ETag", "Last-Modified", "Expires"} {
			require.Empty(t, response.Header.Values(mark), "%s would know the reader again", mark)
		}
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return body
	}
	const reader = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0"
	image := portaltest.RunningCampaign + ".a.gif"
	first := load(http.MethodGet, image, reader, false)
	require.NotEmpty(t, first)
	require.Equal(t, first, load(http.MethodGet, image, reader, true), "whoever is signed in")
	require.Equal(t, first, load(http.MethodGet, "anything.gif", reader, false), "whatever is asked for")
	for _, program := range []string{
		"", "Mozilla/5.0", "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "YahooMailProxy; https://help.yahoo.com",
		"Microsoft Office Existence Discovery", "Googlebot/2.1", "curl/8.5.0",
	} {
		load(http.MethodGet, image, program, false)
	}
	load(http.MethodHead, image, reader, false)
	now := site.Fakes.Now()
	require.EqualValues(t, 2, now.Loads[portaltest.RunningCampaign+".a"], "a look at the headers is no load")
	require.EqualValues(t, 7, now.MachineLoads[portaltest.RunningCampaign+".a"])
}

func TestOpensAreShownWhereTheyAreCountedAsAnUpperBound(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	site.Fakes.Set(func(s *portaltest.State) { s.Opens = false })
	_, page := get(t, hr, site.URL+campaignsAt+portaltest.RunningCampaign)
	require.NotContains(t, page, "Ouvertures")
	site.Fakes.Set(func(s *portaltest.State) { s.Opens = true })
	_, page = get(t, hr, site.URL+campaignsAt+portaltest.RunningCampaign)
	for _, told := range []string{"Ouvertures", "au plus 43\u00a0%", "52 affichages", "120 e-mails remis", "31 par des machines", "moins de dix e-mails"} {
		require.Contains(t, page, told)
	}
}
