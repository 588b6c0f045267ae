// Package survey is the domain of surveys: what is asked, what counts as an answer, and what may be shown of the answers of a
// group, and when.
package survey

import (
	"errors"
	"fmt"
	"slices"
)

// Kind is how a question is answered.
type Kind int

// Kinds.
const (
	// Emotion is one choice among named emotions.
	Emotion Kind = iota + 1
	// Scale is a whole number from 1 to Points.
	Scale
	// Text is free text of several lines: a comment.
	Text
	// Rating is a whole number from 0 to 10: how likely one is to recommend.
	Rating
	// Single is one choice among options.
	Single
	// Multiple is any number of choices among options.
	Multiple
	// ShortText is free text of one line.
	ShortText
)

// HighestRating is the upper end of a Rating; its lower end is 0.
const HighestRating = 10

// Choice tells that the answer is an option, or several.
func (k Kind) Choice() bool { return k == Emotion || k == Single || k == Multiple }

// Free tells that the answer is in a person's own words.
func (k Kind) Free() bool { return k == Text || k == ShortText }

// Measure is what a scale measures, and so how its answers are summed up.
type Measure int

// Measures.
const (
	// Agreement with a sentence, on 5 points; the share of the top two is the favourable one. It is the zero value.
	Agreement Measure = iota
	// Satisfaction on 5 points; the share of the top two is the CSAT.
	Satisfaction
	// Ease on 7 points, from hard to easy; the share of the top three is the effort score (CES).
	Ease
)

// Wording is a text in the languages of the screens.
type Wording struct {
	FR string `bson:"fr,omitempty"`
	EN string `bson:"en,omitempty"`
}

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
	ID    string  `bson:"-"`
	Title Wording `bson:"title"`
	// Named says that HR may read the answers with the person's name. Otherwise they are confidential: no name is kept, and
	// they are read in groups only.
	Named     bool       `bson:"named,omitempty"`
	Questions []Question `bson:"questions"`
}

// Question is one thing asked. Questions of different questionnaires with the same id are the same question, and their answers
// are read together.
type Question struct {
	ID       string  `bson:"id"`
	Kind     Kind    `bson:"kind"`
	Text     Wording `bson:"text"`
	Required bool    `bson:"required,omitempty"`
	// ShowIf, where there is one, must hold for the question to be asked at all.
	ShowIf *Condition `bson:"show_if,omitempty"`
	// Options of a choice.
	Options []Option `bson:"options,omitempty"`
	// Points and Measure of a scale; Low and High of a scale or a rating.
	Points  int     `bson:"points,omitempty"`
	Measure Measure `bson:"measure,omitempty"`
	Low     Wording `bson:"low"`
	High    Wording `bson:"high"`
	// MaxLength of a text, in characters.
	MaxLength int `bson:"max_length,omitempty"`
}

// Option is one to choose.
type Option struct {
	ID    string  `bson:"id"`
	Label Wording `bson:"label"`
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
		for i, question := range q.Questions {
			where := q.ID + "/" + question.ID
			if question.ID == "" || seen[question.ID] {
				errs = append(errs, fmt.Errorf("question %s: the id is empty or used twice", where))
			}
			seen[question.ID] = true
			if err := question.validate(); err != nil {
				errs = append(errs, fmt.Errorf("question %s: %w", where, err))
			}
			if err := question.ShowIf.validate(q.Questions[:i]); err != nil {
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
	case q.Kind < Emotion || q.Kind > ShortText:
		return errors.New("an unknown kind")
	case q.Text.FR == "" || q.Text.EN == "":
		return errors.New("a wording is missing")
	case q.Kind.Choice() && len(q.Options) < 2:
		return errors.New("fewer than two options to choose from")
	case q.Kind == Scale && q.Points < 2:
		return errors.New("a scale of fewer than two points")
	case q.Kind == Scale && q.Measure == Satisfaction && q.Points != 5:
		return errors.New("satisfaction is measured on 5 points")
	case q.Kind == Scale && q.Measure == Ease && q.Points != 7:
		return errors.New("ease is measured on 7 points")
	case q.Kind.Free() && q.MaxLength < 1:
		return errors.New("no room for text")
	}
	return nil
}

func (q Question) same(other Question) bool {
	return q.Kind == other.Kind && q.Text == other.Text && q.Points == other.Points && q.Measure == other.Measure &&
		q.Low == other.Low && q.High == other.High && slices.Equal(q.Options, other.Options)
}
