package campaign

import (
	"maps"
	"reflect"
	"slices"
	"unicode/utf8"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/abtest"
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
	// OneOff is only for what does not come again.
	OneOff Code = "one_off"
	// Fixed: whether it repeats cannot change any more.
	Fixed Code = "fixed"
	// UnknownField: a message holds a field that nobody knows.
	UnknownField Code = "unknown_field"
	// NoFields: what is said here is the same for everybody.
	NoFields Code = "no_fields"
	// Named: the questionnaire is answered by name, and who is in the audience is nobody's business.
	Named Code = "named"
	// Plain: whom people are chosen for how they reacted is neither a sample of a test nor due on days of their own.
	Plain Code = "plain"
)

// Problem is what is wrong with a field.
type Problem struct {
	Field string
	Code  Code
	// Detail is what in the field is meant, as it was written; empty where all of it is.
	Detail string
}

const (
	longestName  = 120
	longestTitle = 120
	longestText  = 2000
)

// Known is what only others can tell about what a campaign names.
type Known struct {
	Questionnaire, Unit bool
	// Begun tells that a series was launched before: its first day may be over.
	Begun bool
	// DayOff tells the weekends and public holidays of where the company is.
	DayOff func(clock.Date) bool
	// People is how many there are in the audience; it is not asked of what is not tested.
	People int
}

// Problems are everything that keeps it from being launched on a day. What made occurrences stays a series, and what is one never
// becomes a series of its own: their numbers would count two things.
func (c Campaign) Problems(today clock.Date, known Known) []Problem {
	known.Begun = c.Recurs() && c.Run > 0
	problems := c.Content.Problems(today, known)
	if isSeries, wasSeries := c.Recurs(), !c.StartedAt.IsZero(); c.Series != "" && isSeries || c.Series == "" && !isSeries && wasSeries && !c.State.Started() {
		problems = append(problems, Problem{Field: "recurrence.frequency", Code: Fixed})
	}
	return problems
}

// Problems are everything that keeps it from being launched on a day.
func (c Content) Problems(today clock.Date, known Known) []Problem {
	var problems []Problem
	wrong := func(field string, code Code) { problems = append(problems, Problem{Field: field, Code: code}) }
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
	problems = append(problems, c.fieldProblems()...)
	for _, p := range c.Audience.Check() {
		wrong("audience."+p.Field, Code(p.Code))
	}
	if c.Audience.UnitID != "" && !known.Unit {
		wrong("audience.unit_id", Unknown)
	}
	switch {
	case c.On.IsZero():
		wrong("on", Missing)
	case c.On.Before(today) && !known.Begun:
		wrong("on", Past)
	}
	if c.Recurrence != nil {
		for _, p := range c.Recurrence.Check(c.On, known.DayOff, LongestDays) {
			wrong("recurrence."+p.Field, Code(p.Code))
		}
		if c.Test != nil { // what is learnt once holds for the next times: one of them is tested, not each anew
			wrong("test.criterion", OneOff)
		}
		return problems
	}
	switch {
	case c.Until.IsZero():
		wrong("until", Missing)
	case c.Until.Before(c.On):
		wrong("until", BeforeStart)
	case !c.On.IsZero() && c.On.DaysUntil(c.Until) > LongestDays:
		wrong("until", TooLate)
	}
	if c.Test != nil {
		for _, p := range c.Test.Problems(abtest.Campaign{
			Title: c.Title, IsMessage: c.Kind == Message, Today: today, On: c.On, At: c.At, Until: c.Until, People: known.People,
		}) {
			wrong("test."+p.Field, Code(p.Code))
		}
		c.plainLines(wrong)
	}
	return problems
}

// plainLines checks that lines which are tried hold no fields: they are subjects, the same for everybody and read on locked screens.
func (c Content) plainLines(wrong func(string, Code)) {
	if c.Test.Criterion != abtest.Subject {
		return
	}
	lines := map[string]survey.Wording{"test.subject_a": c.Test.SubjectA, "test.subject_b": c.Test.SubjectB}
	if c.Kind == Message {
		lines = map[string]survey.Wording{"title": c.Title, "test.subject_b": c.Test.SubjectB}
	}
	for _, field := range slices.Sorted(maps.Keys(lines)) {
		for _, said := range []struct{ lang, text string }{{"fr", lines[field].FR}, {"en", lines[field].EN}} {
			if HasFields(survey.Wording{FR: said.text, EN: said.text}) {
				wrong(field+"."+said.lang, NoFields)
			}
		}
	}
}

// Same tells that two contents say the same.
func (c Content) Same(other Content) bool {
	same := c.Audience.Same(other.Audience) && slices.Equal(c.Channels, other.Channels)
	c.Audience, other.Audience, c.Channels, other.Channels = audience.Audience{}, audience.Audience{}, nil, nil
	return same && reflect.DeepEqual(c.withRule(), other.withRule())
}
