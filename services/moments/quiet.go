package moments

import (
	"context"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/service"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/moments/internal/campaigning"
)

// quiet asks notifications, which shows people their messages, who reacts to none: for an audience that is being counted or fixed, and
// never kept here.
func quiet(parts service.Parts) campaigning.Quiet {
	return func(ctx context.Context, people []string) ([]string, error) {
		found, err := parts.Peers.Reach().FindQuiet(identity.AsService(ctx, parts.Name), &notificationsv1.FindQuietRequest{PersonIds: people})
		if err != nil {
			return nil, err
		}
		return found.GetPersonIds(), nil
	}
}
