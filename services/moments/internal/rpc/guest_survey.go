package rpc

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
)

// GetGuestSurvey returns what a link's holder is asked, or from when on.
func (h Handler) GetGuestSurvey(ctx context.Context, req *momentsv1.GetGuestSurveyRequest) (*momentsv1.GetGuestSurveyResponse, error) {
	item, err := h.linked(ctx, momentsv1connect.GuestsServiceGetGuestSurveyProcedure, req.GetToken())
	if err != nil {
		return nil, err
	}
	f, err := followup.Read(item)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.GetGuestSurveyResponse{Language: "fr", TimeZone: f.Zone.String()}
	if err := h.greet(ctx, f, res); err != nil {
		return nil, err
	}
	if f.State == moment.Planned && h.Clock.Now().Before(f.Due) {
		res.OpensAt = instant(f.Due)
		return res, nil
	}
	in, err := h.open(ctx, item)
	if err != nil {
		return nil, err
	}
	language := req.GetLanguage()
	if language == "" {
		language = res.GetLanguage()
	}
	res.Survey, err = h.asked(ctx, in, language)
	return res, err
}

// greet adds the name and the language of whoever is asked, as far as they are known.
func (h Handler) greet(ctx context.Context, f followup.FollowUp, res *momentsv1.GetGuestSurveyResponse) error {
	if !f.Moment.Guest {
		p, _, err := h.person(ctx, f.PersonID)
		if p.Language != "" {
			res.Language = p.Language
		}
		return err
	}
	g, err := h.Guests.Get(ctx, f.PersonID)
	if errors.Is(err, mongodb.ErrNotFound) {
		return nil
	}
	if g.Language != "" {
		res.Language = g.Language
	}
	res.FirstName = g.FirstName
	return err
}

// SubmitGuestResponse takes the answers of a link's holder, by the same rules as everybody's.
func (h Handler) SubmitGuestResponse(
	ctx context.Context, req *momentsv1.SubmitGuestResponseRequest,
) (*momentsv1.SubmitGuestResponseResponse, error) {
	in, err := h.linkedInvitation(ctx, momentsv1connect.GuestsServiceSubmitGuestResponseProcedure, req.GetToken())
	if err != nil {
		return nil, err
	}
	known, err := h.answer(ctx, in, answers(req.GetAnswers()), req.GetContactMe())
	if err != nil {
		return nil, err
	}
	return &momentsv1.SubmitGuestResponseResponse{AlreadyAnswered: known}, nil
}

// SaveGuestDraft keeps what is entered so far.
func (h Handler) SaveGuestDraft(ctx context.Context, req *momentsv1.SaveGuestDraftRequest) (*momentsv1.SaveGuestDraftResponse, error) {
	in, err := h.linkedInvitation(ctx, momentsv1connect.GuestsServiceSaveGuestDraftProcedure, req.GetToken())
	if err != nil {
		return nil, err
	}
	return &momentsv1.SaveGuestDraftResponse{}, h.keepDraft(ctx, in, answers(req.GetAnswers()))
}

func (h Handler) linkedInvitation(ctx context.Context, procedure, token string) (invitation, error) {
	item, err := h.linked(ctx, procedure, token)
	if err != nil {
		return invitation{}, err
	}
	return h.open(ctx, item)
}

// linked is the follow-up to which a token leads. A wrong token, one of a moment that was called off and one of somebody who was
// forgotten are the same to whoever asks.
func (h Handler) linked(ctx context.Context, procedure, token string) (agenda.Item, error) {
	if err := allow(ctx, procedure, policy.Subject{}); err != nil {
		return agenda.Item{}, err
	}
	link, err := h.Guests.Link(ctx, token)
	if err != nil {
		return agenda.Item{}, noLink(err)
	}
	item, err := h.FollowUps.Get(ctx, link.InvitationID)
	if err != nil {
		return agenda.Item{}, noLink(err)
	}
	f, err := followup.Read(item)
	if err != nil {
		return agenda.Item{}, err
	}
	if f.State == moment.Cancelled {
		return agenda.Item{}, noLink(mongodb.ErrNotFound)
	}
	return item, nil
}

func noLink(err error) error {
	if errors.Is(err, mongodb.ErrNotFound) {
		return connect.NewError(connect.CodeNotFound, errors.New("no such link"))
	}
	return err
}
