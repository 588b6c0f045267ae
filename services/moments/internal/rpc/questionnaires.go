package rpc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/survey"
)

// ListQuestionnaires returns HR's questionnaires, the one changed last first, then those that the installation comes with.
func (h Handler) ListQuestionnaires(
	ctx context.Context, _ *momentsv1.ListQuestionnairesRequest,
) (*momentsv1.ListQuestionnairesResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceListQuestionnairesProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	versions, err := h.Questionnaires.All(ctx)
	if err != nil {
		return nil, err
	}
	uses, err := h.questionnaireUses(ctx)
	if err != nil {
		return nil, err
	}
	byCode := map[string][]survey.Version{}
	var newest []survey.Version
	for _, v := range versions {
		byCode[v.Code] = append(byCode[v.Code], v)
	}
	for _, of := range byCode {
		newest = append(newest, of[len(of)-1])
	}
	slices.SortFunc(newest, func(a, b survey.Version) int {
		return cmp.Or(b.ChangedAt.Compare(a.ChangedAt), cmp.Compare(a.Code, b.Code))
	})
	res := &momentsv1.ListQuestionnairesResponse{}
	add := func(view *momentsv1.Questionnaire) {
		view.Questions, view.Uses = nil, uses[view.GetCode()]
		res.Questionnaires = append(res.Questionnaires, view)
	}
	for _, v := range newest {
		add(versionView(v, byCode[v.Code]))
	}
	for _, q := range h.Questionnaires.Base().Newest() {
		add(standardView(q))
	}
	return res, nil
}

// GetQuestionnaire returns a version of a questionnaire.
func (h Handler) GetQuestionnaire(
	ctx context.Context, req *momentsv1.GetQuestionnaireRequest,
) (*momentsv1.GetQuestionnaireResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceGetQuestionnaireProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	uses, err := h.questionnaireUses(ctx)
	if err != nil {
		return nil, err
	}
	for _, q := range h.Questionnaires.Base().Newest() {
		if code, number, _ := survey.ReadVersionID(q.ID); code == req.GetCode() && (req.GetNumber() == 0 || int(req.GetNumber()) == number) {
			view := standardView(q)
			view.Uses = uses[code]
			return &momentsv1.GetQuestionnaireResponse{Questionnaire: view}, nil
		}
	}
	versions, err := h.Questionnaires.Of(ctx, req.GetCode())
	if err != nil {
		return nil, err
	}
	for _, v := range slices.Backward(versions) {
		if req.GetNumber() == 0 || int(req.GetNumber()) == v.Number {
			view := versionView(v, versions)
			view.Uses = uses[v.Code]
			return &momentsv1.GetQuestionnaireResponse{Questionnaire: view, Problems: problemViews(problemsOf(v, versions))}, nil
		}
	}
	return nil, connect.NewError(connect.CodeNotFound, errors.New("no such questionnaire"))
}

// SaveQuestionnaire keeps a draft.
func (h Handler) SaveQuestionnaire(
	ctx context.Context, req *momentsv1.SaveQuestionnaireRequest,
) (*momentsv1.SaveQuestionnaireResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceSaveQuestionnaireProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	if h.Questionnaires.Base().Has(survey.VersionID(req.GetCode(), 1)) {
		return nil, rpc.InvalidField("code", "is that of a questionnaire that Jalon comes with: copy it")
	}
	versions, err := h.Questionnaires.Of(ctx, req.GetCode())
	if err != nil {
		return nil, err
	}
	var last survey.Version
	if len(versions) > 0 {
		last = versions[len(versions)-1]
	}
	next := survey.Version{
		ID: last.ID, Code: req.GetCode(), Number: last.Number, Revision: last.Revision + 1,
		Content: written(req).Tidy(), ChangedAt: h.Clock.Now(), ChangedBy: author(ctx),
	}
	begin := last.Published || last.Number == 0
	switch {
	case last.Number > 0 && last.Holds(next.Content) && req.GetRevision() != last.Revision:
		// The same once more: a button pressed twice, an answer lost on its way.
		return &momentsv1.SaveQuestionnaireResponse{Revision: last.Revision, Problems: problemViews(problemsOf(last, versions))}, nil
	case req.GetRevision() != last.Revision:
		return nil, fmt.Errorf("changing revision %d of %s: %w", req.GetRevision(), req.GetCode(), mongodb.ErrConflict)
	case begin:
		next.Number++
		next.ID = survey.VersionID(next.Code, next.Number)
		versions = append(versions, next)
		err = h.Questionnaires.Begin(ctx, next)
	case last.Holds(next.Content):
		next.Revision = last.Revision
	default:
		err = h.Questionnaires.Replace(ctx, next)
	}
	if err != nil {
		return nil, err
	}
	return &momentsv1.SaveQuestionnaireResponse{Revision: next.Revision, Problems: problemViews(problemsOf(next, versions))}, nil
}

// PublishQuestionnaire makes a draft a version for ever.
func (h Handler) PublishQuestionnaire(
	ctx context.Context, req *momentsv1.PublishQuestionnaireRequest,
) (*momentsv1.PublishQuestionnaireResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServicePublishQuestionnaireProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	versions, err := h.Questionnaires.Of(ctx, req.GetCode())
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such questionnaire"))
	}
	v := versions[len(versions)-1]
	switch {
	case v.Published && v.Revision == req.GetRevision()+1: // the same once more
		return &momentsv1.PublishQuestionnaireResponse{Id: v.ID, Revision: v.Revision}, nil
	case v.Published || v.Revision != req.GetRevision():
		return nil, fmt.Errorf("publishing revision %d of %s: %w", req.GetRevision(), req.GetCode(), mongodb.ErrConflict)
	}
	if problems := problemsOf(v, versions); len(problems) > 0 {
		violations := make([]rpc.Violation, len(problems))
		for i, p := range problems {
			violations[i] = rpc.Violation{Field: p.Field, Description: string(p.Code)}
		}
		return nil, rpc.Invalid(violations...)
	}
	known, err := h.Questionnaires.Known(ctx)
	if err != nil {
		return nil, err
	}
	v.Content = v.Content.Settle(known)
	v.Revision, v.Published, v.ChangedAt, v.ChangedBy = v.Revision+1, true, h.Clock.Now(), author(ctx)
	if err := h.Questionnaires.Replace(ctx, v); err != nil {
		return nil, err
	}
	return &momentsv1.PublishQuestionnaireResponse{Id: v.ID, Revision: v.Revision}, nil
}

func author(ctx context.Context) string {
	actor, _ := identity.FromContext(ctx)
	return actor.PersonID
}

// problemsOf are what keeps a draft from being published, given all versions of its questionnaire.
func problemsOf(v survey.Version, versions []survey.Version) []survey.Problem {
	if v.Published {
		return nil
	}
	return v.Content.Check(promised(versions))
}

// promised is what the published versions say of who may read the answers; nil where there is none.
func promised(versions []survey.Version) *bool {
	for _, v := range versions {
		if v.Published {
			return &v.Content.Named
		}
	}
	return nil
}

// questionnaireUses are the follow-ups that ask each questionnaire now, by its code.
func (h Handler) questionnaireUses(ctx context.Context) (map[string][]*momentsv1.QuestionnaireUse, error) {
	catalogue, err := h.KeyMoments.Latest(ctx)
	if err != nil {
		return nil, err
	}
	uses := map[string][]*momentsv1.QuestionnaireUse{}
	for _, km := range catalogue {
		for _, rule := range km.FollowUps {
			if code, _, ok := survey.ReadVersionID(rule.Questionnaire); ok {
				uses[code] = append(uses[code], &momentsv1.QuestionnaireUse{KeyMoment: km.Code, FollowUp: rule.Code, Off: rule.Off})
			}
		}
	}
	return uses, nil
}
