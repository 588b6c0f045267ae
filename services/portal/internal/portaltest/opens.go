package portaltest

import (
	"context"
	"maps"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

type opensFake struct{ *Fakes }

func (f opensFake) CountOpen(_ context.Context, req *notificationsv1.CountOpenRequest) (*notificationsv1.CountOpenResponse, error) {
	f.Set(func(s *State) {
		counted := &s.Loads
		if req.GetMachine() {
			counted = &s.MachineLoads
		}
		more := maps.Clone(*counted)
		if more == nil {
			more = map[string]int64{}
		}
		more[req.GetPiece()]++
		*counted = more
	})
	return &notificationsv1.CountOpenResponse{}, nil
}

// GetOpens tells of a campaign in two variants, of the second of which few mails were sent.
func (f opensFake) GetOpens(context.Context, *notificationsv1.GetOpensRequest) (*notificationsv1.GetOpensResponse, error) {
	if !f.Now().Opens {
		return &notificationsv1.GetOpensResponse{}, nil
	}
	loads, machines := int64(52), int64(31)
	return &notificationsv1.GetOpensResponse{Enabled: true, Pieces: []*notificationsv1.GetOpensResponse_Piece{
		{Variant: "a", Delivered: 120, Loads: &loads, MachineLoads: &machines}, {Variant: "b", Delivered: 4},
	}}, nil
}
