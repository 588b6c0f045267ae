package portal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

func TestHRsLogSaysThatATestWasDecidedAndSaysItOnce(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	hr := site.As(t, "hr:"+portaltest.Jeanne)
	require.NoError(t, site.Bus.EnsureStream(t.Context(), "moments"))
	for _, told := range []struct{ id, winner, reason string }{
		{portaltest.TestedCampaign, "b", "difference"}, {portaltest.TestedCampaign, "b", "difference"}, {portaltest.RunningCampaign, "", "no_difference"},
	} {
		ev, err := event.New(t.Context(), "moments", told.id, time.Now(), &momentsv1.CampaignTestsDecided{
			Tests: []*momentsv1.CampaignTestsDecided_Decided{{CampaignId: told.id, Winner: told.winner, Reason: told.reason}},
		})
		require.NoError(t, err)
		require.NoError(t, site.Bus.PublishEvents(t.Context(), []event.Event{ev}))
	}
	var log string
	require.Eventually(t, func() bool {
		_, log = get(t, hr, site.URL+"/hr/audit")
		return strings.Contains(log, "pas de gagnante")
	}, time.Minute, 50*time.Millisecond)
	require.Equal(t, 1, strings.Count(log, "une variante l&#39;emporte"))
	require.Contains(t, log, "Jalon, de lui-même")
}
