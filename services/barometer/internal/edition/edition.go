// Package edition is one year's barometer: what HR chooses before it is launched, and what nobody can change from then on.
package edition

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/outbox"
	"jalon.dev/services/barometer/internal/questionnaire"
)

// State is where an edition stands. It only ever goes forward.
type State string

// The states of an edition.
const (
	Draft State = "draft"
	// Preparing: who may vote is frozen, and the keys of the cells are being made.
	Preparing State = "preparing"
	// Ready: everything is there, and its first day has not come.
	Ready State = "ready"
	Open  State = "open"
	// Counting: no ballot is taken any more, and the results are being computed.
	Counting  State = "counting"
	Published State = "published"
)

// The smallest numbers of ballots from which scores, and distributions and comments, are shown. An edition may ask for more.
const (
	ScoresFrom  = 5
	DetailsFrom = 10
)

// An edition is open for at least shortest and at most longest days.
const (
	shortest = 3
	longest  = 62
	maxName  = 40
	mostFrom = 1000
)

// ErrLaunched says that an edition was launched: what it asks of whom, and from how many ballots it tells of them, stays.
var ErrLaunched = errors.New("the edition was launched already")

// ErrState says that an edition is not where it would have to be for a step.
var ErrState = errors.New("the edition is not that far, or further")

// FieldError says which choice is wrong, and what would be right.
type FieldError struct{ Field, Description string }

func (e *FieldError) Error() string { return e.Field + ": " + e.Description }

// Edition is one year's barometer.
type Edition struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
	State   State  `bson:"state"`
	Choices `bson:",inline"`
	// Zone is the time zone in which its days begin and end.
	Zone string `bson:"zone"`
	// Questionnaire is the fingerprint of what it asks.
	Questionnaire string `bson:"questionnaire"`
	// LaunchedOn is the day on which it was launched.
	LaunchedOn clock.Date `bson:"launched_on,omitempty"`
	// PublishedOn is the day on which its results were there; zero for editions that were published before this was noted.
	PublishedOn clock.Date `bson:"published_on,omitempty"`
	// Frozen says that who may vote where was written down; Eligible and Cells are how many they are.
	Frozen   bool `bson:"frozen,omitempty"`
	Eligible int  `bson:"eligible,omitempty"`
	Cells    int  `bson:"cells,omitempty"`

	outbox.Doc `bson:",inline"`
}

// Choices are what HR decides.
type Choices struct {
	Name string `bson:"name"`
	// OpensOn and ClosesOn are the first and the last day on which people vote.
	OpensOn  clock.Date `bson:"opens_on"`
	ClosesOn clock.Date `bson:"closes_on"`
	// ScoresFrom and DetailsFrom may be more than the smallest allowed, never less.
	ScoresFrom  int `bson:"scores_from"`
	DetailsFrom int `bson:"details_from"`
}

// validate fills in what was left to the standard, or says what is wrong.
func (c Choices) validate() (Choices, error) {
	c.Name = strings.TrimSpace(c.Name)
	if c.ScoresFrom == 0 {
		c.ScoresFrom = ScoresFrom
	}
	if c.DetailsFrom == 0 {
		c.DetailsFrom = max(DetailsFrom, c.ScoresFrom)
	}
	days := c.OpensOn.DaysUntil(c.ClosesOn) + 1
	switch {
	case c.Name == "" || len([]rune(c.Name)) > maxName:
		return c, &FieldError{"name", fmt.Sprintf("must have 1 to %d characters", maxName)}
	case c.OpensOn.IsZero():
		return c, &FieldError{"opens_on", "must be a day"}
	case days < shortest || days > longest:
		return c, &FieldError{"closes_on", fmt.Sprintf("must be %d to %d days from the first day on", shortest, longest)}
	case c.ScoresFrom < ScoresFrom || c.ScoresFrom > mostFrom:
		return c, &FieldError{"scores_from", fmt.Sprintf("must be %d or more", ScoresFrom)}
	case c.DetailsFrom < DetailsFrom || c.DetailsFrom > mostFrom:
		return c, &FieldError{"details_from", fmt.Sprintf("must be %d or more", DetailsFrom)}
	case c.DetailsFrom < c.ScoresFrom:
		return c, &FieldError{"details_from", "must not be less than for scores"}
	}
	return c, nil
}

// New is a draft of the standard questionnaire.
func New(id, zone string, c Choices) (Edition, error) {
	c, err := c.validate()
	if err != nil {
		return Edition{}, err
	}
	return Edition{
		ID: id, Version: 1, State: Draft, Choices: c, Zone: zone, Questionnaire: questionnaire.Standard().Fingerprint(),
	}, nil
}

// Choose changes a draft.
func (e *Edition) Choose(c Choices) error {
	if e.State != Draft {
		return ErrLaunched
	}
	c, err := c.validate()
	if err != nil {
		return err
	}
	e.Choices = c
	return nil
}

// Launch makes the choices final; cells is how many there would be. A first day that has passed could not be kept.
func (e *Edition) Launch(today clock.Date, cells int) error {
	switch {
	case e.State != Draft:
		return ErrLaunched
	case e.OpensOn.Before(today):
		return &FieldError{"opens_on", "must not have passed"}
	case cells == 0:
		return &FieldError{"edition_id", "the company has too few people: nobody could be hidden among them"}
	}
	e.State, e.LaunchedOn = Preparing, today
	return nil
}

// Freeze notes who may vote: from here on nobody is added, and a unit that moves votes where it was.
func (e *Edition) Freeze(eligible, cells int) error {
	if e.State != Preparing {
		return fmt.Errorf("%w: %s", ErrState, e.State)
	}
	e.Frozen, e.Eligible, e.Cells = true, eligible, cells
	return nil
}

// Step takes the edition from one state to the next.
func (e *Edition) Step(from, to State) error {
	if e.State != from {
		return fmt.Errorf("%w: %s", ErrState, e.State)
	}
	e.State = to
	return nil
}

// Publish notes that the results are there.
func (e *Edition) Publish(now time.Time) error {
	zone, err := e.zone()
	if err != nil {
		return err
	}
	if err := e.Step(Counting, Published); err != nil {
		return err
	}
	e.PublishedOn = clock.DateOf(now, zone)
	return nil
}

// Opens is when people may vote.
func (e Edition) Opens() (time.Time, error) { return e.begins(e.OpensOn) }

// Closes is when no ballot is taken any more: as the last day ends.
func (e Edition) Closes() (time.Time, error) { return e.begins(e.ClosesOn.AddDays(1)) }

func (e Edition) begins(day clock.Date) (time.Time, error) {
	zone, err := e.zone()
	if err != nil {
		return time.Time{}, err
	}
	return day.In(zone), nil
}

func (e Edition) zone() (*time.Location, error) {
	zone, err := clock.Zone(e.Zone)
	if err != nil {
		return nil, fmt.Errorf("reading the time zone of edition %s: %w", e.ID, err)
	}
	return zone, nil
}

// LastCall is the day on which everybody is asked once more: two days before the last, or the last of a short edition.
func (e Edition) LastCall() clock.Date {
	if day := e.ClosesOn.AddDays(-2); day.After(e.OpensOn.AddDays(1)) {
		return day
	}
	return e.ClosesOn
}
