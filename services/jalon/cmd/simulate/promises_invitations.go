package main

import (
	"slices"
	"strings"
)

// seat is somebody's place in a talk.
type seat struct{ talk, person string }

// notice is one piece of news of a talk to one calendar: of which sequence, and whether to take it out.
type notice struct {
	seat
	sequence  int
	cancelled bool
}

// notified is the mail about a notice, as it stood last.
type notified struct {
	state, reason string
	// chances are the looks at which it waited though its person could be reached and the post office took mails.
	chances int
}

// note keeps what became of a mail to a calendar.
func (b *books) note(d mailDoc, obliged bool) {
	if d.Talk == nil {
		return
	}
	n := notice{seat{d.Talk.ID, d.PersonID}, d.Talk.Order / 2, d.Talk.Cancelled}
	known := b.notices[n]
	if known == nil {
		known = &notified{}
		b.notices[n] = known
	}
	known.state, known.reason = d.State, d.Reason
	if d.State == "waiting" && obliged && b.people[d.PersonID].closed(b.read) == "" {
		known.chances++
	}
}

// invitation checks a mail that a calendar reads: it says what its talk is, nobody has it twice, and it never goes back.
func (b *books) invitation(d delivery, doc mailDoc) error {
	b.kept(calendars)
	came, at := d.calendar, seat{doc.Talk.ID, doc.PersonID}
	if came == nil || came.uid != at.talk || !strings.EqualFold(came.attendee, "mailto:"+d.to) && !strings.EqualFold(came.attendee, d.to) {
		return b.broken(calendars, "mail %s to %s about talk %s holds %+v", d.id, at.person, at.talk, came)
	}
	last, before := b.invites[at]
	switch came.method {
	case "REQUEST":
		if before && came.sequence <= last.sequence {
			return b.broken(calendars, "%s is asked to talk %s under sequence %d, after %+v", at.person, at.talk, came.sequence, last)
		}
		if c := b.talks[at.talk]; c != nil && c.Sequence == came.sequence && !came.begins.Equal(c.begins()) {
			return b.broken(calendars, "%s is asked to talk %s at %s, and it is at %s", at.person, at.talk, came.begins, c.begins())
		}
	case "CANCEL":
		if before && (came.sequence < last.sequence || last.method == "CANCEL") || !before && !b.maybeInvited(at) {
			return b.broken(calendars, "talk %s is taken out of %s's calendar under sequence %d, which holds %+v", at.talk, at.person, came.sequence, last)
		}
	default:
		return b.broken(calendars, "mail %s to %s asks a calendar for %+v", d.id, at.person, came)
	}
	b.invites[at] = *came
	return nil
}

// maybeInvited tells that an invitation was sent of which nobody knows whether it came.
func (b *books) maybeInvited(at seat) bool {
	for n, known := range b.notices {
		if n.seat == at && !n.cancelled && (known.state == "unknown" || known.state == handing) {
			return true
		}
	}
	return false
}

// mostChances is how many chances an invitation may miss: after a fault it rests before it is tried again, and it is looked at once a
// day only whether a leave ended sooner than was known.
const mostChances = 4

// seated checks that both people of every talk that is ahead were invited to it as it is now, or that it is named why not.
func (b *books) seated() error {
	for _, c := range b.talks {
		if !c.begins().After(b.read) {
			continue
		}
		if !b.takes(c.talkDoc) {
			if err := b.relieved(c); err != nil {
				return err
			}
			continue
		}
		for _, person := range c.two() {
			b.kept(invited)
			known := b.notices[notice{seat{c.ID, person}, c.Sequence, false}]
			if known == nil {
				return b.broken(invited, "%s was to be asked to the talk of %s with %s on %s (%s, sequence %d), and no mail was noted",
					person, c.EmployeeID, c.ManagerID, c.PlannedOn, c.Reason, c.Sequence)
			}
			if !b.cameOr(known, person) {
				return b.broken(invited, "the invitation of %s to talk %s on %s, sequence %d, missed %d chances and is %s (%s)",
					person, c.ID, c.PlannedOn, c.Sequence, known.chances, known.state, known.reason)
			}
		}
	}
	return nil
}

// relieved checks that whoever was invited to a talk that is ahead and does not take place was told so.
func (b *books) relieved(c *course) error {
	for _, person := range c.two() {
		at := seat{c.ID, person}
		last, came := b.invites[at]
		if !came || last.method == "CANCEL" || !last.begins.After(b.read) || c.counts() {
			continue
		}
		b.kept(invited)
		told := false
		for sequence := last.sequence; sequence <= c.Sequence && !told; sequence++ {
			known := b.notices[notice{at, sequence, true}]
			told = known != nil && b.cameOr(known, person)
		}
		if !told {
			return b.broken(invited, "%s was invited to talk %s on %s, which does not take place (%s, %s, sequence %d), and was not told", person, c.ID,
				c.PlannedOn, c.State, c.Reason, c.Sequence)
		}
	}
	return nil
}

// cameOr tells that an invitation came, or may still, or that its person is not to be written to.
func (b *books) cameOr(known *notified, person string) bool {
	switch known.state {
	case "sent", "unknown", "failed", "bounced":
		return true
	case "withdrawn":
		unwanted := slices.ContainsFunc(b.versions(person), func(f facts) bool { return f.Email == "" || f.choices.noEmail })
		left := slices.ContainsFunc(b.versions(person), func(f facts) bool { return !f.LeftOn.IsZero() }) // the day may have been corrected since
		return unwanted || known.reason == "no_address" || known.reason == "unsubscribed" || known.reason == "address_refused" || known.reason == "left" && left
	default:
		return known.chances <= mostChances
	}
}
