package main

import (
	"slices"
	"time"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// series is a campaign of HR's that comes again, and what was seen of it.
type series struct {
	*appeal
	stands
	draft *momentsv1.CampaignDraft
	// from is the instant before which nothing is made up: the day of the last launch, or the last resumption.
	from time.Time
	// made are the occurrences on the calendar, by day.
	made map[clock.Date]string
	// due are the days that came due in this step, and left those of an earlier one that a fault kept from being made; see coming.
	due, left map[clock.Date]bool
	checked   time.Time
	rested    bool
	// may tells who came due when. asked and owed are the invitations that they have, or are to get.
	may   map[turn]bool
	asked map[turn]string
	owed  map[turn]string // by which campaign
}

// turn is the day on which somebody comes due in a series.
type turn struct {
	person string
	on     clock.Date
}

// What was missed for longer is not made any more: on the calendar, and on days of people's own.
const (
	grace    = 2 * 24 * time.Hour
	graceOwn = 7 * 24 * time.Hour
)

func newSeries(a *appeal, draft *momentsv1.CampaignDraft) *series {
	return &series{
		appeal: a, draft: draft, made: map[clock.Date]string{}, may: map[turn]bool{}, asked: map[turn]string{}, owed: map[turn]string{},
	}
}

func (s *series) launched() bool { return s.is.Run != s.was.Run }

// over tells that a day is not made any more: it was missed for longer than the grace, or nobody could answer.
func (s *series) over(day clock.Date, at time.Time) bool {
	late := grace
	if s.repeats.perPerson() {
		late = graceOwn
	}
	return at.Sub(s.begins(day)) > late || !at.Before(day.AddDays(s.repeats.answerDays+1).In(home()))
}

// coming are the days that came due since the last look and are not too late; must tells that what is due then must be made. Where
// HR paused, resumed or ended the series in this very step, it may.
func (b *books) coming(s *series) (days map[clock.Date]bool) {
	today := clock.DateOf(b.read, home())
	switch {
	case s.launched():
		s.from = today.In(home())
	case s.is.Turn != s.was.Turn:
		s.from = b.read
	}
	var planned []clock.Date
	if s.repeats.perPerson() {
		for day := later(s.on, clock.DateOf(b.since, home()).AddDays(-1)); !day.After(today); day = day.AddDays(1) {
			planned = append(planned, day)
		}
	} else {
		planned = s.repeats.days(s.on, today)
	}
	days = map[clock.Date]bool{}
	going := goes(s.is.State) || s.is.State == "done"
	for day, must := range s.left {
		if !s.over(day, b.read) {
			days[day] = must && going && s.is.Turn == s.was.Turn
		}
	}
	for _, day := range planned {
		due := s.begins(day)
		fresh, again := due.After(b.since) && goes(s.was.State), s.launched() && !due.Before(s.from)
		if s.over(day, b.read) || due.After(b.read) || !fresh && !again {
			continue
		}
		days[day] = going && (again || fresh && s.is.Turn == s.was.Turn)
	}
	return days
}

// occurrences checks what a series made since the last look. Each occurrence is a campaign of its own from then on, which HR leads too.
func (b *books) occurrences(s *series, docs []campaignDoc) error {
	if !b.read.Equal(s.checked) { // or a look that was cut off is repeated
		s.left, s.checked = nil, b.read
		if s.rested {
			s.left = s.due
		}
	}
	s.rested, s.due = b.resting[s.id], b.coming(s)
	slices.SortFunc(docs, func(x, y campaignDoc) int { return x.Number - y.Number })
	for i, doc := range docs {
		if doc.Number != i+1 {
			return b.broken(recurring, "occurrence %s of series %s has number %d, and is the one after %d", doc.ID, s.id, doc.Number, i)
		}
		if b.appeals[doc.ID] != nil {
			continue
		}
		b.kept(recurring)
		_, may := s.due[doc.On]
		twin := s.made[doc.On]
		switch {
		case doc.Collecting != s.repeats.perPerson():
			return b.broken(recurring, "occurrence %s of series %s collects: %t", doc.ID, s.id, doc.Collecting)
		case !may:
			return b.broken(recurring, "series %s (%+v, from %s on, %s, was %s) made an occurrence for %s at %s, which was not due since %s",
				s.id, *s.repeats, s.on, s.is.State, s.was.State, doc.On, b.read, b.since)
		case twin != "" && !doc.Collecting:
			return b.broken(recurring, "series %s made %s and %s for %s", s.id, twin, doc.ID, doc.On)
		}
		s.made[doc.On] = doc.ID
		a := &appeal{id: doc.ID, unit: s.unit, months: s.months, on: doc.On, at: s.at}
		b.appeals[a.id], b.newest = newReached(a), append(b.newest, a)
	}
	if s.repeats.perPerson() {
		return nil
	}
	for day, must := range s.due {
		b.kept(recurring)
		if must && s.made[day] == "" && !s.rested {
			return b.broken(recurring, "series %s (%+v, from %s on, %s) made nothing for %s, which was due at %s",
				s.id, *s.repeats, s.on, s.is.State, day, s.begins(day))
		}
	}
	return nil
}
