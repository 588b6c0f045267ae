package moment

import (
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
)

// Cause says why a moment was opened.
type Cause string

// Causes.
const (
	Hired    Cause = "hired"
	Moved    Cause = "moved"
	Left     Cause = "left"
	Declared Cause = "declared"
	// ManagerChanged is another manager than the one known before.
	ManagerChanged Cause = "manager_changed"
	Promoted       Cause = "promoted"
	// Returned is from a leave that was long.
	Returned Cause = "returned"
	// Dated is a date that came round.
	Dated Cause = "anniversary"
	// Interview is a talk that was held.
	Interview Cause = "interview"
	// Audited is the audit of the talks, for which nothing had to happen.
	Audited Cause = "audit"
	// Campaigned is HR, who asked an audience.
	Campaigned Cause = "campaign"
)

// Moment is a key moment that happened, or is planned, to one person or to a team. What it plans is decided when Jalon hears
// of it and never changes: redoing the same news, however late, yields the same moment. All that can happen to it is that
// somebody cancels it.
type Moment struct {
	ID        string `bson:"_id"`
	KeyMoment string `bson:"key_moment"`
	// PersonID is empty in a collective moment.
	PersonID  string     `bson:"person_id"`
	HappensOn clock.Date `bson:"happens_on"`
	Cause     Cause      `bson:"cause"`
	// OpenedAt is when Jalon heard of it.
	OpenedAt time.Time `bson:"opened_at"`
	// UnitPath is where the person was then, from the company down. The moment's answers count for these units, even when
	// the person has moved on: it is this team that welcomed, or was left.
	UnitPath  []string   `bson:"unit_path"`
	FollowUps []FollowUp `bson:"follow_ups"`
	// Version is the catalogue's entry by which it was planned.
	Version int64 `bson:"version,omitempty"`
	// ManagerID is whom a change of manager led to.
	ManagerID string `bson:"manager_id,omitempty"`
	// DeclaredBy is the person who declared it; empty where that was no person.
	DeclaredBy string `bson:"declared_by,omitempty"`
	// TalkID and HeldBy are the talk that it is, and the manager who held it.
	TalkID string `bson:"talk_id,omitempty"`
	HeldBy string `bson:"held_by,omitempty"`
	// Guest tells that PersonID is a guest's: of somebody without an account, whom no HR file names.
	Guest     bool          `bson:"guest,omitempty"`
	Cancelled *Cancellation `bson:"cancelled,omitempty"`
	// UnitID, People and Members are a collective moment's: the unit, how many it concerns, and who they are.
	UnitID  string   `bson:"unit_id,omitempty"`
	People  int      `bson:"people,omitempty"`
	Members []Member `bson:"members,omitempty"`
}

// Cancellation is when, by whom and why a moment was called off.
type Cancellation struct {
	At     time.Time `bson:"at"`
	By     string    `bson:"by,omitempty"`
	Reason string    `bson:"reason"`
}

// FollowUp is one survey that a moment plans. What becomes of it is kept by its agenda item, which has the invitation's id.
type FollowUp struct {
	Code          string `bson:"code"`
	InvitationID  string `bson:"invitation_id"`
	Questionnaire string `bson:"questionnaire"`
	// On is its local date in Zone.
	On   clock.Date `bson:"on"`
	Zone string     `bson:"zone"`
	// Due is the instant, resolved when Jalon heard of the moment.
	Due time.Time `bson:"due"`
	// Expires is when asking becomes pointless.
	Expires time.Time `bson:"expires"`
	// Immediate is due at an instant rather than at a local time.
	Immediate bool `bson:"immediate,omitempty"`
	// Skipped says why it was never planned; empty for a planned one.
	Skipped Reason `bson:"skipped,omitempty"`
	// What the rule said when it was planned: how long it is worth asking, and how long an invitation stands.
	GraceDays      int  `bson:"grace_days,omitempty"`
	AnswerDays     int  `bson:"answer_days,omitempty"`
	EndsWithMoment bool `bson:"ends_with_moment,omitempty"`
	// AsksContact tells that the person may ask to be contacted.
	AsksContact bool `bson:"asks_contact,omitempty"`
}

// Person is what opening a moment needs to know of somebody.
type Person struct {
	ID       string
	UnitPath []string
	Zone     *time.Location
}

// ID is the same for the same key moment of the same person on the same date, however often it is told.
func ID(keyMoment, personID string, happensOn clock.Date) string {
	return event.ID("moment", keyMoment, personID, happensOn.String())
}

// Successor is the id of what takes the place of a moment that was called off. It follows from the cancellation: whoever declares the
// same thing again means this one moment, until it is called off too.
func (m Moment) Successor() string {
	return event.ID("moment_again", m.ID, m.Cancelled.At.UTC().Format(time.RFC3339Nano))
}

// As is the moment under another id, with invitations of its own.
func (m Moment) As(id string) Moment {
	m.ID, m.FollowUps = id, slices.Clone(m.FollowUps)
	for i, f := range m.FollowUps {
		m.FollowUps[i].InvitationID = InvitationID(id, f.Code)
	}
	return m
}

// InvitationID is the same for the same follow-up of the same moment.
func InvitationID(momentID, followUp string) string {
	return event.ID("follow_up", momentID, followUp)
}

// Open makes the moment that news heard at an instant tells of. A follow-up whose grace had passed by then is skipped, with
// its reason; one that is late but still useful is due at once.
func Open(km KeyMoment, p Person, happensOn clock.Date, cause Cause, heard time.Time) Moment {
	// The store keeps milliseconds: what is kept must equal what was decided.
	heard = heard.UTC().Truncate(time.Millisecond)
	m := Moment{
		ID: ID(km.Code, p.ID, happensOn), KeyMoment: km.Code, PersonID: p.ID, HappensOn: happensOn,
		Cause: cause, OpenedAt: heard, UnitPath: p.UnitPath, Version: km.Version,
	}
	m.plan(km, p.Zone)
	return m
}

// OpenManagerChange is Open for another manager; two changes on one day are two moments.
func OpenManagerChange(km KeyMoment, p Person, managerID string, happensOn clock.Date, heard time.Time) Moment {
	heard = heard.UTC().Truncate(time.Millisecond)
	m := Moment{
		ID: ID(km.Code, p.ID+"/"+managerID, happensOn), KeyMoment: km.Code, PersonID: p.ID, HappensOn: happensOn,
		Cause: ManagerChanged, OpenedAt: heard, UnitPath: p.UnitPath, Version: km.Version, ManagerID: managerID,
	}
	m.plan(km, p.Zone)
	return m
}

func (m *Moment) plan(km KeyMoment, zone *time.Location) {
	for _, rule := range km.FollowUps {
		if !rule.Off {
			m.FollowUps = append(m.FollowUps, rule.plan(*m, zone, m.OpenedAt))
		}
	}
}

// OpenAhead is Open for somebody who was there before Jalon: only follow-ups still ahead are planned, the others are not
// even spoken of, and without any there is no moment.
func OpenAhead(km KeyMoment, p Person, happensOn clock.Date, cause Cause, heard time.Time) (Moment, bool) {
	m := Open(km, p, happensOn, cause, heard)
	var ahead []FollowUp
	for _, f := range m.FollowUps {
		if f.Skipped == "" && f.Due.After(m.OpenedAt) {
			ahead = append(ahead, f)
		}
	}
	m.FollowUps = ahead
	return m, len(ahead) > 0
}

// Planned returns the follow-ups that belong in the agenda.
func (m Moment) Planned() []FollowUp {
	var planned []FollowUp
	for _, f := range m.FollowUps {
		if f.Skipped == "" {
			planned = append(planned, f)
		}
	}
	return planned
}

func (r Rule) plan(m Moment, zone *time.Location, heard time.Time) FollowUp {
	f := FollowUp{
		Code: r.Code, InvitationID: InvitationID(m.ID, r.Code), Questionnaire: r.Questionnaire,
		Zone: zone.String(), Immediate: r.Immediate,
		GraceDays: r.GraceDays, AnswerDays: r.AnswerDays, EndsWithMoment: r.EndsWithMoment, AsksContact: r.AsksContact,
	}
	if r.Immediate {
		f.On, f.Due = clock.DateOf(heard, zone), heard
	} else {
		f.On = m.HappensOn.AddDays(r.OffsetDays)
		f.Due = clock.LocalInstant(f.On, HourOfDay, zone)
	}
	f.Expires = endOf(f.On.AddDays(r.GraceDays), zone)
	if !heard.Before(f.Expires) {
		f.Skipped = HeardTooLate
	}
	return f
}

// AnswerUntil is when an invitation asked for at an instant stops being of use.
func (r Rule) AnswerUntil(asked time.Time, happensOn clock.Date, zone *time.Location) time.Time {
	until := asked.UTC().Truncate(time.Millisecond).AddDate(0, 0, r.AnswerDays)
	if !r.EndsWithMoment {
		return until
	}
	if end := endOf(happensOn, zone); end.Before(until) {
		return end
	}
	return until
}

// endOf is the first instant after a local day.
func endOf(day clock.Date, zone *time.Location) time.Time {
	return day.AddDays(1).In(zone)
}
