package page

import (
	"strconv"

	"github.com/a-h/templ"
)

// QuestionnaireRow is a questionnaire in the list.
type QuestionnaireRow struct {
	Code, Title string
	// Version says which version is the newest, State what it is; Tone colours it.
	Version, State, Tone string
	// Uses names the follow-ups that ask it; empty for none.
	Uses string
}

// QuestionnairesView is the list of questionnaires.
type QuestionnairesView struct {
	Own, Standard []QuestionnaireRow
	// From are the questionnaires that a new one can start as a copy of.
	From []Choice
	// NewCode is the code of the one that the form begins: pressing twice begins one.
	NewCode string
}

// QuestionnaireView is one questionnaire: a draft to write, or a version to read.
type QuestionnaireView struct {
	Code, Title, Version, State, Tone, Uses, Revision string
	// Draft can be written; Standard comes with Jalon.
	Draft, Standard     bool
	Named, NamedIsFixed bool
	NamedProblem        string
	TitleFR, TitleEN    TextField
	Questions           []QuestionForm
	QuestionsProblem    string
	// AddKinds are the kinds that a question can be added of.
	AddKinds []Choice
	// ToDo is how many things are missing before it can be published; Checked shows them.
	ToDo    int
	Checked bool
	// Saved is when it was saved last; Conflict and Failed say that it was not now.
	Saved            string
	Conflict, Failed bool
	// Published has just happened.
	Published bool
	// Languages are those of the preview.
	Languages []Choice
	// NewCode is the code of a copy.
	NewCode string
}

// TextField is a short text to write.
type TextField struct {
	Name, Label, Value, Problem string
	Longest                     int
	Focus                       bool
	// Lines is 0 for a field of one line.
	Lines int
}

// QuestionForm is a question being written.
type QuestionForm struct {
	Index       int
	ID          string
	Kinds       []Choice
	Kind        QuestionKind
	Text        []TextField
	Required    bool
	Measures    []Choice
	Ends        []TextField
	Options     []OptionForm
	Problem     string // of its options
	MaxLength   int
	On          []Choice
	OnOptions   []Choice
	OnFrom      []Choice
	OnTo        []Choice
	OnProblem   string
	First, Last bool
}

// OptionForm is a choice being written.
type OptionForm struct {
	Index int
	ID    string
	Label []TextField
}

// Name is a field's name within its question: the path by which moments says what is wrong.
func (q QuestionForm) Name(part string) string {
	return "questions[" + strconv.Itoa(q.Index) + "]." + part
}

func (q QuestionForm) number() string { return strconv.Itoa(q.Index + 1) }

func (q QuestionForm) action(verb string) string { return verb + ":" + strconv.Itoa(q.Index) }

func (q QuestionForm) choice() bool {
	return q.Kind == AskEmotion || q.Kind == AskSingle || q.Kind == AskMultiple
}

func (v QuestionnaireView) address() string { return "/hr/questionnaires/" + v.Code }

func (v QuestionnaireView) previewAddress() string {
	address := v.address() + "/preview"
	for _, l := range v.Languages {
		if l.Chosen {
			address += "?lang=" + l.Value
		}
	}
	return address
}

// draws makes a change of the whole editor, not only of what it says beside the form.
func (v QuestionnaireView) draws(more templ.Attributes) templ.Attributes {
	all := templ.Attributes{
		"hx-post": v.address(), "hx-target": "#editor", "hx-select": "#editor", "hx-select-oob": "unset", "hx-swap": "outerHTML",
	}
	for name, value := range more {
		all[name] = value
	}
	return all
}

func (v QuestionnaireView) press(action string) templ.Attributes {
	return v.draws(templ.Attributes{"name": "action", "value": action})
}

// publish has an address of its own, with the form's fields all the same.
func (v QuestionnaireView) publish() templ.Attributes {
	address := v.address() + "/publish"
	return v.draws(templ.Attributes{"name": "action", "value": "publish", "formaction": address, "hx-post": address})
}

func (v QuestionnaireView) choosing() templ.Attributes {
	return v.draws(templ.Attributes{"hx-trigger": "change consume"})
}

func focusIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"autofocus": true}
}

func dimmedIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-disabled": "true", "data-dim": true}
}
