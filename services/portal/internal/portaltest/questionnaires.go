package portaltest

import (
	"context"
	"errors"
	"maps"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// Draft is the code of a draft of HR's; Standard that of a questionnaire that Jalon comes with.
const (
	Draft    = "hr_feedback"
	Standard = "onboarding_day_7"
)

func text(fr, en string) *momentsv1.Wording { return &momentsv1.Wording{Fr: fr, En: en} }

// questionnaires are a draft with a question of each kind, and one that comes with Jalon.
func questionnaires() map[string]*momentsv1.Questionnaire {
	options := func(labels ...[2]string) (all []*momentsv1.OptionTexts) {
		for i, label := range labels {
			all = append(all, &momentsv1.OptionTexts{Id: "o" + string(rune('1'+i)), Label: text(label[0], label[1])})
		}
		return all
	}
	draft := &momentsv1.Questionnaire{
		Code: Draft, Number: 2, Id: Draft + ".v2", State: momentsv1.Questionnaire_STATE_DRAFT, Revision: 7,
		Title: text("Votre avis sur <b>l'accueil</b>", "Your view of the <b>welcome</b>"), ChangedAt: "2026-11-02T08:12:00Z", ChangedBy: Jeanne,
		PublishedId: Draft + ".v1", NamedIsFixed: true,
		Uses: []*momentsv1.QuestionnaireUse{{KeyMoment: "onboarding", FollowUp: "day_30"}, {KeyMoment: "training", FollowUp: "day_60", Off: true}},
		Questions: []*momentsv1.QuestionTexts{
			{
				Id: "q_1", Kind: momentsv1.Question_KIND_RATING, Required: true, Text: text("Recommanderiez-vous votre magasin ?", "Would you recommend your store?"),
				Low: text("Pas du tout", "Not at all"), High: text("Sans hésiter", "Without hesitating"),
			},
			{
				Id: "q_2", Kind: momentsv1.Question_KIND_MULTIPLE, Text: text("Qu'est-ce qui vous retient ?", "What keeps you?"),
				Options: options([2]string{"Les horaires", "The hours"}, [2]string{"La rémunération", "The pay"}),
				ShowIf:  &momentsv1.ShowIf{QuestionId: "q_1", AtMost: 6},
			},
			{
				Id: "q_3", Kind: momentsv1.Question_KIND_TEXT, Text: text("Dites-en plus", "Tell more"), MaxLength: 500,
				ShowIf: &momentsv1.ShowIf{QuestionId: "q_2", OptionIds: []string{"o2"}},
			},
			{
				Id: "q_4", Kind: momentsv1.Question_KIND_SCALE, Points: 5, Measure: momentsv1.Measure_MEASURE_AGREEMENT, Text: text("On m'écoute.", "I am listened to."),
				Low: text("Pas du tout d'accord", "Strongly disagree"), High: text("Tout à fait d'accord", "Strongly agree"),
			},
		},
	}
	own := &momentsv1.Questionnaire{
		Code: Standard, Number: 1, Id: Standard + ".v1", State: momentsv1.Questionnaire_STATE_PUBLISHED, Standard: true,
		Title: text("Votre première semaine", "Your first week"), NamedIsFixed: true, PublishedId: Standard + ".v1",
		Uses: []*momentsv1.QuestionnaireUse{{KeyMoment: "onboarding", FollowUp: "day_7"}},
	}
	for _, q := range survey().GetQuestions() {
		own.Questions = append(own.Questions, bilingual(q))
	}
	return map[string]*momentsv1.Questionnaire{Draft: draft, Standard: own}
}

func bilingual(q *momentsv1.Question) *momentsv1.QuestionTexts {
	both := func(t string) *momentsv1.Wording { return text(t, t) }
	out := &momentsv1.QuestionTexts{
		Id: q.GetId(), Kind: q.GetKind(), Text: both(q.GetText()), Required: q.GetRequired(), Points: q.GetPoints(), Measure: q.GetMeasure(),
		Low: both(q.GetLowLabel()), High: both(q.GetHighLabel()), MaxLength: q.GetMaxLength(),
	}
	for _, o := range q.GetOptions() {
		out.Options = append(out.Options, &momentsv1.OptionTexts{Id: o.GetId(), Label: both(o.GetLabel())})
	}
	return out
}

func (m momentsFake) ListQuestionnaires(context.Context, *momentsv1.ListQuestionnairesRequest) (*momentsv1.ListQuestionnairesResponse, error) {
	now := m.Now()
	answer := &momentsv1.ListQuestionnairesResponse{}
	if !now.Empty {
		answer.Questionnaires = append(answer.Questionnaires, now.Questionnaires[Draft])
	}
	answer.Questionnaires = append(answer.Questionnaires, now.Questionnaires[Standard])
	return answer, nil
}

func (m momentsFake) GetQuestionnaire(_ context.Context, req *momentsv1.GetQuestionnaireRequest) (*momentsv1.GetQuestionnaireResponse, error) {
	q, ok := m.Now().Questionnaires[req.GetCode()]
	if !ok {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such questionnaire"))
	}
	return &momentsv1.GetQuestionnaireResponse{Questionnaire: proto.CloneOf(q), Problems: problems(q)}, nil
}

// problems are a few of those that moments finds.
func problems(q *momentsv1.Questionnaire) (found []*momentsv1.QuestionnaireProblem) {
	if q.GetTitle().GetEn() == "" {
		found = append(found, &momentsv1.QuestionnaireProblem{Field: "title.en", Code: "missing"})
	}
	for i, question := range q.GetQuestions() {
		if question.GetText().GetFr() == "" {
			found = append(found, &momentsv1.QuestionnaireProblem{Field: "questions[" + string(rune('0'+i)) + "].text.fr", Code: "missing"})
		}
	}
	return found
}

func (m momentsFake) SaveQuestionnaire(ctx context.Context, req *momentsv1.SaveQuestionnaireRequest) (*momentsv1.SaveQuestionnaireResponse, error) {
	actor, _ := identity.FromContext(ctx)
	var answer *momentsv1.SaveQuestionnaireResponse
	var err error
	m.Set(func(s *State) {
		if s.Broken {
			err = connect.NewError(connect.CodeUnavailable, errors.New("away"))
			return
		}
		now := s.Questionnaires[req.GetCode()]
		if now.GetRevision() != req.GetRevision() {
			err = connect.NewError(connect.CodeAborted, errors.New("another revision meanwhile"))
			return
		}
		next := &momentsv1.Questionnaire{
			Code: req.GetCode(), Number: max(now.GetNumber(), 1), State: momentsv1.Questionnaire_STATE_DRAFT, Title: req.GetTitle(),
			Named: req.GetNamed(), Questions: req.GetQuestions(), Revision: req.GetRevision() + 1, ChangedAt: "2026-11-02T08:12:00Z",
			ChangedBy: actor.PersonID, NamedIsFixed: now.GetNamedIsFixed(), PublishedId: now.GetPublishedId(), Uses: now.GetUses(),
		}
		s.Questionnaires = maps.Clone(s.Questionnaires) // whoever reads has the map of before
		s.Questionnaires[req.GetCode()] = next
		answer = &momentsv1.SaveQuestionnaireResponse{Revision: next.GetRevision(), Problems: problems(next)}
	})
	return answer, err
}

func (m momentsFake) PublishQuestionnaire(_ context.Context, req *momentsv1.PublishQuestionnaireRequest) (*momentsv1.PublishQuestionnaireResponse, error) {
	var answer *momentsv1.PublishQuestionnaireResponse
	var err error
	m.Set(func(s *State) {
		now := s.Questionnaires[req.GetCode()]
		if len(problems(now)) > 0 {
			err = rpc.InvalidField("title.en", "missing")
			return
		}
		next := proto.CloneOf(now)
		next.State, next.Revision = momentsv1.Questionnaire_STATE_PUBLISHED, now.GetRevision()+1
		s.Questionnaires = maps.Clone(s.Questionnaires) // whoever reads has the map of before
		s.Questionnaires[req.GetCode()] = next
		answer = &momentsv1.PublishQuestionnaireResponse{Id: next.GetId(), Revision: next.GetRevision()}
	})
	return answer, err
}

func (m momentsFake) ListNamedResponses(_ context.Context, req *momentsv1.ListNamedResponsesRequest) (*momentsv1.ListNamedResponsesResponse, error) {
	if m.Now().Empty || req.GetKeyMoment() != "onboarding" {
		return &momentsv1.ListNamedResponsesResponse{}, nil
	}
	all := EveryKind().GetQuestions()
	response := func(person string) *momentsv1.NamedResponse {
		return &momentsv1.NamedResponse{
			PersonId: person, FollowUp: "day_30", AnsweredOn: "2026-10-29", Questions: all,
			Answers: []*momentsv1.Answer{
				{QuestionId: all[0].GetId(), Value: &momentsv1.Answer_Number{Number: 0}},
				{QuestionId: all[1].GetId(), Value: &momentsv1.Answer_OptionIds{OptionIds: &momentsv1.OptionIds{Ids: []string{"o1", "o3"}}}},
				{QuestionId: all[2].GetId(), Value: &momentsv1.Answer_Text{Text: "Une <script>alert(1)</script>\nsur deux lignes."}},
			},
		}
	}
	if req.GetPageToken() == "" {
		return &momentsv1.ListNamedResponsesResponse{
			Responses: []*momentsv1.NamedResponse{response(Lea), response("00000000-0000-4000-8000-00000000dead")}, NextPageToken: "second",
		}, nil
	}
	return &momentsv1.ListNamedResponsesResponse{Responses: []*momentsv1.NamedResponse{response(Karim)}}, nil
}
