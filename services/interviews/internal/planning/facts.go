package planning

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jalon.dev/pkg/clock"
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

// managers are the facts of people as managers, by id. One who leaves is away from then on: who follows, directory will tell.
func (p *Planner) managers(ctx context.Context, known map[string]people.Person) (map[string]talk.Person, error) {
	persons := make([]people.Person, 0, len(known))
	for _, person := range known {
		persons = append(persons, person)
	}
	facts, err := p.facts(ctx, persons)
	if err != nil {
		return nil, err
	}
	managers := make(map[string]talk.Person, len(facts))
	for _, fact := range facts {
		if !fact.LastDay.IsZero() && fact.AwayFrom.IsZero() {
			fact.AwayFrom, fact.AwayUntil = fact.LastDay.AddDays(1), clock.Date{}
		}
		managers[fact.ID] = fact
	}
	return managers, nil
}

// employees are the facts of the employees of talks, by id.
func (p *Planner) employees(ctx context.Context, talks []talk.Talk) (map[string]talk.Person, error) {
	var ids []string
	for _, t := range talks {
		ids = append(ids, t.EmployeeID)
	}
	known, err := p.register.GetMany(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("looking up the people of %d talks: %w", len(talks), err)
	}
	persons := make([]people.Person, 0, len(known))
	for _, person := range known {
		persons = append(persons, person)
	}
	facts, err := p.facts(ctx, persons)
	if err != nil {
		return nil, err
	}
	employees := make(map[string]talk.Person, len(facts))
	for _, fact := range facts {
		employees[fact.ID] = fact
	}
	return employees, nil
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
