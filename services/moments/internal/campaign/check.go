package campaign

import (
	"reflect"
	"unicode/utf8"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/survey"
)

// Code is a stable word for what is wrong.
type Code string

// What may keep a campaign from being launched, beside what is wrong with its audience.
const (
	Missing     Code = "missing"
	TooLong     Code = "too_long"
	Unknown     Code = "unknown"
	Past        Code = "past"
	BeforeStart Code = "before_start"
	TooLate     Code = "too_late"
	// Named: the questionnaire is answered by name, and who is in the audience is nobody's business.
	Named Code = "named"
)

// Problem is what is wrong with a field.
type Problem struct {
	Field string
	Code  Code
}

const (
	longestName  = 120
	longestTitle = 120
	longestText  = 2000
)

// Known is what only others can tell about what a campaign names.
type Known struct {
	Questionnaire, Unit bool
}

// Problems are everything that keeps it from being launched on a day.
func (c Content) Problems(today clock.Date, known Known) []Problem {
	var problems []Problem
	wrong := func(field string, code Code) { problems = append(problems, Problem{field, code}) }
	written := func(field, text string, longest int) {
		switch {
		case text == "":
			wrong(field, Missing)
		case utf8.RuneCountInString(text) > longest:
			wrong(field, TooLong)
		}
	}
	written("name", c.Name, longestName)
	switch c.Kind {
	case Survey:
		if c.Questionnaire == "" {
			wrong("questionnaire_id", Missing)
		} else if !known.Questionnaire {
			wrong("questionnaire_id", Unknown)
		}
	case Message:
		for _, text := range []struct {
			field   string
			said    survey.Wording
			longest int
		}{{"title", c.Title, longestTitle}, {"text", c.Text, longestText}} {
			written(text.field+".fr", text.said.FR, text.longest)
			written(text.field+".en", text.said.EN, text.longest)
		}
	default:
		wrong("kind", Missing)
	}
	for _, p := range c.Audience.Check() {
		wrong("audience."+p.Field, Code(p.Code))
	}
	if c.Audience.UnitID != "" && !known.Unit {
		wrong("audience.unit_id", Unknown)
	}
	switch {
	case c.On.IsZero():
		wrong("on", Missing)
	case c.On.Before(today):
		wrong("on", Past)
	}
	switch {
	case c.Until.IsZero():
		wrong("until", Missing)
	case c.Until.Before(c.On):
		wrong("until", BeforeStart)
	case !c.On.IsZero() && c.On.DaysUntil(c.Until) > LongestDays:
		wrong("until", TooLate)
	}
	return problems
}

// Same tells that two contents say the same.
func (c Content) Same(other Content) bool {
	same := c.Audience.Same(other.Audience)
	c.Audience, other.Audience = audience.Audience{}, audience.Audience{}
	return same && reflect.DeepEqual(c, other)
}
