package page

import (
	"context"
	"strconv"

	"github.com/a-h/templ"
)

// surveyTitle says in the tab that something must be corrected: a screen reader reads the title first.
func surveyTitle(ctx context.Context, view SurveyView) string {
	if view.Problems() {
		return t(ctx, "survey.problem_title", "Title", view.Title)
	}
	return view.Title
}

func groupAttributes(q QuestionView) templ.Attributes {
	attributes := templ.Attributes{}
	if q.Problem != "" {
		attributes["aria-describedby"] = q.Field() + "_problem"
	}
	return attributes
}

func describedBy(q QuestionView) string {
	ids := q.Field() + "_hint"
	if q.Problem != "" {
		ids = q.Field() + "_problem " + ids
	}
	return ids
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
	case point == 1 && q.LowLabel != "":
		return ": " + q.LowLabel
	case point == q.Points && q.HighLabel != "":
		return ": " + q.HighLabel
	default:
		return ""
	}
}
