package standalone

import (
	"context"

	"jalon.dev/services/jalon/internal/catcher"
	"jalon.dev/services/portal"
)

// demoSender is who a demo's mails come from.
const demoSender = "Jalon <jalon@demo.example>"

// openCatcher gives a demo a mail server that delivers to nobody, whatever the settings say: the people of a demo are
// invented, their addresses may not be.
func (j *Jalon) openCatcher(ctx context.Context) (err error) {
	if j.folder.Mode != Demo {
		return nil
	}
	if j.catcher, err = catcher.Open(ctx); err != nil {
		return err
	}
	j.opening("mail catcher", func(context.Context) error { return j.catcher.Close() })
	return nil
}

// mailbox shows the catcher's mails to the portal.
type mailbox struct{ *catcher.Catcher }

func (m mailbox) Mails() []portal.CaughtMail {
	var mails []portal.CaughtMail
	for _, mail := range m.Catcher.Mails() {
		mails = append(mails, caught(mail))
	}
	return mails
}

func (m mailbox) Mail(id string) (portal.CaughtMail, bool) {
	mail, ok := m.Catcher.Mail(id)
	return caught(mail), ok
}

func caught(m catcher.Mail) portal.CaughtMail {
	return portal.CaughtMail{ID: m.ID, To: m.To, Subject: m.Subject, At: m.At, Text: m.Text, HTML: m.HTML, Headers: m.Headers}
}
