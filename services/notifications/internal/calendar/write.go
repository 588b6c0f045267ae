package calendar

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// Method is what a calendar is asked to do.
type Method string

// The methods of iTIP (RFC 5546) that are used.
const (
	Request Method = Method(ics.MethodRequest)
	Cancel  Method = Method(ics.MethodCancel)
)

// Invitation is a talk as one person's calendar is told of it.
type Invitation struct {
	Method Method
	// TalkID is the UID: the same for all that is ever told of the talk. RFC 7986 asks for a bare UUID; an address's domain behind
	// it would make another talk of it on the day the company changes its domain.
	TalkID       string
	Sequence     int
	Begins, Ends time.Time
	// Written is when this is said.
	Written time.Time
	// Summary is the title. It is the same whatever the talk is for: were the others named, a neutral one would tell.
	Summary     string
	Description string
	// URL leads to the talk; empty for none.
	URL string
	// Organizer and Attendee write and receive the mail.
	Organizer, Attendee Mailbox
}

// Mailbox is a name and an address.
type Mailbox struct{ Name, Address string }

// Write returns the calendar object.
//
// Times are in UTC. With a TZID programs part ways: Outlook is reported to want a VTIMEZONE and to name zones as Windows does,
// Google to go by IANA's names alone. An instant in UTC means the same to all, and each shows it in its reader's own zone. A
// talk happens once: there is no recurrence that would need the zone's rules.
//
// The attendee is the reader alone, so that nobody's address is told to anybody, and RSVP is FALSE, because nobody reads replies.
// PARTSTAT is ACCEPTED: the date is not up for an answer in the calendar but for another proposal in Jalon, and NEEDS-ACTION would
// have programs ask for an answer that goes nowhere. CLASS is PRIVATE: with whom somebody talks is not for all who may look into
// that calendar.
func (i Invitation) Write() ([]byte, error) {
	cal := ics.NewCalendarFor("Jalon")
	cal.SetProductId("-//Jalon//Jalon//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ics.Method(i.Method))
	event := cal.AddEvent(i.TalkID)
	event.SetDtStampTime(i.Written)
	event.SetSequence(i.Sequence)
	event.SetStartAt(i.Begins)
	event.SetEndAt(i.Ends)
	event.SetSummary(i.Summary)
	if i.Description != "" {
		event.SetDescription(i.Description)
	}
	if i.URL != "" {
		event.SetURL(i.URL)
	}
	event.SetClass(ics.ClassificationPrivate)
	event.SetOrganizer(i.Organizer.Address, ics.WithCN(parameter(i.Organizer.Name)))
	status, participation := ics.ObjectStatusConfirmed, ics.ParticipationStatusAccepted
	if i.Method == Cancel {
		status = ics.ObjectStatusCancelled
	}
	event.SetStatus(status)
	event.AddAttendee(i.Attendee.Address, ics.WithCN(parameter(i.Attendee.Name)), ics.CalendarUserTypeIndividual,
		ics.ParticipationRoleReqParticipant, participation, no(ics.ParameterRsvp))
	event.SetTimeTransparency(ics.TransparencyOpaque)
	var out bytes.Buffer
	// RFC 5545 wants CRLF; the library writes what the operating system does.
	if err := cal.SerializeTo(&out, ics.WithNewLine("\r\n")); err != nil {
		return nil, fmt.Errorf("writing the calendar of talk %s: %w", i.TalkID, err)
	}
	return out.Bytes(), nil
}

// no is a parameter that says FALSE, in the capitals that the standard shows.
func no(name ics.Parameter) ics.PropertyParameter {
	return &ics.KeyValues{Key: string(name), Value: []string{"FALSE"}}
}

// unquotable are the characters of a name that the library would precede by a backslash, which no parameter may hold.
var unquotable = strings.NewReplacer(`'`, "’", `"`, "”", ",", " ", ";", " ", ":", " ", `\`, " ")

// parameter is a name as it may stand in a parameter.
func parameter(name string) string { return unquotable.Replace(name) }
