package moments_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
	"jalon.dev/services/moments"
)

// silent is notifications where some people react to nothing.
type silent struct {
	notificationsv1connect.UnimplementedReachServiceHandler
	people []string
}

func (s silent) FindQuiet(_ context.Context, req *notificationsv1.FindQuietRequest) (*notificationsv1.FindQuietResponse, error) {
	return &notificationsv1.FindQuietResponse{
		PersonIds: slices.DeleteFunc(slices.Clone(req.GetPersonIds()), func(id string) bool { return !slices.Contains(s.people, id) }),
	}, nil
}

func (in *installation) quieten(people ...string) {
	in.t.Helper()
	parts := in.parts
	parts.Name = "notifications"
	options, err := parts.HandlerOptions()
	require.NoError(in.t, err)
	mux := http.NewServeMux()
	mux.Handle(notificationsv1connect.NewReachServiceHandler(silent{people: people}, options...))
	in.net.Handle("notifications", mux)
}

func TestThoseWhoNeverReactAreAnAudienceOfTheirOwn(t *testing.T) {
	in := install(t, moments.Config{CampaignBatch: 5})
	in.company(36)
	var people []string
	for n := 3; n < 3+14; n++ {
		people = append(people, personID(n))
	}
	in.quieten(people...)
	never := &momentsv1.Audience{NeverReacts: true}
	counted := in.counted(never)
	require.EqualValues(t, 10, counted.GetPeople(), "fourteen, rounded")
	require.Empty(t, counted.GetExampleIds())
	in.launched(never)
	in.moveTo("2026-11-03T09:00:00Z")
	asked := in.awaitInvitations(14)
	for _, person := range people {
		require.Equal(t, 1, asked[person+" survey"])
	}
}

func TestWhereTooFewNeverReactByTheStartNobodyIsInvited(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(36)
	var people []string
	for n := 3; n < 3+12; n++ {
		people = append(people, personID(n))
	}
	in.quieten(people...)
	id := in.launched(&momentsv1.Audience{NeverReacts: true})
	in.quieten(people[:9]...)
	in.moveTo("2026-11-03T09:00:00Z")
	require.Empty(t, in.invitations())
	require.Equal(t, momentsv1.Campaign_STATE_DONE, in.campaign(id).GetCampaign().GetState())
}
