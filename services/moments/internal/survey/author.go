package survey

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much an author may write: what is longer is read by nobody on a phone.
const (
	MostQuestions  = 30
	MostOptions    = 20
	LongestTitle   = 120
	LongestText    = 300
	LongestLabel   = 100
	LongestEnd     = 60
	longestComment = 5000
	longestLine    = 300
	usualLine      = 120
)

// ProblemCode is what is wrong with a draft: a stable word.
type ProblemCode string

// The problems.
const (
	Missing          ProblemCode = "missing"
	TooLong          ProblemCode = "too_long"
	TooFewOptions    ProblemCode = "too_few_options"
	TooMany          ProblemCode = "too_many"
	SameOption       ProblemCode = "same_option"
	SameQuestion     ProblemCode = "same_question"
	NoQuestions      ProblemCode = "no_questions"
	ConditionUnknown ProblemCode = "condition_unknown"
	ConditionFree    ProblemCode = "condition_free"
	ConditionNever   ProblemCode = "condition_never"
	NamedIsFixed     ProblemCode = "named_is_fixed"
	UnknownKind      ProblemCode = "unknown_kind"
)

// Problem is what keeps a draft from being published, and where: "questions[2].options[0].label.en".
type Problem struct {
	Field string
	Code  ProblemCode
}

// Tidy is a draft as it is kept: texts in one line without what cannot be seen, nothing that a question's kind does not use, and
// the usual where the author left it open.
func (q Questionnaire) Tidy() Questionnaire {
	tidy := Questionnaire{ID: q.ID, Title: q.Title.tidy(), Named: q.Named}
	for _, question := range q.Questions {
		tidy.Questions = append(tidy.Questions, question.tidy())
	}
	return tidy
}

func (q Question) tidy() Question {
	t := Question{ID: q.ID, Kind: q.Kind, Text: q.Text.tidy(), Required: q.Required}
	if q.ShowIf != nil && q.ShowIf.Question != "" {
		t.ShowIf = &Condition{Question: q.ShowIf.Question, AtLeast: q.ShowIf.AtLeast, AtMost: q.ShowIf.AtMost}
		if len(q.ShowIf.Options) > 0 {
			t.ShowIf.Options = q.ShowIf.Options
		}
	}
	switch {
	case q.Kind == Scale:
		t.Measure = q.Measure
		usual := usualScale(q.Measure)
		t.Points, t.Low, t.High = usual.Points, q.Low.tidy().or(usual.Low), q.High.tidy().or(usual.High)
	case q.Kind == Rating:
		usual := recommend()
		t.Low, t.High = q.Low.tidy().or(usual.Low), q.High.tidy().or(usual.High)
	case q.Kind == Emotion && len(q.Options) == 0:
		t.Options = feeling().Options
	case q.Kind.Choice():
		for _, o := range q.Options {
			t.Options = append(t.Options, Option{ID: o.ID, Label: o.Label.tidy()})
		}
	case q.Kind == Text:
		t.MaxLength = q.MaxLength
		if t.MaxLength == 0 {
			t.MaxLength = commentLength
		}
	case q.Kind == ShortText:
		t.MaxLength = q.MaxLength
		if t.MaxLength == 0 || t.MaxLength > longestLine {
			t.MaxLength = usualLine
		}
	}
	return t
}

func usualScale(m Measure) Question {
	switch m {
	case Satisfaction:
		return satisfied("", "", "")
	case Ease:
		return easy("", "", "")
	default:
		return agree("", "", "")
	}
}

func (w Wording) tidy() Wording { return Wording{line(w.FR), line(w.EN)} }

// or takes the usual wording where there is none at all.
func (w Wording) or(usual Wording) Wording {
	if w == (Wording{}) {
		return usual
	}
	return w
}

// line keeps what can be seen, in one line.
func line(text string) string {
	seen := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f':
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069': // the last turn what follows around
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Trim(seen, " \u00a0\u202f")
}

// Check returns everything that keeps a tidy draft from being published. fixed is what an earlier version promised of who may
// read the answers; nil where there is none.
func (q Questionnaire) Check(fixed *bool) []Problem {
	c := checker{}
	c.wording("title", q.Title, LongestTitle)
	if fixed != nil && *fixed != q.Named {
		c.say("named", NamedIsFixed)
	}
	switch n := len(q.Questions); {
	case n == 0:
		c.say("questions", NoQuestions)
	case n > MostQuestions:
		c.say("questions", TooMany)
	}
	asked := map[string]bool{}
	for i, question := range q.Questions {
		where := fmt.Sprintf("questions[%d]", i)
		if print := question.fingerprint(); question.Text != (Wording{}) && asked[print] {
			c.say(where+".text.fr", SameQuestion)
		} else {
			asked[print] = true
		}
		c.question(where, question)
		c.condition(where+".show_if", question.ShowIf, q.Questions[:i])
	}
	return c.problems
}

type checker struct{ problems []Problem }

func (c *checker) say(field string, code ProblemCode) {
	c.problems = append(c.problems, Problem{field, code})
}

func (c *checker) wording(field string, w Wording, longest int) {
	for _, in := range []struct{ language, text string }{{"fr", w.FR}, {"en", w.EN}} {
		switch n := utf8.RuneCountInString(in.text); {
		case n == 0:
			c.say(field+"."+in.language, Missing)
		case n > longest:
			c.say(field+"."+in.language, TooLong)
		}
	}
}

func (c *checker) question(where string, q Question) {
	c.wording(where+".text", q.Text, LongestText)
	switch {
	case q.Kind < Emotion || q.Kind > ShortText:
		c.say(where+".kind", UnknownKind)
	case q.Kind == Scale || q.Kind == Rating:
		c.wording(where+".low", q.Low, LongestEnd)
		c.wording(where+".high", q.High, LongestEnd)
	case q.Kind.Free() && (q.MaxLength < 1 || q.MaxLength > longestComment):
		c.say(where+".max_length", TooLong)
	}
	if !q.Kind.Choice() {
		return
	}
	switch n := len(q.Options); {
	case n < 2:
		c.say(where+".options", TooFewOptions)
	case n > MostOptions:
		c.say(where+".options", TooMany)
	}
	ids, labels := map[string]bool{}, map[string]bool{}
	for i, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d].label", where, i)
		c.wording(at, o.Label, LongestLabel)
		for _, in := range []struct{ language, text string }{{"fr", o.Label.FR}, {"en", o.Label.EN}} {
			key := in.language + strings.ToLower(in.text)
			if in.text != "" && labels[key] || o.ID == "" || in.language == "fr" && ids[o.ID] {
				c.say(at+"."+in.language, SameOption)
			}
			labels[key] = true
		}
		ids[o.ID] = true
	}
}

func (c *checker) condition(field string, on *Condition, earlier []Question) {
	if on == nil {
		return
	}
	for _, q := range earlier {
		if q.ID != on.Question {
			continue
		}
		switch {
		case q.Kind.Free():
			c.say(field, ConditionFree)
		case on.validate(earlier) != nil, !q.Kind.Choice() && !q.reaches(*on):
			c.say(field, ConditionNever)
		}
		return
	}
	c.say(field, ConditionUnknown)
}

// reaches tells whether some point of the question meets the condition.
func (q Question) reaches(c Condition) bool {
	highest := q.Points
	if q.Kind == Rating {
		highest = HighestRating
	}
	return max(c.AtLeast, q.lowest()) <= min(c.AtMost, highest)
}
