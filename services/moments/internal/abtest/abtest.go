// Package abtest is the domain of A/B tests: two variants of a campaign that differ in one thing, tried on a part of its audience, of
// which the better one then goes to the others, or none is better. It says who is shown what, and what the answers prove.
package abtest

import (
	"time"
	"unicode/utf8"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/survey"
)

// Criterion is the one thing in which the variants differ.
type Criterion string

// The criteria.
const (
	// Subject is the line by which it is announced.
	Subject Criterion = "subject"
	// SendTime is the time of day at which people are invited.
	SendTime Criterion = "send_time"
)

// Group is a part of the audience.
type Group string

// The groups. Whoever is in no sample is in the rest, which is invited after the decision.
const (
	A    Group = "a"
	B    Group = "b"
	Rest Group = "rest"
)

// Groups are all of them, in the order in which they are invited.
func Groups() []Group { return []Group{A, B, Rest} }

// What a test may be.
const (
	// LeastPerSide is how many people there must be on each side: of fewer, not even a difference of twenty points could be told from chance.
	LeastPerSide = 50
	// LeastShare and MostShare are how much of the audience may be the sample, in percent: a test of more than half of the audience would
	// leave few for whom to learn from it.
	LeastShare = 2
	MostShare  = 50
	// LeastWait and MostWait are how many hours to wait for answers.
	LeastWait = 4
	MostWait  = 7 * 24

	longestSubject = 120
)

// Plan is what HR wants to try. Variant A is the campaign as it is written.
type Plan struct {
	Criterion Criterion `bson:"criterion"`
	// SubjectA and SubjectB are the lines of a test of subjects. Of a message, its title is A's.
	SubjectA survey.Wording `bson:"subject_a"`
	SubjectB survey.Wording `bson:"subject_b"`
	// AtB is the other time of a test of times.
	AtB clock.TimeOfDay `bson:"at_b,omitempty"`
	// Share is how much of the audience is the sample, in percent, one half for each side.
	Share int `bson:"share"`
	// Wait is how many hours answers are waited for, from the last invitation of a side on.
	Wait int `bson:"wait"`
}

// Problem is what is wrong with a field.
type Problem struct{ Field, Code string }

// Campaign is what a plan has to fit.
type Campaign struct {
	// Title is a message's, and empty for a survey, whose subject is the plan's.
	Title     survey.Wording
	IsMessage bool
	// Today, On, At and Until are when it is planned, runs and ends.
	Today, On, Until clock.Date
	At               clock.TimeOfDay
	// People is how many it has now.
	People int
}

// Problems are everything that keeps a plan from being tried.
func (p Plan) Problems(c Campaign) []Problem {
	var problems []Problem
	wrong := func(field, code string) { problems = append(problems, Problem{field, code}) }
	switch p.Criterion {
	case Subject:
		p.checkSubjects(c, wrong)
	case SendTime:
		if p.AtB == c.At {
			wrong("at_b", "same")
		}
		if !c.On.IsZero() && !c.On.After(c.Today) { // one of the two times may have passed: both would be now
			wrong("at_b", "too_soon")
		}
	default:
		wrong("criterion", "missing")
	}
	switch {
	case p.Share < LeastShare || p.Share > MostShare:
		wrong("share", "range")
	case c.People*p.Share/200 < LeastPerSide:
		wrong("share", "too_few")
	}
	switch {
	case p.Wait < LeastWait || p.Wait > MostWait:
		wrong("wait", "range")
	case !c.On.IsZero() && !c.Until.IsZero() && c.On.DaysUntil(c.Until) < p.days()+1:
		wrong("wait", "too_long") // nobody would be left to invite in time
	}
	return problems
}

func (p Plan) checkSubjects(c Campaign, wrong func(field, code string)) {
	written := func(field, text string) {
		switch {
		case text == "":
			wrong(field, "missing")
		case utf8.RuneCountInString(text) > longestSubject:
			wrong(field, "too_long")
		}
	}
	a := c.Title
	if !c.IsMessage {
		a = p.SubjectA
		written("subject_a.fr", a.FR)
		written("subject_a.en", a.EN)
	}
	written("subject_b.fr", p.SubjectB.FR)
	written("subject_b.en", p.SubjectB.EN)
	for _, line := range []struct{ field, a, b string }{{"subject_b.fr", a.FR, p.SubjectB.FR}, {"subject_b.en", a.EN, p.SubjectB.EN}} {
		if line.a != "" && line.a == line.b {
			wrong(line.field, "same")
		}
	}
}

// days is in how many days the decision falls, at the latest.
func (p Plan) days() int { return (p.Wait+24-1)/24 + 1 }

// Waits is how long answers are waited for.
func (p Plan) Waits() time.Duration { return time.Duration(p.Wait) * time.Hour }
