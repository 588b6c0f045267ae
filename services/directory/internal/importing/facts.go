package importing

import (
	"net/mail"
	"strings"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/fold"
	"jalon.dev/services/directory/internal/person"
	"jalon.dev/services/directory/internal/roster"
	"jalon.dev/services/directory/internal/unit"
)

// facts are what the line says of a person, and what was known before wherever it says nothing or something doubtful.
func (p *planner) facts(l *line) person.Facts {
	var f person.Facts
	if l.known != nil {
		f = l.known.Facts
	}
	f.HiredOn, f.UnitID, f.ManagerID = l.HiredOn, l.unitID, p.managerID(l)
	if p.file.Has(roster.LeftOn) {
		f.LeftOn = l.LeftOn
	} else if f.HiredOn.After(f.LeftOn) {
		f.LeftOn = clock.Date{} // hired again: the day that ended the contract before says nothing of this one
	}
	p.names(l, &f)
	if p.file.Has(roster.Email) {
		f.Email = p.email(l, f.Email)
	}
	if p.file.Has(roster.JobTitle) {
		f.JobTitle = l.JobTitle
	}
	if p.file.Has(roster.Contract) {
		f.Contract = l.Contract
	}
	f.Language = p.language(l, f.Language)
	if p.file.Has(roster.TimeZone) {
		f.TimeZone = p.timeZone(l, f.TimeZone)
	}
	var before person.Facts
	if l.known != nil {
		before = l.known.Facts
	}
	p.promotion(l, before, &f)
	p.leave(l, before, &f)
	return f
}

func (p *planner) names(l *line, f *person.Facts) {
	if l.GivenName == "" && l.FamilyName == "" {
		p.warn(l, roster.FamilyName, roster.NameMissing, "", "a name", "The line has neither given nor family name.")
		return
	}
	f.GivenName = person.BetterCased(f.GivenName, l.GivenName)
	f.FamilyName = person.BetterCased(f.FamilyName, l.FamilyName)
}

func (p *planner) email(l *line, before string) string {
	switch {
	case l.Email == "":
		return ""
	case !isEmail(l.Email):
		p.warn(l, roster.Email, roster.EmailMalformed, l.Email, "an address such as name@company.example", "This is not an e-mail address.")
		return before
	case strings.EqualFold(l.Email, before):
		return before
	}
	return l.Email
}

// isEmail accepts a bare address that a mail server could take.
func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == "" && len(s) <= 254 && !strings.ContainsAny(s, `"<> `)
}

func (p *planner) language(l *line, before string) string {
	known := before
	if known == "" {
		known = p.opt.Language
	}
	if l.Language == "" {
		return known
	}
	words := fold.Words(l.Language)
	if len(words) > 0 {
		switch words[0] {
		case "fr", "fra", "fre", "francais", "french":
			return "fr"
		case "en", "eng", "anglais", "english":
			return "en"
		}
	}
	p.warn(l, roster.Language, roster.LanguageUnknown, l.Language, "fr, en", "Jalon does not speak this language.")
	return known
}

func (p *planner) timeZone(l *line, before string) string {
	if l.TimeZone == "" || unit.ValidZone(l.TimeZone) {
		return l.TimeZone
	}
	p.warn(l, roster.TimeZone, roster.TimeZoneUnknown, l.TimeZone, "an IANA name such as Europe/Paris", "This is not a time zone.")
	return before
}
