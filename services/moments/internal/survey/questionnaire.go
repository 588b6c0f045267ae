// Package survey is the domain of confidential surveys: what is asked, what counts as an answer, and what may be shown of the
// answers of a group.
package survey

import (
	"errors"
	"fmt"
)

// Kind is how a question is answered.
type Kind int

// Kinds.
const (
	// Emotion is one choice among named emotions.
	Emotion Kind = iota + 1
	// Scale is a whole number from 1 to Points.
	Scale
	// Text is free text.
	Text
)

// Wording is a text in the languages of the screens.
type Wording struct{ FR, EN string }

// In returns the wording in a BCP 47 language; French where there is none in it.
func (w Wording) In(language string) string {
	if len(language) >= 2 && language[:2] == "en" {
		return w.EN
	}
	return w.FR
}

// Questionnaire is a set of questions. Once used it never changes: another wording is another version with another id.
type Questionnaire struct {
	// ID carries the version: "onboarding_day_7.v1".
	ID        string
	Title     Wording
	Questions []Question
}

// Question is one thing asked. Questions of different questionnaires with the same id are the same question, and their answers
// are read together.
type Question struct {
	ID       string
	Kind     Kind
	Text     Wording
	Required bool
	// Options of an emotion.
	Options []Option
	// Points, Low and High of a scale.
	Points    int
	Low, High Wording
	// MaxLength of a text, in characters.
	MaxLength int
}

// Option is one emotion to choose.
type Option struct {
	ID    string
	Label Wording
}

// Questionnaires are the ones an installation knows, by id.
type Questionnaires map[string]Questionnaire

// Question finds a question by id.
func (q Questionnaire) Question(id string) (Question, bool) {
	for _, question := range q.Questions {
		if question.ID == id {
			return question, true
		}
	}
	return Question{}, false
}

// Has tells whether there is a questionnaire of that id.
func (qs Questionnaires) Has(id string) bool {
	_, ok := qs[id]
	return ok
}

// Collect indexes questionnaires, and says everything that is wrong with them at once.
func Collect(list ...Questionnaire) (Questionnaires, error) {
	var errs []error
	qs := make(Questionnaires, len(list))
	meant := map[string]Question{}
	for _, q := range list {
		if q.ID == "" || qs.Has(q.ID) {
			errs = append(errs, fmt.Errorf("questionnaire %q: the id is empty or used twice", q.ID))
		}
		qs[q.ID] = q
		seen := map[string]bool{}
		for _, question := range q.Questions {
			where := q.ID + "/" + question.ID
			if question.ID == "" || seen[question.ID] {
				errs = append(errs, fmt.Errorf("question %s: the id is empty or used twice", where))
			}
			seen[question.ID] = true
			if err := question.validate(); err != nil {
				errs = append(errs, fmt.Errorf("question %s: %w", where, err))
			}
			if other, ok := meant[question.ID]; ok && !question.same(other) {
				errs = append(errs, fmt.Errorf("question %s: the same id means another question elsewhere", where))
			}
			meant[question.ID] = question
		}
	}
	return qs, errors.Join(errs...)
}

func (q Question) validate() error {
	switch {
	case q.Text.FR == "" || q.Text.EN == "":
		return errors.New("a wording is missing")
	case q.Kind == Emotion && len(q.Options) < 2:
		return errors.New("fewer than two emotions to choose from")
	case q.Kind == Scale && q.Points < 2:
		return errors.New("a scale of fewer than two points")
	case q.Kind == Text && q.MaxLength < 1:
		return errors.New("no room for text")
	case q.Kind < Emotion || q.Kind > Text:
		return errors.New("an unknown kind")
	}
	return nil
}

func (q Question) same(other Question) bool {
	if q.Kind != other.Kind || q.Text != other.Text || q.Points != other.Points || len(q.Options) != len(other.Options) {
		return false
	}
	for i := range q.Options {
		if q.Options[i] != other.Options[i] {
			return false
		}
	}
	return true
}
