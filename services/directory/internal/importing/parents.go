package importing

import (
	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

// findParents places each line beneath the unit that it names by code or, where nothing has the code, by name. A line that
// names none is placed beneath the company. Teams that no code tells are matched by name now that their place is known.
func (o *organiser) findParents() {
	o.root = o.settleCompany()
	for _, l := range o.accepted() {
		o.place(l)
	}
}

// place settles a line's parent and, for a team, which one it is. A team may stand beneath a team, so that one comes first;
// going round in a circle is noticed later, by the ids.
func (o *organiser) place(l *unitLine) {
	if l.placed {
		if l.unit.ID == "" {
			l.unit.ID = o.opt.NewID()
		}
		return
	}
	l.placed = true
	o.findParent(l)
	if l.rejected || l.unit.ID != "" {
		return
	}
	if u, ok := o.before.Child(l.unit.ParentID, l.Name); ok && u.Kind == unit.Team && u.Code == "" && !o.matched[u.ID] {
		o.match(l, u)
	} else {
		l.unit.ID = o.opt.NewID()
	}
}

// settleCompany is the company's id: the file's, or the known one, or one that is invented as imports of people do.
func (o *organiser) settleCompany() string {
	if o.company != nil && !o.company.rejected {
		return o.company.unit.ID
	}
	if u, ok := o.before.Company(); ok {
		return u.ID
	}
	u := unit.Unit{ID: o.opt.NewID(), Version: 1, Name: o.opt.Company, Kind: unit.Company, TimeZone: o.opt.TimeZone}
	o.all[u.ID] = u
	return u.ID
}

func (o *organiser) findParent(l *unitLine) {
	switch {
	case l.unit.Kind == unit.Company:
		if l.Parent != "" {
			o.reject(l, roster.UnitParent, roster.UnitParentKind, l.Parent, "nothing", "The company stands beneath nothing.")
		}
		l.unit.ParentID = ""
	case l.Parent == "" && o.file.Has(roster.UnitParent), l.Parent == "" && l.unit.ParentID == "":
		l.unit.ParentID = o.root
	case l.Parent != "":
		o.findNamedParent(l)
	}
}

func (o *organiser) findNamedParent(l *unitLine) {
	name := fold.Text(l.Parent)
	line := o.byCode[name]
	if line == nil {
		if u, ok := o.before.Coded(l.Parent); ok {
			o.setParent(l, u)
			return
		}
		line = o.byName[name]
	}
	switch {
	case line == l:
		o.reject(l, roster.UnitParent, roster.UnitCycle, l.Parent, "another unit", "The unit would stand beneath itself.")
	case line != nil && line.meant:
		o.setParent(l, line.unit)
	case line != nil:
		if !line.rejected {
			o.place(line)
		}
		// Of a rejected parent its own line says what is wrong; nothing of the file is applied.
		if !line.rejected {
			o.setParent(l, line.unit)
		}
	default:
		if u, ok := o.before.Site(l.Parent); ok {
			o.setParent(l, u)
			return
		}
		o.reject(l, roster.UnitParent, roster.UnitParentUnknown, l.Parent, "the code of a unit", "Nothing has this code or name.")
	}
}

func (o *organiser) setParent(l *unitLine, parent unit.Unit) {
	if !parent.Kind.Holds(l.unit.Kind) {
		o.reject(l, roster.UnitParent, roster.UnitParentKind, l.Parent, "a unit that is larger", "A "+string(l.unit.Kind)+" cannot stand beneath a "+string(parent.Kind)+".")
		return
	}
	l.unit.ParentID = parent.ID
}

// rejectCycles rejects the lines that stand beneath themselves, by way of others.
func (o *organiser) rejectCycles() {
	parents := make(map[string]string, len(o.all))
	for id, u := range o.all {
		parents[id] = u.ParentID
	}
	for _, l := range o.accepted() {
		parents[l.unit.ID] = l.unit.ParentID
	}
	for _, l := range o.accepted() {
		at := parents[l.unit.ID]
		for range parents {
			if at == "" || at == l.unit.ID {
				break
			}
			at = parents[at]
		}
		if at == l.unit.ID {
			o.reject(l, roster.UnitParent, roster.UnitCycle, l.Parent, "a unit that does not stand beneath this one", "The unit would stand beneath itself, by way of others.")
		}
	}
}

// warnOfNames warns of establishments that share a name: people are placed by it.
func (o *organiser) warnOfNames() {
	for _, l := range o.accepted() {
		if first := o.byName[fold.Text(l.Name)]; l.unit.Kind != unit.Team && first != nil && first != l && !first.meant {
			o.say(roster.Warning, l, roster.UnitName, roster.UnitNameSeen, l.Name, lineNumber(first.Line),
				"Line "+lineNumber(first.Line)+" has the same name: HR files that name units by name cannot tell them apart.")
		}
	}
}
