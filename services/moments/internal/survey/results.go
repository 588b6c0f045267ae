package survey

import (
	"crypto/rand"
	"math"
	mathrand "math/rand/v2"
	"slices"
)

// Result is what may be shown of a group's answers.
type Result struct {
	// TooFew: the group is too small to be spoken of. Nothing else is set then.
	TooFew    bool
	Responses int
	Questions []QuestionResult
}

// QuestionResult is what may be shown of the answers to one question.
type QuestionResult struct {
	Question Question
	// TooFew: too few people answered this question. Nothing else is set then.
	TooFew bool
	// N is how many people answered it.
	N int
	// Counts are per option in the question's order, or per point from 1 up.
	Counts []int
	// Mean of a scale's points.
	Mean float64
	// Score is round((mean - 1) / (points - 1) * 100).
	Score int
	// Favourable is the share of the top two points of a 5-point scale, 0 to 1.
	Favourable float64
	// Comments in an order that says nothing.
	Comments []string
}

// Summarise computes what may be shown of a group's responses. Questions come in the order of the questionnaires given, one
// that several of them ask once. speaking are the follow-ups whose comments may be read: a comment, unlike a figure, must not be
// found by subtraction among fewer than LeastForComments either.
func Summarise(asked []Questionnaire, responses []Response, speaking []string) Result {
	if len(responses) < LeastForFigures {
		return Result{TooFew: true}
	}
	var tallies []*tally
	byQuestion := map[string]*tally{}
	asks := map[string][]*tally{}
	for _, q := range asked {
		for _, question := range q.Questions {
			t, ok := byQuestion[question.ID]
			if !ok {
				t = &tally{question: question, options: optionIndex(question)}
				byQuestion[question.ID] = t
				tallies = append(tallies, t)
			}
			asks[q.ID] = append(asks[q.ID], t)
		}
	}
	for _, r := range responses {
		silent := !slices.Contains(speaking, r.FollowUp)
		for _, t := range asks[r.Questionnaire] {
			t.known = true
			if !silent || t.question.Kind != Text {
				t.asked++
			}
		}
		for _, a := range r.Answers {
			if t, ok := byQuestion[a.Question]; ok && (!silent || t.question.Kind != Text) {
				t.add(a)
			}
		}
	}
	result := Result{Responses: len(responses)}
	for _, t := range tallies {
		if t.known {
			result.Questions = append(result.Questions, t.result())
		}
	}
	return result
}

type tally struct {
	question Question
	options  map[string]int
	known    bool // some response is to a questionnaire that asks it
	asked    int
	n        int
	sum      int
	counts   []int
	comments []string
}

func optionIndex(q Question) map[string]int {
	index := make(map[string]int, len(q.Options))
	for i, o := range q.Options {
		index[o.ID] = i
	}
	return index
}

func (t *tally) add(a Answer) {
	switch t.question.Kind {
	case Emotion:
		if i, ok := t.options[a.Option]; ok {
			t.count(i, len(t.question.Options))
		}
	case Scale:
		if a.Number >= 1 && a.Number <= t.question.Points {
			t.count(a.Number-1, t.question.Points)
			t.sum += a.Number
		}
	case Text:
		if a.Text != "" {
			t.n++
			t.comments = append(t.comments, a.Text)
		}
	}
}

func (t *tally) count(i, of int) {
	if t.counts == nil {
		t.counts = make([]int, of)
	}
	t.counts[i]++
	t.n++
}

func (t *tally) result() QuestionResult {
	r := QuestionResult{Question: t.question}
	if t.question.Kind == Text {
		// Whoever wrote a comment hides among all who were asked for one, silent ones included.
		if r.TooFew = t.asked < LeastForComments; r.TooFew {
			return r
		}
		r.N, r.Comments = t.n, shuffled(t.comments)
		return r
	}
	if r.TooFew = t.n < LeastForFigures; r.TooFew {
		return r
	}
	r.N, r.Counts = t.n, t.counts
	if t.question.Kind == Scale {
		r.Mean = float64(t.sum) / float64(t.n)
		r.Score = int(math.Round((r.Mean - 1) / float64(t.question.Points-1) * 100))
		if t.question.Points == 5 {
			r.Favourable = float64(t.counts[3]+t.counts[4]) / float64(t.n)
		}
	}
	return r
}

// shuffled draws the order from the system's randomness: a seed that could be guessed would give the order of arrival back.
func shuffled(comments []string) []string {
	var seed [32]byte
	_, _ = rand.Read(seed[:]) // never fails: the runtime ends the program if the system has no randomness
	order := mathrand.New(mathrand.NewChaCha8(seed))
	order.Shuffle(len(comments), func(i, j int) { comments[i], comments[j] = comments[j], comments[i] })
	return comments
}
