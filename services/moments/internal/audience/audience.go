// Package audience is the domain of audiences: a saved filter over the people who work for the company. It knows no database; the
// query that counts one is held against Has by a test.
package audience

import (
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
)

// Audience is a filter. Each condition that is set must hold; none is everybody.
type Audience struct {
	// UnitID is a unit: everybody in it, or below it.
	UnitID string `bson:"unit_id,omitempty"`
	// JobTitles and Contracts are as HR's file writes them; any of them will do.
	JobTitles []string `bson:"job_titles,omitempty"`
	Contracts []string `bson:"contracts,omitempty"`
	// MonthsFrom and MonthsBelow are whole months since the first day: at least, and fewer than; 0 is no limit.
	MonthsFrom  int `bson:"months_from,omitempty"`
	MonthsBelow int `bson:"months_below,omitempty"`
	// HiredFrom and HiredTo are days between which the first day lies, both included; zero is no limit.
	HiredFrom clock.Date `bson:"hired_from,omitempty"`
	HiredTo   clock.Date `bson:"hired_to,omitempty"`
	// Language is "fr" or "en".
	Language string `bson:"language,omitempty"`
	// ManagerID is whom they report to.
	ManagerID string `bson:"manager_id,omitempty"`
	// Reaction is what they did about something that they were asked.
	Reaction Reaction `bson:"reaction,omitempty"`
	// NeverReacts is those who reacted to nothing lately, as notifications defines it.
	NeverReacts bool `bson:"never_reacts,omitempty"`
}

// Erased stands for a manager who was erased: nobody reports to them, and an audience must not grow because they are forgotten.
const Erased = "00000000-0000-0000-0000-000000000000"

// Everybody tells that nothing narrows it.
func (a Audience) Everybody() bool {
	return a.UnitID == "" && len(a.JobTitles) == 0 && len(a.Contracts) == 0 && a.Language == "" && a.ManagerID == "" && !a.Dated() &&
		!a.Reacts()
}

// Reacts tells that it depends on what people did about what they were asked.
func (a Audience) Reacts() bool { return a.NeverReacts || !a.Reaction.IsZero() }

// Dated tells that it depends on the first day.
func (a Audience) Dated() bool {
	return a.MonthsFrom > 0 || a.MonthsBelow > 0 || !a.HiredFrom.IsZero() || !a.HiredTo.IsZero()
}

// Has tells whether a person is in the audience on a day: whoever works for the company then, and meets every condition. What they
// did about what they were asked is not known of people; Reaction.Holds says it.
func (a Audience) Has(p people.Person, on clock.Date) bool {
	first, last := a.Hired(on)
	switch {
	case !p.Employed(on),
		a.UnitID != "" && !slices.Contains(p.UnitPath, a.UnitID),
		len(a.JobTitles) > 0 && !slices.Contains(a.JobTitles, p.JobTitle),
		len(a.Contracts) > 0 && !slices.Contains(a.Contracts, p.Contract),
		a.Language != "" && p.Language != a.Language,
		a.ManagerID != "" && p.ManagerID != a.ManagerID,
		a.Dated() && p.HiredOn.IsZero(), // nobody knows since when: no condition on it is met
		!first.IsZero() && p.HiredOn.Before(first),
		!last.IsZero() && p.HiredOn.After(last):
		return false
	}
	return true
}

// Hired are the first and the last of the first days that the audience asks for, counted from a day; zero is no limit. Seniority
// is one more way to say it: whoever has been here for so many months was hired on the day so many months ago, or before.
func (a Audience) Hired(on clock.Date) (first, last clock.Date) {
	first, last = a.HiredFrom, a.HiredTo
	if a.MonthsBelow > 0 {
		if since := on.AddMonths(-a.MonthsBelow).AddDays(1); first.IsZero() || since.After(first) {
			first = since
		}
	}
	if a.MonthsFrom > 0 {
		if until := on.AddMonths(-a.MonthsFrom); last.IsZero() || until.Before(last) {
			last = until
		}
	}
	return first, last
}
