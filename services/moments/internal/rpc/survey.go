package rpc

import (
	"context"
	"errors"
	"fmt"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
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
	answered, err := h.Responses.Exists(ctx, survey.ResponseID(in.InvitationID))
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
	res := &momentsv1.GetSurveyResponse{
		InvitationId: in.InvitationID, QuestionnaireId: in.questionnaire.ID, Title: in.questionnaire.Title.In(language),
		KeyMoment: in.KeyMoment, FollowUp: in.Code, HappensOn: in.Moment.HappensOn.String(), Confidential: true,
	}
	switch {
	case answered:
		res.State = momentsv1.GetSurveyResponse_STATE_ANSWERED
	case !in.open:
		res.State = momentsv1.GetSurveyResponse_STATE_EXPIRED
	default:
		res.State = momentsv1.GetSurveyResponse_STATE_OPEN
		for _, q := range in.questionnaire.Questions {
			res.Questions = append(res.Questions, question(q, language))
		}
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
	response := survey.Response{
		ID: survey.ResponseID(in.InvitationID), KeyMoment: in.KeyMoment, FollowUp: in.Code, Questionnaire: in.questionnaire.ID,
		UnitPath: in.Moment.UnitPath, AnsweredOn: clock.DateOf(h.Clock.Now(), in.Zone), Closing: true,
	}
	if !in.open {
		// A retry of an answer that was taken in time is told so, not that it is late.
		answered, err := h.Responses.Exists(ctx, response.ID)
		if err != nil {
			return nil, err
		}
		if answered {
			return &momentsv1.SubmitResponseResponse{AlreadyAnswered: true}, nil
		}
		return nil, connect.NewError(connect.CodeFailedPrecondition, errors.New("the time to answer is over"))
	}
	if response.Answers, err = in.questionnaire.Accept(answers(req.GetAnswers())); err != nil {
		return nil, invalid(err)
	}
	stored, err := h.Responses.Insert(ctx, response)
	answered := closing.Invitation{ID: in.InvitationID, PersonID: in.PersonID}
	switch {
	case err != nil:
		h.Closer.Doubt(answered) // what failed may be the word that it was stored
		return nil, err
	case stored:
		h.Closer.Close(answered)
	default:
		h.Closer.Doubt(answered)
	}
	return &momentsv1.SubmitResponseResponse{AlreadyAnswered: !stored}, nil
}

// invitation is an invitation that the caller may answer, or might have answered in time.
type invitation struct {
	followup.FollowUp
	questionnaire survey.Questionnaire
	open          bool
}

// invitation costs one read in the usual case: an answer is as fast as its reads are few.
func (h Handler) invitation(ctx context.Context, procedure, id string) (invitation, error) {
	item, err := h.FollowUps.Get(ctx, id)
	if err != nil {
		return invitation{}, err
	}
	unknown := fmt.Errorf("reading invitation %s: %w", id, mongodb.ErrNotFound)
	if err := allow(ctx, procedure, policy.Subject{PersonID: item.Subject}); err != nil {
		// Whose it is, and whether it exists, is nobody else's business.
		return invitation{}, unknown
	}
	in := invitation{}
	if in.FollowUp, err = followup.Read(item); err != nil {
		return invitation{}, err
	}
	now := h.Clock.Now()
	asked := in.AskedAt
	if in.State != moment.Asked {
		p, _, err := h.person(ctx, in.PersonID)
		if err != nil {
			return invitation{}, err
		}
		if !in.BeingAsked(now, contract(p)) {
			return invitation{}, unknown
		}
		asked = now
	}
	in.open = now.Before(in.AnswerUntil(h.Catalogue, asked))
	var ok bool
	if in.questionnaire, ok = h.Questionnaires[in.Questionnaire]; !ok {
		return invitation{}, fmt.Errorf("invitation %s asks questionnaire %q, which is not known", id, in.Questionnaire)
	}
	return in, nil
}

func answers(given []*momentsv1.Answer) []survey.Answer {
	out := make([]survey.Answer, len(given))
	for i, a := range given {
		out[i] = survey.Answer{
			Question: a.GetQuestionId(), Option: a.GetOptionId(), Number: int(a.GetNumber()), Text: a.GetText(),
		}
	}
	return out
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

func question(q survey.Question, language string) *momentsv1.Question {
	out := &momentsv1.Question{Id: q.ID, Kind: kinds[q.Kind], Text: q.Text.In(language), Required: q.Required}
	switch q.Kind {
	case survey.Emotion:
		for _, o := range q.Options {
			out.Options = append(out.Options, &momentsv1.Option{Id: o.ID, Label: o.Label.In(language)})
		}
	case survey.Scale:
		out.Points, out.LowLabel, out.HighLabel = int32(q.Points), q.Low.In(language), q.High.In(language)
	case survey.Text:
		out.MaxLength = int32(q.MaxLength)
	}
	return out
}

var kinds = map[survey.Kind]momentsv1.Question_Kind{
	survey.Emotion: momentsv1.Question_KIND_EMOTION,
	survey.Scale:   momentsv1.Question_KIND_SCALE,
	survey.Text:    momentsv1.Question_KIND_TEXT,
}
