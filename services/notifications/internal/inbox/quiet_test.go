package inbox_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// ignored shows a person so many questions, one by one, and lets each end without a reaction.
func ignored(box *inbox.Inbox, n int, keyMoment string, from time.Time) time.Time {
	now := from
	for i := range n {
		box.Request(inbox.Message{ID: fmt.Sprint(keyMoment, now.Unix(), i), KeyMoment: keyMoment, ExpiresAt: now.AddDate(0, 0, 7)}, now)
		box.Settle(now, &gate.Person{Zone: time.UTC}, gate.NoRules(), inbox.Cause{Name: "cause"})
		now = now.AddDate(0, 0, 8)
		box.Expire(now, "over")
		box.Notice(now, gate.DefaultRules().Quiet)
	}
	return now
}

func TestWhoeverLetsFourQuestionsEndIsQuietUntilTheyReact(t *testing.T) {
	box := inbox.New("person")
	now := ignored(box, 3, "onboarding", tuesday)
	require.False(t, box.Quiet())
	now = ignored(box, 1, "onboarding", now)
	require.True(t, box.Quiet())
	require.Equal(t, now, box.QuietSince)
	now = ignored(box, 5, "onboarding", now)
	require.True(t, box.Quiet(), "what is older than ninety days is forgotten; that they are quiet is not")

	box.Request(inbox.Message{ID: "last", KeyMoment: "onboarding"}, now)
	box.Close("unknown", now, "closed")
	require.True(t, box.Quiet(), "what was never shown is no reaction")
	box.Settle(now, &gate.Person{Zone: time.UTC}, gate.NoRules(), inbox.Cause{Name: "cause"})
	box.Close("last", now, "closed")
	require.False(t, box.Quiet())
	require.True(t, box.WasQuiet(now), "others are told tomorrow")
	require.False(t, box.WasQuiet(now.Add(time.Second)))
	require.True(t, box.Heard())
	box.Notice(now, gate.DefaultRules().Quiet)
	require.False(t, box.Quiet(), "one reaction is enough")
}

// What HR takes back says nothing of the person: it wakes nobody who is quiet, and makes nobody so.
func TestWhatIsTakenBackIsNoReactionAndNotLetGoBy(t *testing.T) {
	box := inbox.New("person")
	now := ignored(box, 3, "onboarding", tuesday)
	ask := func(id string) {
		box.Request(inbox.Message{ID: id, KeyMoment: "campaign"}, now)
		box.Settle(now, &gate.Person{Zone: time.UTC}, gate.NoRules(), inbox.Cause{Name: "cause"})
	}
	ask("first")
	box.TakeBack("first", now, "cancelled")
	box.Notice(now, gate.DefaultRules().Quiet)
	require.False(t, box.Quiet(), "three, and one that was taken back")
	now = ignored(box, 1, "onboarding", now)
	require.True(t, box.Quiet())

	ask("second")
	box.TakeBack("second", now, "cancelled")
	require.True(t, box.Quiet())
	require.False(t, box.Heard())
	m, _ := box.Find("second")
	require.Equal(t, inbox.Closed, m.State)
	require.False(t, m.Reacted())

	box.Close("second", now.Add(time.Minute), "answered")
	require.False(t, box.Quiet(), "they had answered before: only the news of it comes later")
	m, _ = box.Find("second")
	require.True(t, m.Reacted())
	require.Equal(t, "cancelled", m.EndedBy)
	box.TakeBack("second", now.Add(time.Hour), "cancelled")
	m, _ = box.Find("second")
	require.True(t, m.Reacted(), "and whoever answered before it was taken back did")
}

func TestTheBarometerAndTalksMakeNobodyQuietAndWakeNobody(t *testing.T) {
	box := inbox.New("person")
	now := ignored(box, 6, gate.Barometer, tuesday)
	now = ignored(box, 6, gate.Talk, now)
	require.False(t, box.Quiet())
	now = ignored(box, 4, "onboarding", now)
	require.True(t, box.Quiet())
	box.Request(inbox.Message{ID: "vote", KeyMoment: gate.Barometer}, now)
	box.Settle(now, &gate.Person{Zone: time.UTC}, gate.NoRules(), inbox.Cause{Name: "cause"})
	box.Close("vote", now, "closed")
	require.True(t, box.Quiet(), "nothing depends on who took part")
}

func TestAQuietPersonWhoLooksAtTheirPageGetsNoMail(t *testing.T) {
	box := inbox.New("person")
	now := ignored(box, 4, "onboarding", tuesday)
	require.False(t, box.InAppOnly(), "they never look")
	box.Request(inbox.Message{ID: "next", KeyMoment: "onboarding"}, now)
	box.Settle(now, &gate.Person{Zone: time.UTC}, gate.NoRules(), inbox.Cause{Name: "cause"})
	require.True(t, box.Unseen(now))
	box.See(now)
	require.False(t, box.Unseen(now))
	require.True(t, box.InAppOnly())
}

// A model beside the inbox: whatever ends and closes in whatever order, a person is quiet exactly from the fourth question that ended
// without any reaction in what is remembered, until the next reaction; and the caps of quiet people are never exceeded while they are.
func TestQuietPeopleAreAskedAsSeldomAsTheirCapsSay(t *testing.T) {
	rules := gate.DefaultRules()
	rapid.Check(t, func(t *rapid.T) {
		box, now := inbox.New("person"), tuesday
		var shown []gate.Past
		quiet, before := false, map[string]bool{}
		for step := range rapid.IntRange(10, 120).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "hours")) * time.Hour)
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0, 1:
				kind := rapid.SampledFrom([]string{"onboarding", "check_in", "campaign", gate.Barometer}).Draw(t, "key moment")
				box.Request(inbox.Message{ID: fmt.Sprint(step), KeyMoment: kind, ExpiresAt: now.AddDate(0, 0, rapid.IntRange(3, 20).Draw(t, "days"))}, now)
			case 2:
				if open := box.Open(now); len(open) > 0 && rapid.IntRange(0, 5).Draw(t, "reacts") == 0 {
					m := rapid.SampledFrom(open).Draw(t, "to")
					box.Close(m.ID, now, "closed")
					if m.KeyMoment != gate.Barometer {
						quiet = false
					}
				}
			}
			spared := box.Quiet()
			box.Settle(now, &gate.Person{Zone: time.UTC}, rules, inbox.Cause{Name: "cause"})
			for _, m := range box.Messages {
				if !m.WasShown() || before[m.ID] {
					continue
				}
				before[m.ID] = true
				if m.KeyMoment == gate.Barometer { // everybody is asked to vote alike
					continue
				}
				shown = append(shown, gate.Past{At: m.ShownAt, Kind: m.Kind()})
				if spared {
					for _, limit := range rules.Quiet.Caps {
						n := 0
						for _, past := range shown {
							if m.ShownAt.Sub(past.At) < limit.Period && (limit.Kind == "" || limit.Kind == past.Kind) {
								n++
							}
						}
						if limit.Kind == "" || limit.Kind == m.Kind() {
							require.LessOrEqual(t, n, limit.Messages, "%v", limit)
						}
					}
				}
			}
			box.Expire(now, "over")
			box.Notice(now, rules.Quiet)
			ended, reacted := 0, false
			for _, m := range box.Messages {
				if m.KeyMoment != gate.Barometer && m.WasShown() {
					reacted = reacted || m.State == inbox.Closed
					if m.State == inbox.Expired {
						ended++
					}
				}
			}
			quiet = quiet || ended >= rules.Quiet.After && !reacted
			require.Equal(t, quiet, box.Quiet())
		}
	})
}

func TestAQuietPersonIsAskedToVoteAndToldOfTalksAsEverybodyIs(t *testing.T) {
	box := inbox.New("person")
	now := ignored(box, 4, "onboarding", tuesday)
	rules := gate.DefaultRules()
	rules.Window = gate.Window{Always: true}
	person := &gate.Person{Zone: time.UTC}
	for i, keyMoment := range []string{"onboarding", "onboarding", "onboarding", gate.Barometer, gate.Talk} {
		now = now.AddDate(0, 0, 5)
		id := fmt.Sprint("later ", i)
		box.Request(inbox.Message{ID: id, KeyMoment: keyMoment, ExpiresAt: now.AddDate(0, 0, 60)}, now)
		box.Settle(now, person, rules, inbox.Cause{Name: "cause"})
		m, _ := box.Find(id)
		if keyMoment == gate.Barometer || keyMoment == gate.Talk {
			require.True(t, m.WasShown(), keyMoment)
		}
	}
	waits, _ := box.Find("later 2")
	require.False(t, waits.WasShown(), "of questions there were enough")
}
