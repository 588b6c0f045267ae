// Package importing decides what an HR file means for the people already known: which lines are rejected, what is doubtful,
// and which changes follow. It only decides; package applying carries a plan out.
package importing

import (
	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

// State is what directory knows before the file. The people's history is not needed.
type State struct {
	People   []person.Person
	Units    []unit.Unit
	LastAsOf clock.Date // the latest date of a file imported before; zero: none
}

// Options are the importer's choices and the installation's settings.
type Options struct {
	AsOf    clock.Date
	Full    bool // absence from the file ends the contract
	Confirm bool // overrides the guards

	Company  string  // the company's name, should there be no unit yet
	TimeZone string  // its time zone
	Language string  // of people whose line gives none
	MaxEnded float64 // share of contracts that absences may end unconfirmed
	NewID    func() string
}

// Plan is everything that an import changes, ready to be carried out.
type Plan struct {
	Units   []unit.Unit // new ones, parents first
	Changes []Change
}

// Change is what becomes of one person.
type Change struct {
	Person   person.Person // as it will be, except that History holds only what is added to it
	Replaces int64         // the version that it follows on; 0: nobody was known
	Tells    Tells
	FromUnit string   // of a move
	UnitPath []string // of the person's unit, from the company down
	TimeZone string   // resolved from person, unit and company

	ManagerChanged bool
	FormerManager  string     // empty: none before, or the same
	FormerHiredOn  clock.Date // a first day that was wrong; zero: it was right
	ReturnedOn     clock.Date // the first day after a long leave
	LeaveBegan     clock.Date // of the leave that is over
}

// Tells says which facts of a change the rest of Jalon is told. A change of nothing but name, address or job tells none.
type Tells struct {
	Registered, Hired, Moved, Left, Updated, Promoted, OnLeave, Returned bool
}

// Make compares the file with what is known. The plan holds what the accepted lines change, whatever the report says about
// rejected ones: whether it may be carried out is for Report.Refused to say.
func Make(file *roster.Roster, known State, opt Options) (Plan, Report) {
	p := newPlanner(file, known, opt)
	p.checkLines()
	p.settleManagers()
	p.placeInUnits()
	for _, l := range p.lines {
		if !l.rejected {
			p.decide(l)
		}
	}
	p.noticeAbsent()
	return p.plan, p.conclude(known)
}

// planner is one comparison at work.
type planner struct {
	file     *roster.Roster
	opt      Options
	people   []person.Person
	known    map[string]int // place in people, by number
	numberOf map[string]string
	tree     *unit.Tree
	lines    []*line
	accepted map[string]*line // by number
	named    map[string]bool  // numbers that the file names, on whatever line
	plan     Plan
	report   Report
	since    clock.Date      // the date of the last file
	puzzled  map[string]bool // statuses that were warned of
}

// line is a row on its way to becoming facts.
type line struct {
	roster.Row
	rejected bool
	id       string
	known    *person.Person // nil: new
	manager  managerChoice
	unitID   string
}

func newPlanner(file *roster.Roster, known State, opt Options) *planner {
	p := &planner{
		file: file, opt: opt, people: known.People,
		known:    make(map[string]int, len(known.People)),
		numberOf: make(map[string]string, len(known.People)),
		tree:     unit.NewTree(known.Units),
		lines:    make([]*line, 0, len(file.Rows)),
		accepted: make(map[string]*line, len(file.Rows)),
		named:    make(map[string]bool, len(file.Rows)),
		since:    known.LastAsOf, puzzled: map[string]bool{},
		report: Report{AsOf: opt.AsOf, Baseline: len(known.People) == 0, Problems: append([]roster.Problem(nil), file.Problems...)},
	}
	for i, someone := range known.People {
		p.known[someone.Number] = i
		p.numberOf[someone.ID] = someone.Number
	}
	return p
}

// checkLines applies the rules that look at lines alone and at their numbers.
func (p *planner) checkLines() {
	first := make(map[string]int, len(p.file.Rows))
	for _, row := range p.file.Rows {
		l := &line{Row: row, rejected: row.Rejected}
		p.lines = append(p.lines, l)
		if row.Number == "" {
			continue
		}
		p.named[row.Number] = true
		if before, seen := first[row.Number]; seen {
			if !l.rejected {
				p.reject(l, roster.Number, roster.NumberSeen, row.Number, lineNumber(before),
					"Line "+lineNumber(before)+" has the same employee number.")
			}
			continue
		}
		first[row.Number] = row.Line
		if !l.rejected && !row.LeftOn.IsZero() && row.LeftOn.Before(row.HiredOn) {
			p.reject(l, roster.LeftOn, roster.LeftBeforeHired, row.LeftOn.String(), row.HiredOn.String(),
				"The departure is before the hire on "+row.HiredOn.String()+".")
		}
		if l.rejected {
			continue
		}
		p.accepted[row.Number] = l
		if i, ok := p.known[row.Number]; ok {
			l.known, l.id = &p.people[i], p.people[i].ID
		} else {
			l.id = p.opt.NewID()
		}
	}
}

func (p *planner) reject(l *line, f roster.Field, code roster.Code, value, expected, reason string) {
	l.rejected = true
	if p.accepted[l.Number] == l {
		delete(p.accepted, l.Number)
	}
	p.problem(roster.Rejected, l.Line, f, code, value, expected, reason)
}

func (p *planner) warn(l *line, f roster.Field, code roster.Code, value, expected, reason string) {
	p.problem(roster.Warning, l.Line, f, code, value, expected, reason)
}

func (p *planner) problem(s roster.Severity, at int, f roster.Field, code roster.Code, value, expected, reason string) {
	p.report.Problems = append(p.report.Problems, roster.Problem{
		Severity: s, Line: at, Column: p.file.Header(f), Code: code,
		Value: roster.Shorten(value), Expected: expected, Reason: reason,
	})
}
