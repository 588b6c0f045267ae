package main

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
)

// talking checks what is promised of planned talks.
func (b *books) talking() error {
	for _, check := range []func() error{b.nobodyForgotten, b.dates, b.standing, b.elbowRoom, b.foretold} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// nobodyForgotten checks that everybody who works here and has a manager has one four-weekly talk ahead with that manager, or that
// it is named why there is none.
func (b *books) nobodyForgotten() error {
	planned := b.ofEverybody()
	for _, person := range inOrder(b, b.people) {
		f := b.people[person]
		if f.ManagerID == "" || f.ManagerID == person || f.gone(clock.DateOf(b.read, f.Zone)) {
			continue
		}
		b.kept(forgotten)
		talks := planned[person]
		switch {
		case len(talks) != 1:
			return b.broken(forgotten, "%s, employed and with a manager, has %d planned talks", person, len(talks))
		case talks[0].ManagerID != f.ManagerID:
			return b.broken(forgotten, "the talk of %s is with %s, and the manager is %s", person, talks[0].ManagerID, f.ManagerID)
		case talks[0].Reason == "waits" && !b.apart(talks[0].talkDoc):
			return b.broken(forgotten, "the talk of %s with %s, due on %s, waits for a return (%s, %s), and nothing keeps the two apart", person, f.ManagerID, talks[0].DueOn,
				f.absence(), b.people[f.ManagerID].absence())
		}
	}
	return nil
}

// longApart is after how many days without one on which both are there a talk may wait for news.
const longApart = 110

// apart tells that no day is known from which on the two of a talk can meet.
func (b *books) apart(t talkDoc) bool {
	from := later(t.DueOn, clock.DateOf(b.read, t.zone()).AddDays(noticeDays+1)) // HR's file may be of tomorrow where the employee is
	_, met := firstTogether(b.people[t.EmployeeID], b.people[t.ManagerID], t.DueOn, longApart)
	_, meet := firstTogether(b.people[t.EmployeeID], b.people[t.ManagerID], from, longApart)
	return !met || !meet
}

// firstTogether is the first day from one on, of so many, on which both are there.
func firstTogether(employee, manager facts, from clock.Date, days int) (clock.Date, bool) {
	for n := range days {
		if day := from.AddDays(n); employee.there(day) && manager.there(day) {
			return day, true
		}
	}
	return clock.Date{}, false
}

// standing checks that the dates that are ahead are still days on which both are there: what became known since may have changed
// that. Of days off only those count that were known when the talk was planned; see dates.
func (b *books) standing() error {
	for _, c := range b.talks {
		today := clock.DateOf(b.read, c.zone())
		if c.Kind != fourWeekly || !b.takes(c.talkDoc) || c.PlannedOn.Before(today) || c.Reason == "agreed" {
			continue
		}
		b.kept(together)
		for _, person := range c.two() {
			why := ""
			for _, f := range b.versions(person) {
				f.off = nil
				if why = f.missing(c.PlannedOn); why == "" {
					break
				}
			}
			if why != "" {
				return b.broken(together, "the talk of %s with %s is planned on %s (%s): %s %s", c.EmployeeID, c.ManagerID, c.PlannedOn, c.Reason, person, why)
			}
		}
	}
	return nil
}

// elbowRoom checks that nobody has two talks at the same time where the planner chose the time of the later one.
func (b *books) elbowRoom() error {
	busy := map[string][]*course{}
	for _, c := range b.talks {
		if b.takes(c.talkDoc) && c.begins().After(b.read) {
			for _, person := range c.two() {
				busy[person] = append(busy[person], c)
			}
		}
	}
	for person, talks := range busy {
		b.kept(apart)
		slices.SortFunc(talks, func(x, y *course) int { return x.begins().Compare(y.begins()) })
		for i := 1; i < len(talks); i++ {
			first, second := talks[i-1], talks[i]
			if !second.begins().Before(first.ends()) || b.excused(first, second, busy) {
				continue
			}
			return b.broken(apart, "%s has a talk of %s with %s on %s at %s (%s, %s, number %d) and one of %s with %s on %s at %s (%s, %s, number %d)", person,
				first.EmployeeID, first.ManagerID, first.PlannedOn, first.StartsAt, first.Kind, first.Reason, first.Number,
				second.EmployeeID, second.ManagerID, second.PlannedOn, second.StartsAt, second.Kind, second.Reason, second.Number)
		}
	}
	return nil
}

// slots are the hours at which the planner lets talks begin.
var slots = []clock.TimeOfDay{9 * 60, 10 * 60, 11 * 60, 14 * 60, 15 * 60, 16 * 60}

// excused tells that two talks may overlap: people chose the time of the later one, or of either in the same half day, or the day was
// full.
func (b *books) excused(x, y *course, busy map[string][]*course) bool {
	later := x
	if y.since.After(x.since) {
		later = y
	}
	if later.chosen() || x.since.Equal(y.since) && (x.chosen() || y.chosen()) {
		return true
	}
	for _, slot := range slots {
		begins := clock.LocalInstant(later.PlannedOn, slot, later.zone())
		free := true
		for _, person := range later.two() {
			free = free && !slices.ContainsFunc(busy[person], func(c *course) bool {
				return c != later && c.begins().Before(begins.Add(time.Hour)) && begins.Before(c.begins().Add(time.Hour))
			})
		}
		if free {
			return false
		}
	}
	return true
}

// commitmentDoc is what came out of a talk, without what it says.
type commitmentDoc struct {
	ID         string `bson:"_id"`
	EmployeeID string `bson:"employee_id"`
	ManagerID  string `bson:"manager_id"`
	OwnerID    string `bson:"owner_id"`
}

// handedOver checks that what is open between somebody and a manager is with the manager of now.
func (b *books) handedOver(ctx context.Context, client *mongo.Client) error {
	open, err := all[commitmentDoc](ctx, in(client, "interviews", "commitments"), bson.E{Key: "state", Value: "open"})
	if err != nil {
		return err
	}
	for _, c := range open {
		f := b.people[c.EmployeeID]
		if f.ManagerID == "" || f.ManagerID == c.EmployeeID || f.gone(clock.DateOf(b.read, f.Zone)) {
			continue
		}
		b.kept(heirs)
		if c.ManagerID != f.ManagerID || c.OwnerID != c.EmployeeID && c.OwnerID != c.ManagerID {
			return b.broken(heirs, "commitment %s of %s is with %s and for %s to do, and the manager is %s", c.ID, c.EmployeeID, c.ManagerID, c.OwnerID, f.ManagerID)
		}
	}
	return nil
}

// momentsOfTalks are the key moments that talks are.
var momentsOfTalks = map[string]string{fourWeekly: "check_in", "congratulation": "congratulation", "reframing": "reframing"}

// heldTalks checks that every talk that was said to be held has its key moment, and that of one that was contested nothing stands but
// what somebody declared.
func (b *books) heldTalks(ctx context.Context, client *mongo.Client) error {
	talks, err := all[talkDoc](ctx, in(client, "interviews", "talks"), bson.E{Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{"held", "confirmed", "contested"}}}})
	if err != nil {
		return err
	}
	moments, err := all[momentDoc](ctx, in(client, "moments", "moments"))
	if err != nil {
		return err
	}
	type occasion struct {
		keyMoment, person string
		on                clock.Date
	}
	have, contested := map[occasion]momentDoc{}, map[occasion]bool{}
	for _, m := range moments {
		have[occasion{m.KeyMoment, m.PersonID, m.HappensOn}] = m
	}
	of := func(t talkDoc) occasion { return occasion{momentsOfTalks[t.Kind], t.EmployeeID, t.HeldOn} }
	for _, t := range talks {
		if t.State == "contested" {
			contested[of(t)] = true
		}
	}
	for _, t := range talks {
		if momentsOfTalks[t.Kind] == "" {
			continue
		}
		b.kept(lived)
		m, there := have[of(t)]
		switch doubt := contested[of(t)]; {
		case doubt && there && m.Cause == "interview" && m.Cancelled == nil:
			return b.broken(lived, "talk %s of %s on %s is contested, and its moment %s stands", t.ID, t.EmployeeID, t.HeldOn, m.ID)
		case !doubt && there && m.TalkID == "":
			return b.broken(lived, "talk %s of %s was held on %s (%s), and moment %s (%s) knows of no talk", t.ID, t.EmployeeID, t.HeldOn, t.Kind, m.ID, m.Cause)
		case !doubt && !there:
			return b.broken(lived, "talk %s of %s was held on %s (%s), and there is no moment", t.ID, t.EmployeeID, t.HeldOn, t.Kind)
		}
	}
	return nil
}
