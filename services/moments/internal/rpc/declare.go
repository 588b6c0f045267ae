package rpc

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/moment"
)

// DeclareMoment opens a moment that no event told of. Declaring it again opens nothing.
func (h Handler) DeclareMoment(ctx context.Context, req *momentsv1.DeclareMomentRequest) (*momentsv1.DeclareMomentResponse, error) {
	p, known, err := h.person(ctx, req.GetPersonId())
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, momentsv1connect.MomentsServiceDeclareMomentProcedure, subject(p)); err != nil {
		return nil, err
	}
	if !known {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such person"))
	}
	km, ok := h.Catalogue.Find(req.GetKeyMoment())
	if !ok {
		return nil, rpc.InvalidField("key_moment", "must be a code of the catalogue")
	}
	happensOn, err := clock.ParseDate(req.GetHappensOn())
	if err != nil {
		return nil, rpc.InvalidField("happens_on", "must be a date that exists, as YYYY-MM-DD")
	}
	now := h.Clock.Now()
	if happensOn.IsZero() {
		happensOn = clock.DateOf(now, p.Location())
	}
	m := moment.Open(km, moment.Person{ID: p.ID, UnitPath: p.UnitPath, Zone: p.Location()}, happensOn, moment.Declared, now)
	opened, err := h.Opener.Declare(ctx, m)
	if err != nil {
		return nil, err
	}
	return &momentsv1.DeclareMomentResponse{MomentId: m.ID, AlreadyKnown: !opened}, nil
}
