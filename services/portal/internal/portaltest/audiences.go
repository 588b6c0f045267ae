package portaltest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// Audiences of the sample: newcomers, and those who did not answer.
const (
	Newcomers = "0e000000-0000-4000-8000-000000000001"
	Silent    = "0e000000-0000-4000-8000-000000000002"
)

func audiences() map[string]*momentsv1.SavedAudience {
	return map[string]*momentsv1.SavedAudience{
		Newcomers: {
			Id: Newcomers, Version: 2, Name: "Les <b>nouveaux</b>", Audience: &momentsv1.Audience{UnitId: Nantes, MonthsBelow: 3},
			ChangedAt: "2026-11-02T08:00:00Z", ChangedBy: Jeanne,
		},
		Silent: {
			Id: Silent, Version: 1, Name: "Sans réponse à la rentrée", ChangedAt: "2026-11-02T08:00:00Z", ChangedBy: Jeanne,
			Audience: &momentsv1.Audience{Reaction: &momentsv1.Reaction{
				Did: momentsv1.Reaction_DID_NOT_ANSWERED, KeyMoment: "campaign", FollowUp: RunningCampaign,
			}},
		},
	}
}

type audiencesFake struct{ *Fakes }

// reactionCount finds about 40 people who reacted in some way, and too few of them in any unit.
func reactionCount(a *momentsv1.Audience) *momentsv1.AudienceCount {
	switch a.GetReaction().GetDid() {
	case momentsv1.Reaction_DID_ANSWERED, momentsv1.Reaction_DID_NOT_ANSWERED:
	default:
		if !a.GetNeverReacts() {
			return nil
		}
	}
	if a.GetUnitId() != "" {
		return &momentsv1.AudienceCount{TooFew: true}
	}
	return &momentsv1.AudienceCount{People: 40, About: true}
}

func (f audiencesFake) ListAudiences(_ context.Context, req *momentsv1.ListAudiencesRequest) (*momentsv1.ListAudiencesResponse, error) {
	now := f.Now()
	res := &momentsv1.ListAudiencesResponse{AsOf: "2026-11-03T09:00:04Z"}
	if now.Empty {
		return res, nil
	}
	for _, a := range slices.SortedFunc(maps.Values(now.Audiences), func(a, b *momentsv1.SavedAudience) int { return strings.Compare(a.GetName(), b.GetName()) }) {
		counted := &momentsv1.ListAudiencesResponse_Counted{Audience: a}
		if !req.GetNamesOnly() {
			if counted.Count = reactionCount(a.GetAudience()); counted.GetCount() == nil {
				counted.Count = &momentsv1.AudienceCount{People: 617}
			}
		}
		res.Audiences = append(res.Audiences, counted)
	}
	return res, nil
}

func (f audiencesFake) GetAudience(_ context.Context, req *momentsv1.GetAudienceRequest) (*momentsv1.GetAudienceResponse, error) {
	a := f.Now().Audiences[req.GetId()]
	if a == nil {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such audience"))
	}
	return &momentsv1.GetAudienceResponse{Audience: a}, nil
}

func (f audiencesFake) SaveAudience(_ context.Context, req *momentsv1.SaveAudienceRequest) (*momentsv1.SaveAudienceResponse, error) {
	last := f.Now().Audiences[req.GetId()]
	if last.GetVersion() != req.GetVersion() {
		return nil, connect.NewError(connect.CodeAborted, errors.New("changed meanwhile"))
	}
	if req.GetName() == "" {
		return nil, rpc.InvalidField("name", "missing")
	}
	a := &momentsv1.SavedAudience{Id: req.GetId(), Version: req.GetVersion() + 1, Name: req.GetName(), Audience: req.GetAudience(), ChangedAt: "2026-11-03T09:00:00Z"}
	f.keepAudiences(func(all map[string]*momentsv1.SavedAudience) { all[a.GetId()] = a })
	return &momentsv1.SaveAudienceResponse{Audience: a}, nil
}

func (f audiencesFake) DeleteAudience(_ context.Context, req *momentsv1.DeleteAudienceRequest) (*momentsv1.DeleteAudienceResponse, error) {
	f.keepAudiences(func(all map[string]*momentsv1.SavedAudience) { delete(all, req.GetId()) })
	return &momentsv1.DeleteAudienceResponse{}, nil
}

func (f audiencesFake) keepAudiences(change func(map[string]*momentsv1.SavedAudience)) {
	f.Set(func(s *State) {
		all := maps.Clone(s.Audiences)
		change(all)
		s.Audiences = all
	})
}
