package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/channel"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// campaignMessage is what moments calls a campaign that asks nothing.
const campaignMessage = "message"

// CampaignStarted has a campaign announced in the channels that HR chose.
func CampaignStarted(channels *channel.Channels) func(context.Context, event.Event, *momentsv1.CampaignStarted) error {
	return func(ctx context.Context, _ event.Event, msg *momentsv1.CampaignStarted) error {
		return channels.Announce(ctx, channel.Campaign{
			ID: msg.GetCampaignId(), Message: msg.GetKind() == campaignMessage,
			TitleFR: msg.GetTitleFr(), TitleEN: msg.GetTitleEn(), Until: msg.GetUntil(),
		}, msg.GetChannelIds())
	}
}
