package rpc

import (
	"maps"
	"slices"
	"strings"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/survey"
)

// emotions are those of the surveys that Jalon comes with: what is expected is named as what is felt.
func (h Handler) emotions() map[string]survey.Wording {
	labels := map[string]survey.Wording{}
	for _, questionnaire := range h.Questionnaires.Base() {
		for _, q := range questionnaire.Questions {
			if q.Kind == survey.Emotion {
				for _, o := range q.Options {
					labels[o.ID] = o.Label
				}
			}
		}
	}
	return labels
}

// emotionViews are all emotions that may be expected, by their labels.
func (h Handler) emotionViews(language string) []*momentsv1.Option {
	labels := h.emotions()
	var all []*momentsv1.Option
	for _, id := range slices.Sorted(maps.Keys(labels)) {
		all = append(all, &momentsv1.Option{Id: id, Label: labels[id].In(language)})
	}
	slices.SortStableFunc(all, func(a, b *momentsv1.Option) int { return strings.Compare(a.GetLabel(), b.GetLabel()) })
	return all
}

// expected are the emotions chosen, none perhaps, each once.
func (h Handler) expected(ids []string) ([]string, error) {
	labels, chosen := h.emotions(), []string{}
	for _, id := range ids {
		if _, known := labels[id]; !known {
			return nil, rpc.InvalidField("expected", "must be emotions that the surveys offer; %q is none", id)
		}
		if !slices.Contains(chosen, id) {
			chosen = append(chosen, id)
		}
	}
	return chosen, nil
}

// compare sets what people felt against what their key moment expects. It tells nothing that the distribution does not, so that the
// same thresholds hold.
func compare(result *momentsv1.QuestionResult, expected []string) {
	if result.GetQuestion().GetKind() != momentsv1.Question_KIND_EMOTION || result.GetTooFew() || result.GetN() == 0 {
		return
	}
	n, comparable := int32(0), false
	for _, count := range result.GetCounts() {
		if slices.Contains(expected, count.GetId()) {
			count.Expected, comparable = true, true
			n += count.GetCount()
		}
	}
	if comparable {
		share := float64(n) / float64(result.GetN())
		result.AsExpected = &share
	}
}
