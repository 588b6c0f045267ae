package importing

import (
	"slices"
	"strconv"

	"jalon.dev/services/directory/internal/roster"
)

// managerChoice is whom a person will report to, by number, and where that comes from.
type managerChoice struct {
	number string // empty: nobody
	doubt  roster.Code
	kept   bool // not what the line says, but who was known before
	cut    bool // the one known before would close a cycle
}

// settleManagers finds everybody's manager. Lines in a cycle are rejected; that may put the managers of others in doubt and
// bring back whom the rejected people reported to before, so it is looked at again until nothing moves. Each round rejects
// or cuts something, and nearly every file needs a single one.
func (p *planner) settleManagers() {
	for {
		p.chooseManagers()
		if !p.breakCycles() {
			break
		}
	}
	for _, l := range p.lines {
		if !l.rejected {
			p.warnOfManager(l)
		}
	}
}

func (p *planner) chooseManagers() {
	for _, l := range p.lines {
		if l.rejected {
			continue
		}
		cut := l.manager.cut
		l.manager = managerChoice{number: l.Manager}
		switch {
		case !p.file.Has(roster.Manager):
			l.manager.kept = true
		case l.Manager == "":
		case l.Manager == l.Number:
			l.manager.doubt = roster.ManagerSelf
		case p.accepted[l.Manager] != nil:
		case p.named[l.Manager]:
			l.manager.doubt = roster.ManagerRejected
		default:
			if _, ok := p.known[l.Manager]; !ok {
				l.manager.doubt = roster.ManagerUnknown
			}
		}
		if l.manager.doubt != "" || l.manager.kept {
			l.manager.kept, l.manager.cut = true, cut
			l.manager.number = p.managerBefore(l.Number)
			if cut {
				l.manager.number = ""
			}
		}
	}
}

// managerBefore is the number of the manager known before the file; empty for none and for new people.
func (p *planner) managerBefore(number string) string {
	if i, ok := p.known[number]; ok {
		return p.numberOf[p.people[i].ManagerID]
	}
	return ""
}

// managerOf follows the chain of managers as it will be after the import.
func (p *planner) managerOf(number string) string {
	if l := p.accepted[number]; l != nil {
		return l.manager.number
	}
	return p.managerBefore(number)
}

// breakCycles tells whether it changed anything. All cycles are found before the first is broken, so that the order of lines
// does not matter.
func (p *planner) breakCycles() bool {
	broken := false
	for _, cycle := range p.cycles() {
		broken = p.breakCycle(cycle) || broken
	}
	return broken
}

// cycles walks up from every line once.
func (p *planner) cycles() [][]string {
	const walking, done = 1, 2
	state := make(map[string]int, len(p.accepted))
	var found [][]string
	for _, l := range p.lines {
		if l.rejected {
			continue
		}
		var path []string
		at := l.Number
		for at != "" && state[at] == 0 {
			state[at] = walking
			path = append(path, at)
			at = p.managerOf(at)
		}
		if at != "" && state[at] == walking {
			found = append(found, path[slices.Index(path, at):])
		}
		for _, number := range path {
			state[number] = done
		}
	}
	return found
}

// breakCycle undoes a cycle: first what was merely kept from before, else what the lines say. A cycle of people whom the file
// does not name is none of this import's business.
func (p *planner) breakCycle(cycle []string) bool {
	broken := false
	for _, number := range cycle {
		if l := p.accepted[number]; l != nil && l.manager.kept {
			l.manager.cut, broken = true, true
		}
	}
	if broken {
		return true
	}
	for _, number := range cycle {
		if l := p.accepted[number]; l != nil {
			p.reject(l, roster.Manager, roster.ManagerCycle, l.Manager, "a manager who does not report to this person",
				"Following managers upwards from this line leads back to it ("+people(len(cycle))+").")
			broken = true
		}
	}
	return broken
}

func (p *planner) warnOfManager(l *line) {
	switch l.manager.doubt {
	case roster.ManagerSelf:
		p.warn(l, roster.Manager, l.manager.doubt, l.Manager, "another person's employee number", "Nobody is their own manager.")
	case roster.ManagerRejected:
		p.warn(l, roster.Manager, l.manager.doubt, l.Manager, "a manager whose own line is right", "The manager's own line was rejected.")
	case roster.ManagerUnknown:
		p.warn(l, roster.Manager, l.manager.doubt, l.Manager, "an employee number of this file or known before", "Nobody has the manager's employee number.")
	}
}

// managerID is the id of the manager that was settled on.
func (p *planner) managerID(l *line) string {
	if l.manager.number == "" {
		return ""
	}
	if m := p.accepted[l.manager.number]; m != nil {
		return m.id
	}
	if i, ok := p.known[l.manager.number]; ok {
		return p.people[i].ID
	}
	return ""
}

func people(n int) string { return strconv.Itoa(n) + " people" }

func lineNumber(n int) string { return strconv.Itoa(n) }
