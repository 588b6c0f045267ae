package rpc

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/campaigning"
	"jalon.dev/services/moments/internal/moment"
)

var _ momentsv1connect.AudiencesServiceHandler = Handler{}

// ListAudiences returns the audiences that HR saved, each counted now.
func (h Handler) ListAudiences(ctx context.Context, _ *momentsv1.ListAudiencesRequest) (*momentsv1.ListAudiencesResponse, error) {
	if err := allow(ctx, momentsv1connect.AudiencesServiceListAudiencesProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	all, err := h.Audiences.All(ctx)
	if err != nil {
		return nil, err
	}
	today, err := h.companyToday(ctx)
	if err != nil {
		return nil, err
	}
	now := h.Clock.Now()
	res := &momentsv1.ListAudiencesResponse{AsOf: instant(now)}
	for _, saved := range all {
		count, err := h.selector().Count(ctx, saved.Audience, today, now)
		if err != nil {
			return nil, err
		}
		res.Audiences = append(res.Audiences, &momentsv1.ListAudiencesResponse_Counted{Audience: savedView(saved), Count: countView(count)})
	}
	return res, nil
}

// GetAudience returns one.
func (h Handler) GetAudience(ctx context.Context, req *momentsv1.GetAudienceRequest) (*momentsv1.GetAudienceResponse, error) {
	if err := allow(ctx, momentsv1connect.AudiencesServiceGetAudienceProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	saved, err := h.Audiences.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	return &momentsv1.GetAudienceResponse{Audience: savedView(saved)}, nil
}

// SaveAudience keeps an audience under a name.
func (h Handler) SaveAudience(ctx context.Context, req *momentsv1.SaveAudienceRequest) (*momentsv1.SaveAudienceResponse, error) {
	if err := allow(ctx, momentsv1connect.AudiencesServiceSaveAudienceProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	who, err := audienceOf(req.GetAudience())
	if err != nil {
		return nil, err
	}
	last, err := h.Audiences.Get(ctx, req.GetId())
	switch {
	case errors.Is(err, mongodb.ErrNotFound):
		last = audience.Saved{ID: req.GetId()}
	case err != nil:
		return nil, err
	case last.Says(req.GetName(), who): // the same once more: a button pressed twice, an answer lost on its way
		return &momentsv1.SaveAudienceResponse{Audience: savedView(last)}, nil
	}
	if req.GetVersion() != last.Version {
		return nil, fmt.Errorf("changing version %d of audience %s: %w", req.GetVersion(), req.GetId(), mongodb.ErrConflict)
	}
	all, err := h.Audiences.All(ctx)
	if err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(all, func(s audience.Saved) bool { return s.ID == req.GetId() })
	next := last.Write(req.GetName(), who, author(ctx), h.Clock.Now())
	problems := next.Check(others)
	unknown, err := h.unknownReaction(ctx, who)
	if err != nil {
		return nil, err
	}
	for _, p := range unknown {
		problems = append(problems, audience.Problem{Field: "audience." + p.Field, Code: p.Code})
	}
	if len(problems) > 0 {
		return nil, refused("", problems)
	}
	if err := h.Audiences.Keep(ctx, next); err != nil {
		return nil, err
	}
	return &momentsv1.SaveAudienceResponse{Audience: savedView(next)}, nil
}

// DeleteAudience removes one. Campaigns hold their own copies.
func (h Handler) DeleteAudience(ctx context.Context, req *momentsv1.DeleteAudienceRequest) (*momentsv1.DeleteAudienceResponse, error) {
	if err := allow(ctx, momentsv1connect.AudiencesServiceDeleteAudienceProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	if err := h.Audiences.Delete(ctx, req.GetId()); err != nil {
		return nil, err
	}
	return &momentsv1.DeleteAudienceResponse{}, nil
}

// selector finds who is in an audience.
func (h Handler) selector() campaigning.Selector {
	return campaigning.Selector{People: h.People, Reactions: h.Reactions, Quiet: h.Quiet}
}

// unknownReaction tells of a reaction to what nobody may ask about: what the catalogue does not know, what is a whole team's, and what is
// nobody else's business, as a campaign is to those who were chosen for how they reacted.
func (h Handler) unknownReaction(ctx context.Context, who audience.Audience) ([]audience.Problem, error) {
	unknown := []audience.Problem{{Field: "reaction", Code: audience.Unknown}}
	r := who.Reaction
	switch {
	case r.IsZero(), r.KeyMoment == "", r.KeyMoment == audience.Campaign && r.FollowUp == "":
		return nil, nil
	case r.KeyMoment == audience.Campaign:
		if tells, err := h.Reactions.Tells(ctx, r); err != nil || !tells {
			return unknown, err
		}
		return nil, nil
	}
	km, known := h.Catalogue.Find(r.KeyMoment)
	_, planned := km.Rule(r.FollowUp)
	if !known || km.Collective || moment.IsDelicate(km.Code) || r.FollowUp != "" && !planned {
		return unknown, nil
	}
	return nil, nil
}

func refused(prefix string, problems []audience.Problem) error {
	violations := make([]rpc.Violation, len(problems))
	for i, p := range problems {
		violations[i] = rpc.Violation{Field: prefix + p.Field, Description: string(p.Code)}
	}
	return rpc.Invalid(violations...)
}

func savedView(s audience.Saved) *momentsv1.SavedAudience {
	return &momentsv1.SavedAudience{
		Id: s.ID, Version: s.Version, Name: s.Name, Audience: audienceView(s.Audience), ChangedAt: instant(s.ChangedAt), ChangedBy: s.ChangedBy,
	}
}

func countView(c audience.Count) *momentsv1.AudienceCount {
	return &momentsv1.AudienceCount{People: int64(c.People), About: c.About, TooFew: c.TooFew}
}
