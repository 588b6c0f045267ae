package portal_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestWhomToTrustIsSaidToEverybodyInTheSameWords(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	for _, persona := range []string{"employee:" + portaltest.Lea, "manager:" + portaltest.Karim, "hr:" + portaltest.Jeanne} {
		body := shown(t, site.As(t, persona), site.URL+"/barometer/trust")
		for _, said := range []string{"la clé maîtresse", "jalon ballots check", "tirés au sort", "Le direct", "pas même sur ordre", inGroups(portaltest.Questions)} {
			require.Contains(t, body, said, persona)
		}
	}
	status, _ := get(t, site.Browser(t), site.URL+"/barometer/trust")
	require.Equal(t, http.StatusSeeOther, status, "a stranger signs in first")
}

func inGroups(fingerprint string) string {
	return strings.TrimSpace(regexp.MustCompile(`.{8}`).ReplaceAllString(fingerprint, "$0 "))
}

var scriptTag = regexp.MustCompile(`<script[^>]*src="([^"]+)"`)

// What the page says of its scripts is what the server serves, and the page on which people vote runs no other script.
func TestTheFingerprintsShownAreThoseOfTheScriptsOnThePageOnWhichPeopleVote(t *testing.T) {
	t.Parallel()
	scripts, err := portal.BallotScripts()
	require.NoError(t, err)
	if len(scripts) == 0 {
		t.Skip("the scripts were not built")
	}
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	trust := shown(t, lea, site.URL+"/barometer/trust")
	known := map[string]bool{}
	for _, script := range scripts {
		known[script.Path] = true
		status, content := get(t, lea, site.URL+script.Path)
		require.Equal(t, http.StatusOK, status)
		sum := sha256.Sum256([]byte(content))
		require.Equal(t, script.SHA256, hex.EncodeToString(sum[:]))
		require.Contains(t, trust, inGroups(script.SHA256))
		require.Contains(t, trust, `href="`+script.Path+`"`)
	}
	site.Fakes.Set(func(s *portaltest.State) { s.Ballots.State = barometerv1.GetBallotPaperResponse_STATE_OPEN })
	ballot := shown(t, lea, site.URL+"/barometer")
	require.Contains(t, ballot, `href="/barometer/trust"`)
	kiosk := shown(t, lea, site.URL+"/kiosk")
	tags := scriptTag.FindAllStringSubmatch(ballot+kiosk, -1)
	for _, tag := range tags {
		require.True(t, known[tag[1]], tag[1])
		delete(known, tag[1])
	}
	require.Empty(t, known, "what is compared is what runs")
	require.Len(t, tags, strings.Count(ballot+kiosk, "<script"), "nothing runs that stands in the page itself")
}

func TestWhereBallotsGoIsSaidWhenItIsAnotherMachine(t *testing.T) {
	t.Parallel()
	at := func(c *portal.Config) { c.BallotURL = "https://urne.example.org/ballots" }
	site := portaltest.Start(t, at)
	require.Contains(t, shown(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/barometer/trust"), "urne.example.org")
	site = portaltest.Start(t)
	require.NotContains(t, shown(t, site.As(t, "employee:"+portaltest.Lea), site.URL+"/barometer/trust"), "autre machine")
}
