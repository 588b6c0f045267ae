package mail_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications/internal/mail"
)

func logged(o *office) string { return fmt.Sprint(o.logs.All()) }

func TestAMailThatWasRefusedForNowWaitsForTheNextWindow(t *testing.T) {
	o := open(t)
	people := o.know("putoff.anna", "putoff.ben", "putoff.carla")
	o.tell(o.show(people...))
	morning := tuesday.Add(24 * time.Hour)
	o.opens = morning
	o.server.calmDown()
	for range 10 {
		o.later(time.Hour)
	}
	require.Empty(t, o.server.taken(), "nobody is written to at night")
	require.EqualValues(t, 3, o.counts().GetWaiting())

	o.closed[people[1]], o.gone[people[2]] = true, true
	o.clock.Set(morning)
	o.settle()
	require.Len(t, o.server.taken(), 1)
	state, reason := o.reason(people[1])
	require.Equal(t, "withdrawn closed", state+" "+reason)
	state, reason = o.reason(people[2])
	require.Equal(t, "withdrawn left", state+" "+reason)
}

func TestANightDoesNotCountAsTrying(t *testing.T) {
	o := open(t)
	people := o.know("putoff.anna")
	o.tell(o.show(people...))
	o.opens = tuesday.Add(70 * time.Hour) // over a weekend
	o.later(20 * time.Hour)
	require.EqualValues(t, 1, o.counts().GetWaiting())
	o.server.calmDown()
	o.later(50 * time.Hour)
	require.EqualValues(t, 1, o.counts().GetSent())
}

func TestAMailThatCouldNotLeaveBecauseJalonWasDownWaitsForTheNextWindow(t *testing.T) {
	o := open(t)
	o.stop()
	o.start(mail.Config{URL: "smtp://127.0.0.1:1", From: "jalon@example.com", Home: "https://jalon.example.com"})
	o.tell(o.show(o.know("anna")...))
	o.stop()
	o.clock.Advance(12 * time.Hour)
	o.opens = tuesday.Add(24 * time.Hour)
	o.start(mail.Config{URL: o.server.URL, From: "jalon@example.com", Home: "https://jalon.example.com"})
	o.settle()
	require.Empty(t, o.server.taken())
	o.clock.Set(o.opens)
	o.settle()
	require.Len(t, o.server.taken(), 1)
}

func TestASlowServerHoldsNothingUpForGood(t *testing.T) {
	o := open(t)
	people := o.know("slow.anna", "slow.ben", "carla", "busy.dan", "forbidden.eve")
	o.tell(o.show(people...))
	counts := o.counts()
	require.EqualValues(t, 3, counts.GetSent())
	require.EqualValues(t, 1, counts.GetWaiting())
	require.EqualValues(t, 1, counts.GetFailed())
	require.Equal(t, 1, o.server.wholeTo("slow.anna@example.com"))
}
