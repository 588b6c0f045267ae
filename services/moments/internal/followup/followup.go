// Package followup keeps follow-ups in the agenda: the agenda item of a follow-up is its whole record, from the day it is
// planned until it was asked, and its id is the invitation's. So each step in its life costs one write.
package followup

import (
	"fmt"
	"strings"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
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
)

// Fields of an agenda item by which follow-ups are counted.
const (
	FieldKeyMoment = "data." + dataKeyMoment
	FieldFollowUp  = "data." + dataFollowUp
	FieldUnitPath  = "data." + dataUnitPath
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
	moment.Standing
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
	return f.Moment.Refusal(day, c)
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
	return FollowUp{
		InvitationID: item.ID, PersonID: item.Subject, Questionnaire: item.Data[dataQuestionnaire],
		KeyMoment: item.Data[dataKeyMoment], Code: item.Data[dataFollowUp],
		Moment: moment.Moment{
			ID: item.Data[dataMoment], KeyMoment: item.Data[dataKeyMoment], PersonID: item.Subject,
			HappensOn: happensOn, Cause: moment.Cause(item.Data[dataCause]), UnitPath: UnitPath(item.Data[dataUnitPath]),
		},
		On: on, Zone: zone, Standing: Standing(item),
	}, nil
}

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

// AnswerUntil is when the invitation of a follow-up asked at an instant stops being of use, by the catalogue; a follow-up
// that the catalogue knows no more keeps the usual time.
func (f FollowUp) AnswerUntil(c moment.Catalogue, asked time.Time) time.Time {
	rule := moment.Rule{AnswerDays: moment.DefaultAnswerDays}
	if km, ok := c.Find(f.KeyMoment); ok {
		if known, ok := km.Rule(f.Code); ok {
			rule = known
		}
	}
	return rule.AnswerUntil(asked, f.Moment.HappensOn, f.Zone)
}
