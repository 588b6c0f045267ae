package forecast

import (
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/gate"
)

// Outlook is the fates of many people, as counts: it does not grow with them.
type Outlook struct {
	days   map[clock.Date]*Day
	missed map[gate.Reason]int
}

// Day is what happens on one day, where the people are.
type Day struct {
	Day clock.Date
	// Reached is to how many people the invitation is shown, and Waited how many of them had to wait for it, by why.
	Reached int
	Waited  map[gate.Reason]int
	// Reminded is how many people are reminded of it, and Others how many other messages reach them.
	Reminded, Others int
}

// Add counts a fate.
func (o *Outlook) Add(f Fate) {
	if f.Missed != "" {
		if o.missed == nil {
			o.missed = map[gate.Reason]int{}
		}
		o.missed[f.Missed]++
	} else {
		day := o.on(f.Day)
		day.Reached++
		if f.Waited != "" {
			if day.Waited == nil {
				day.Waited = map[gate.Reason]int{}
			}
			day.Waited[concealed(f.Waited)]++
		}
	}
	for _, day := range f.Reminded {
		o.on(day).Reminded++
	}
	for _, day := range f.Others {
		o.on(day).Others++
	}
}

// concealed is why somebody waits as others are told it: what hours people choose is their own business.
func concealed(reason gate.Reason) gate.Reason {
	if reason == gate.OwnHours {
		return gate.OutsideWindow
	}
	return reason
}

func (o *Outlook) on(date clock.Date) *Day {
	if o.days == nil {
		o.days = map[clock.Date]*Day{}
	}
	if o.days[date] == nil {
		o.days[date] = &Day{Day: date}
	}
	return o.days[date]
}

// Days are all days on which something happens, in their order.
func (o *Outlook) Days() []Day {
	days := make([]Day, 0, len(o.days))
	for _, day := range o.days {
		days = append(days, *day)
	}
	slices.SortFunc(days, func(x, y Day) int { return x.Day.Compare(y.Day) })
	return days
}

// Missed is how many people are never shown the invitation, by why.
func (o *Outlook) Missed() map[gate.Reason]int { return o.missed }
