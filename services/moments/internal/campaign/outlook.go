package campaign

import (
	"slices"
	"time"

	"jalon.dev/pkg/clock"
)

// Outlook is what would happen if a campaign started on a day: counts of people, by day and by why.
type Outlook struct {
	On   clock.Date
	days map[clock.Date]*OutlookDay
	// Missed are those who are never shown it, by why.
	Missed map[string]int
	// Heavy tells that many wait because they were asked much lately; Better that another day is better than the campaign's own.
	Heavy, Better bool
}

// OutlookDay is one day of an outlook.
type OutlookDay struct {
	Day clock.Date
	// Reached is how many are shown it, Waited how many of them waited for it, by why, Reminded how many are reminded of it if they do
	// not answer, and Others how many other messages reach the same people.
	Reached  int
	Waited   map[string]int
	Reminded int
	Others   int
}

// overCap is why people wait who were asked much lately.
const overCap = "over_cap"

// Of an audience, this share is many: one of so many people.
const (
	manyWait   = 5
	manyBetter = 10
)

// otherDays is how many days after its own a campaign is looked at, too: a working week.
const otherDays = 5

// StartDays are the days on which a campaign could start as well as on its own, that one first: the weekdays after it whose hour is
// fine, as long as they leave time to answer.
func (c Content) StartDays() []clock.Date {
	days := []clock.Date{c.On}
	for day := c.On.AddDays(1); len(days) <= otherDays && day.Before(c.Until); day = day.AddDays(1) {
		if WarningOf(day, c.At) == NoWarning {
			days = append(days, day)
		}
	}
	return days
}

// StartsOn is when a campaign starts that starts on the day.
func (c Campaign) StartsOn(day clock.Date) (time.Time, error) {
	c.Content.On = day
	return c.Due()
}

// Add adds the counts of a day of some more people.
func (o *Outlook) Add(day OutlookDay) {
	if o.days == nil {
		o.days = map[clock.Date]*OutlookDay{}
	}
	sum := o.days[day.Day]
	if sum == nil {
		sum = &OutlookDay{Day: day.Day, Waited: map[string]int{}}
		o.days[day.Day] = sum
	}
	sum.Reached += day.Reached
	sum.Reminded += day.Reminded
	sum.Others += day.Others
	for reason, n := range day.Waited {
		sum.Waited[reason] += n
	}
}

// Miss adds people who are never shown it.
func (o *Outlook) Miss(reason string, people int) {
	if o.Missed == nil {
		o.Missed = map[string]int{}
	}
	o.Missed[reason] += people
}

// Days are all days on which something happens, in their order.
func (o *Outlook) Days() []OutlookDay {
	days := make([]OutlookDay, 0, len(o.days))
	for _, day := range o.days {
		days = append(days, *day)
	}
	slices.SortFunc(days, func(x, y OutlookDay) int { return x.Day.Compare(y.Day) })
	return days
}

func (o *Outlook) atOnce() int {
	if first := o.days[o.On]; first != nil {
		return first.Reached
	}
	return 0
}

func (o *Outlook) missed() (n int) {
	for _, people := range o.Missed {
		n += people
	}
	return n
}

// Improvable tells that another day may reach clearly more of the people at once.
func (o *Outlook) Improvable(people int) bool {
	return (people-o.atOnce())*manyBetter >= people && people > 0
}

// Judge says which of the outlooks are of heavy days, and which one day is better than the first outlook's: it reaches clearly more of
// the people at once, and misses no more of them.
func Judge(outlooks []Outlook, people int) {
	if people == 0 {
		return
	}
	for i := range outlooks {
		waiting := 0
		for _, day := range outlooks[i].days {
			waiting += day.Waited[overCap]
		}
		outlooks[i].Heavy = waiting*manyWait >= people
	}
	own, best := &outlooks[0], &outlooks[0]
	for i := range outlooks {
		o := &outlooks[i]
		if o.missed() <= own.missed() && o.atOnce() > best.atOnce() && (o.atOnce()-own.atOnce())*manyBetter >= people {
			best = o
		}
	}
	best.Better = best != own
}
