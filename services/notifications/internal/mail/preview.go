package mail

import (
	"context"
	"html"
	"strings"
)

// nowhere takes the place of what is the reader's alone in a link: the invitation, and the token that stops their mails.
const nowhere = "…"

// Preview is a mail as its reader would see it.
type Preview struct {
	Lang, From, Subject, Text, HTML string
}

// Preview writes the mail about an invitation without sending or keeping it; ok is false where nobody would be written to, because no
// mail is sent at all or the person has no address. What the person chose, and whether a server refused them, is not told.
func (m *Mailer) Preview(ctx context.Context, personID, keyMoment, followUp string, reminder bool) (preview Preview, ok bool, err error) {
	if !m.config.Enabled() {
		return Preview{}, false, nil
	}
	contacts, err := m.contacts(ctx, []string{personID})
	if err != nil {
		return Preview{}, false, err
	}
	contact := contacts[personID]
	if contact.GetEmail() == "" {
		return Preview{}, false, nil
	}
	l := letter{GivenName: contact.GetGivenName(), Lang: langOf(contact), matter: m.matterOf(
		doc{PersonID: personID, InvitationID: nowhere, Reminder: reminder, About: aboutOf(keyMoment, followUp)},
		circumstances{contacts: contacts},
	)}
	shape, values := m.writer.said(l, m.links.home+"/unsubscribe/"+nowhere)
	var text, page strings.Builder
	_, _ = fill(shape.text, values, verbatim)(&text) // strings.Builder never fails
	_, _ = fill(shape.html, values, html.EscapeString)(&page)
	return Preview{
		Lang: l.Lang, From: m.writer.from.String(), Subject: filled(shape.subject, values), Text: text.String(), HTML: page.String(),
	}, true, nil
}
