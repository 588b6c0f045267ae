package mail

import (
	"context"
	"slices"
	"time"

	"jalon.dev/services/notifications/internal/calendar"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// circumstances are what decides about the mails of a batch when they are about to leave.
type circumstances struct {
	readers   map[string]reader
	contacts  map[string]*directoryv1.Contact
	prospects map[string]Prospect
	entries   map[string]calendar.Entry
	told      map[reading]appointment
	// mark stands for an address; see links.
	mark func(address string) string
}

// circumstances asks for all of it at once: directory for names and addresses, the gate for people's hours, the calendar for what
// is known of talks.
func (m *Mailer) circumstances(ctx context.Context, now time.Time, docs []doc) (circumstances, error) {
	var people, talks []string
	ask := false
	for _, d := range docs {
		people, ask = append(people, d.PersonID), ask || d.asksGate(now)
		if d.Talk != nil {
			talks = append(talks, d.Talk.TalkID)
		}
	}
	known := circumstances{mark: m.links.mark}
	var err error
	if known.readers, err = m.store.readersOf(ctx, people); err != nil {
		return known, err
	}
	if known.entries, err = m.calendar.Get(ctx, talks); err != nil {
		return known, err
	}
	if known.told, err = m.store.told(ctx, talks); err != nil {
		return known, err
	}
	if ask {
		if known.prospects, err = m.Prospects(ctx, now, people); err != nil {
			return known, err
		}
	}
	named := slices.Clone(people)
	for _, e := range known.entries {
		named = append(named, e.EmployeeID, e.ManagerID)
	}
	known.contacts, err = m.contacts(ctx, named)
	return known, err
}

func (m *Mailer) contacts(ctx context.Context, people []string) (map[string]*directoryv1.Contact, error) {
	slices.Sort(people)
	people = slices.DeleteFunc(slices.Compact(people), func(id string) bool { return id == "" })
	answer, err := m.Contacts.GetContacts(m.As(ctx), &directoryv1.GetContactsRequest{Ids: people})
	if err != nil {
		return nil, err
	}
	contacts := make(map[string]*directoryv1.Contact, len(people))
	for _, c := range answer.GetContacts() {
		contacts[c.GetPersonId()] = c
	}
	return contacts, nil
}

// against is why the mail is not to be sent any more; empty where nothing stands against it.
func (c circumstances) against(d doc, now time.Time) string {
	reader, address := c.readers[d.PersonID], c.contacts[d.PersonID].GetEmail()
	prospect, reachable := c.prospects[d.PersonID]
	switch {
	case address == "":
		return "no_address"
	case !reader.UnsubscribedAt.IsZero():
		return "unsubscribed"
	case reader.Refused != "" && reader.Refused == c.mark(address):
		return "address_refused"
	case d.asksGate(now) && !reachable:
		return "left"
	case d.Talk != nil:
		return c.againstNotice(d, now)
	case d.late(now) && !prospect.Open[d.InvitationID]:
		return "closed"
	default:
		return ""
	}
}

// againstNotice is why a calendar is not to be told any more: newer news, a talk that is behind, or nothing to take out.
func (c circumstances) againstNotice(d doc, now time.Time) string {
	entry, known := c.entries[d.Talk.TalkID]
	last, told := c.told[reading{d.Talk.TalkID, d.PersonID}]
	begins := d.Talk.Begins
	if d.Talk.Cancelled {
		begins = last.Begins
	}
	switch {
	case !known || entry.Order() != d.Talk.Order:
		return "superseded"
	case d.Talk.Cancelled && (!told || last.Cancelled):
		return "nothing_to_take_out"
	case !begins.After(now):
		return "past"
	default:
		return ""
	}
}
