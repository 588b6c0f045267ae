package mail

import (
	"context"
	"time"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// letters are what becomes of the waiting mails of a batch before any is handed over.
type letters struct {
	posts []post
	// withdrawn mails are not to be sent any more.
	withdrawn map[string]change
	// later is when to look again at those that may not be sent now; zero when there are none.
	later time.Time
}

// letters asks directory for names and addresses, and what was not sent as soon as its prompt was shown it puts before the gate
// again: a mail that a server refused in the afternoon does not arrive at night.
func (m *Mailer) letters(ctx context.Context, now time.Time, docs []doc) (letters, error) {
	people := make([]string, len(docs))
	late := false
	for i, d := range docs {
		people[i], late = d.PersonID, late || d.late(now)
	}
	readers, err := m.store.readersOf(ctx, people)
	if err != nil {
		return letters{}, err
	}
	answer, err := m.Contacts.GetContacts(m.As(ctx), &directoryv1.GetContactsRequest{Ids: people})
	if err != nil {
		return letters{}, err
	}
	contacts := make(map[string]*directoryv1.Contact, len(docs))
	for _, c := range answer.GetContacts() {
		contacts[c.GetPersonId()] = c
	}
	var prospects map[string]Prospect
	if late {
		if prospects, err = m.Prospects(ctx, now, people); err != nil {
			return letters{}, err
		}
	}
	out := letters{withdrawn: map[string]change{}}
	for _, d := range docs {
		contact, reader := contacts[d.PersonID], readers[d.PersonID]
		prospect, reachable := prospects[d.PersonID]
		switch {
		case contact.GetEmail() == "":
			out.withdrawn[d.ID] = change{Withdrawn, "no_address"}
		case !reader.UnsubscribedAt.IsZero():
			out.withdrawn[d.ID] = change{Withdrawn, "unsubscribed"}
		case reader.Refused != "" && reader.Refused == m.links.mark(contact.GetEmail()):
			out.withdrawn[d.ID] = change{Withdrawn, "address_refused"}
		case d.late(now) && !reachable:
			out.withdrawn[d.ID] = change{Withdrawn, "left"}
		case d.late(now) && !prospect.Open[d.InvitationID]:
			out.withdrawn[d.ID] = change{Withdrawn, "closed"}
		case d.late(now) && prospect.From.After(now):
			out.later = sooner(out.later, prospect.From)
		default:
			out.posts = append(out.posts, post{d, letter{
				ID: d.ID, InvitationID: d.InvitationID, PersonID: d.PersonID, GivenName: contact.GetGivenName(),
				FamilyName: contact.GetFamilyName(), Email: contact.GetEmail(), Lang: contact.GetLanguage(),
				Reminder: d.Reminder, At: now,
			}})
		}
	}
	return out, nil
}

// late says that the mail was not sent when its prompt was shown.
func (d doc) late(now time.Time) bool { return d.Tries > 0 || now.Sub(d.QueuedAt) > prompt }
