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

// Response is what somebody answered, once. A confidential one says nothing of who: its id can be found from the invitation, by
// whoever holds the invitation, but not the other way round. It has no time but a local date, and no outbox.
type Response struct {
	ID            string `bson:"_id"`
	KeyMoment     string `bson:"key_moment"`
	FollowUp      string `bson:"follow_up"`
	Questionnaire string `bson:"questionnaire"`
	// UnitPath is the moment's, from the company down.
	UnitPath   []string   `bson:"unit_path"`
	AnsweredOn clock.Date `bson:"answered_on"`
	// AskedIn is the month, as YYYY-MM, in which the person was asked: the response rate is of those asked in a period. It is no more
	// than many others share. Answers that are older than this field count for the month in which they were given.
	AskedIn string   `bson:"asked_in,omitempty"`
	Answers []Answer `bson:"answers"`
	// Group is the one of a campaign's A/B test: it follows from chance, and is shared with all others of the group.
	Group string `bson:"group,omitempty"`
	// PersonID is who answered, where the questionnaire is named; otherwise it is never set.
	PersonID string `bson:"person_id,omitempty"`
	// Closing marks a response whose invitation is still to be closed for everybody else.
	Closing bool `bson:"closing,omitempty"`
}

// Answer is the answer to one question: one of the four, by the question's kind.
type Answer struct {
	Question string   `bson:"q"`
	Option   string   `bson:"o,omitempty"`
	Options  []string `bson:"os,omitempty"`
	// Number is nil where there is none: 0 is an answer.
	Number *int   `bson:"n,omitempty"`
	Text   string `bson:"t,omitempty"`
}

// ResponseID is the same for the same invitation, so that a second answer finds the first.
func ResponseID(invitationID string) string { return event.ID("response", invitationID) }

// DraftID is where what was entered for an invitation waits to be sent.
func DraftID(invitationID string) string { return event.ID("draft", invitationID) }

// AnswerError says which question was answered in a way that it does not allow.
type AnswerError struct {
	// Question is the id of the question.
	Question string
	// Problem is a short English sentence without the answer.
	Problem string
}

func (e *AnswerError) Error() string { return fmt.Sprintf("question %s: %s", e.Question, e.Problem) }

// Accept returns the answers in the questionnaire's order, without empty ones and without those to questions that the others
// leave unasked, or an error that joins one *AnswerError for each question that is at fault.
func (q Questionnaire) Accept(answers []Answer) ([]Answer, error) {
	given, errs := q.sort(answers)
	var accepted []Answer
	shown := q.Shown(given)
	for _, question := range q.Questions {
		if !shown[question.ID] {
			continue
		}
		a, answered := find(given, question.ID)
		if !answered {
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

// Keep returns what is worth keeping of answers that are not finished yet: whatever is allowed by itself.
func (q Questionnaire) Keep(answers []Answer) []Answer {
	given, _ := q.sort(answers)
	var kept []Answer
	for _, question := range q.Questions {
		if a, ok := find(given, question.ID); ok && question.refuse(a) == "" {
			kept = append(kept, a)
		}
	}
	return kept
}

// sort trims answers, leaves the empty ones out, and says which of the others are to no question, or a second time to one.
func (q Questionnaire) sort(answers []Answer) (given []Answer, errs []error) {
	seen := make(map[string]bool, len(answers))
	for _, a := range answers {
		_, known := q.Question(a.Question)
		switch {
		case !known:
			errs = append(errs, &AnswerError{a.Question, "it is not part of this survey"})
		case seen[a.Question]:
			errs = append(errs, &AnswerError{a.Question, "it is answered twice"})
		default:
			seen[a.Question] = true
			a.Text = strings.TrimSpace(a.Text)
			if !a.empty() {
				given = append(given, a)
			}
		}
	}
	return given, errs
}

func find(answers []Answer, question string) (Answer, bool) {
	i := slices.IndexFunc(answers, func(a Answer) bool { return a.Question == question })
	if i < 0 {
		return Answer{}, false
	}
	return answers[i], true
}

func (a Answer) empty() bool {
	return a.Option == "" && len(a.Options) == 0 && a.Number == nil && a.Text == ""
}

func (q Question) refuse(a Answer) string {
	numeric := q.Kind == Scale || q.Kind == Rating
	switch {
	case a.Option != "" && q.Kind != Emotion && q.Kind != Single, len(a.Options) > 0 && q.Kind != Multiple,
		a.Number != nil && !numeric, a.Text != "" && !q.Kind.Free():
		return "it is answered in another way"
	case (q.Kind == Emotion || q.Kind == Single) && !q.offers(a.Option), q.Kind == Multiple && !q.offersEach(a.Options):
		return "the choice is none of those offered"
	case q.Kind == Scale && (*a.Number < 1 || *a.Number > q.Points):
		return fmt.Sprintf("a whole number from 1 to %d is needed", q.Points)
	case q.Kind == Rating && (*a.Number < 0 || *a.Number > HighestRating):
		return fmt.Sprintf("a whole number from 0 to %d is needed", HighestRating)
	case q.Kind.Free() && !utf8.ValidString(a.Text):
		return "the text is not readable"
	case q.Kind.Free() && utf8.RuneCountInString(a.Text) > q.MaxLength:
		return fmt.Sprintf("at most %d characters", q.MaxLength)
	case q.Kind == ShortText && strings.ContainsAny(a.Text, "\r\n"):
		return "a single line is needed"
	}
	return ""
}

func (q Question) offers(id string) bool {
	return slices.ContainsFunc(q.Options, func(o Option) bool { return o.ID == id })
}

func (q Question) offersEach(ids []string) bool {
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] || !q.offers(id) {
			return false
		}
		seen[id] = true
	}
	return true
}
