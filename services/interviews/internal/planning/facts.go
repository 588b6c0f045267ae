package planning

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"
)

// facts are what planning needs to know of people.
func (p *Planner) facts(ctx context.Context, persons []people.Person) ([]talk.Person, error) {
	byUnit, err := p.byUnit.ByUnit(ctx, p.clock, p.register)
	if err != nil {
		return nil, err
	}
	rhythms, err := p.settings.Rhythms(ctx)
	if err != nil {
		return nil, err
	}
	daysOff, err := p.settings.DaysOff(ctx, idsOf(persons)...)
	if err != nil {
		return nil, err
	}
	facts := make([]talk.Person, len(persons))
	for i, person := range persons {
		facts[i] = talk.Person{
			ID: person.ID, Version: person.Version, ManagerID: person.ManagerID, UnitPath: person.UnitPath, HiredOn: person.HiredOn,
			LastDay: person.LeftOn, AwayFrom: person.AwayFrom, AwayUntil: person.AwayUntil, Zone: person.TimeZone,
			Holiday: p.calendars.Find(person.HolidayCalendar(byUnit)), DaysOff: daysOff[person.ID],
			Rhythm: mongostore.RhythmOf(rhythms, person.UnitPath),
		}
		if facts[i].ManagerID == person.ID { // nobody talks with themselves
			facts[i].ManagerID = ""
		}
	}
	return facts, nil
}

// employees are the employees of talks, in the order of their ids.
func (p *Planner) employees(ctx context.Context, talks []talk.Talk) ([]people.Person, error) {
	var ids []string
	for _, t := range talks {
		ids = append(ids, t.EmployeeID)
	}
	known, err := p.register.GetMany(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("looking up the people of %d talks: %w", len(talks), err)
	}
	return slices.SortedFunc(maps.Values(known), func(x, y people.Person) int { return compare(x.ID, y.ID) }), nil
}

func idsOf(persons []people.Person) []string {
	ids := make([]string, len(persons))
	for i, person := range persons {
		ids[i] = person.ID
	}
	return ids
}

// managersOf returns the people's managers, each once.
func managersOf(persons []people.Person) []string {
	var ids []string
	for _, person := range persons {
		if person.ManagerID != "" {
			ids = append(ids, person.ManagerID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func compare(x, y string) int { return cmp.Compare(x, y) }
