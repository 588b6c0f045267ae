package page

import (
	"slices"
	"strconv"
	"strings"
)

// QuestionKind is how a question is answered.
type QuestionKind int

// The kinds of questions.
const (
	AskEmotion QuestionKind = iota
	AskScale
	AskText
	AskRating
	AskSingle
	AskMultiple
	AskShortText
)

// Numeric tells that the answer is a point.
func (k QuestionKind) Numeric() bool { return k == AskScale || k == AskRating }

// Free tells that the answer is in somebody's own words.
func (k QuestionKind) Free() bool { return k == AskText || k == AskShortText }

// SurveyView is the form that an invitation leads to.
type SurveyView struct {
	Invitation string
	// Address is where the answers go.
	Address string
	// Guest says that whoever reads has no account and came by a personal link.
	Guest bool
	// AsksContact asks at the end whether one wants to be contacted, and ContactMe is what was ticked.
	AsksContact, ContactMe bool
	Title                  string
	// About says which moment is meant, with its date.
	About string
	// Named says that HR may read the answers with the name.
	Named bool
	// Restored says that what was entered before, and not sent, is back.
	Restored bool
	// Preview says that it is looked at by its author: it belongs to nobody, and nothing is sent.
	Preview bool
	// Message is what HR says where nothing is asked.
	Message   string
	Questions []QuestionView
}

// QuestionView is one thing asked, with what was entered so far.
type QuestionView struct {
	ID       string
	Kind     QuestionKind
	Text     string
	Required bool
	Options  []OptionView
	// Lowest and Highest point of a scale or a rating.
	Lowest, Highest int
	LowLabel        string
	HighLabel       string
	MaxLength       int
	// ShowIf, where there is one, must hold for the question to be asked.
	ShowIf *ShowIfView
	// Values are what was entered: the ids of options, or a number, or a text.
	Values []string
	// Problem says what is wrong with it; empty when nothing is.
	Problem string
}

// ShowIfView is what an earlier question must be answered with.
type ShowIfView struct {
	// Field of the earlier question, and the values that it accepts.
	Field  string
	Values []string
	// Hint says the same in words.
	Hint string
}

// OptionView is one choice.
type OptionView struct{ ID, Label string }

// fieldPrefixes tell, in the name of a field, how its question is answered.
var fieldPrefixes = map[QuestionKind]string{
	AskEmotion: "emotion-", AskScale: "scale-", AskText: "text-", AskRating: "rating-", AskSingle: "single-",
	AskMultiple: "multiple-", AskShortText: "short-",
}

// Field is the name under which the answer is sent.
func (q QuestionView) Field() string { return fieldPrefixes[q.Kind] + q.ID }

// Value is the only one of what was entered, or the first; empty where nothing was.
func (q QuestionView) Value() string {
	if len(q.Values) == 0 {
		return ""
	}
	return q.Values[0]
}

// Has tells whether a value was entered.
func (q QuestionView) Has(value string) bool { return slices.Contains(q.Values, value) }

// Asked tells whether the question is asked, by what was entered in the form.
func (v SurveyView) Asked(q QuestionView) bool {
	if q.ShowIf == nil {
		return true
	}
	for _, on := range v.Questions {
		if on.Field() == q.ShowIf.Field {
			return v.Asked(on) && slices.ContainsFunc(q.ShowIf.Values, on.Has)
		}
	}
	return false
}

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
	switch {
	case q.Kind.Free():
		return q.Field()
	case q.Kind.Numeric():
		return q.pointID(q.Lowest)
	default:
		return q.Field() + "_1"
	}
}

func (q QuestionView) pointID(point int) string { return q.Field() + "_" + strconv.Itoa(point) }

// points are those to choose from, the lowest first.
func (q QuestionView) points() (points []int) {
	for point := q.Lowest; point <= q.Highest; point++ {
		points = append(points, point)
	}
	return points
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
