package talk

import (
	"errors"
	"slices"
	"strings"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
)

// CommitmentKind is what came out of a talk.
type CommitmentKind string

// The kinds of commitments.
const (
	Decision CommitmentKind = "decision"
	// Skill to develop: a technique, an attitude, a behaviour.
	Skill CommitmentKind = "skill"
	// Request is what the employee expects of the manager.
	Request CommitmentKind = "request"
)

// CommitmentState says where a commitment stands.
type CommitmentState string

// The states of a commitment.
const (
	Open    CommitmentState = "open"
	Done    CommitmentState = "done"
	Dropped CommitmentState = "dropped"
)

var (
	// ErrOwner says that a commitment belongs to one of the two.
	ErrOwner = errors.New("only one of the two can own it")
	// ErrNotAsked says that only a request is promised.
	ErrNotAsked = errors.New("this is no request")
	// ErrNotManager says that only the manager promises.
	ErrNotManager = errors.New("only the manager promises")
	// ErrSettled says that a commitment has to be opened again before it changes.
	ErrSettled = errors.New("it is settled")
)

// Commitment is a decision, a skill to develop or a request. What it says lies sealed in Secret; who, when and where it stands do
// not. It belongs to the employee and whoever is the manager: a new manager takes over what is open, never notes.
type Commitment struct {
	ID         string `bson:"_id"`
	Version    int64  `bson:"version"`
	TalkID     string `bson:"talk_id"`
	EmployeeID string `bson:"employee_id"`
	ManagerID  string `bson:"manager_id"`
	// MadeWith is the manager with whom it was made.
	MadeWith  string          `bson:"made_with"`
	Kind      CommitmentKind  `bson:"kind"`
	OwnerID   string          `bson:"owner_id"`
	DueOn     clock.Date      `bson:"due_on,omitempty"`
	State     CommitmentState `bson:"state"`
	MadeOn    clock.Date      `bson:"made_on"`
	SettledOn clock.Date      `bson:"settled_on,omitempty"`
	// Sealed is Wording, encrypted; the store writes and reads it.
	Sealed []byte `bson:"sealed"`

	Wording Wording `bson:"-"`
}

// Wording is what people wrote of a commitment.
type Wording struct {
	Text    string `json:"text"`
	Answer  string `json:"answer,omitempty"`
	Outcome string `json:"outcome,omitempty"`
}

// Of tells that the person is one of the two.
func (c Commitment) Of(personID string) bool {
	return personID != "" && (personID == c.EmployeeID || personID == c.ManagerID)
}

// Commit makes a decision or a skill to develop in a talk.
func Commit(id string, t Talk, kind CommitmentKind, text, ownerID string, due, today clock.Date) (Commitment, error) {
	if !t.Of(ownerID) || t.EmployeeID == "" {
		return Commitment{}, ErrOwner
	}
	return Commitment{
		ID: id, TalkID: t.ID, EmployeeID: t.EmployeeID, ManagerID: t.ManagerID, MadeWith: t.ManagerID, Kind: kind, OwnerID: ownerID,
		DueOn: due, State: Open, MadeOn: today, Wording: Wording{Text: strings.TrimSpace(text)},
	}, nil
}

// Change words it anew, or gives it to the other one or another day.
func (c *Commitment) Change(text, ownerID string, due clock.Date) error {
	switch {
	case c.State != Open:
		return ErrSettled
	case !c.Of(ownerID):
		return ErrOwner
	}
	c.Wording.Text, c.OwnerID, c.DueOn = strings.TrimSpace(text), ownerID, due
	return nil
}

// Promise answers a request: with the date by which it is done or, without one, with words only.
func (c *Commitment) Promise(by string, due clock.Date, answer string) error {
	switch {
	case c.Kind != Request:
		return ErrNotAsked
	case by != c.ManagerID:
		return ErrNotManager
	case c.State != Open:
		return ErrSettled
	}
	c.DueOn, c.Wording.Answer = due, strings.TrimSpace(answer)
	return nil
}

// Settle says what became of it; Open opens it again.
func (c *Commitment) Settle(by string, state CommitmentState, outcome string, today clock.Date) error {
	if !c.Of(by) {
		return ErrNotYours
	}
	c.State, c.Wording.Outcome, c.SettledOn = state, strings.TrimSpace(outcome), today
	if state == Open {
		c.SettledOn = clock.Date{}
	}
	return nil
}

// LateDays is how many days ago it should have been done; of a request without a promise, how long it has waited for one.
func (c Commitment) LateDays(today clock.Date) int {
	since := c.DueOn
	if since.IsZero() && c.Kind == Request {
		since = c.MadeOn
	}
	if c.State != Open || since.IsZero() {
		return 0
	}
	return max(0, since.DaysUntil(today))
}

// Requests are what the employee expects of the manager, as the preparation words it. Their ids follow from the points': sharing
// again makes none twice.
func Requests(t Talk, preparation Preparation, today clock.Date) []Commitment {
	var requests []Commitment
	for _, p := range preparation.Points {
		if p.Kind != Expectation || strings.TrimSpace(p.Text) == "" || t.Kind != EI2D {
			continue
		}
		requests = append(requests, Commitment{
			ID: event.ID("request", t.ID, p.ID), Version: 1, TalkID: t.ID, EmployeeID: t.EmployeeID, ManagerID: t.ManagerID,
			MadeWith: t.ManagerID, Kind: Request, OwnerID: t.ManagerID, State: Open, MadeOn: today, Wording: Wording{Text: strings.TrimSpace(p.Text)},
		})
	}
	return requests
}

// HandOver gives an open commitment to another manager; changed tells whether it was another's.
func (c *Commitment) HandOver(managerID string) (changed bool) {
	if c.State != Open || c.ManagerID == managerID {
		return false
	}
	if c.OwnerID == c.ManagerID {
		c.OwnerID = managerID
	}
	c.ManagerID = managerID
	return true
}

// ByUrgency orders commitments: what is open first, the longest late before all.
func ByUrgency(today clock.Date) func(x, y Commitment) int {
	return func(x, y Commitment) int {
		if (x.State == Open) != (y.State == Open) {
			if x.State == Open {
				return -1
			}
			return 1
		}
		if late := y.LateDays(today) - x.LateDays(today); late != 0 {
			return late
		}
		if c := x.MadeOn.Compare(y.MadeOn); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	}
}

// Sort orders commitments by urgency.
func Sort(commitments []Commitment, today clock.Date) { slices.SortFunc(commitments, ByUrgency(today)) }
