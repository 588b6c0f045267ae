package inbox_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"
)

// life is an inbox with everything that reached its person, as the person saw it.
type life struct {
	*rapid.T
	box     *inbox.Inbox
	person  *gate.Person
	now     time.Time
	reached []gate.Past
	shown   map[string]time.Time
	remind  map[string][]time.Time
}

var keyMoments = []string{"onboarding", "departure", "barometer", "check_in", "check_in", gate.Talk}

func newLife(t *rapid.T) *life {
	zone, err := clock.Zone(rapid.SampledFrom([]string{
		"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia",
	}).Draw(t, "zone"))
	require.NoError(t, err)
	// Starts spread over the years 2026 to 2028: changes of clocks, ends of months and a 29 February fall into the lives.
	start := tuesday.AddDate(0, 0, rapid.IntRange(-250, 700).Draw(t, "start"))
	l := &life{
		T: t, box: inbox.New("person"), person: &gate.Person{Zone: zone}, now: start,
		shown: map[string]time.Time{}, remind: map[string][]time.Time{},
	}
	if rapid.Bool().Draw(t, "leave") {
		from := clock.DateOf(start, zone).AddDays(rapid.IntRange(0, 40).Draw(t, "leave in"))
		l.person.Absent = []gate.Period{{From: from, To: from.AddDays(rapid.IntRange(0, 60).Draw(t, "leave for"))}}
	}
	return l
}

func (l *life) over(kind gate.Kind, at time.Time) bool {
	return slices.ContainsFunc(rules.Caps, func(c gate.Cap) bool {
		if !counts(c, kind) {
			return false
		}
		n := 0
		for _, past := range l.reached {
			if at.Sub(past.At) < c.Period && counts(c, past.Kind) {
				n++
			}
		}
		return n >= c.Messages
	})
}

// counts tells whether messages of the kind are what the cap is about: one kind, or all that ask something.
func counts(c gate.Cap, kind gate.Kind) bool {
	return c.Kind == kind || c.Kind == "" && kind != gate.Appointment
}

// settle asks the gate and looks at what reached the person.
func (l *life) settle(cause string) {
	before := slices.Clone(l.box.Messages)
	l.box.Settle(l.now, l.person, rules, inbox.Cause{Name: cause})
	for _, m := range l.box.Messages {
		if at, known := l.shown[m.ID]; known {
			require.Equal(l, at, m.ShownAt, "%s is shown once", m.ID)
		} else if m.WasShown() {
			l.shown[m.ID] = m.ShownAt
			l.reach(m)
			l.notStarved(before, m)
		}
	}
	for _, m := range l.box.Messages {
		known, reminders := l.remind[m.ID], m.Reminded()
		for i, at := range known {
			require.Equal(l, at, reminders[i].At, "%s has each of its reminders once", m.ID)
		}
		if len(reminders) == len(known) {
			continue
		}
		require.Len(l, reminders, len(known)+1, "one at a time")
		l.remind[m.ID] = append(known, l.now)
		l.reach(m)
		was := before[slices.IndexFunc(before, func(o inbox.Message) bool { return o.ID == m.ID })]
		require.Equal(l, inbox.Shown, was.State, "only what waits for its answer is reminded of")
		require.NotEqual(l, gate.Appointment, m.Kind(), "a reminder is not reminded of")
		require.LessOrEqual(l, len(reminders), wanted(m), "no oftener than was wanted")
		last := m.ShownAt
		if len(known) > 0 {
			last = known[len(known)-1]
			require.GreaterOrEqual(l, l.now.Sub(last), 3*24*time.Hour, "reminders are three days apart")
		}
		require.Less(l, m.ExpiresAt.Sub(l.now), l.now.Sub(last)+time.Second, "not before half of what was left")
		weekday := clock.DateOf(l.now, l.person.Zone).Weekday()
		require.NotContains(l, []time.Weekday{time.Saturday, time.Sunday}, weekday)
		require.False(l, l.box.Preferences.NoReminders)
	}
}

// wanted is how many reminders a message has at most.
func wanted(m inbox.Message) int {
	if m.Reminders == nil {
		return 1
	}
	return *m.Reminders
}

func (l *life) reach(m inbox.Message) {
	person := *l.person
	person.Preferences = l.box.Preferences
	require.Equal(l, l.now, rules.NextOpening(l.now, person), "inside the person's hours only")
	require.True(l, m.ExpiresAt.IsZero() || l.now.Before(m.ExpiresAt), "never past its expiry")
	if left := m.ExpiresAt.Sub(l.now); !m.ExpiresAt.IsZero() && m.Kind() != gate.Appointment && left < gate.LeastToAnswer {
		require.GreaterOrEqual(l, left, m.ExpiresAt.Sub(m.RequestedAt)/2, "with time to answer")
	}
	require.Equal(l, inbox.Shown, m.State)
	l.reached = append(l.reached, gate.Past{At: l.now, Kind: m.Kind()})
}

// notStarved: whatever the gate should have preferred to what it showed now was kept back by a cap of its own kind. Talks and
// questions take no place from each other.
func (l *life) notStarved(before []inbox.Message, showed inbox.Message) {
	rank := func(m inbox.Message) time.Time { return gate.Rank(m.Kind(), m.RequestedAt, false) }
	talks := func(m inbox.Message) bool { return m.Kind() == gate.Appointment }
	for _, m := range before {
		if talks(m) != talks(showed) {
			continue
		}
		if now, _ := l.box.Find(m.ID); now.State == inbox.Waiting && rank(m).Before(rank(showed)) {
			require.NotEqual(l, m.Kind(), showed.Kind(), "%s was overtaken by its like", m.ID)
			require.True(l, l.over(m.Kind(), l.now), "%s was overtaken although it might have passed", m.ID)
		}
	}
}

// withinTheCaps: no period of any cap holds too many of what reached the person.
func (l *life) withinTheCaps() {
	for _, c := range rules.Caps {
		var times []time.Time
		for _, past := range l.reached {
			if counts(c, past.Kind) {
				times = append(times, past.At)
			}
		}
		slices.SortFunc(times, time.Time.Compare)
		for i := c.Messages; i < len(times); i++ {
			require.GreaterOrEqual(l, times[i].Sub(times[i-c.Messages]), c.Period, "never over the cap")
		}
	}
}

// accounted: each message was shown, waits until a date, or has ended with a reason.
func (l *life) accounted() {
	for _, m := range l.box.Messages {
		switch m.State {
		case inbox.Waiting:
			require.True(l, m.NextTryAt.After(l.now), "%s waits for a date", m.ID)
		case inbox.Expired:
			last := m.Decisions[len(m.Decisions)-1]
			require.Equal(l, gate.Expired, last.Verdict)
			require.NotEmpty(l, last.Reason)
		case inbox.Shown:
			require.True(l, m.RemindAt.IsZero() || m.RemindAt.After(l.now), "its reminder has a date")
		}
	}
}

// Whatever happens to an inbox in whatever order: nobody is asked too often, outside their hours or twice; nobody is
// reminded of what needs no answer; each message is shown, put off with a date or expired with a reason; the rare is not
// starved by the frequent; and nothing waits for ever.
func TestALifeOfAnInbox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t)
		anyID := func() string { return fmt.Sprintf("m%d", rapid.IntRange(0, 14).Draw(t, "message")) }
		for range rapid.IntRange(1, 50).Draw(t, "steps") {
			l.now = l.now.Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(t, "minutes")) * time.Minute)
			switch rapid.IntRange(0, 7).Draw(t, "what") {
			case 0:
				l.box.Close(anyID(), l.now, "close")
			case 1:
				l.box.Expire(l.now, "sweep")
			case 2:
				own := gate.Preferences{NoReminders: rapid.Bool().Draw(t, "no reminders")}
				if rapid.Bool().Draw(t, "mornings") {
					own.From, own.To = 9*60, 11*60
				}
				l.box.Prefer(own)
				l.box.Reconsider(l.now)
			default:
				message := inbox.Message{ID: anyID(), KeyMoment: rapid.SampledFrom(keyMoments).Draw(t, "about")}
				if n := rapid.IntRange(-1, 2).Draw(t, "reminders"); n >= 0 {
					message.Reminders = &n
				}
				if days := rapid.IntRange(0, 40).Draw(t, "days to answer"); days > 0 {
					message.ExpiresAt = l.now.AddDate(0, 0, days)
				}
				l.box.Request(message, l.now)
			}
			l.settle("step")
			l.accounted()
		}
		for range 200 {
			next, waits := l.box.Next()
			if !waits {
				break
			}
			require.True(t, next.After(l.now), "a waiting message is tried later, not never")
			l.now = next
			l.settle("retry")
			l.accounted()
		}
		_, waits := l.box.Next()
		require.False(t, waits, "nothing waits for ever")
		l.withinTheCaps()
	})
}

// A steady stream of what comes back by itself does not keep a rare message from its person: it is shown as soon as the
// person may be asked anything at all.
func TestARareMessageIsNotStarvedByAFrequentOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t)
		l.person.Absent = nil
		routine := func(i int) {
			l.box.Request(inbox.Message{ID: fmt.Sprintf("r%d", i), KeyMoment: "check_in"}, l.now)
		}
		for i := range rapid.IntRange(1, 60).Draw(t, "routine messages") {
			l.now = l.now.Add(time.Duration(rapid.IntRange(1, 3*24*60).Draw(t, "minutes")) * time.Minute)
			routine(i)
			l.settle("step")
		}
		l.box.Request(inbox.Message{ID: "rare", KeyMoment: "promotion", ExpiresAt: l.now.AddDate(0, 0, 14)}, l.now)
		l.now = rules.NextOpening(l.now, *l.person)
		routine(1000)
		l.settle("opening")
		rare, _ := l.box.Find("rare")
		require.Equal(t, inbox.Shown, rare.State)
	})
}
