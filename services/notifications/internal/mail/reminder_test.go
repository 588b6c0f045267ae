package mail_test

import (
	"mime"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func TestAReminderOfTalksSaysHowManyAndWhatToDo(t *testing.T) {
	for _, c := range []struct {
		about  string
		count  int32
		fr, en string
	}{
		{"prepare", 1, "Un entretien à préparer", "One talk to prepare"},
		{"prepare", 3, "Trois entretiens à préparer", "Three talks to prepare"},
		{"prepare", 12, "12 entretiens à préparer", "12 talks to prepare"},
		{"tomorrow", 2, "Deux entretiens demain", "Two talks tomorrow"},
		{"confirm", 1, "Un entretien à confirmer", "One talk to confirm"},
		{"late", 10, "Dix entretiens en retard", "Ten talks are late"},
		{"something new", 4, "Vos entretiens dans Jalon", "Your talks in Jalon"},
	} {
		t.Run(c.fr, func(t *testing.T) {
			o := open(t)
			people := o.know("anna", "ben")
			o.contacts[people[1]].Language = "en"
			msg := &notificationsv1.PromptsShown{}
			for _, p := range people {
				msg.Prompts = append(msg.Prompts, &notificationsv1.Prompt{
					InvitationId: event.ID("reminder", p), PersonId: p, KeyMoment: "talk", FollowUp: c.about, Count: c.count,
				})
			}
			o.tell(msg)
			o.tell(msg)
			mails := o.server.taken()
			require.Len(t, mails, 2)
			for i, headline := range []string{c.fr, c.en} {
				header, text, html := parts(t, mails[i].content)
				subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
				require.NoError(t, err)
				require.Equal(t, headline, subject)
				for _, body := range []string{text, html} {
					require.Contains(t, body, headline)
					require.Contains(t, body, "https://jalon.example.com/talks")
					require.NotContains(t, body, "/survey/")
					require.NotContains(t, body, "@@")
				}
				require.NotContains(t, text, "question", "a reminder of talks asks nothing: %s", text)
			}
		})
	}
}
