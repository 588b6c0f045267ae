package rpc

import (
	"cmp"
	"context"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
)

// farthest is how many months ago, or ahead, a moment may be declared: beyond, the year is a slip of the finger, and nothing would
// ever be asked.
const farthest = 24

// meant is the day that a declaration means, and the moment. The same request means the same, whenever it is made again and whatever
// became of the moment; another request for what was called off means the moment that takes its place.
func (h Handler) meant(ctx context.Context, req *momentsv1.DeclareMomentRequest, zone *time.Location, now time.Time) (clock.Date, string, error) {
	day, err := h.day(req, zone, now)
	if err != nil {
		return clock.Date{}, "", err
	}
	named := func(day clock.Date) string {
		return moment.ID(req.GetKeyMoment(), cmp.Or(req.GetUnitId(), req.GetPersonId()), day)
	}
	id, err := h.Opener.Vacant(ctx, named(day))
	if err != nil || req.GetRequestId() == "" {
		return day, id, err
	}
	kept, err := h.claim(ctx, req, mongostore.Request{HappensOn: day, MomentID: id})
	return kept.HappensOn, cmp.Or(kept.MomentID, named(kept.HappensOn)), err
}

// dated is the day that a declaration means, where the request names a moment by itself.
func (h Handler) dated(ctx context.Context, req *momentsv1.DeclareMomentRequest, zone *time.Location) (clock.Date, time.Time, error) {
	now := h.Clock.Now()
	day, err := h.day(req, zone, now)
	if err != nil || req.GetRequestId() == "" {
		return day, now, err
	}
	kept, err := h.claim(ctx, req, mongostore.Request{HappensOn: day})
	return kept.HappensOn, now, err
}

func (h Handler) day(req *momentsv1.DeclareMomentRequest, zone *time.Location, now time.Time) (clock.Date, error) {
	today := clock.DateOf(now, zone)
	day, err := clock.ParseDate(req.GetHappensOn())
	switch {
	case err != nil:
		return clock.Date{}, rpc.InvalidField("happens_on", "must be a date that exists, as YYYY-MM-DD")
	case day.IsZero():
		return today, nil
	case day.Before(today.AddMonths(-farthest)) || day.After(today.AddMonths(farthest)):
		return clock.Date{}, rpc.InvalidField("happens_on", "must be within two years from today; the year may be mistyped")
	}
	return day, nil
}

// claim keeps what a request id was understood as, and returns what was understood first.
func (h Handler) claim(ctx context.Context, req *momentsv1.DeclareMomentRequest, r mongostore.Request) (mongostore.Request, error) {
	r.ID, r.What = req.GetRequestId(), req.GetKeyMoment()+" "+req.GetPersonId()+req.GetUnitId()+" "+req.GetHappensOn()
	kept, _, err := h.Requests.Claim(ctx, r)
	if err != nil {
		return mongostore.Request{}, err
	}
	if kept.What != r.What {
		return mongostore.Request{}, rpc.InvalidField("request_id", "was used for another request; each request needs its own")
	}
	return kept, nil
}
