package mail

import (
	"context"
	"time"
)

// again is after how long it is looked anew at what keeps a reader from being written to: a leave may end sooner than was known.
const again = 24 * time.Hour

// letters are what becomes of the waiting mails of a batch before any is handed over.
type letters struct {
	posts []post
	// withdrawn mails are not to be sent any more.
	withdrawn map[string]change
	// later is when to look again at those that may not be sent now; zero when there are none.
	later time.Time
}

// letters looks at each mail as things are when it is about to leave. What was not sent as soon as its prompt was shown is put
// before the gate again, and what tells a calendar always is: a mail that a server refused in the afternoon does not arrive at
// night, and neither does the date of a talk that was moved in the evening.
func (m *Mailer) letters(ctx context.Context, now time.Time, docs []doc) (letters, error) {
	known, err := m.circumstances(ctx, now, docs)
	if err != nil {
		return letters{}, err
	}
	out := letters{withdrawn: map[string]change{}}
	for _, d := range docs {
		if reason := known.against(d, now); reason != "" {
			out.withdrawn[d.ID] = change{Withdrawn, reason}
			continue
		}
		if from := known.prospects[d.PersonID].From; d.asksGate(now) && from.After(now) {
			out.later = sooner(out.later, sooner(from, now.Add(again)))
			continue
		}
		contact := known.contacts[d.PersonID]
		out.posts = append(out.posts, post{doc: d, letter: letter{
			ID: d.ID, PersonID: d.PersonID, GivenName: contact.GetGivenName(), FamilyName: contact.GetFamilyName(),
			Email: contact.GetEmail(), Lang: langOf(contact), At: now, matter: m.matterOf(d, known),
		}})
	}
	return out, nil
}

// late says that the mail was not sent when its prompt was shown.
func (d doc) late(now time.Time) bool { return d.Tries > 0 || now.Sub(d.QueuedAt) > prompt }

// asksGate says whether the mail needs the person's hours to be looked at.
func (d doc) asksGate(now time.Time) bool { return d.Talk != nil || d.late(now) }
