package page

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// surveyTitle says in the tab that something must be corrected: a screen reader reads the title first.
func surveyTitle(ctx context.Context, view SurveyView) string {
	if view.Problems() {
		return t(ctx, "survey.problem_title", "Title", view.Title)
	}
	return view.Title
}

// surveyForm says where answers go. A preview's go nowhere; its questions come and go like the real ones.
func surveyForm(view SurveyView) templ.Attributes {
	if view.Preview {
		return templ.Attributes{"data-survey": ""}
	}
	return templ.Attributes{
		"method": "post", "action": view.Address, "data-busy": true, "data-survey": view.Invitation, "data-draft": view.Address + "/draft",
	}
}

func groupAttributes(q QuestionView) templ.Attributes {
	attributes := conditionAttributes(q)
	ids := ""
	if q.Problem != "" {
		ids = q.Field() + "_problem"
	}
	if q.Kind == AskMultiple {
		ids = strings.TrimSpace(ids + " " + q.Field() + "_hint")
	}
	if ids != "" {
		attributes["aria-describedby"] = ids
	}
	return attributes
}

// conditionAttributes tell the script when the question is asked.
func conditionAttributes(q QuestionView) templ.Attributes {
	if q.ShowIf == nil {
		return templ.Attributes{}
	}
	return templ.Attributes{"data-show-if": q.ShowIf.Field, "data-show-values": strings.Join(q.ShowIf.Values, " ")}
}

func describedBy(q QuestionView) string {
	ids := ""
	if q.Kind == AskText {
		ids = q.Field() + "_hint"
	}
	if q.Problem != "" {
		ids = q.Field() + "_problem " + ids
	}
	return strings.TrimSpace(ids)
}

func invalid(q QuestionView) templ.Attributes {
	if q.Problem == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true"}
}

func lengthLimit(q QuestionView) templ.Attributes {
	if q.MaxLength <= 0 {
		return nil
	}
	return templ.Attributes{"maxlength": strconv.Itoa(q.MaxLength)}
}

// pointMeaning gives the ends of a scale their words, for whoever hears the points one by one.
func pointMeaning(q QuestionView, point int) string {
	switch {
	case point == q.Lowest && q.LowLabel != "":
		return ": " + q.LowLabel
	case point == q.Highest && q.HighLabel != "":
		return ": " + q.HighLabel
	default:
		return ""
	}
}
