package react

import (
	"context"

	"jalon.dev/pkg/event"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/moments/internal/campaign"
)

// PromptsShown notes which invitations of campaigns reached their people: that is how HR sees a campaign advance. What else was
// shown to whom is notifications' alone.
func (r Reactions) PromptsShown(ctx context.Context, _ event.Event, msg *notificationsv1.PromptsShown) error {
	var shown []string
	for _, p := range msg.GetPrompts() {
		if p.GetKeyMoment() == campaign.KeyMoment {
			shown = append(shown, p.GetInvitationId())
		}
	}
	if len(shown) == 0 {
		return nil
	}
	return r.Campaigns.Shown(ctx, shown)
}
