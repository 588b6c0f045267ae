package moment

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Bounds of what HR may set for a follow-up, in days from the moment.
const (
	earliestOffset = -30
	latestOffset   = 365
	mostGrace      = 90
	mostAnswerDays = 60
)

// Version is what HR made of a key moment. Versions are added and never changed; moments keep what they were planned with.
type Version struct {
	Code      string       `bson:"code"`
	Number    int64        `bson:"number"`
	Words     Words        `bson:"words"`
	FollowUps []RuleChange `bson:"follow_ups"`
	// Expected are the emotions that people may be expected to bring; nil in versions that do not speak of them.
	Expected  []string  `bson:"expected"`
	ChangedAt time.Time `bson:"changed_at"`
	// ChangedBy is a person's id; empty where that was no person.
	ChangedBy string `bson:"changed_by,omitempty"`
}

// RuleChange is what may be set of a follow-up.
type RuleChange struct {
	Code       string `bson:"code"`
	OffsetDays int    `bson:"offset_days"`
	Off        bool   `bson:"off,omitempty"`
	// AsksContact lets people say that they want to be contacted.
	AsksContact bool `bson:"asks_contact,omitempty"`
	// Questionnaire is the id of the survey that HR chose; empty for the one that the rule comes with.
	Questionnaire string `bson:"questionnaire,omitempty"`
	// GraceDays and AnswerDays are nil in versions that do not speak of them.
	GraceDays  *int `bson:"grace_days,omitempty"`
	AnswerDays *int `bson:"answer_days,omitempty"`
}

// WrongError says which part of a version cannot stand, and what would be right.
type WrongError struct{ Field, Expected string }

func (e *WrongError) Error() string { return e.Field + " " + e.Expected }

// With is the key moment as a version has it. Follow-ups of which the version does not speak stay as they are.
func (k KeyMoment) With(v Version) KeyMoment {
	name := k.Words
	k.Words, k.Version, k.ChangedAt, k.ChangedBy = v.Words, v.Number, v.ChangedAt, v.ChangedBy
	k.Words.FR.Name, k.Words.EN.Name = name.FR.Name, name.EN.Name
	if v.Expected != nil {
		k.Expected = v.Expected
	}
	rules := make([]Rule, len(k.FollowUps))
	for i, r := range k.FollowUps {
		for _, c := range v.FollowUps {
			if c.Code == r.Code {
				r.OffsetDays, r.Off, r.AsksContact = c.OffsetDays, c.Off, c.AsksContact
				r.Questionnaire = cmp.Or(c.Questionnaire, r.Questionnaire)
				if c.GraceDays != nil {
					r.GraceDays = *c.GraceDays
				}
				if c.AnswerDays != nil {
					r.AnswerDays = *c.AnswerDays
				}
			}
		}
		rules[i] = r
	}
	k.FollowUps = rules
	return k
}

// Check returns a *WrongError for a version that cannot stand. known tells which questionnaires can be asked.
func (k KeyMoment) Check(v Version, known func(questionnaire string) bool) error {
	for language, t := range map[string]Texts{"fr": v.Words.FR, "en": v.Words.EN} {
		if strings.TrimSpace(t.Summary) == "" {
			return &WrongError{"summary_" + language, "must say in one sentence what is at stake"}
		}
		for i, list := range t.lists() {
			if len(list) == 0 {
				return &WrongError{[]string{"emotional_", "relational_", "operational_", "prepare_"}[i] + language, "must have at least one line"}
			}
		}
	}
	seen := map[string]bool{}
	for _, c := range v.FollowUps {
		rule, ok := k.Rule(c.Code)
		switch field := "offset_" + c.Code; {
		case !ok || seen[c.Code]:
			return &WrongError{"follow_ups", fmt.Sprintf("must name follow-ups of the key moment, each once; %q is none", c.Code)}
		case c.OffsetDays < earliestOffset || c.OffsetDays > latestOffset:
			return &WrongError{field, fmt.Sprintf("must be from %d to %d days", earliestOffset, latestOffset)}
		case rule.EndsWithMoment && c.OffsetDays > 0:
			return &WrongError{field, "must not be after the moment: nobody could be reached any more"}
		case c.GraceDays != nil && (*c.GraceDays < 0 || *c.GraceDays > mostGrace):
			return &WrongError{"grace_" + c.Code, fmt.Sprintf("must be from 0 to %d days", mostGrace)}
		case c.AnswerDays != nil && (*c.AnswerDays < 1 || *c.AnswerDays > mostAnswerDays):
			return &WrongError{"answer_" + c.Code, fmt.Sprintf("must be from 1 to %d days", mostAnswerDays)}
		case c.Questionnaire != "" && !known(c.Questionnaire):
			return &WrongError{"questionnaire_" + c.Code, "must be a questionnaire that is published"}
		}
		seen[c.Code] = true
	}
	return nil
}
