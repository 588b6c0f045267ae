package survey

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
)

// Response is what somebody answered, once. It says nothing of who: its id can be found from the invitation, by whoever holds the
// invitation, but not the other way round. It has no time but a local date, and no outbox.
type Response struct {
	ID            string `bson:"_id"`
	KeyMoment     string `bson:"key_moment"`
	FollowUp      string `bson:"follow_up"`
	Questionnaire string `bson:"questionnaire"`
	// UnitPath is the moment's, from the company down.
	UnitPath   []string   `bson:"unit_path"`
	AnsweredOn clock.Date `bson:"answered_on"`
	Answers    []Answer   `bson:"answers"`
	// Closing marks a response whose invitation is still to be closed for everybody else.
	Closing bool `bson:"closing,omitempty"`
}

// Answer is the answer to one question: one of the three, by the question's kind.
type Answer struct {
	Question string `bson:"q"`
	Option   string `bson:"o,omitempty"`
	Number   int    `bson:"n,omitempty"`
	Text     string `bson:"t,omitempty"`
}

// ResponseID is the same for the same invitation, so that a second answer finds the first.
func ResponseID(invitationID string) string { return event.ID("response", invitationID) }

// AnswerError says which question was answered in a way that it does not allow.
type AnswerError struct {
	// Question is the id of the question.
	Question string
	// Problem is a short English sentence without the answer.
	Problem string
}

func (e *AnswerError) Error() string { return fmt.Sprintf("question %s: %s", e.Question, e.Problem) }

// Accept returns the answers in the questionnaire's order, without empty ones, or an error that joins one *AnswerError for
// each question that is at fault.
func (q Questionnaire) Accept(answers []Answer) ([]Answer, error) {
	var errs []error
	given := make(map[string]Answer, len(answers))
	for _, a := range answers {
		_, known := q.Question(a.Question)
		_, twice := given[a.Question]
		switch {
		case !known:
			errs = append(errs, &AnswerError{a.Question, "it is not part of this survey"})
		case twice:
			errs = append(errs, &AnswerError{a.Question, "it is answered twice"})
		default:
			given[a.Question] = a
		}
	}
	var accepted []Answer
	for _, question := range q.Questions {
		a, answered := given[question.ID]
		a.Text = strings.TrimSpace(a.Text)
		if !answered || a.empty() {
			if question.Required {
				errs = append(errs, &AnswerError{question.ID, "an answer is needed"})
			}
			continue
		}
		if problem := question.refuse(a); problem != "" {
			errs = append(errs, &AnswerError{question.ID, problem})
			continue
		}
		accepted = append(accepted, a)
	}
	return accepted, errors.Join(errs...)
}

func (a Answer) empty() bool { return a.Option == "" && a.Number == 0 && a.Text == "" }

func (q Question) refuse(a Answer) string {
	switch {
	case q.Kind != Emotion && a.Option != "", q.Kind != Scale && a.Number != 0, q.Kind != Text && a.Text != "":
		return "it is answered in another way"
	case q.Kind == Emotion && !slices.ContainsFunc(q.Options, func(o Option) bool { return o.ID == a.Option }):
		return "the choice is none of those offered"
	case q.Kind == Scale && (a.Number < 1 || a.Number > q.Points):
		return fmt.Sprintf("a whole number from 1 to %d is needed", q.Points)
	case q.Kind == Text && !utf8.ValidString(a.Text):
		return "the text is not readable"
	case q.Kind == Text && utf8.RuneCountInString(a.Text) > q.MaxLength:
		return fmt.Sprintf("at most %d characters", q.MaxLength)
	}
	return ""
}
