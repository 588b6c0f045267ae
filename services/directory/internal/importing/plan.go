// Package importing decides what an HR file means for the people already known: which lines are rejected, what is doubtful,
// and which changes follow. It only decides; package applying carries a plan out.
package importing

import (
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

// State is what directory knows before the file. The people's history is not needed.
type State struct {
	People   []person.Person
	Units    []unit.Unit
	Merged   []unit.Unit // those that were merged into others, by whose names files may still speak of these
	LastAsOf clock.Date  // the latest date of a file imported before; zero: none
}

func (s State) tree() *unit.Tree { return unit.NewTree(slices.Concat(s.Units, s.Merged)) }

// Options are the importer's choices and the installation's settings.
type Options struct {
	AsOf    clock.Date
	Full    bool         // absence from the file ends the contract
	Confirm Confirmation // which guards are overruled

	Company  string  // the company's name, should there be no unit yet
	TimeZone string  // its time zone
	Language string  // of people whose line gives none
	MaxEnded float64 // share of contracts that absences may end unconfirmed
	// Calendars are the public holidays that the installation knows.
	Calendars holidays.Calendars
	NewID     func() string
}

// Plan is everything that an import changes, ready to be carried out.
type Plan struct {
	Units   []unit.Unit // new or changed ones, parents first
	Changes []Change
}

// Change is what becomes of one person.
type Change struct {
	Person   person.Person // as it will be, except that History holds only what is added to it
	Replaces int64         // the version that it follows on; 0: nobody was known
	Tells    Tells
	FromUnit string     // of a move
	On       clock.Date // of a move or a change of manager; ahead where HR announces it
	UnitPath []string   // of the person's unit, from the company down
	TimeZone string     // resolved from person, unit and company

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
	if p.judge(known) {
		p.endMissing()
	}
	p.report.Refusal = p.refusal()
	return p.plan, p.conclude()
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
	unnamed  int              // the first rejected line that does not say whose it is; 0: there is none
	missing  []person.Person  // whose contracts absence would end
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
		tree:     known.tree(),
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
			p.doubtWhose(l)
			continue
		}
		p.named[row.Number] = true
		if before, seen := first[row.Number]; seen {
			if !l.rejected {
				p.reject(l, roster.Number, roster.NumberSeen, row.Number, lineNumber(before),
					"Line "+lineNumber(before)+" has the same employee number.")
			}
			p.doubtWhose(l)
			continue
		}
		first[row.Number] = row.Line
		if !l.rejected && !row.LeftOn.IsZero() && row.LeftOn.Before(row.HiredOn) {
			p.reject(l, roster.LeftOn, roster.LeftBeforeHired, row.LeftOn.String(), row.HiredOn.String(),
				"The departure is before the hire on "+row.HiredOn.String()+".")
		}
		if l.rejected {
			if _, known := p.known[row.Number]; !known && row.Unread {
				p.doubtWhose(l)
			}
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

// doubtWhose notes a rejected line that may be of anybody: it has no number, another line's, or could not be read and seems to
// have one that nobody has.
func (p *planner) doubtWhose(l *line) {
	if p.unnamed == 0 {
		p.unnamed = l.Line
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
