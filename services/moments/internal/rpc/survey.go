package rpc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"connectrpc.com/connect"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/closing"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/survey"
)

// GetSurvey returns what the invited person is asked. Nobody else can tell whether the invitation exists.
func (h Handler) GetSurvey(ctx context.Context, req *momentsv1.GetSurveyRequest) (*momentsv1.GetSurveyResponse, error) {
	in, err := h.invitation(ctx, momentsv1connect.MomentsServiceGetSurveyProcedure, req.GetInvitationId())
	if err != nil {
		return nil, err
	}
	language := req.GetLanguage()
	if language == "" {
		p, _, err := h.person(ctx, in.PersonID)
		if err != nil {
			return nil, err
		}
		language = p.Language
	}
	return h.asked(ctx, in, language)
}

// asked is what whoever holds an invitation is asked.
func (h Handler) asked(ctx context.Context, in invitation, language string) (*momentsv1.GetSurveyResponse, error) {
	answered, err := h.Responses.Exists(ctx, survey.ResponseID(in.InvitationID))
	if err != nil {
		return nil, err
	}
	res := &momentsv1.GetSurveyResponse{
		InvitationId: in.InvitationID, QuestionnaireId: in.questionnaire.ID, Title: in.questionnaire.Title.In(language),
		KeyMoment: in.KeyMoment, FollowUp: in.ToldAs(h.Catalogue), HappensOn: in.Moment.HappensOn.String(),
		Confidential: !in.questionnaire.Named,
	}
	said := saying{}
	if in.message.Kind == campaign.Message {
		if said, err = h.filled(ctx, in.message, in.PersonID, language); err != nil {
			return nil, err
		}
		res.Title = said.title
	}
	switch {
	case answered:
		res.State = momentsv1.GetSurveyResponse_STATE_ANSWERED
	case !in.open:
		res.State = momentsv1.GetSurveyResponse_STATE_EXPIRED
	default:
		res.State = momentsv1.GetSurveyResponse_STATE_OPEN
		res.AsksContact = in.asksContact()
		res.Questions, res.Message = questionViews(in.questionnaire.Questions, language), said.text
		draft, err := h.Drafts.Get(ctx, in.InvitationID)
		if err != nil {
			return nil, err
		}
		res.Draft = answerViews(in.questionnaire.Keep(draft))
	}
	return res, nil
}

// SubmitResponse stores the answers in one write, which also marks that the invitation is still to be closed; the rest
// happens afterwards, for many at a time (package closing).
func (h Handler) SubmitResponse(ctx context.Context, req *momentsv1.SubmitResponseRequest) (*momentsv1.SubmitResponseResponse, error) {
	in, err := h.invitation(ctx, momentsv1connect.MomentsServiceSubmitResponseProcedure, req.GetInvitationId())
	if err != nil {
		return nil, err
	}
	known, err := h.answer(ctx, in, answers(req.GetAnswers()), req.GetContactMe())
	if err != nil {
		return nil, err
	}
	return &momentsv1.SubmitResponseResponse{AlreadyAnswered: known}, nil
}

// answer takes the answers to an invitation, and says whether it was answered before.
func (h Handler) answer(ctx context.Context, in invitation, given []survey.Answer, contactMe bool) (known bool, err error) {
	response := survey.Response{
		ID: survey.ResponseID(in.InvitationID), KeyMoment: in.KeyMoment, FollowUp: in.Code, Questionnaire: in.questionnaire.ID,
		UnitPath: in.Moment.UnitPath, AnsweredOn: clock.DateOf(h.Clock.Now(), in.Zone),
		AskedIn: in.asked.UTC().Format("2006-01"), Group: string(in.Group), Closing: true,
	}
	if in.questionnaire.Named {
		response.PersonID = in.PersonID
	}
	if !in.open {
		// A retry of an answer that was taken in time is told so, not that it is late.
		answered, err := h.Responses.Exists(ctx, response.ID)
		if err != nil {
			return false, err
		}
		if answered {
			return true, nil
		}
		return false, connect.NewError(connect.CodeFailedPrecondition, errors.New("the time to answer is over"))
	}
	if response.Answers, err = in.questionnaire.Accept(given); err != nil {
		return false, invalid(err)
	}
	if contactMe && in.asksContact() {
		// Before the answers: whoever repeats what failed half way is asked nothing again.
		if err := h.wantContact(ctx, in, response.ID); err != nil {
			return false, err
		}
	}
	stored, err := h.Responses.Insert(ctx, response)
	answered := closing.Invitation{ID: in.InvitationID, PersonID: in.PersonID}
	if in.ByLink() {
		answered.PersonID = "" // no prompt of anybody's is to be closed
	}
	switch {
	case err != nil:
		h.Closer.Doubt(answered) // what failed may be the word that it was stored
		return false, err
	case stored:
		h.Closer.Close(answered)
	default:
		h.Closer.Doubt(answered)
	}
	return !stored, nil
}

// invitation is an invitation that the caller may answer, or might have answered in time.
type invitation struct {
	followup.FollowUp
	questionnaire survey.Questionnaire
	// message is a campaign that asks nothing; nothing for all others.
	message campaign.Content
	// asked and until are when it was asked for, and when it expires.
	asked, until time.Time
	open         bool
}

// invitation costs one read in the usual case: an answer is as fast as its reads are few.
func (h Handler) invitation(ctx context.Context, procedure, id string) (invitation, error) {
	item, err := h.FollowUps.Get(ctx, id)
	if err != nil {
		return invitation{}, err
	}
	if err := allow(ctx, procedure, policy.Subject{PersonID: item.Subject}); err != nil {
		// Whose it is, and whether it exists, is nobody else's business.
		return invitation{}, fmt.Errorf("reading invitation %s: %w", id, mongodb.ErrNotFound)
	}
	return h.open(ctx, item)
}

// open reads an invitation for somebody who may answer it; mongodb.ErrNotFound for one that was not asked yet.
func (h Handler) open(ctx context.Context, item agenda.Item) (invitation, error) {
	var (
		in  invitation
		err error
	)
	unknown := fmt.Errorf("reading invitation %s: %w", item.ID, mongodb.ErrNotFound)
	if in.FollowUp, err = followup.Read(item); err != nil {
		return invitation{}, err
	}
	now := h.Clock.Now()
	in.asked = in.AskedAt
	if in.State != moment.Asked {
		p, _, err := h.person(ctx, in.PersonID)
		if err != nil {
			return invitation{}, err
		}
		if !in.BeingAsked(now, contract(p)) {
			return invitation{}, unknown
		}
		in.asked = now
	}
	in.until = in.AnswerUntil(h.Catalogue, in.asked)
	in.open = now.Before(in.until)
	if in.KeyMoment == campaign.KeyMoment && in.CampaignKind() == campaign.Message {
		in.questionnaire, in.message, err = h.message(ctx, in.FollowUp)
		return in, err
	}
	if in.questionnaire, err = h.Questionnaires.Find(ctx, in.Questionnaire); errors.Is(err, mongodb.ErrNotFound) {
		err = fmt.Errorf("invitation %s asks questionnaire %q, which is not known", item.ID, in.Questionnaire)
	}
	return in, err
}

// invalid names every question at fault as the field of a violation.
func invalid(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	var violations []rpc.Violation
	for _, e := range joined.Unwrap() {
		var wrong *survey.AnswerError
		if !errors.As(e, &wrong) {
			return err
		}
		violations = append(violations, rpc.Violation{Field: wrong.Question, Description: wrong.Problem})
	}
	return rpc.Invalid(violations...)
}
