package mail_test

import (
	"mime"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func TestHRsOwnLineIsTheSubjectAndEndsNoHeader(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.contacts[people[1]].Language = "en"
	for reminder, want := range map[bool][2]string{
		false: {"Votre avis compte", "Your view counts Bcc: x@example.com"},
		true:  {"Rappel\u00a0: Votre avis compte", "Reminder: Your view counts Bcc: x@example.com"},
	} {
		msg := &notificationsv1.PromptsShown{}
		for _, p := range people {
			msg.Prompts = append(msg.Prompts, &notificationsv1.Prompt{
				InvitationId: event.ID("campaign", p), PersonId: p, KeyMoment: "campaign", FollowUp: "survey", Reminder: reminder,
				Subject: &notificationsv1.Subject{Fr: "Votre avis compte", En: "Your view counts\r\nBcc: x@example.com"},
			})
		}
		before := len(o.server.taken())
		o.tell(msg)
		mails := o.server.taken()[before:]
		require.Len(t, mails, 2)
		for i, m := range mails {
			header, _, _ := parts(t, m.content)
			subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
			require.NoError(t, err)
			require.Equal(t, want[i], subject)
			require.Empty(t, header.Get("Bcc"))
		}
	}
}
