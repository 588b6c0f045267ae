package mail_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/services/notifications/internal/mail"
)

// dieWith leaves things as a process does that dies while it hands mails to people over.
func (o *office) dieWith(people ...string) {
	o.t.Helper()
	for _, person := range people {
		mail := o.noted(person)
		result, err := o.db.Collection("mail_handovers").UpdateByID(o.t.Context(), mail.Batch, bson.D{{Key: "$push", Value: bson.D{{Key: "claimed", Value: mail.ID}}}})
		require.NoError(o.t, err)
		require.EqualValues(o.t, 1, result.ModifiedCount)
	}
}

func TestABrokenServerMakesFewMailsDoubtful(t *testing.T) {
	o := open(t)
	var boxes []string
	for i := range 100 {
		boxes = append(boxes, fmt.Sprintf("hangup.%d", i))
	}
	o.tell(o.show(o.know(boxes...)...))
	require.EqualValues(t, 3, o.counts().GetUnknown())
	require.EqualValues(t, 97, o.counts().GetWaiting())
	o.server.calmDown()
	o.later(time.Minute)
	require.EqualValues(t, 97, o.counts().GetSent())
}

func TestMailsThatWereBeingHandedOverWhenTheProcessDiedAreNotSentAgain(t *testing.T) {
	o := open(t, func(c *mail.Config) { c.URL = "smtp://127.0.0.1:1" })
	people := o.know("anna", "ben")
	o.tell(o.show(people...))
	o.stop()
	o.dieWith(people[0])
	o.start(mail.Config{URL: o.server.URL, From: "jalon@example.com", Home: "https://jalon.example.com"})
	o.later(time.Minute)
	require.EqualValues(t, 1, o.counts().GetUnknown())
	require.EqualValues(t, 1, o.counts().GetSent())
	require.Zero(t, o.server.wholeTo("anna@example.com"))
}

func TestWhoeverIsErasedWhileMailsAreMadeReadyIsNotWrittenTo(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.asked = sync.OnceFunc(func() { require.NoError(t, o.mailer.Forget(t.Context(), "erasure", people[:1])) })
	o.tell(o.show(people...))
	require.Zero(t, o.server.wholeTo("anna@example.com"))
	require.Equal(t, 1, o.server.wholeTo("ben@example.com"))
	require.Zero(t, o.counts().GetWaiting())
}
