// Package webhook tells other systems of events by signed webhook, as Standard Webhooks has it: each event is a document per receiver
// that is tried until the receiver took it, at least once, for some three days. Receivers are told one after the other what happened,
// the oldest first; each has its own line, so that a slow one holds up nobody.
package webhook

import (
	"slices"
	"time"
	"unicode/utf8"

	"jalon.dev/services/notifications/internal/outward"
)

// State says whether a receiver is told of events.
type State string

// The states of a receiver.
const (
	On State = "on"
	// Off receivers were switched off by somebody: what happens meanwhile is not kept for them.
	Off State = "off"
	// Failing receivers did not take an event in all the time in which it was tried, and no other meanwhile: what happens waits.
	Failing State = "failing"
	// Gone receivers said that they are no more.
	Gone State = "gone"
)

// MostReceivers is how many there can be: each has a line of its own.
const MostReceivers = 20

// Draft is what is chosen about a receiver.
type Draft struct {
	Name    string `bson:"name"`
	Address string `bson:"address"`
	// Types are the events that it is told of.
	Types []string `bson:"types"`
	// HRSystem receivers are the company's HR systems, and were granted events of the class HR.
	HRSystem bool `bson:"hr_system,omitempty"`
}

// Receiver is another system that is told of events.
type Receiver struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
	Draft   `bson:",inline"`

	State      State     `bson:"state"`
	StateSince time.Time `bson:"state_since"`
	CreatedAt  time.Time `bson:"created_at"`
	// Since is from when on it is told: what happened before, or while it was switched off, is not of its business.
	Since time.Time `bson:"since"`

	// Secret signs; Old, sealed like it, does so too until OldUntil. Hint is how the secret begins.
	Secret   []byte    `bson:"secret"`
	Old      []byte    `bson:"old_secret,omitempty"`
	OldUntil time.Time `bson:"old_until,omitempty"`
	Hint     string    `bson:"hint"`

	// Failures counts attempts in a row that failed; until RestUntil none is made.
	Failures        int       `bson:"failures,omitempty"`
	RestUntil       time.Time `bson:"rest_until,omitempty"`
	LastDeliveredAt time.Time `bson:"last_delivered_at,omitempty"`
	// MissedFrom and MissedTo are the first and the last event that were not kept because too many waited.
	MissedFrom time.Time `bson:"missed_from,omitempty"`
	MissedTo   time.Time `bson:"missed_to,omitempty"`
}

const longestName = 120

// Code is a stable word for what is wrong with a field.
type Code string

// What may be wrong with a draft, beside its address.
const (
	Missing    Code = "missing"
	TooLong    Code = "too_long"
	Unknown    Code = "unknown"
	NotGranted Code = "not_granted"
)

// Problem is what is wrong with a field.
type Problem struct {
	Field string
	Code  Code
}

// Problems are everything that is wrong with a draft.
func (d Draft) Problems(client *outward.Client) []Problem {
	var problems []Problem
	switch {
	case d.Name == "":
		problems = append(problems, Problem{"name", Missing})
	case utf8.RuneCountInString(d.Name) > longestName:
		problems = append(problems, Problem{"name", TooLong})
	}
	if wrong := client.Check(d.Address); wrong != "" {
		problems = append(problems, Problem{"address", Code(wrong)})
	}
	if len(d.Types) == 0 {
		problems = append(problems, Problem{"types", Missing})
	}
	for _, typ := range d.Types {
		switch {
		case !slices.Contains(Types(), typ):
			return append(problems, Problem{"types", Unknown})
		case !d.Granted(typ):
			return append(problems, Problem{"types", NotGranted})
		}
	}
	return problems
}

// telling tells that what happened at an instant is kept for the receiver.
func (r Receiver) telling(happened time.Time) bool {
	return (r.State == On || r.State == Failing) && !happened.Before(r.Since)
}
