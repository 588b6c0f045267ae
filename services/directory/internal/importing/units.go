package importing

import (
	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

// placeInUnits finds or invents the unit of each accepted line. Establishments that nobody knows are created, unplaced, with
// one warning each; teams are created beneath them without a word.
func (p *planner) placeInUnits() {
	company, ok := p.tree.Company()
	if !ok {
		company = p.invent(unit.Unit{Name: p.opt.Company, Kind: unit.Company, TimeZone: p.opt.TimeZone})
	}
	for _, l := range p.lines {
		if !l.rejected {
			l.unitID = p.place(l, company)
		}
	}
}

func (p *planner) place(l *line, company unit.Unit) string {
	if fold.Text(l.Unit) == "" {
		p.warn(l, roster.Establishment, roster.UnitMissing, "", "the name of a unit", "The line names no unit.")
		if l.known != nil {
			return l.known.UnitID
		}
		return company.ID
	}
	site, ok := p.tree.Site(l.Unit)
	if !ok {
		site = p.invent(unit.Unit{Name: l.Unit, Kind: unit.KindOf(l.Unit), ParentID: company.ID, Unplaced: true})
		p.warn(l, roster.Establishment, roster.UnitCreated, l.Unit, "a unit that is known",
			"The unit was not known; it was created and waits to be placed.")
	}
	if !p.file.Has(roster.Service) {
		// A file that does not speak of teams leaves people in theirs, as long as they stay in the store.
		if l.known != nil {
			if team, ok := p.tree.Get(l.known.UnitID); ok && team.Kind == unit.Team && team.ParentID == site.ID {
				return team.ID
			}
		}
		return site.ID
	}
	if fold.Text(l.Team) == "" {
		return site.ID
	}
	team, ok := p.tree.Child(site.ID, l.Team)
	if !ok {
		team = p.invent(unit.Unit{Name: l.Team, Kind: unit.Team, ParentID: site.ID})
	}
	return team.ID
}

func (p *planner) invent(u unit.Unit) unit.Unit {
	u.ID, u.Version = p.opt.NewID(), 1
	p.tree.Add(u)
	p.plan.Units = append(p.plan.Units, u)
	return u
}
