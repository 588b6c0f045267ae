// Package campaign is the domain of campaigns: HR's scheduling of a survey or a message to an audience. It says what a campaign is,
// what it may become, and what is locked when; running one is package campaigning's.
package campaign

import (
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/recurrence"
	"jalon.dev/services/moments/internal/survey"
)

// KeyMoment stands where key moments are named for what campaigns ask. A campaign is no key moment, because nothing happens to
// anybody; but its invitations, answers and results live as those of follow-ups do. The follow-up is the campaign's id.
const KeyMoment = "campaign"

// Kind is what a campaign sends.
type Kind string

// The kinds. Each is also what other services call its invitations.
const (
	Survey  Kind = "survey"
	Message Kind = "message"
)

// Content is what HR writes. It is locked once people were invited, but for the name.
type Content struct {
	Name string `bson:"name"`
	Kind Kind   `bson:"kind"`
	// Questionnaire is the id of a published version, of a survey.
	Questionnaire string `bson:"questionnaire,omitempty"`
	// Title and Text are a message's.
	Title    survey.Wording    `bson:"title"`
	Text     survey.Wording    `bson:"text"`
	Audience audience.Audience `bson:"audience"`
	// From is the saved audience from which it was copied; what becomes of that one changes nothing here.
	From audience.Origin `bson:"from,omitempty"`
	// On and At are the company's day and time from which people are invited.
	On clock.Date      `bson:"on,omitempty"`
	At clock.TimeOfDay `bson:"at"`
	// Until is the last day for an answer. Each occurrence of a series has its own; what was written of the series stays for when it is to be
	// sent once after all.
	Until clock.Date `bson:"until,omitempty"`
	// Recurrence makes it a series, whose first day is On.
	Recurrence *recurrence.Recurrence `bson:"recurrence,omitempty"`
	// Test is what is tried on a part of the audience first; nil for nothing.
	Test *abtest.Plan `bson:"test,omitempty"`
	// Reminders is how often at most whoever does not answer is reminded.
	Reminders int `bson:"reminders"`
	// Channels are those of a chat in which it is announced when it starts: ids of notifications.
	Channels []string `bson:"channels,omitempty"`
}

// Campaign is one, with its whole state. Its people are kept apart, in batches: it stays small whatever its audience.
type Campaign struct {
	ID string `bson:"_id"`
	// Version grows with each change.
	Version int64   `bson:"version"`
	State   State   `bson:"state"`
	Content Content `bson:",inline"`
	// Zone is the place whose day and time are meant: the company's.
	Zone      string    `bson:"zone"`
	ChangedAt time.Time `bson:"changed_at"`
	ChangedBy string    `bson:"changed_by,omitempty"`
	// Run counts launches: what was fixed for an earlier one is not of this one. Turn counts launches and resumptions: what the
	// agenda holds of an earlier turn is over.
	Run  int `bson:"run,omitempty"`
	Turn int `bson:"turn,omitempty"`
	// StartedAt is when the audience was fixed: whoever was in it then is invited, and nobody else. Batches is into how many parts
	// it was cut.
	StartedAt time.Time `bson:"started_at,omitempty"`
	Batches   int       `bson:"batches,omitempty"`
	// AllInvited tells that nobody is left to invite.
	AllInvited bool `bson:"all_invited,omitempty"`
	// Trial is how far its test has come.
	Trial   abtest.Trial `bson:"trial,omitempty"`
	EndedAt time.Time    `bson:"ended_at,omitempty"`
	// Withdrawn tells that the invitations of a cancelled campaign were taken back.
	Withdrawn bool `bson:"withdrawn,omitempty"`

	// Series is the campaign that made this occurrence, and Number which one it is, counted from 1.
	Series string `bson:"series,omitempty"`
	Number int    `bson:"number,omitempty"`
	// Collecting tells that people join day after day, each on a day of their own: Batches grows, and nobody knows the last one.
	Collecting bool `bson:"collecting,omitempty"`
	// AfterAnswer tells that whoever joins answered something.
	AfterAnswer bool `bson:"after_answer,omitempty"`
	// Course is how far a series has come.
	Course Course `bson:"course,omitempty"`
}

// New is an empty draft in a zone.
func New(id, zone string) Campaign { return Campaign{ID: id, State: Draft, Zone: zone} }

// InvitationID is the same for the same person, campaign and step, however often it is asked for. There is one step by now.
func InvitationID(campaignID, personID string) string {
	return event.ID("campaign", campaignID, personID, "ask")
}

// change is a copy of the next version, made by somebody; by is empty for the agenda.
func (c Campaign) change(step Step, by string, at time.Time) (Campaign, error) {
	next, err := c.step(step)
	if err != nil {
		return c, err
	}
	next.Version, next.ChangedAt = c.Version+1, at
	if by != "" {
		next.ChangedBy = by
	}
	return next, nil
}

// Write replaces what HR wrote. Of a campaign that was started, only the name can be another; of a series that goes on, another name
// changes nothing else, and whatever else is written makes it a draft again.
func (c Campaign) Write(content Content, by string, at time.Time) (Campaign, error) {
	renamed := c.Content
	renamed.Name = content.Name
	if c.State.Started() && renamed.Same(content) {
		c.Content, c.Version, c.ChangedAt, c.ChangedBy = renamed, c.Version+1, at, by
		return c, nil
	}
	next, err := c.change(Edit, by, at)
	if err != nil {
		return c, err
	}
	next.Content = content.withRule()
	return next, nil
}

// Checked notes that HR looked at what will be sent. Whether it is complete is Problems' to say.
func (c Campaign) Checked(by string, at time.Time) (Campaign, error) { return c.change(Check, by, at) }

// Launched has it wait for its time.
func (c Campaign) Launched(by string, at time.Time) (Campaign, error) {
	next, err := c.change(Launch, by, at)
	if err == nil {
		next.Run, next.Turn = c.Run+1, c.Turn+1
		next.Course = c.relaunched(at)
		if c.Recurs() && !c.StartedAt.IsZero() {
			next.State = Running // it had begun before it was edited
		}
	}
	return next, err
}

// Begun notes that the audience is fixed, in so many batches. One of nobody is done at once.
func (c Campaign) Begun(batches int, at time.Time) (Campaign, error) {
	next, err := c.change(Start, "", at)
	if err != nil {
		return c, err
	}
	next.StartedAt, next.Batches = at, batches
	if batches == 0 {
		next.AllInvited, next.State, next.EndedAt = true, Done, at
	}
	return next, nil
}

// InvitedAll notes that nobody is left to invite.
func (c Campaign) InvitedAll(at time.Time) Campaign {
	c.AllInvited, c.Version, c.ChangedAt = true, c.Version+1, at
	return c
}

// Paused invites nobody else until it is resumed; where nobody is left there is nothing to pause.
func (c Campaign) Paused(by string, at time.Time) (Campaign, error) {
	if c.AllInvited {
		return c, &StepError{From: c.State, Step: Pause}
	}
	return c.change(Pause, by, at)
}

// Resumed goes on.
func (c Campaign) Resumed(by string, at time.Time) (Campaign, error) {
	next, err := c.change(Resume, by, at)
	if err == nil {
		next.Turn = c.Turn + 1
		next.Course = c.resumed(at)
	}
	return next, err
}

// CalledOff is a campaign that ends for good.
func (c Campaign) CalledOff(by string, at time.Time) (Campaign, error) {
	next, err := c.change(Cancel, by, at)
	if err == nil {
		next.EndedAt = at
		next.Withdrawn = c.Recurs() // it invited nobody itself, and its occurrences are their own
	}
	return next, err
}

// Finished notes that the time to answer is over. Whoever was not invited by then, because it was paused, is not invited any more.
func (c Campaign) Finished(at time.Time) (Campaign, error) {
	next, err := c.change(Finish, "", at)
	if err == nil {
		next.EndedAt = at
	}
	return next, err
}

// TakenBack notes that the invitations of a cancelled campaign are withdrawn.
func (c Campaign) TakenBack() Campaign {
	c.Withdrawn, c.Version = true, c.Version+1
	return c
}
