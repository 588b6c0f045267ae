package mail_test

import (
	"mime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/event"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// A message of HR's is announced as such, in the reader's language, and says neither what it says nor that it asks anything; each of
// its reminders is a mail of its own, sent once.
func TestAMessageIsAnnouncedAndEachReminderIsAMailOfItsOwn(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.contacts[people[1]].Language = "en"
	tell := func(number int32) {
		msg := &notificationsv1.PromptsShown{}
		for _, p := range people {
			msg.Prompts = append(msg.Prompts, &notificationsv1.Prompt{
				InvitationId: p, PersonId: p, KeyMoment: "campaign", FollowUp: "message", Reminder: number > 0, ReminderNumber: number,
			})
		}
		o.tell(msg)
		o.tell(msg)
	}
	for number, subjects := range [][]string{
		{"Les RH ont quelque chose à vous dire", "HR has something to tell you"},
		{"Rappel : les RH ont quelque chose à vous dire", "Reminder: HR has something to tell you"},
		{"Rappel : les RH ont quelque chose à vous dire", "Reminder: HR has something to tell you"},
	} {
		before := len(o.server.taken())
		tell(int32(number))
		mails := o.server.taken()[before:]
		require.Len(t, mails, 2, "step %d is told by one mail each", number)
		for i, want := range subjects {
			header, text, html := parts(t, mails[i].content)
			subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
			require.NoError(t, err)
			require.Equal(t, want, subject)
			for _, body := range []string{text, html} {
				require.Contains(t, body, "https://jalon.example.com/survey/"+people[i])
				require.NotContains(t, body, "question")
				require.NotContains(t, body, "@@")
			}
		}
	}
}

// What HR sees before a launch is what is sent then, but for what is the reader's alone.
func TestAPreviewIsTheMailThatWouldBeSent(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.contacts[people[1]].Language = "en"
	for i, followUp := range []string{"survey", "message"} {
		preview, written, err := o.mailer.Preview(t.Context(), people[i], "campaign", followUp, false)
		require.NoError(t, err)
		require.True(t, written)
		require.Empty(t, o.server.taken(), "nothing is sent by it")
		require.NotContains(t, preview.Text+preview.HTML, o.mailer.Token(people[i]), "whoever had the token could stop their mails")
		require.Contains(t, preview.Text, "https://jalon.example.com/survey/…")
	}
	french, _, err := o.mailer.Preview(t.Context(), people[0], "campaign", "message", true)
	require.NoError(t, err)
	o.tell(&notificationsv1.PromptsShown{Prompts: []*notificationsv1.Prompt{{
		InvitationId: people[0], PersonId: people[0], KeyMoment: "campaign", FollowUp: "message", Reminder: true, ReminderNumber: 1,
	}}})
	header, text, html := parts(t, o.server.taken()[0].content)
	subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
	require.NoError(t, err)
	require.Equal(t, subject, french.Subject)
	ofNobody := strings.NewReplacer("/survey/"+people[0], "/survey/…", o.mailer.Token(people[0]), "…", "\r\n", "\n").Replace
	require.Equal(t, ofNobody(text), french.Text)
	require.Equal(t, ofNobody(html), french.HTML)

	nobody, written, err := o.mailer.Preview(t.Context(), event.ID("person", "nobody"), "campaign", "message", false)
	require.NoError(t, err)
	require.False(t, written, "whoever has no address is not written to")
	require.Zero(t, nobody)
}
