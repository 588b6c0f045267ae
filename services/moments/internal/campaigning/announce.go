package campaigning

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/event"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/survey"
)

// announce is what there is to do once a campaign started: to tell others that it did.
const announce = "announce"

// announcement is the same for the same launch, whatever is paused and resumed: a campaign is told of once.
func announcement(c campaign.Campaign, now time.Time) agenda.Item {
	return agenda.Item{
		ID: event.ID(Kind, c.ID, announce, strconv.Itoa(c.Run)), Kind: Kind, Subject: c.ID, Due: now,
		Data: map[string]string{dataDo: announce, dataTurn: strconv.Itoa(c.Turn)},
	}
}

// announce tells that a campaign started, and in which channels HR wants that to be known. One that is over already is
// not told of, nor one that asks each on a day of their own: it starts for nobody in particular, and a channel that is told on such a day
// could tell who is meant.
func (r Runner) announce(ctx context.Context, c campaign.Campaign) error {
	if c.State.Final() || c.StartedAt.IsZero() || c.Collecting {
		return nil
	}
	title := c.Content.Title
	tried := c.Subject(abtest.A) != (survey.Wording{}) // half of those who read the channel are to read the other line
	if tried || campaign.HasFields(title) {            // which are filled for one reader, and a channel has many
		title = survey.Wording{}
	}
	ev, err := event.NewKeyed(ctx, "moments", c.ID, c.ID+"/"+strconv.Itoa(c.Run), c.StartedAt, &momentsv1.CampaignStarted{
		CampaignId: c.ID, Kind: string(c.Content.Kind), TitleFr: title.FR, TitleEn: title.EN,
		Until: c.Content.Until.String(), ChannelIds: c.Content.Channels,
	})
	if err != nil {
		return fmt.Errorf("telling that campaign %s started: %w", c.ID, err)
	}
	if err := r.Relay.Append(ctx, ev); err != nil {
		return fmt.Errorf("telling that campaign %s started: %w", c.ID, err)
	}
	return nil
}
