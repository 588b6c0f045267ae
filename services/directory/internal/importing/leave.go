package importing

import (
	"slices"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
)

// promotion takes the date of a promotion from its column or, where HR gives a new job title and calls the change a promotion,
// from the file's date. A new job title alone is none.
func (p *planner) promotion(l *line, before person.Facts, f *person.Facts) {
	switch {
	case !l.PromotedOn.IsZero():
		f.PromotedOn = l.PromotedOn
	case l.known != nil && f.JobTitle != before.JobTitle && saysPromotion(l.Reason):
		f.PromotedOn = p.opt.AsOf
	}
}

func saysPromotion(reason string) bool {
	return slices.ContainsFunc(fold.Words(reason), func(word string) bool {
		return slices.Contains([]string{"promotion", "promoted", "promu", "promue", "promote"}, word)
	})
}

// leave takes a long leave from its dates or, in files that give none, from the status: then it begins on the date of the first
// file that tells of it. A leave that is over is no longer a fact.
func (p *planner) leave(l *line, before person.Facts, f *person.Facts) {
	f.AwayFrom, f.AwayUntil = before.AwayFrom, before.AwayUntil
	if !before.LeftOn.IsZero() && f.HiredOn.After(before.LeftOn) {
		f.AwayFrom, f.AwayUntil = clock.Date{}, clock.Date{} // hired again: a leave before has no end worth telling
	}
	switch {
	case p.file.Has(roster.AwayFrom):
		if !p.file.Has(roster.AwayUntil) && l.AwayFrom == f.AwayFrom {
			break
		}
		f.AwayFrom, f.AwayUntil = l.AwayFrom, l.AwayUntil
	case p.file.Has(roster.Status):
		switch p.presence(l) {
		case away:
			if f.AwayFrom.IsZero() || f.AwayFrom.After(p.opt.AsOf) {
				f.AwayFrom, f.AwayUntil = p.opt.AsOf, clock.Date{}
			}
			f.AwayUntil = l.AwayUntil
		case present:
			f.AwayFrom, f.AwayUntil = clock.Date{}, clock.Date{}
		case unsaid:
		}
	}
	switch {
	case f.AwayFrom.IsZero() && !f.AwayUntil.IsZero():
		p.warn(l, roster.AwayUntil, roster.AwayUnclear, f.AwayUntil.String(), "the first day of the leave as well", "The leave has an end but no beginning.")
		f.AwayUntil = clock.Date{}
	case !f.AwayUntil.IsZero() && f.AwayUntil.Before(f.AwayFrom):
		p.warn(l, roster.AwayUntil, roster.AwayUnclear, f.AwayUntil.String(), "a day from "+f.AwayFrom.String()+" on", "The leave ends before it begins.")
		f.AwayUntil = clock.Date{}
	}
	if !f.AwayUntil.IsZero() && f.AwayUntil.Before(p.opt.AsOf) {
		f.AwayFrom, f.AwayUntil = clock.Date{}, clock.Date{}
	}
}

type presence int

const (
	unsaid presence = iota
	present
	away
)

// presence understands the status. Words for people who left say nothing of leave; a word that nobody knows is warned of once.
func (p *planner) presence(l *line) presence {
	for _, word := range fold.Words(l.Status) {
		switch word {
		case "leave", "loa", "conge", "conges", "absent", "absente", "absence", "suspendu", "suspendue", "suspended", "suspension",
			"parental", "maternite", "maternity", "sabbatique", "sabbatical", "furlough", "disponibilite":
			return away
		case "terminated", "inactive", "inactif", "sorti", "sortie", "parti", "partie", "retired", "retraite", "left", "deceased", "decede":
			return unsaid
		}
	}
	for _, word := range fold.Words(l.Status) {
		switch word {
		case "active", "actif", "activite", "present", "presente", "employed", "poste", "working", "normal", "normale":
			return present
		}
	}
	if value := fold.Text(l.Status); value != "" && !p.puzzled[value] {
		p.puzzled[value] = true
		p.warn(l, roster.Status, roster.StatusUnknown, l.Status, "present, or on leave", "The status tells neither presence nor leave; it was passed over.")
	}
	return unsaid
}
