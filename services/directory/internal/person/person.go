// Package person is what directory knows about people: the facts of today and their dated history.
package person

import (
	"slices"

	"jalon.dev/pkg/clock"
)

// Person is somebody who has, had or will have a contract. Identity is the employee number; the id is what the rest of
// Jalon knows them by.
type Person struct {
	ID      string
	Version int64 // grows by one with each change
	Number  string
	Facts
	History []Entry
}

// Facts are what an HR file says of a person.
type Facts struct {
	GivenName  string
	FamilyName string
	Email      string // empty: none, which is common in stores
	JobTitle   string
	Contract   string
	UnitID     string
	ManagerID  string // empty: none
	Language   string // "fr" or "en"
	TimeZone   string // IANA; empty: the unit's
	HiredOn    clock.Date
	LeftOn     clock.Date // last day; zero: none known; may be ahead
}

// Ended tells whether the last day lies before the date.
func (f Facts) Ended(on clock.Date) bool { return !f.LeftOn.IsZero() && f.LeftOn.Before(on) }

// Happening is a kind of history entry.
type Happening string

// What may happen to a person.
const (
	Hired          Happening = "hired"
	Moved          Happening = "moved"
	ManagerChanged Happening = "manager_changed"
	Left           Happening = "left"
	Stayed         Happening = "stayed" // a departure that was announced is no longer
	Corrected      Happening = "corrected"
)

// Entry is one dated line of a person's history.
type Entry struct {
	On      clock.Date // the day it happened; the file's date where HR gave none
	NotedOn clock.Date // the date of the file that told it
	What    Happening
	From    string // the unit, manager or date before
	To      string // the unit, manager or date after
}

// Difference says in which ways two states of a person's facts differ.
type Difference struct {
	Details   bool // name, e-mail, job title, contract: nothing that other services decide on
	Spelling  bool // nothing but a better-cased form of the same name
	Unit      bool
	Manager   bool
	Setting   bool // language or time zone
	HireDate  bool
	LeaveDate bool
	Rehired   bool // hired after the day they had left
}

// Compare tells what changes when before becomes after.
func Compare(before, after Facts) Difference {
	d := Difference{
		Details:   before.Email != after.Email || before.JobTitle != after.JobTitle || before.Contract != after.Contract,
		Unit:      before.UnitID != after.UnitID,
		Manager:   before.ManagerID != after.ManagerID,
		Setting:   before.Language != after.Language || before.TimeZone != after.TimeZone,
		HireDate:  before.HiredOn != after.HiredOn,
		LeaveDate: before.LeftOn != after.LeftOn,
		Rehired:   !before.LeftOn.IsZero() && after.HiredOn.After(before.LeftOn),
	}
	for _, pair := range [][2]string{{before.GivenName, after.GivenName}, {before.FamilyName, after.FamilyName}} {
		switch {
		case !SameName(pair[0], pair[1]):
			d.Details = true
		case pair[0] != pair[1]:
			d.Spelling = true
		}
	}
	return d
}

// Counts tells whether anything but spelling changed.
func (d Difference) Counts() bool { return d.Told() || d.Details }

// Told tells whether a fact changed that other services decide on.
func (d Difference) Told() bool {
	return d.Unit || d.Manager || d.Setting || d.HireDate || d.LeaveDate
}

// Chronicle is the history that the difference adds, in the order of its dates. asOf is the file's date.
func Chronicle(before, after Facts, asOf clock.Date) []Entry {
	d := Compare(before, after)
	var entries []Entry
	add := func(on clock.Date, what Happening, from, to string) {
		entries = append(entries, Entry{On: on, NotedOn: asOf, What: what, From: from, To: to})
	}
	switch {
	case d.Rehired:
		add(after.HiredOn, Hired, "", after.UnitID)
	case d.HireDate:
		add(asOf, Corrected, before.HiredOn.String(), after.HiredOn.String())
	}
	if d.Unit && !d.Rehired {
		add(asOf, Moved, before.UnitID, after.UnitID)
	}
	if d.Manager {
		add(asOf, ManagerChanged, before.ManagerID, after.ManagerID)
	}
	switch {
	case !d.LeaveDate:
	case !after.LeftOn.IsZero():
		add(after.LeftOn, Left, before.LeftOn.String(), after.LeftOn.String())
	case !d.Rehired:
		add(asOf, Stayed, before.LeftOn.String(), "")
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return a.On.Compare(b.On) })
	return entries
}

// Beginning is the history of somebody who was not known before.
func Beginning(f Facts, asOf clock.Date) []Entry {
	entries := []Entry{{On: f.HiredOn, NotedOn: asOf, What: Hired, To: f.UnitID}}
	if !f.LeftOn.IsZero() {
		entries = append(entries, Entry{On: f.LeftOn, NotedOn: asOf, What: Left, To: f.LeftOn.String()})
	}
	return entries
}
