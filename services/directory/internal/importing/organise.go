package importing

import (
	"cmp"
	"slices"
	"strings"

	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

// Organise compares a file of units with those that are known. A unit is known by its code; one that has none yet, because an
// import of people had to invent it, by its name: so it is placed. Units that the file does not name stay as they are.
func Organise(file *roster.UnitList, known State, opt Options) (Plan, Report) {
	o := &organiser{
		file: file, opt: opt, before: known.tree(), all: make(map[string]unit.Unit, len(known.Units)),
		byCode: map[string]*unitLine{}, byName: map[string]*unitLine{}, matched: map[string]bool{},
		report: Report{Problems: slices.Clone(file.Problems)},
	}
	for _, u := range known.Units {
		o.all[u.ID] = u
	}
	o.checkLines()
	o.matchLines()
	o.findParents()
	o.rejectCycles()
	o.warnOfNames()
	plan := Plan{Units: o.changes()}
	plan.Changes = reach(known, plan.Units, opt)
	return plan, o.conclude(len(known.Units))
}

// organiser is one comparison of units at work.
type organiser struct {
	file    *roster.UnitList
	opt     Options
	before  *unit.Tree
	all     map[string]unit.Unit // by id: as known, then as they will be
	lines   []*unitLine
	byCode  map[string]*unitLine // rejected ones too
	byName  map[string]*unitLine // establishments only; the first of a name
	matched map[string]bool      // ids of known units that a line has taken
	company *unitLine
	root    string // the company's id
	report  Report
}

type unitLine struct {
	roster.UnitRow
	rejected bool
	unit     unit.Unit // as it will be
	known    bool
	placed   bool // or being placed
	meant    bool // of a unit that was merged into another, which unit is: passed over
}

func (o *organiser) reject(l *unitLine, f roster.Field, code roster.Code, value, expected, reason string) {
	l.rejected = true
	o.say(roster.Rejected, l, f, code, value, expected, reason)
}

func (o *organiser) say(s roster.Severity, l *unitLine, f roster.Field, code roster.Code, value, expected, reason string) {
	o.report.Problems = append(o.report.Problems, roster.Problem{
		Severity: s, Line: l.Line, Column: o.file.Header(f), Code: code, Value: roster.Shorten(value), Expected: expected, Reason: reason,
	})
}

// checkLines applies the rules that need the lines alone.
func (o *organiser) checkLines() {
	for _, row := range o.file.Rows {
		l := &unitLine{UnitRow: row, rejected: row.Rejected}
		o.lines = append(o.lines, l)
		first := o.byCode[fold.Text(l.Code)]
		if first == nil && l.Code != "" {
			o.byCode[fold.Text(l.Code)] = l
		}
		if l.rejected {
			continue
		}
		kind, kindKnown := unit.ParseKind(l.Kind)
		calendar, calendarFits := o.opt.calendar(l.Holidays)
		switch {
		case l.Code == "":
			o.reject(l, roster.UnitCode, roster.UnitCodeMissing, "", "a code", "The line has no code.")
		case first != nil:
			o.reject(l, roster.UnitCode, roster.UnitCodeSeen, l.Code, lineNumber(first.Line), "Line "+lineNumber(first.Line)+" has the same code.")
		case fold.Text(l.Name) == "":
			o.reject(l, roster.UnitName, roster.UnitNameMissing, "", "a name", "The line has no name.")
		case !kindKnown:
			o.reject(l, roster.UnitKind, roster.UnitKindUnknown, l.Kind, "company, region, store, team", "This is no kind of unit.")
		case l.TimeZone != "" && !unit.ValidZone(l.TimeZone):
			o.reject(l, roster.UnitTimeZone, roster.UnitZoneUnknown, l.TimeZone, "an IANA name such as Europe/Paris", "This is not a time zone.")
		case !calendarFits:
			o.reject(l, roster.UnitHolidays, roster.UnitHolidaysUnknown, l.Holidays, "a country such as FR, or a part of it such as FR-57", "This is not the name of a holiday calendar.")
		case kind == unit.Company && o.company != nil:
			o.reject(l, roster.UnitKind, roster.UnitCompanySecond, l.Name, lineNumber(o.company.Line), "Line "+lineNumber(o.company.Line)+" is the company already; there is one.")
		default:
			l.unit = unit.Unit{Code: l.Code, Name: l.Name, Kind: kind, TimeZone: l.TimeZone, Holidays: calendar, Version: 1}
			if calendar != "" && !o.opt.Calendars.Has(calendar) {
				o.say(roster.Warning, l, roster.UnitHolidays, roster.UnitCalendarUnknown, l.Holidays, strings.Join(o.opt.Calendars.Names(), ", "),
					"No calendar of this name is configured: the public holidays of France hold there.")
			}
			if kind == unit.Company {
				o.company = l
			}
			if name := fold.Text(l.Name); kind != unit.Team && o.byName[name] == nil {
				o.byName[name] = l
			}
		}
	}
}

// matchLines finds out which lines speak of known units. Teams come later: their names are theirs beneath a parent only.
func (o *organiser) matchLines() {
	for _, l := range o.accepted() {
		u, ok := o.before.Coded(l.Code)
		switch {
		case ok && (u.Kind == unit.Company) != (l.unit.Kind == unit.Company):
			o.reject(l, roster.UnitKind, roster.UnitCompanySecond, l.Kind, string(u.Kind), "The company stays the company, and there is one.")
		case ok:
			o.match(l, u)
		default:
			o.passOver(l)
		}
	}
	for _, l := range o.accepted() {
		if l.known || l.unit.Kind == unit.Team {
			continue
		}
		u, ok := o.before.Named(l.Name) // not what was merged: a unit that has a code of its own is one
		if l.unit.Kind == unit.Company {
			u, ok = o.before.Company()
			if ok && u.Code != "" {
				o.reject(l, roster.UnitKind, roster.UnitCompanySecond, l.Name, u.Code, "The company is known by the code "+u.Code+" already; there is one.")
				continue
			}
		}
		if ok && u.Code == "" && !o.matched[u.ID] && (u.Kind == unit.Company) == (l.unit.Kind == unit.Company) {
			o.match(l, u)
		} else {
			l.unit.ID = o.opt.NewID()
		}
	}
}

// passOver leaves a line alone that speaks of a unit which HR merged into another since: the file has the mistake still.
func (o *organiser) passOver(l *unitLine) {
	u, ok := o.before.MergedCode(l.Code)
	if !ok {
		return
	}
	l.meant, l.unit = true, u
	o.say(roster.Warning, l, roster.UnitCode, roster.UnitMerged, l.Code, u.Name, "This unit was merged into "+u.Name+"; the line was passed over.")
}

// match keeps of the known unit what the file does not speak of.
func (o *organiser) match(l *unitLine, u unit.Unit) {
	o.matched[u.ID], l.known = true, true
	l.unit.ID, l.unit.Version, l.unit.ParentID = u.ID, u.Version, u.ParentID
	if !o.file.Has(roster.UnitTimeZone) {
		l.unit.TimeZone = u.TimeZone
	}
	if !o.file.Has(roster.UnitHolidays) {
		l.unit.Holidays = u.Holidays
	}
}

func (o *organiser) accepted() []*unitLine {
	return slices.DeleteFunc(slices.Clone(o.lines), func(l *unitLine) bool { return l.rejected || l.meant })
}

// changes are the units that are new or different, parents first.
func (o *organiser) changes() []unit.Unit {
	var changed []unit.Unit
	for _, l := range o.accepted() {
		was, known := o.before.Get(l.unit.ID)
		now := l.unit
		switch {
		case !known:
			o.report.Added++
		case was == now:
			o.report.Unchanged++
			continue
		case was.ParentID != now.ParentID || was.Unplaced:
			o.report.Moved++
		default:
			o.report.Changed++
		}
		if known {
			now.Version++
		}
		o.all[now.ID] = now
		changed = append(changed, now)
	}
	for _, u := range o.all { // the company, where it had to be invented
		if _, known := o.before.Get(u.ID); !known && u.Code == "" {
			changed = append(changed, u)
		}
	}
	tree := unit.NewTree(collect(o.all))
	slices.SortStableFunc(changed, func(a, b unit.Unit) int { return cmp.Compare(len(tree.Path(a.ID)), len(tree.Path(b.ID))) })
	return changed
}

func collect(all map[string]unit.Unit) []unit.Unit {
	units := make([]unit.Unit, 0, len(all))
	for _, u := range all {
		units = append(units, u)
	}
	return units
}

func (o *organiser) conclude(known int) Report {
	r := o.report
	roster.SortProblems(r.Problems)
	for _, p := range r.Problems {
		if p.Severity == roster.Rejected {
			r.Rejected++
		} else {
			r.Warnings++
		}
	}
	r.Absent = known - len(o.matched)
	return r
}
