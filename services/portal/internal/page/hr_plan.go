package page

import (
	"strconv"

	"github.com/a-h/templ"
)

// PlanView is a month of all that is planned.
type PlanView struct {
	Month string
	// Before and After are the months beside it, as addresses name them and in words.
	Before, BeforeName, After, AfterName string
	Weekdays                             []string
	// Lead is how many days of its first week are of the month before.
	Lead int
	Days []PlanDay
	// Going are campaigns that began before it and can still be answered in it.
	Going []PlanEntry
	// Any tells that there is something.
	Any bool
}

// PlanDay is a day of the month.
type PlanDay struct {
	On, Number, Name string
	Today, Off       bool
	Holiday          string
	// FollowUps says how many follow-ups of key moments are due.
	FollowUps string
	Entries   []PlanEntry
}

// PlanEntry is something that happens on a day.
type PlanEntry struct {
	Name, Address, Time, Note string
	// Kind is "campaign", "to-come", "draft", "over" or "barometer".
	Kind string
}

// class is where a day stands in the grid, and what it is.
func (v PlanView) class(i int) string {
	d := v.Days[i]
	class := "plan-day"
	if i == 0 && v.Lead > 0 {
		class += " lead-" + strconv.Itoa(v.Lead)
	}
	if d.Off {
		class += " off"
	}
	if d.Today {
		class += " today"
	}
	if len(d.Entries) == 0 && d.FollowUps == "" && d.Holiday == "" {
		class += " bare"
	}
	return class
}

// currentIf marks today.
func currentIf(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": "date"}
}
