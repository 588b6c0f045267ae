package notifications_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// channel registers one of a chat.
func (w *world) channel(address string, kind notificationsv1.Channel_Kind) string {
	w.t.Helper()
	res, err := w.peers.Outgoing().SaveChannel(w.asHR(), &notificationsv1.SaveChannelRequest{
		Channel: &notificationsv1.Channel{Id: uuid.NewString(), Name: "#magasins", Kind: kind, Language: "fr"}, Address: address,
	})
	require.NoError(w.t, err)
	return res.GetChannel().GetId()
}

func (w *world) announced(campaignID string) map[string]notificationsv1.Announcement_State {
	w.t.Helper()
	res, err := w.peers.Outgoing().ListAnnouncements(w.asHR(), &notificationsv1.ListAnnouncementsRequest{CampaignId: campaignID})
	require.NoError(w.t, err)
	states := map[string]notificationsv1.Announcement_State{}
	for _, a := range res.GetAnnouncements() {
		states[a.GetChannelId()] = a.GetState()
	}
	return states
}

func TestACampaignIsAnnouncedOnceInEachOfItsChannels(t *testing.T) {
	w := start(t, telling())
	slack, teams, other := otherSystem(t), otherSystem(t), otherSystem(t)
	teams.answers(http.StatusServiceUnavailable, "Retry-After", "60")
	first, second := w.channel(slack.URL, notificationsv1.Channel_KIND_SLACK), w.channel(teams.URL, notificationsv1.Channel_KIND_TEAMS)
	w.channel(other.URL, notificationsv1.Channel_KIND_SLACK)
	started := &momentsv1.CampaignStarted{
		CampaignId: uuid.NewString(), Kind: "message", TitleFr: "Nouvelle cantine", TitleEn: "New canteen", Until: "2026-11-17",
		ChannelIds: []string{first, second},
	}
	w.publish("moments", started)
	require.Len(t, slack.told(), 1)
	require.Contains(t, string(slack.told()[0].body), "Nouvelle cantine")
	require.Contains(t, string(slack.told()[0].body), "https://jalon.example.com")
	require.Equal(t, map[string]notificationsv1.Announcement_State{
		first: notificationsv1.Announcement_STATE_SENT, second: notificationsv1.Announcement_STATE_WAITING,
	}, w.announced(started.GetCampaignId()))

	teams.answers(http.StatusAccepted)
	w.move(w.clock.Now().Add(2 * time.Minute))
	w.publish("moments", started)
	w.forget("MOMENTS", "notifications-campaign-started")
	require.Len(t, slack.told(), 1)
	require.Len(t, teams.told(), 2)
	require.Empty(t, other.told())
	require.Equal(t, notificationsv1.Announcement_STATE_SENT, w.announced(started.GetCampaignId())[second])
}

func TestAChannelIsTestedWithALineOfItsOwn(t *testing.T) {
	w := start(t, telling())
	chat := otherSystem(t)
	id := w.channel(chat.URL, notificationsv1.Channel_KIND_TEAMS)
	res, err := w.peers.Outgoing().TestChannel(w.asHR(), &notificationsv1.TestChannelRequest{Id: id})
	require.NoError(t, err)
	require.EqualValues(t, http.StatusOK, res.GetAnswer().GetStatus())
	require.Contains(t, string(chat.told()[0].body), "Essai de Jalon")
	found, err := w.peers.Outgoing().ListOutgoing(w.asHR(), &notificationsv1.ListOutgoingRequest{})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1", found.GetChannels()[0].GetHost())
}
