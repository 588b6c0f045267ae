// Package followup keeps follow-ups in the agenda: the agenda item of a follow-up is its whole record, from the day it is
// planned until it was asked, and its id is the invitation's. So each step in its life costs one write.
package followup

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/moment"
)

// Kind is the agenda's word for follow-ups.
const Kind = "follow_up"

// Names of what an item carries.
const (
	dataMoment        = "moment"
	dataKeyMoment     = "key_moment"
	dataFollowUp      = "follow_up"
	dataQuestionnaire = "questionnaire"
	dataHappensOn     = "happens_on"
	dataOn            = "on"
	dataCause         = "cause"
	dataZone          = "zone"
	dataUnitPath      = "unit_path"
	dataManager       = "manager"
	dataAnswerDays    = "answer_days"
	dataEnds          = "ends_with_moment"
	dataWithdrawn     = "withdrawn"
	dataGuest         = "guest"
	dataContact       = "asks_contact"
	dataAnswerUntil   = "answer_until"
	dataShown         = "shown"
	dataGroup         = "group"
)

// Fields of an agenda item by which follow-ups are counted.
const (
	FieldKeyMoment = "data." + dataKeyMoment
	FieldFollowUp  = "data." + dataFollowUp
	FieldUnitPath  = "data." + dataUnitPath
	// FieldOn is the local day on which one is due.
	FieldOn = "data." + dataOn
	// FieldManager is whom a change of manager led to.
	FieldManager = "data." + dataManager
	// FieldWithdrawn is set on what was asked about a moment that was cancelled afterwards.
	FieldWithdrawn = "data." + dataWithdrawn
	// FieldShown is set on what a campaign asked, once it was shown to the person.
	FieldShown = "data." + dataShown
	// FieldGroup is set on what a campaign asked that is an A/B test: which group of it.
	FieldGroup = "data." + dataGroup
)

// pathSeparator keeps the units of a path apart; no id has it.
const pathSeparator = " "

// Item is the agenda item of a planned follow-up.
func Item(m moment.Moment, f moment.FollowUp) agenda.Item {
	item := agenda.Item{
		ID: f.InvitationID, Kind: Kind, Subject: m.PersonID, Due: f.Due, Expires: f.Expires,
		Data: map[string]string{
			dataMoment: m.ID, dataKeyMoment: m.KeyMoment, dataFollowUp: f.Code, dataQuestionnaire: f.Questionnaire,
			dataHappensOn: m.HappensOn.String(), dataOn: f.On.String(), dataCause: string(m.Cause), dataZone: f.Zone,
			dataUnitPath: strings.Join(m.UnitPath, pathSeparator),
		},
	}
	if m.ManagerID != "" {
		item.Data[dataManager] = m.ManagerID
	}
	if f.AnswerDays > 0 {
		item.Data[dataAnswerDays] = strconv.Itoa(f.AnswerDays)
	}
	if f.EndsWithMoment {
		item.Data[dataEnds] = "true"
	}
	if m.Guest {
		item.Data[dataGuest] = "true"
	}
	if f.AsksContact {
		item.Data[dataContact] = "true"
	}
	if !f.Immediate {
		item.Local = &agenda.LocalTime{Date: f.On, Time: moment.HourOfDay, Zone: f.Zone}
	}
	return item
}

// FollowUp is what an item says.
type FollowUp struct {
	InvitationID  string
	PersonID      string
	KeyMoment     string
	Code          string
	Questionnaire string
	// Moment has what its rules need to know and no follow-ups.
	Moment moment.Moment
	On     clock.Date
	Zone   *time.Location
	// AnswerDays and EndsWithMoment are the rule's when it was planned; 0 days in items that are older than this field.
	AnswerDays     int
	EndsWithMoment bool
	// Until is the instant from which it cannot be answered, where that is fixed, as in a campaign; zero for others.
	Until time.Time
	// AsksContact tells that the person may ask to be contacted.
	AsksContact bool
	// Group is the one of a campaign's A/B test to which the person was assigned.
	Group abtest.Group
	moment.Standing
}

// ByLink tells that it is reached by a personal link.
func (f FollowUp) ByLink() bool { return f.Moment.ByLink(f.On) }

// ToldAs is what it is called outside this service. The catalogue is the one that the installation comes with.
func (f FollowUp) ToldAs(c moment.Catalogue) string {
	if f.KeyMoment == campaign.KeyMoment {
		return string(f.CampaignKind())
	}
	return c.ToldAs(f.KeyMoment, f.Code, f.Moment.HappensOn.DaysUntil(f.On))
}

// BeingAsked tells that a follow-up is due and may be asked: its invitation can reach the person before the agenda has noted
// that it asked.
func (f FollowUp) BeingAsked(now time.Time, c moment.Contract) bool {
	return f.State == moment.Planned && !f.Due.After(now) && f.Refusal(now, c) == ""
}

// Refusal says why it must not be asked now, or nothing where it may be. One that is asked late is judged by the later day.
func (f FollowUp) Refusal(now time.Time, c moment.Contract) moment.Reason {
	day := f.On
	if today := clock.DateOf(now, f.Zone); today.After(day) {
		day = today
	}
	return f.Moment.Refusal(f.On, day, c)
}

// Read returns what an item says.
func Read(item agenda.Item) (FollowUp, error) {
	happensOn, err := clock.ParseDate(item.Data[dataHappensOn])
	if err != nil {
		return FollowUp{}, fmt.Errorf("reading follow-up %s: %w", item.ID, err)
	}
	on, err := clock.ParseDate(item.Data[dataOn])
	if err != nil {
		return FollowUp{}, fmt.Errorf("reading follow-up %s: %w", item.ID, err)
	}
	zone, err := clock.Zone(item.Data[dataZone])
	if err != nil {
		return FollowUp{}, fmt.Errorf("reading follow-up %s: %w", item.ID, err)
	}
	days := 0
	if noted := item.Data[dataAnswerDays]; noted != "" {
		if days, err = strconv.Atoi(noted); err != nil {
			return FollowUp{}, fmt.Errorf("reading follow-up %s: %w", item.ID, err)
		}
	}
	var until time.Time
	if noted := item.Data[dataAnswerUntil]; noted != "" {
		if until, err = time.Parse(time.RFC3339, noted); err != nil {
			return FollowUp{}, fmt.Errorf("reading follow-up %s: %w", item.ID, err)
		}
	}
	return FollowUp{
		Until: until, Group: abtest.Group(item.Data[dataGroup]), AnswerDays: days, EndsWithMoment: item.Data[dataEnds] != "", AsksContact: item.Data[dataContact] != "",
		InvitationID: item.ID, PersonID: item.Subject, Questionnaire: item.Data[dataQuestionnaire],
		KeyMoment: item.Data[dataKeyMoment], Code: item.Data[dataFollowUp],
		Moment: moment.Moment{
			ID: item.Data[dataMoment], KeyMoment: item.Data[dataKeyMoment], PersonID: item.Subject,
			HappensOn: happensOn, Cause: moment.Cause(item.Data[dataCause]), UnitPath: UnitPath(item.Data[dataUnitPath]),
			ManagerID: item.Data[dataManager], Guest: IsGuest(item),
		},
		On: on, Zone: zone, Standing: Standing(item),
	}, nil
}

// Cause is why the moment of an item was opened.
func Cause(item agenda.Item) moment.Cause { return moment.Cause(item.Data[dataCause]) }

// IsGuest tells that an item's subject is a guest.
func IsGuest(item agenda.Item) bool { return item.Data[dataGuest] != "" }

// UnitPath reads the units that an item notes as one text.
func UnitPath(noted string) []string { return strings.Fields(noted) }

// Standing is where an item's follow-up stands, as far as the agenda knows. Its reasons are stable words; what the agenda
// notes beside them is for the operator.
func Standing(item agenda.Item) moment.Standing {
	s := moment.Standing{Due: item.Due}
	switch reason := moment.Reason(item.Reason); item.State {
	case agenda.StateWaiting:
		s.State = moment.Planned
	case agenda.StateDone:
		s.State, s.AskedAt = moment.Asked, item.DoneAt
		if item.Data[dataWithdrawn] != "" {
			s.State, s.Reason = moment.Cancelled, moment.MomentCancelled
		}
	case agenda.StateCancelled:
		s.State, s.Reason = moment.Cancelled, reason
	case agenda.StateExpired:
		if reason.Refuses() {
			s.State, s.Reason = moment.Cancelled, reason
		} else {
			s.State, s.Reason = moment.Expired, moment.TooLate
		}
	case agenda.StateFailed:
		s.State, s.Reason = moment.Expired, moment.Failed
	}
	return s
}

// AnswerUntil is when the invitation of a follow-up asked at an instant stops being of use, by the rule it was planned with.
// Items that do not say it go by the catalogue, and where that knows them no more, by the usual time.
func (f FollowUp) AnswerUntil(c moment.Catalogue, asked time.Time) time.Time {
	if !f.Until.IsZero() {
		return f.Until
	}
	if f.AnswerDays > 0 {
		return moment.Rule{AnswerDays: f.AnswerDays, EndsWithMoment: f.EndsWithMoment}.AnswerUntil(asked, f.Moment.HappensOn, f.Zone)
	}
	rule := moment.Rule{AnswerDays: moment.DefaultAnswerDays}
	if km, ok := c.Find(f.KeyMoment); ok {
		if known, ok := km.Rule(f.Code); ok {
			rule = known
		}
	}
	return rule.AnswerUntil(asked, f.Moment.HappensOn, f.Zone)
}
