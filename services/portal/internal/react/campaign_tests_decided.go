package react

import (
	"context"

	"jalon.dev/pkg/event"
	"jalon.dev/services/portal/internal/audit"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// What HR's log says of a test that was decided.
const (
	decidedWinner   = "jalon.moments.v1.CampaignTestsDecided/winner"
	decidedNoWinner = "jalon.moments.v1.CampaignTestsDecided/no_winner"
)

// CampaignTestsDecided writes into HR's log that Jalon decided A/B tests: what HR launched goes on to everybody else by itself.
func CampaignTestsDecided(log *audit.Log) func(context.Context, event.Event, *momentsv1.CampaignTestsDecided) error {
	return func(ctx context.Context, _ event.Event, msg *momentsv1.CampaignTestsDecided) error {
		for _, test := range msg.GetTests() {
			route := decidedNoWinner
			if test.GetWinner() != "" {
				route = decidedWinner
			}
			if err := log.Note(ctx, event.ID("decided", test.GetCampaignId()), route, []string{test.GetCampaignId()}); err != nil {
				return err
			}
		}
		return nil
	}
}
