package page

import "strings"

// QuestionKind is how a question is answered.
type QuestionKind int

// The kinds of questions.
const (
	AskEmotion QuestionKind = iota
	AskScale
	AskText
)

// SurveyView is the form that an invitation leads to.
type SurveyView struct {
	Invitation string
	Title      string
	// About says which moment is meant, with its date.
	About     string
	Questions []QuestionView
}

// QuestionView is one thing asked, with what was entered so far.
type QuestionView struct {
	ID        string
	Kind      QuestionKind
	Text      string
	Required  bool
	Options   []OptionView
	Points    int
	LowLabel  string
	HighLabel string
	MaxLength int
	// Value is what was entered: an option's id, a number, a text.
	Value string
	// Problem says what is wrong with it; empty when nothing is.
	Problem string
}

// OptionView is one choice.
type OptionView struct{ ID, Label string }

// fieldPrefixes tell, in the name of a field, how its question is answered.
var fieldPrefixes = map[QuestionKind]string{AskEmotion: "emotion-", AskScale: "scale-", AskText: "text-"}

// Field is the name under which the answer is sent.
func (q QuestionView) Field() string { return fieldPrefixes[q.Kind] + q.ID }

// ReadField is the way back from a field's name to its question.
func ReadField(name string) (questionID string, kind QuestionKind, ok bool) {
	for kind, prefix := range fieldPrefixes {
		if id, found := strings.CutPrefix(name, prefix); found {
			return id, kind, id != ""
		}
	}
	return "", 0, false
}

// FirstField is the id of the element that an error leads to.
func (q QuestionView) FirstField() string {
	if q.Kind == AskText {
		return q.Field()
	}
	return q.Field() + "_1"
}

// Problems tells whether anything must be corrected.
func (v SurveyView) Problems() bool {
	for _, question := range v.Questions {
		if question.Problem != "" {
			return true
		}
	}
	return false
}

// emoji are the faces of emotions; the word beside each carries the meaning.
// They are among the oldest emoji, which every system can draw.
var emoji = map[string]string{
	"enthusiastic": "😃", "confident": "😊", "curious": "😯", "impatient": "⌛", "indifferent": "😐", "anxious": "😟", "stressed": "😰",
	"disappointed": "😞", "grateful": "🙏", "proud": "😎", "serene": "😌", "sad": "😢",
}

func face(optionID string) string {
	if found, ok := emoji[optionID]; ok {
		return found
	}
	return "🙂"
}
