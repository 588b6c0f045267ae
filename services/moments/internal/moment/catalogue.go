// Package moment is the domain of key moments: which kinds there are, which follow-ups each triggers, and what becomes of a
// follow-up when the news of the moment is late or the person leaves.
package moment

import (
	"errors"
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
)

// Codes of the key moments that Jalon opens by itself.
const (
	Onboarding  = "onboarding"
	TeamArrival = "team_arrival"
	Departure   = "departure"
)

// Catalogue is the key moments an installation knows, in the order of its screens.
type Catalogue []KeyMoment

// KeyMoment is a kind of moment and what it triggers.
type KeyMoment struct {
	Code      string
	FollowUps []Rule
}

// Rule says when a follow-up is due and what it asks.
type Rule struct {
	// Code names the follow-up within its key moment: "day_7".
	Code string
	// OffsetDays counts from the moment's date; negative is before it.
	OffsetDays int
	// Immediate makes the follow-up due as soon as Jalon hears of the moment, whatever the date and the time of day.
	Immediate bool
	// GraceDays is how many days after its date the follow-up is still worth asking.
	GraceDays int
	// AnswerDays is how many days an invitation may be answered once it was asked for.
	AnswerDays int
	// EndsWithMoment makes the invitation pointless after the moment's own date: a leaver is reached until the last day.
	EndsWithMoment bool
	// Questionnaire is the id of the survey.
	Questionnaire string
}

// HourOfDay is when follow-ups are due, in the person's own time zone. The send window of notifications has the last word.
var HourOfDay = clock.TimeOfDay(10 * 60)

// DefaultAnswerDays is how long an invitation stands.
const DefaultAnswerDays = 14

// Standard is the catalogue that Jalon comes with, in the order of the product's.
//
// A departure's follow-up is due three days before the last day and has three days of grace: heard of late, it is asked at
// once, and never after the last day.
func Standard() Catalogue {
	return Catalogue{
		{Code: TeamArrival, FollowUps: []Rule{
			{Code: "day_7", OffsetDays: 7, GraceDays: 7, AnswerDays: DefaultAnswerDays, Questionnaire: "team_arrival_day_7.v1"},
			{Code: "day_30", OffsetDays: 30, GraceDays: 14, AnswerDays: DefaultAnswerDays, Questionnaire: "team_arrival_day_30.v1"},
		}},
		{Code: Onboarding, FollowUps: []Rule{
			{Code: "day_1", OffsetDays: 1, GraceDays: 5, AnswerDays: DefaultAnswerDays, Questionnaire: "onboarding_day_1.v1"},
			{Code: "day_7", OffsetDays: 7, GraceDays: 7, AnswerDays: DefaultAnswerDays, Questionnaire: "onboarding_day_7.v1"},
			{Code: "day_30", OffsetDays: 30, GraceDays: 14, AnswerDays: DefaultAnswerDays, Questionnaire: "onboarding_day_30.v1"},
			{Code: "day_90", OffsetDays: 90, GraceDays: 14, AnswerDays: DefaultAnswerDays, Questionnaire: "onboarding_day_90.v1"},
		}},
		{Code: Departure, FollowUps: []Rule{
			{Code: "last_days", OffsetDays: -3, GraceDays: 3, AnswerDays: DefaultAnswerDays, EndsWithMoment: true, Questionnaire: "departure_last_days.v1"},
		}},
	}
}

// Find returns the key moment of that code.
func (c Catalogue) Find(code string) (KeyMoment, bool) {
	for _, km := range c {
		if km.Code == code {
			return km, true
		}
	}
	return KeyMoment{}, false
}

// Rule returns the rule of a follow-up.
func (k KeyMoment) Rule(code string) (Rule, bool) {
	for _, r := range k.FollowUps {
		if r.Code == code {
			return r, true
		}
	}
	return Rule{}, false
}

// LongestAnswer is the longest that any invitation may be answered.
func (c Catalogue) LongestAnswer() time.Duration {
	days := DefaultAnswerDays
	for _, km := range c {
		for _, r := range km.FollowUps {
			days = max(days, r.AnswerDays)
		}
	}
	return time.Duration(days) * 24 * time.Hour
}

// Validate says everything that is wrong with a catalogue at once. known tells which questionnaires exist.
func (c Catalogue) Validate(known func(questionnaire string) bool) error {
	var errs []error
	if len(c) == 0 {
		errs = append(errs, errors.New("the catalogue has no key moment"))
	}
	moments := map[string]bool{}
	for _, km := range c {
		if km.Code == "" || moments[km.Code] {
			errs = append(errs, fmt.Errorf("key moment %q: the code is empty or used twice", km.Code))
		}
		moments[km.Code] = true
		errs = append(errs, km.validate(known)...)
	}
	return errors.Join(errs...)
}

func (k KeyMoment) validate(known func(string) bool) []error {
	var errs []error
	rules := map[string]bool{}
	for _, r := range k.FollowUps {
		where := fmt.Sprintf("follow-up %s/%s", k.Code, r.Code)
		if r.Code == "" || rules[r.Code] {
			errs = append(errs, fmt.Errorf("%s: the code is empty or used twice", where))
		}
		rules[r.Code] = true
		if r.GraceDays < 0 || r.AnswerDays < 1 {
			errs = append(errs, fmt.Errorf("%s: grace must be at least 0 days and time to answer at least 1", where))
		}
		if !known(r.Questionnaire) {
			errs = append(errs, fmt.Errorf("%s: no questionnaire %q", where, r.Questionnaire))
		}
	}
	return errs
}
