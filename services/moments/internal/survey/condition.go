package survey

import (
	"errors"
	"fmt"
	"slices"
)

// Condition is what an earlier answer must be for a question to be asked. A choice is met by any of Options; a number by
// whatever lies from AtLeast to AtMost.
type Condition struct {
	// Question is the id of an earlier one in the same questionnaire.
	Question string   `bson:"question"`
	Options  []string `bson:"options,omitempty"`
	AtLeast  int      `bson:"at_least,omitempty"`
	AtMost   int      `bson:"at_most,omitempty"`
}

// validate looks for the condition's question among the earlier ones.
func (c *Condition) validate(earlier []Question) error {
	if c == nil {
		return nil
	}
	i := slices.IndexFunc(earlier, func(q Question) bool { return q.ID == c.Question })
	if i < 0 {
		return fmt.Errorf("it depends on %q, which is no earlier question", c.Question)
	}
	on := earlier[i]
	switch {
	case on.Kind.Free():
		return errors.New("it depends on a free text")
	case on.Kind.Choice() && len(c.Options) == 0, !on.Kind.Choice() && c.AtLeast > c.AtMost:
		return errors.New("it depends on an answer that nobody can give")
	}
	for _, id := range c.Options {
		if !slices.ContainsFunc(on.Options, func(o Option) bool { return o.ID == id }) {
			return fmt.Errorf("it depends on the option %q, which is not offered", id)
		}
	}
	return nil
}

// met tells whether an answer is as the condition wants it.
func (c *Condition) met(a Answer) bool {
	switch {
	case a.Number != nil:
		return *a.Number >= c.AtLeast && *a.Number <= c.AtMost
	case a.Option != "":
		return slices.Contains(c.Options, a.Option)
	default:
		return slices.ContainsFunc(a.Options, func(id string) bool { return slices.Contains(c.Options, id) })
	}
}

// Shown tells which questions are asked of somebody who answers so. A question that depends on one that is not asked is not
// asked either.
func (q Questionnaire) Shown(answers []Answer) map[string]bool {
	given := make(map[string]Answer, len(answers))
	for _, a := range answers {
		given[a.Question] = a
	}
	shown := make(map[string]bool, len(q.Questions))
	for _, question := range q.Questions {
		c := question.ShowIf
		if c == nil {
			shown[question.ID] = true
			continue
		}
		a, answered := given[c.Question]
		shown[question.ID] = shown[c.Question] && answered && c.met(a)
	}
	return shown
}
