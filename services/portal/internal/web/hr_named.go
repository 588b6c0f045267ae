package web

import (
	"net/http"
	"net/url"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// namedAtOnce is how many people's answers are read on a page; the audit log names each of them.
const namedAtOnce = 20

// hrNamed shows the answers to questionnaires that said before that HR would read them with the name.
func (s *Site) hrNamed(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	catalogue, err := s.Peers.Moments().ListKeyMoments(ctx, &momentsv1.ListKeyMomentsRequest{Language: words.Lang})
	if err != nil {
		return err
	}
	keyMoment := chooseKeyMoment(catalogue.GetKeyMoments(), r.FormValue("key_moment"))
	if keyMoment == nil {
		return s.show(w, r, page.Named(page.NamedView{}))
	}
	view := page.NamedView{KeyMoments: keyMomentChoices(words, catalogue.GetKeyMoments(), keyMoment.GetCode())}
	asked := &momentsv1.ListNamedResponsesRequest{
		KeyMoment: keyMoment.GetCode(), Language: words.Lang, PageSize: namedAtOnce, PageToken: r.FormValue("page"),
	}
	for _, rule := range keyMoment.GetFollowUps() {
		chosen := rule.GetCode() == r.FormValue("follow_up")
		if chosen {
			asked.FollowUp = rule.GetCode()
		}
		view.FollowUps = append(view.FollowUps, page.Choice{Value: rule.GetCode(), Label: ruleName(words, rule), Chosen: chosen})
	}
	answer, err := s.Peers.Moments().ListNamedResponses(ctx, asked)
	if err != nil {
		return err
	}
	var people []string
	for _, response := range answer.GetResponses() {
		people = append(people, response.GetPersonId())
	}
	audit.About(ctx, people...)
	cards, err := s.cards(ctx, people...)
	if err != nil {
		return err
	}
	for _, response := range answer.GetResponses() {
		view.Responses = append(view.Responses, page.NamedResponse{
			Person:  personOf(cards, response.GetPersonId()),
			When:    words.T("named.answered", "FollowUp", followUpName(words, response.GetFollowUp()), "On", words.Date(response.GetAnsweredOn())),
			Answers: namedAnswers(words, response),
		})
	}
	if next := answer.GetNextPageToken(); next != "" {
		view.Next = "/hr/results/named?" + url.Values{
			"key_moment": {asked.GetKeyMoment()}, "follow_up": {asked.GetFollowUp()}, "page": {next},
		}.Encode()
	}
	return s.show(w, r, page.Named(view))
}

// namedAnswers are the questions with what was answered, in the questionnaire's order. What was not asked of this person, because
// it depends on another answer, is left out like what they left open.
func namedAnswers(words *i18n.Words, response *momentsv1.NamedResponse) []page.NamedAnswer {
	given := map[string]*momentsv1.Answer{}
	for _, a := range response.GetAnswers() {
		given[a.GetQuestionId()] = a
	}
	var all []page.NamedAnswer
	for _, q := range response.GetQuestions() {
		a, ok := given[q.GetId()]
		if !ok {
			continue
		}
		said := page.NamedAnswer{Question: q.GetText()}
		for _, value := range valuesOf(a) {
			said.Values = append(said.Values, answerText(words, q, value))
		}
		all = append(all, said)
	}
	return all
}

// answerText is an answer in words.
func answerText(words *i18n.Words, q *momentsv1.Question, value string) string {
	switch kind := kindOf(q.GetKind()); {
	case kind.Numeric():
		highest := int(q.GetPoints())
		if kind == page.AskRating {
			highest = highestRating
		}
		return words.T("named.of", "Point", value, "Highest", words.Number(highest))
	case !kind.Free():
		for _, o := range q.GetOptions() {
			if o.GetId() == value {
				return o.GetLabel()
			}
		}
	}
	return value
}
