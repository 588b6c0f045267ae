// Package moment is the domain of key moments: which kinds there are, which follow-ups each triggers, and what becomes of a
// follow-up when the news of the moment is late or the person leaves.
package moment

import (
	"errors"
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
)

// Codes of the sixteen key moments, in the order of the product's.
const (
	RecruitmentInterview = "recruitment_interview"
	TeamArrival          = "team_arrival"
	Onboarding           = "onboarding"
	CheckIn              = "check_in"
	Congratulation       = "congratulation"
	Reframing            = "reframing"
	SuccessCelebrated    = "success_celebrated"
	ProjectShared        = "project_shared"
	Promotion            = "promotion"
	ManagerChange        = "manager_change"
	FirstStepsAsManager  = "first_steps_as_manager"
	ReturnFromLeave      = "return_from_leave"
	Training             = "training"
	ImmersionDay         = "immersion_day"
	Anniversary          = "anniversary"
	Departure            = "departure"
)

// Catalogue is the key moments an installation knows, in the order of its screens.
type Catalogue []KeyMoment

// KeyMoment is a kind of moment and what it triggers.
type KeyMoment struct {
	Code      string
	FollowUps []Rule
	// Collective moments are a whole team's.
	Collective bool
	// Automatic ones are opened by directory's events or by a date; they can be declared too.
	Automatic bool
	// Expected are the emotions that people may be expected to bring, as the surveys name them.
	Expected []string
	Words    Words
	// Version is 0 for what Jalon comes with.
	Version   int64
	ChangedAt time.Time
	ChangedBy string
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
	// Off rules plan nothing.
	Off bool
	// AsksContact lets people say that they want to be contacted. It holds for confidential surveys only: elsewhere HR reads the
	// name anyway.
	AsksContact bool
	// Questionnaire is the id of the survey.
	Questionnaire string
}

// HourOfDay is when follow-ups are due, in the person's own time zone. The send window of notifications has the last word.
var HourOfDay = clock.TimeOfDay(10 * 60)

// DefaultAnswerDays is how long an invitation stands.
const DefaultAnswerDays = 14

// IsDelicate tells whether moments of the code are nobody else's business: no event of theirs leaves Jalon, and of managers
// only the one who declared it, or held the talk that it is, sees it.
func IsDelicate(code string) bool { return code == Reframing || code == ReturnFromLeave }

// Delicate are the codes of the delicate key moments.
func (c Catalogue) Delicate() []string {
	var codes []string
	for _, km := range c {
		if IsDelicate(km.Code) {
			codes = append(codes, km.Code)
		}
	}
	return codes
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

// LongestAnswer is the longest that any invitation may be answered, however HR changes the catalogue.
func (c Catalogue) LongestAnswer() time.Duration {
	days := mostAnswerDays
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
