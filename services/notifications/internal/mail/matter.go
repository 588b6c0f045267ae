package mail

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"jalon.dev/services/notifications/internal/calendar"
	"jalon.dev/services/notifications/internal/gate"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// matter is what a mail is about.
type matter struct {
	form form
	link string
	// subject is HR's own line, in the reader's language.
	subject string
	// headline and when are set for talks.
	headline, when string
	// invitation is what a calendar reads, but for the mailboxes; nil for none.
	invitation *calendar.Invitation
	// image is the address of what counts that the mail is displayed; empty for none.
	image string
}

// matterOf is what a mail says. Those of campaigns are counted where the company turned that on.
func (m *Mailer) matterOf(d doc, known circumstances) matter {
	about := m.about(d, known)
	if m.config.opens() && d.Piece != "" {
		about.image = m.links.image(d.Piece)
	}
	return about
}

func (m *Mailer) about(d doc, known circumstances) matter {
	lang := langOf(known.contacts[d.PersonID])
	about := m.sortOf(d, known, lang)
	about.subject = d.Subject.in(lang, d.Reminder)
	return about
}

func (m *Mailer) sortOf(d doc, known circumstances, lang string) matter {
	switch {
	case d.Talk != nil:
		return m.dateOf(d, known, lang)
	case d.About == gate.Barometer && d.Reminder:
		return matter{form: barometerAgain, link: m.links.barometer()}
	case d.About == gate.Barometer:
		return matter{form: barometer, link: m.links.barometer()}
	case d.About == gate.BarometerResults:
		return matter{form: barometerResults, link: m.links.barometerResults()}
	case d.Quiet && d.About == aboutMessage:
		return matter{form: messageQuiet, link: m.links.survey(d.InvitationID)}
	case d.Quiet && d.About == "":
		return matter{form: questionsQuiet, link: m.links.survey(d.InvitationID)}
	case d.About == aboutMessage && d.Reminder:
		return matter{form: messageAgain, link: m.links.survey(d.InvitationID)}
	case d.About == aboutMessage:
		return matter{form: message, link: m.links.survey(d.InvitationID)}
	case d.About != "":
		return m.reminderOf(d, lang)
	case d.Reminder:
		return matter{form: questionsAgain, link: m.links.survey(d.InvitationID)}
	default:
		return matter{form: questions, link: m.links.survey(d.InvitationID)}
	}
}

// reminderOf tells of how many talks something is to be done.
func (m *Mailer) reminderOf(d doc, lang string) matter {
	about := form(d.About)
	if _, known := headlines[lang][about]; !known {
		about = someTalks
	}
	return matter{form: about, link: m.links.talks(), headline: headlines[lang][about].of(d.Count, lang)}
}

func (c counted) of(n int, lang string) string {
	written := numbers[lang]
	switch {
	case n <= 1:
		return c.one
	case c.other[0] != '%':
		return c.other
	case n-2 < len(written):
		return fmt.Sprintf(c.other, written[n-2])
	default:
		return fmt.Sprintf(c.other, strconv.Itoa(n))
	}
}

// dateOf tells when a talk takes place, or that it does not.
func (m *Mailer) dateOf(d doc, known circumstances, lang string) matter {
	entry := known.entries[d.Talk.TalkID]
	last, told := known.told[reading{d.Talk.TalkID, d.PersonID}]
	headline := withWhom(lang, known.contacts[entry.Other(d.PersonID)])
	about := matter{form: planned, link: m.links.talk(entry.ID), headline: headline, invitation: &calendar.Invitation{
		Method: calendar.Request, TalkID: entry.ID, Sequence: entry.Sequence, Begins: d.Talk.Begins, Written: m.clock.Now(),
		Summary: headline, Description: lookInJalon(lang, m.links.talk(entry.ID)), URL: m.links.talk(entry.ID),
	}}
	switch {
	case d.Talk.Cancelled:
		about.form, about.link = cancelled, m.links.talks()
		if !entry.Cancelled && d.PersonID != entry.EmployeeID && slices.Contains(entry.Attendees, entry.EmployeeID) {
			about.form = handedOn
		}
		// What is taken out is what was put in; there is nothing to see at the talk's address any more.
		about.invitation.Method, about.invitation.Begins = calendar.Cancel, last.Begins
		about.invitation.Description, about.invitation.URL = "", ""
	case told && !last.Cancelled:
		about.form = changed
	}
	about.invitation.Ends = about.invitation.Begins.Add(time.Duration(entry.Minutes) * time.Minute)
	about.when = dayAndTime(lang, about.invitation.Begins, known.prospects[d.PersonID].Zone)
	return about
}

// withWhom is the title of a talk, in the mail and in the calendar: with whom, and never what it is for.
func withWhom(lang string, other *directoryv1.Contact) string {
	name := plain(other.GetGivenName() + " " + other.GetFamilyName())
	switch {
	case lang == "en" && name == "":
		return "Talk"
	case lang == "en":
		return "Talk with " + name
	case name == "":
		return "Entretien"
	default:
		return "Entretien avec " + name
	}
}
