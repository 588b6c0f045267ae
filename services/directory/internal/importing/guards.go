package importing

import (
	"fmt"
	"slices"
	"strings"

	"jalon.dev/services/directory/internal/roster"
)

// Guard is a sign that a file is not the one that is meant. Somebody who has checked may overrule it, by its name: names are a
// promise.
type Guard string

const (
	// Older files may undo what newer ones told.
	Older Guard = "older"
	// Truncated files end contracts of people whom they lost.
	Truncated Guard = "truncated"
	// Moves of very many people at once come from a column that changed its meaning.
	Moves Guard = "moves"
	// Unnamed lines may be of people who seem absent. This guard alone does not refuse the file: it keeps contracts from ending.
	Unnamed Guard = "unnamed"
)

const (
	// massMoves is the share of people whom a file may move unconfirmed, as one in so many. Stores open, close and are divided,
	// which moves a store or a region; that a third of the company moves in one day happens on paper only, when the column of
	// units was renamed or holds something else now.
	massMoves = 3
	// fewMoves never count as many: in a company of a dozen, that half of it moves is life.
	fewMoves = 5
)

// Warned is a guard that spoke.
type Warned struct {
	Guard     Guard
	Problem   roster.Problem
	Confirmed bool
}

// Confirmation says which guards somebody has looked at.
type Confirmation struct {
	// Shown confirms the guard that speaks, where one alone does: somebody who says yes to one warning has not seen another.
	Shown bool
	// Named are confirmed each.
	Named []Guard
}

// judge lets the guards speak, and tells whether absence ends contracts.
func (p *planner) judge(known State) (absenceEnds bool) {
	p.judgeDate(known)
	contracts := 0
	for _, someone := range known.People {
		if !someone.Ended(p.opt.AsOf) {
			contracts++
		}
	}
	p.judgeMoves(contracts)
	held := len(p.missing) > 0 && p.unnamed > 0
	if held {
		p.speak(Unnamed, roster.Problem{
			Severity: roster.Warning, Code: roster.AbsenceHeld, Column: p.file.Header(roster.Number), Value: fmt.Sprint(len(p.missing)),
			Expected: fmt.Sprintf("an employee number of its own on each line, as on line %d", p.unnamed),
			Reason: fmt.Sprintf("%d people are not named, but line %d does not say whose it is and may be of one of them: absence ends no contract. "+
				"Mend the line, or confirm.", len(p.missing), p.unnamed),
		})
	} else {
		p.judgeAbsences(contracts)
	}
	p.confirm()
	if held && !p.report.Guards[len(p.report.Guards)-1].Confirmed {
		p.report.Problems = append(p.report.Problems, p.report.Guards[len(p.report.Guards)-1].Problem)
		return false
	}
	if held { // what one yes allows, the next guard still looks at
		p.judgeAbsences(contracts)
		p.confirm()
	}
	return true
}

func (p *planner) judgeDate(known State) {
	if !known.LastAsOf.IsZero() && p.opt.AsOf.Before(known.LastAsOf) {
		p.speak(Older, roster.Problem{
			Severity: roster.Rejected, Code: roster.FileOlder, Value: p.opt.AsOf.String(), Expected: known.LastAsOf.String(),
			Reason: fmt.Sprintf("The file tells of %s, but one of %s was imported already.", p.opt.AsOf, known.LastAsOf),
		})
	}
}

func (p *planner) judgeMoves(contracts int) {
	if moved := p.report.Moved; moved >= fewMoves && moved*massMoves > contracts {
		p.speak(Moves, roster.Problem{
			Severity: roster.Rejected, Code: roster.MovesTooMany, Column: p.file.Header(roster.Establishment), Value: fmt.Sprint(moved),
			Expected: fmt.Sprint(contracts / massMoves),
			Reason: fmt.Sprintf("The file would move %d of %d people at once; probably the column of units, or of teams, is another one than before.",
				moved, contracts),
		})
	}
}

func (p *planner) judgeAbsences(contracts int) {
	if most := p.opt.MaxEnded * float64(contracts); float64(len(p.missing)) > most {
		p.speak(Truncated, roster.Problem{
			Severity: roster.Rejected, Code: roster.EndsTooMany, Value: fmt.Sprint(len(p.missing)), Expected: fmt.Sprint(int(most)),
			Reason: fmt.Sprintf("The file would end %d of %d contracts because it does not name the people; it is probably cut short.",
				len(p.missing), contracts),
		})
	}
}

func (p *planner) speak(g Guard, problem roster.Problem) {
	p.report.Guards = append(p.report.Guards, Warned{Guard: g, Problem: problem})
}

// confirm marks the guards that were confirmed.
func (p *planner) confirm() {
	spoken := p.report.Guards
	for i, w := range spoken {
		spoken[i].Confirmed = w.Confirmed || slices.Contains(p.opt.Confirm.Named, w.Guard) || p.opt.Confirm.Shown && len(spoken) == 1
	}
}

// refusal is why the guards refuse the file; nil: they do not.
func (p *planner) refusal() *roster.Problem {
	var open []Warned
	var names []string
	for _, w := range p.report.Guards {
		if !w.Confirmed && w.Guard != Unnamed {
			open = append(open, w)
		}
		names = append(names, string(w.Guard))
	}
	switch {
	case len(open) == 0:
		return nil
	case p.opt.Confirm.Shown && len(names) > 1:
		all := strings.Join(names, ",")
		return &roster.Problem{
			Severity: roster.Rejected, Code: roster.GuardsSeveral, Value: all, Expected: all,
			Reason: "Several guards speak: " + strings.Join(names, ", ") + ". Each must be confirmed by its name: " + open[0].Problem.Reason,
		}
	}
	return &open[0].Problem
}
