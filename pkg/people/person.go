// Package people is what a service needs to know about people and units to decide by itself: a projection of
// directory's facts, kept current by its events. It holds no names of people; whoever shows a person asks directory.
package people

import (
	"fmt"
	"time"

	"jalon.dev/pkg/clock"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// Person is what is known about one person.
type Person struct {
	ID string `bson:"_id"`
	// Version grows with each change in directory.
	Version int64  `bson:"version"`
	UnitID  string `bson:"unit_id"`
	// UnitPath leads from the company down to UnitID, both included.
	UnitPath []string `bson:"unit_path"`
	// ManagerID is empty for whoever has no manager.
	ManagerID string `bson:"manager_id,omitempty"`
	// Language is "fr" or "en".
	Language string `bson:"language"`
	// TimeZone is an IANA name.
	TimeZone string     `bson:"time_zone"`
	HiredOn  clock.Date `bson:"hired_on"`
	// LeftOn is the last day, which may be ahead; zero while none is known.
	LeftOn clock.Date `bson:"left_on,omitempty"`
	// AwayFrom and AwayUntil are the first and the last day of a long leave that has begun or is announced; zero where there is
	// none, or where its end is not known.
	AwayFrom  clock.Date `bson:"away_from,omitempty"`
	AwayUntil clock.Date `bson:"away_until,omitempty"`
	// JobTitle and Contract are as HR's file writes them; empty where it does not say.
	JobTitle string `bson:"job_title,omitempty"`
	Contract string `bson:"contract,omitempty"`
}

// Away says whether the person is on a long leave on the date.
func (p Person) Away(on clock.Date) bool {
	return !p.AwayFrom.IsZero() && !p.AwayFrom.After(on) && (p.AwayUntil.IsZero() || !p.AwayUntil.Before(on))
}

// Employed says whether the person works for the company on the date. The first and the last day count.
func (p Person) Employed(on clock.Date) bool {
	return !p.HiredOn.After(on) && (p.LeftOn.IsZero() || !p.LeftOn.Before(on))
}

// Location is the person's time zone; UTC where it is not known by this machine.
func (p Person) Location() *time.Location {
	zone, err := clock.Zone(p.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// PersonOf is the person that an event or the snapshot tells of. It fails when a date is no date.
func PersonOf(e *directoryv1.Employee) (Person, error) {
	hired, err := clock.ParseDate(e.GetHiredOn())
	if err != nil {
		return Person{}, fmt.Errorf("reading the first day of person %s: %w", e.GetId(), err)
	}
	left, err := clock.ParseDate(e.GetLeftOn())
	if err != nil {
		return Person{}, fmt.Errorf("reading the last day of person %s: %w", e.GetId(), err)
	}
	awayFrom, err := clock.ParseDate(e.GetAwayFrom())
	if err != nil {
		return Person{}, fmt.Errorf("reading the leave of person %s: %w", e.GetId(), err)
	}
	awayUntil, err := clock.ParseDate(e.GetAwayUntil())
	if err != nil {
		return Person{}, fmt.Errorf("reading the leave of person %s: %w", e.GetId(), err)
	}
	return Person{
		ID: e.GetId(), Version: e.GetVersion(), UnitID: e.GetUnitId(), UnitPath: e.GetUnitPath(),
		ManagerID: e.GetManagerId(), Language: e.GetLanguage(), TimeZone: e.GetTimeZone(), HiredOn: hired, LeftOn: left,
		AwayFrom: awayFrom, AwayUntil: awayUntil, JobTitle: e.GetJobTitle(), Contract: e.GetContract(),
	}, nil
}

// Unit is a node of the organisation.
type Unit struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
	Name    string `bson:"name"`
	// Kind is "company", "region", "store" or "team".
	Kind string `bson:"kind"`
	// ParentID is empty for the company.
	ParentID string `bson:"parent_id,omitempty"`
	TimeZone string `bson:"time_zone,omitempty"`
	// Unplaced units were invented by an import; nobody has said yet where they belong.
	Unplaced bool `bson:"unplaced,omitempty"`
	// HolidayCalendar names the public holidays that are off there, such as "FR" or "FR-57"; empty: the parent's.
	HolidayCalendar string `bson:"holiday_calendar,omitempty"`
	// Code is HR's own name for it; empty for units that no units file named.
	Code string `bson:"code,omitempty"`
	// MergedInto is set for what was a mistake and is no unit any more: the unit that was meant.
	MergedInto string `bson:"merged_into,omitempty"`
}

// UnitOf is the unit that an event or the snapshot tells of.
func UnitOf(u *directoryv1.Unit) Unit {
	return Unit{
		ID: u.GetId(), Version: u.GetVersion(), Name: u.GetName(), Kind: u.GetKind(),
		ParentID: u.GetParentId(), TimeZone: u.GetTimeZone(), Unplaced: u.GetUnplaced(),
		HolidayCalendar: u.GetHolidayCalendar(), Code: u.GetCode(), MergedInto: u.GetMergedInto(),
	}
}
