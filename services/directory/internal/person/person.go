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
	AwayFrom   clock.Date // first day of a long leave that has begun or is announced; zero: none
	AwayUntil  clock.Date // its last day; zero: not known
	PromotedOn clock.Date // of the last promotion; zero: none known
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
	Promoted       Happening = "promoted"
	JobChanged     Happening = "job_changed"
	WentOnLeave    Happening = "on_leave"
	Returned       Happening = "returned"
	LeaveChanged   Happening = "leave_changed" // its dates, or it was called off
	// UnitCorrected: the unit was a mistake and was merged into the one that was meant; nobody moved.
	UnitCorrected Happening = "unit_corrected"
)

// Entry is one dated line of a person's history.
type Entry struct {
	On      clock.Date // the day it happened, or will; the file's date where HR gave none
	NotedOn clock.Date // the date of the file that told it
	What    Happening
	From    string // the unit, manager, job title or date before
	To      string // the unit, manager, job title or date after
}

// Difference says in which ways two states of a person's facts differ.
type Difference struct {
	Details   bool // name, e-mail, date of promotion: nothing that other services decide on
	Spelling  bool // nothing but a better-cased form of the same name
	Unit      bool
	Manager   bool
	Setting   bool // language or time zone
	HireDate  bool
	LeaveDate bool
	Rehired   bool // hired after the day they had left
	Away      bool // a long leave, or its dates
	Job       bool // the job title
	Contract  bool // its kind
}

// Compare tells what changes when before becomes after.
func Compare(before, after Facts) Difference {
	d := Difference{
		Details:   before.Email != after.Email || before.PromotedOn != after.PromotedOn,
		Unit:      before.UnitID != after.UnitID,
		Manager:   before.ManagerID != after.ManagerID,
		Setting:   before.Language != after.Language || before.TimeZone != after.TimeZone,
		HireDate:  before.HiredOn != after.HiredOn,
		LeaveDate: before.LeftOn != after.LeftOn,
		Away:      before.AwayFrom != after.AwayFrom || before.AwayUntil != after.AwayUntil,
		Job:       before.JobTitle != after.JobTitle,
		Contract:  before.Contract != after.Contract,
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

// Told tells whether a fact changed that other services decide on: audiences of campaigns are of jobs and contracts, too.
func (d Difference) Told() bool {
	return d.Unit || d.Manager || d.Setting || d.HireDate || d.LeaveDate || d.Away || d.Job || d.Contract
}

// News is what a file says of a change besides the facts that result.
type News struct {
	AsOf     clock.Date // the file's date
	On       clock.Date // the day from which the unit or the manager is another one; the file's date where HR gave none
	Promoted bool       // a new date of promotion is of a promotion that was not known
}

// Chronicle is the history that the difference adds, in the order of its dates.
func Chronicle(before, after Facts, news News) []Entry {
	d, asOf := Compare(before, after), news.AsOf
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
		add(news.On, Moved, before.UnitID, after.UnitID)
	}
	if d.Manager {
		add(news.On, ManagerChanged, before.ManagerID, after.ManagerID)
	}
	switch {
	case news.Promoted:
		add(after.PromotedOn, Promoted, before.JobTitle, after.JobTitle)
	case d.Job && !d.Rehired:
		add(asOf, JobChanged, before.JobTitle, after.JobTitle)
	}
	if d.Away && !d.Rehired {
		entries = append(entries, leaveEntries(before, after, asOf)...)
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

func leaveEntries(before, after Facts, asOf clock.Date) []Entry {
	var entries []Entry
	if on, back := BackOn(before, after, asOf); back {
		entries = append(entries, Entry{On: on, NotedOn: asOf, What: Returned, From: before.AwayFrom.String()})
	}
	switch {
	case NewLeave(before, after):
		entries = append(entries, Entry{On: after.AwayFrom, NotedOn: asOf, What: WentOnLeave, To: after.AwayUntil.String()})
	case len(entries) == 0:
		entries = append(entries, Entry{On: asOf, NotedOn: asOf, What: LeaveChanged, From: before.AwayFrom.String(), To: after.AwayFrom.String()})
	}
	return entries
}

// NewLeave tells whether a leave became known that is not the one known before with other dates.
func NewLeave(before, after Facts) bool {
	return !after.AwayFrom.IsZero() && (before.AwayFrom.IsZero() || (!before.AwayUntil.IsZero() && after.AwayFrom.After(before.AwayUntil)))
}

// BackOn is the first day after a leave that had begun and is over; the file's date where nothing tells the day.
func BackOn(before, after Facts, asOf clock.Date) (clock.Date, bool) {
	over := !before.AwayFrom.IsZero() && !before.AwayFrom.After(asOf) && (after.AwayFrom.IsZero() || NewLeave(before, after))
	if over && !before.AwayUntil.IsZero() && before.AwayUntil.Before(asOf) {
		return before.AwayUntil.AddDays(1), true
	}
	return asOf, over
}

// fresh is how many days lie at least between two promotions that keep the job title; fewer: the date was corrected.
const fresh = 90

// PromotionIsNews tells whether the date of promotion in after is of a promotion that was not known, rather than one of old
// that HR's file begins to tell, or a corrected date. since is the date of the last file.
func PromotionIsNews(before, after Facts, since clock.Date) bool {
	switch {
	case after.PromotedOn.IsZero() || after.PromotedOn == before.PromotedOn:
		return false
	case before.JobTitle != after.JobTitle && after.PromotedOn.After(before.PromotedOn):
		return true
	case before.PromotedOn.IsZero():
		return after.PromotedOn.After(since)
	default:
		return after.PromotedOn.After(before.PromotedOn.AddDays(fresh - 1))
	}
}

// Beginning is the history of somebody who was not known before.
func Beginning(f Facts, asOf clock.Date) []Entry {
	entries := []Entry{{On: f.HiredOn, NotedOn: asOf, What: Hired, To: f.UnitID}}
	if !f.LeftOn.IsZero() {
		entries = append(entries, Entry{On: f.LeftOn, NotedOn: asOf, What: Left, To: f.LeftOn.String()})
	}
	return entries
}
