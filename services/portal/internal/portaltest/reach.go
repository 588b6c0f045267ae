package portaltest

import (
	"context"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

type reachFake struct {
	notificationsv1connect.UnimplementedReachServiceHandler
	*Fakes
}

func share(percent int32, of int64) *notificationsv1.Share {
	return &notificationsv1.Share{Percent: percent, Of: of}
}

func (f reachFake) GetReach(_ context.Context, req *notificationsv1.GetReachRequest) (*notificationsv1.GetReachResponse, error) {
	res := &notificationsv1.GetReachResponse{
		CountedBefore: "2026-11-03", People: 1234, QuietAfter: 4,
		QuietLimits: []*notificationsv1.PressureLimit{{Messages: 2, Days: 30}, {Kind: "routine", Messages: 1, Days: 30}},
	}
	if req.GetUnitId() == Depot {
		res.People, res.TooFew = 7, true
		return res, nil
	}
	for questions, people := range []int64{210, 505, 390, 96, 22, 8, 3} {
		res.Spread = append(res.Spread, &notificationsv1.GetReachResponse_Spread{Questions: int32(questions), People: people})
	}
	res.Channels = []*notificationsv1.GetReachResponse_Channel{{Channel: "in_app"}, {Channel: "email"}}
	if f.Now().Empty {
		return res, nil
	}
	quiet := int64(80)
	res.Quiet = &quiet
	for i, percent := range []int32{50, 50, 60, 60, 50, 70, 60, 70, 70, 60, 70, 60} {
		from := []string{
			"2026-08-10", "2026-08-17", "2026-08-24", "2026-08-31", "2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26",
		}[i]
		res.Weeks = append(res.Weeks, &notificationsv1.GetReachResponse_Week{From: from, Reacted: share(percent, 300+int64(i))})
	}
	res.Weeks[2].Reacted = nil
	res.Channels[0].Reacted, res.Channels[0].Seen = share(40, 900), share(70, 900)
	res.Channels[1].Reacted, res.Channels[1].Seen = share(60, 2400), share(50, 2400)
	if req.GetUnitId() == "" {
		res.Units = []*notificationsv1.GetReachResponse_Unit{
			{UnitId: Region, People: 412, Reacted: share(100, 380)}, {UnitId: Nantes, People: 61, Reacted: share(60, 58)}, {UnitId: Depot, People: 7},
		}
	}
	return res, nil
}
