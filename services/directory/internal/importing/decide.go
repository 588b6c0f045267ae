package importing

import (
	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/person"
)

// decide compares one accepted line with the person that it names, and counts: ended goes before moved, moved before changed.
func (p *planner) decide(l *line) {
	after := p.facts(l)
	if l.known == nil {
		p.report.Added++
		p.add(Change{
			Person: person.Person{ID: l.id, Version: 1, Number: l.Number, Facts: after, History: person.Beginning(after, p.opt.AsOf)},
			Tells:  Tells{Registered: p.report.Baseline, Hired: !p.report.Baseline, Left: !p.report.Baseline && !after.LeftOn.IsZero()},
		})
		return
	}
	d := person.Compare(l.known.Facts, after)
	tells := p.tellsOf(d, l.known.Facts, after)
	switch {
	case tells.Hired:
		p.report.Added++
	case tells.Left:
		p.report.Ended++
	case d.Unit:
		p.report.Moved++
	case d.Counts():
		p.report.Changed++
	default:
		p.report.Unchanged++
		if !d.Spelling {
			return
		}
	}
	p.follow(*l.known, after, tells, p.effect(l, d, after))
}

// tellsOf: a person who comes back after having left is hired again; someone may move and leave in one file.
func (p *planner) tellsOf(d person.Difference, before, after person.Facts) Tells {
	if d.Rehired {
		return Tells{Hired: true, Left: !after.LeftOn.IsZero()}
	}
	t := Tells{Moved: d.Unit, Left: before.LeftOn.IsZero() && !after.LeftOn.IsZero()}
	t.Updated = d.Told() && !t.Moved && !t.Left
	t.Promoted = person.PromotionIsNews(before, after, p.since)
	if !after.Ended(p.opt.AsOf) {
		_, t.Returned = person.BackOn(before, after, p.opt.AsOf)
		t.OnLeave = person.NewLeave(before, after)
	}
	return t
}

// follow adds the change of somebody known. A better spelling alone makes no new version: nobody need hear of it. on is the day
// from which the unit or the manager is another one.
func (p *planner) follow(before person.Person, after person.Facts, tells Tells, on clock.Date) {
	c := Change{Person: before, Replaces: before.Version, Tells: tells, On: on}
	c.Person.Facts = after
	c.Person.History = person.Chronicle(before.Facts, after, person.News{AsOf: p.opt.AsOf, On: on, Promoted: tells.Promoted})
	d := person.Compare(before.Facts, after)
	if d.Counts() {
		c.Person.Version++
	}
	if d.Manager && !d.Rehired {
		c.ManagerChanged, c.FormerManager = true, before.ManagerID
	}
	if d.HireDate && !d.Rehired {
		c.FormerHiredOn = before.HiredOn
	}
	if tells.Returned {
		c.ReturnedOn, _ = person.BackOn(before.Facts, after, p.opt.AsOf)
		c.LeaveBegan = before.AwayFrom
	}
	if tells.Moved {
		c.FromUnit = before.UnitID
	}
	p.add(c)
}

func (p *planner) add(c Change) {
	c.UnitPath = p.tree.Path(c.Person.UnitID)
	c.TimeZone = c.Person.TimeZone
	if c.TimeZone == "" {
		c.TimeZone = p.tree.ZoneOf(c.Person.UnitID)
	}
	if c.TimeZone == "" {
		c.TimeZone = p.opt.TimeZone
	}
	p.plan.Changes = append(p.plan.Changes, c)
}

// noticeAbsent looks for people who still have a contract and whom the file does not name. In a full file that ends the
// contracts whose end was not known yet; whether it does, the guards decide.
func (p *planner) noticeAbsent() {
	for _, someone := range p.people {
		if p.named[someone.Number] || someone.Ended(p.opt.AsOf) {
			continue
		}
		p.report.Absent++
		if p.opt.Full && someone.LeftOn.IsZero() {
			p.missing = append(p.missing, someone)
		}
	}
}

// endMissing ends the contracts of the absent on the file's date — even for somebody who had not started: they never will.
func (p *planner) endMissing() {
	for _, someone := range p.missing {
		after := someone.Facts
		after.LeftOn = p.opt.AsOf
		p.report.Ended++
		p.follow(someone, after, Tells{Left: true}, p.opt.AsOf)
	}
}
