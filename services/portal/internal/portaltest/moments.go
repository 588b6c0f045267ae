package portaltest

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

func (m momentsFake) GetKeyMoment(_ context.Context, req *momentsv1.GetKeyMomentRequest) (*momentsv1.GetKeyMomentResponse, error) {
	for _, entry := range keyMoments() {
		if entry.GetCode() == req.GetCode() {
			text := func(language string) *momentsv1.KeyMomentTexts {
				return &momentsv1.KeyMomentTexts{
					Language: language, Name: entry.GetName(), Summary: entry.GetSummary(), Emotional: entry.GetEmotional(),
					Relational: entry.GetRelational(), Operational: entry.GetOperational(), Prepare: entry.GetPrepare(),
				}
			}
			return &momentsv1.GetKeyMomentResponse{KeyMoment: entry, Texts: []*momentsv1.KeyMomentTexts{text("fr"), text("en")}, Emotions: emotions()}, nil
		}
	}
	return nil, connect.NewError(connect.CodeNotFound, errors.New("no such key moment"))
}

func (m momentsFake) DeclareMoment(_ context.Context, req *momentsv1.DeclareMomentRequest) (*momentsv1.DeclareMomentResponse, error) {
	if req.GetHappensOn() == "2026-02-30" {
		return nil, rpc.InvalidField("happens_on", "must be a date that exists")
	}
	if req.GetHappensOn() == "2026-10-30" {
		return &momentsv1.DeclareMomentResponse{MomentId: Moment, AlreadyKnown: true, Cancelled: true}, nil
	}
	m.Set(func(s *State) { s.Declared = append(s.Declared, req) })
	return &momentsv1.DeclareMomentResponse{MomentId: Moment}, nil
}

func (m momentsFake) CancelMoment(_ context.Context, req *momentsv1.CancelMomentRequest) (*momentsv1.CancelMomentResponse, error) {
	m.Set(func(s *State) { s.Cancelled = append(s.Cancelled, req) })
	return &momentsv1.CancelMomentResponse{}, nil
}

func (m momentsFake) UpdateKeyMoment(_ context.Context, req *momentsv1.UpdateKeyMomentRequest) (*momentsv1.UpdateKeyMomentResponse, error) {
	switch {
	case req.GetVersion() != 0:
		return nil, connect.NewError(connect.CodeAborted, errors.New("another version meanwhile"))
	case len(req.GetTexts()[0].GetPrepare()) == 0:
		return nil, rpc.InvalidField("prepare_fr", "must have at least one line")
	}
	m.Set(func(s *State) { s.Changed = append(s.Changed, req) })
	return &momentsv1.UpdateKeyMomentResponse{Version: 1}, nil
}
