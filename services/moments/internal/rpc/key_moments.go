package rpc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/moment"
)

// ListKeyMoments returns the catalogue.
func (h Handler) ListKeyMoments(ctx context.Context, req *momentsv1.ListKeyMomentsRequest) (*momentsv1.ListKeyMomentsResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceListKeyMomentsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	catalogue, err := h.KeyMoments.Latest(ctx)
	if err != nil {
		return nil, err
	}
	res := &momentsv1.ListKeyMomentsResponse{}
	for _, km := range catalogue {
		res.KeyMoments = append(res.KeyMoments, h.entry(km, req.GetLanguage()))
	}
	return res, nil
}

// GetKeyMoment returns an entry of the catalogue.
func (h Handler) GetKeyMoment(ctx context.Context, req *momentsv1.GetKeyMomentRequest) (*momentsv1.GetKeyMomentResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceGetKeyMomentProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	km, err := h.keyMoment(ctx, req.GetCode())
	if err != nil {
		return nil, err
	}
	return &momentsv1.GetKeyMomentResponse{
		KeyMoment: h.entry(km, req.GetLanguage()),
		Texts:     []*momentsv1.KeyMomentTexts{texts("fr", km.Words.FR), texts("en", km.Words.EN)},
		Emotions:  h.emotionViews(req.GetLanguage()),
	}, nil
}

// UpdateKeyMoment keeps a new version of an entry.
func (h Handler) UpdateKeyMoment(ctx context.Context, req *momentsv1.UpdateKeyMomentRequest) (*momentsv1.UpdateKeyMomentResponse, error) {
	if err := allow(ctx, momentsv1connect.MomentsServiceUpdateKeyMomentProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	km, err := h.keyMoment(ctx, req.GetCode())
	if err != nil {
		return nil, err
	}
	if km.Version != req.GetVersion() {
		return nil, fmt.Errorf("changing version %d of %s: %w", req.GetVersion(), km.Code, mongodb.ErrConflict)
	}
	actor, _ := identity.FromContext(ctx)
	version := moment.Version{
		Code: km.Code, Number: km.Version + 1, Words: km.Words, ChangedAt: h.Clock.Now(), ChangedBy: actor.PersonID, Expected: km.Expected,
	}
	if chosen := req.GetExpectedEmotions(); chosen != nil {
		if version.Expected, err = h.expected(chosen.GetIds()); err != nil {
			return nil, err
		}
	}
	for _, t := range req.GetTexts() {
		switch t.GetLanguage() {
		case "fr":
			version.Words.FR = words(t, km.Words.FR.Name)
		case "en":
			version.Words.EN = words(t, km.Words.EN.Name)
		default:
			return nil, rpc.InvalidField("texts", "must be in fr or en")
		}
	}
	for _, f := range req.GetFollowUps() {
		version.FollowUps = append(version.FollowUps, moment.RuleChange{
			Code: f.GetCode(), OffsetDays: int(f.GetOffsetDays()), Off: f.GetOff(), Questionnaire: chosenQuestionnaire(km, f),
			AsksContact: f.GetAsksContact(), GraceDays: chosenDays(f.GraceDays, km, f, grace), AnswerDays: chosenDays(f.AnswerDays, km, f, answer),
		})
	}
	// What this version does not speak of stays as the version before had it.
	for _, rule := range km.FollowUps {
		if !speaksOf(version, rule.Code) {
			version.FollowUps = append(version.FollowUps, moment.RuleChange{
				Code: rule.Code, OffsetDays: rule.OffsetDays, Off: rule.Off, Questionnaire: rule.Questionnaire,
				AsksContact: rule.AsksContact, GraceDays: &rule.GraceDays, AnswerDays: &rule.AnswerDays,
			})
		}
	}
	known, err := h.Questionnaires.Known(ctx)
	if err != nil {
		return nil, err
	}
	var wrong *moment.WrongError
	if err := km.Check(version, known.Has); errors.As(err, &wrong) {
		return nil, rpc.InvalidField(wrong.Field, "%s", wrong.Expected)
	}
	if err := h.KeyMoments.Keep(ctx, version); err != nil {
		return nil, err
	}
	return &momentsv1.UpdateKeyMomentResponse{Version: version.Number}, nil
}

// chosenQuestionnaire is the one asked for, else the one that the follow-up asks already.
func chosenQuestionnaire(km moment.KeyMoment, f *momentsv1.FollowUpRule) string {
	rule, _ := km.Rule(f.GetCode())
	return cmp.Or(f.GetQuestionnaireId(), rule.Questionnaire)
}

func grace(r moment.Rule) int  { return r.GraceDays }
func answer(r moment.Rule) int { return r.AnswerDays }

// chosenDays is the number asked for, else the one that the follow-up has already; nil for what is no follow-up of the key moment.
func chosenDays(asked *int32, km moment.KeyMoment, f *momentsv1.FollowUpRule, of func(moment.Rule) int) *int {
	rule, ok := km.Rule(f.GetCode())
	if !ok {
		return nil
	}
	days := of(rule)
	if asked != nil {
		days = int(*asked)
	}
	return &days
}

func speaksOf(v moment.Version, followUp string) bool {
	for _, c := range v.FollowUps {
		if c.Code == followUp {
			return true
		}
	}
	return false
}

// keyMoment is the current entry of a code.
func (h Handler) keyMoment(ctx context.Context, code string) (moment.KeyMoment, error) {
	catalogue, err := h.KeyMoments.Latest(ctx)
	if err != nil {
		return moment.KeyMoment{}, err
	}
	km, ok := catalogue.Find(code)
	if !ok {
		return moment.KeyMoment{}, connect.NewError(connect.CodeNotFound, errors.New("no such key moment"))
	}
	return km, nil
}

func (h Handler) entry(km moment.KeyMoment, language string) *momentsv1.KeyMoment {
	t := km.Words.In(language)
	entry := &momentsv1.KeyMoment{
		Code: km.Code, Name: t.Name, Summary: t.Summary, Emotional: t.Emotional, Relational: t.Relational,
		Operational: t.Operational, Prepare: t.Prepare, Collective: km.Collective, Automatic: km.Automatic,
		Version: km.Version, ChangedAt: instant(km.ChangedAt), ChangedBy: km.ChangedBy,
	}
	for _, rule := range km.FollowUps {
		entry.FollowUps = append(entry.FollowUps, &momentsv1.FollowUpRule{
			Code: rule.Code, OffsetDays: int32(rule.OffsetDays), QuestionnaireId: rule.Questionnaire, Off: rule.Off,
			AsksContact: rule.AsksContact, GraceDays: new(int32(rule.GraceDays)), AnswerDays: new(int32(rule.AnswerDays)),
			ToldAs: h.Catalogue.ToldAs(km.Code, rule.Code, rule.OffsetDays),
		})
	}
	labels := h.emotions()
	for _, id := range km.Expected {
		if label, ok := labels[id]; ok {
			entry.ExpectedEmotions = append(entry.ExpectedEmotions, &momentsv1.Option{Id: id, Label: label.In(language)})
		}
	}
	return entry
}

func texts(language string, t moment.Texts) *momentsv1.KeyMomentTexts {
	return &momentsv1.KeyMomentTexts{
		Language: language, Name: t.Name, Summary: t.Summary, Emotional: t.Emotional, Relational: t.Relational,
		Operational: t.Operational, Prepare: t.Prepare,
	}
}

func words(t *momentsv1.KeyMomentTexts, name string) moment.Texts {
	return moment.Texts{
		Name: name, Summary: strings.TrimSpace(t.GetSummary()), Emotional: t.GetEmotional(), Relational: t.GetRelational(),
		Operational: t.GetOperational(), Prepare: t.GetPrepare(),
	}
}
