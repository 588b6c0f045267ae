package agenda_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap/zaptest"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongotest"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

var monday = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

const followUp = "follow-up"

// effects are what handlers did in the world, by item: the second time is a mistake.
type effects struct {
	mu    sync.Mutex
	count map[string]int
	order []string
}

func (e *effects) add(items ...agenda.Item) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.count == nil {
		e.count = map[string]int{}
	}
	for _, i := range items {
		e.count[i.ID]++
		e.order = append(e.order, i.ID)
	}
}

func (e *effects) ids() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string{}, e.order...)
}

// handle does everything that it is given.
func (e *effects) handle(_ context.Context, _ time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	e.add(items...)
	return agenda.DoneAll(items), nil
}

func newAgenda(t *testing.T, db *mongo.Database, c clock.Clock, fn agenda.Handler, opts ...agenda.Option) *agenda.Agenda {
	t.Helper()
	a := agenda.New(db, c, zaptest.NewLogger(t), opts...)
	a.Handle(followUp, fn)
	return a
}

// running runs the agenda until the test ends.
func running(t *testing.T, a *agenda.Agenda) *agenda.Agenda {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-done)
	})
	return a
}

func item(id string, due time.Time) agenda.Item { return agenda.Item{ID: id, Kind: followUp, Due: due} }

// settled waits until nothing is due.
func settled(t require.TestingT, a *agenda.Agenda) {
	nothingDue := func() bool {
		n, err := a.DueNow(context.Background())
		return err == nil && n == 0
	}
	if !nothingDue() {
		require.Eventually(t, nothingDue, 30*time.Second, 2*time.Millisecond)
	}
}

func state(t *testing.T, a *agenda.Agenda, id string) agenda.Item {
	t.Helper()
	found, err := a.Get(t.Context(), id)
	require.NoError(t, err)
	require.Contains(t, found, id)
	return found[id]
}

func TestNothingHappensBeforeItIsDue(t *testing.T) {
	c, did := clock.NewFrozen(monday), &effects{}
	a := running(t, newAgenda(t, mongotest.Database(t), c, did.handle))
	require.NoError(t, a.Schedule(t.Context(), item("past", monday.Add(-time.Hour)), item("now", monday), item("later", monday.Add(time.Hour))))
	settled(t, a)
	require.Equal(t, []string{"past", "now"}, did.ids())
	next, some, err := a.NextDue(t.Context())
	require.NoError(t, err)
	require.True(t, some)
	require.Equal(t, monday.Add(time.Hour), next)

	c.Advance(time.Hour)
	settled(t, a)
	require.Equal(t, []string{"past", "now", "later"}, did.ids())
	require.Equal(t, agenda.StateDone, state(t, a, "later").State)
	require.Equal(t, time.Hour, state(t, a, "past").Lateness(), "late, visibly")
	_, some, err = a.NextDue(t.Context())
	require.NoError(t, err)
	require.False(t, some)
}

func TestSchedulingTwiceIsSchedulingOnce(t *testing.T) {
	c, did := clock.NewFrozen(monday), &effects{}
	a := running(t, newAgenda(t, mongotest.Database(t), c, did.handle))
	id := agenda.OccurrenceID("day 30", "person", clock.Date{Year: 2026, Month: 11, Day: 2})
	for range 3 {
		require.NoError(t, a.Schedule(t.Context(), item(id, monday), item(id, monday)))
		settled(t, a)
	}
	require.Equal(t, []string{id}, did.ids())

	require.Error(t, a.Schedule(t.Context(), agenda.Item{Kind: followUp, Due: monday}), "without id")
	require.Error(t, a.Schedule(t.Context(), agenda.Item{ID: "x", Kind: followUp}), "without due instant")
	require.NoError(t, a.Schedule(t.Context()))
}

func TestACancelledItemNeverHappens(t *testing.T) {
	c, did := clock.NewFrozen(monday), &effects{}
	a := running(t, newAgenda(t, mongotest.Database(t), c, did.handle))
	require.NoError(t, a.Schedule(t.Context(), item("a", monday.Add(time.Hour)), item("b", monday.Add(time.Hour)), item("done", monday)))
	settled(t, a)
	require.NoError(t, a.Cancel(t.Context(), "the person left", "a", "done", "unknown"))
	require.NoError(t, a.Schedule(t.Context(), item("a", monday)), "scheduling it again changes nothing")
	c.Advance(2 * time.Hour)
	settled(t, a)
	require.Equal(t, []string{"done", "b"}, did.ids())
	require.Equal(t, agenda.StateCancelled, state(t, a, "a").State)
	require.Equal(t, "the person left", state(t, a, "a").Reason)
	require.Equal(t, agenda.StateDone, state(t, a, "done").State, "what is done stays done")
}

func TestAPostponedItemComesUpAgain(t *testing.T) {
	c, did := clock.NewFrozen(monday), &effects{}
	until := monday.Add(25 * time.Hour)
	a := running(t, newAgenda(t, mongotest.Database(t), c, func(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
		if now.Before(until) {
			return []agenda.Outcome{agenda.Postpone("a", until, "quiet hours")}, nil
		}
		return did.handle(ctx, now, items)
	}))
	require.NoError(t, a.Schedule(t.Context(), item("a", monday)))
	settled(t, a)
	require.Equal(t, "quiet hours", state(t, a, "a").Reason)
	require.Equal(t, until, state(t, a, "a").Due)
	require.Equal(t, agenda.StateWaiting, state(t, a, "a").State)
	c.Set(until)
	settled(t, a)
	require.Equal(t, []string{"a"}, did.ids())
}

func TestWhatComesUpTooLateExpiresVisibly(t *testing.T) {
	c, did, told := clock.NewFrozen(monday), &effects{}, &effects{}
	a := newAgenda(t, mongotest.Database(t), c, did.handle)
	tries := 0
	a.HandleExpired(followUp, func(_ context.Context, _ time.Time, items []agenda.Item) error {
		if tries++; tries == 1 {
			return errors.New("database away")
		}
		told.add(items...)
		return nil
	})
	birthday := agenda.Item{ID: "birthday", Kind: followUp, Due: monday, Expires: monday.Add(12 * time.Hour)}
	anniversary := agenda.Item{ID: "anniversary", Kind: followUp, Due: monday, Expires: monday.Add(48 * time.Hour)}
	alike := agenda.Item{ID: "name day", Kind: followUp, Due: monday, Expires: monday.Add(12 * time.Hour)}
	require.NoError(t, a.Schedule(t.Context(), birthday, anniversary, alike))
	c.Advance(24 * time.Hour) // nothing ran until now
	running(t, a)
	settled(t, a)
	require.Equal(t, []string{"anniversary"}, did.ids())
	require.ElementsMatch(t, []string{"birthday", "name day"}, told.ids())
	got := state(t, a, "birthday")
	require.Equal(t, agenda.StateExpired, got.State)
	require.Contains(t, got.Reason, "2026-11-02T20:00:00Z")
}

func TestAHandlerMayExpireAnItem(t *testing.T) {
	a := running(t, newAgenda(t, mongotest.Database(t), clock.NewFrozen(monday), func(_ context.Context, _ time.Time, _ []agenda.Item) ([]agenda.Outcome, error) {
		return []agenda.Outcome{agenda.Expire("a", "the person left meanwhile")}, nil
	}))
	require.NoError(t, a.Schedule(t.Context(), item("a", monday)))
	settled(t, a)
	require.Equal(t, agenda.StateExpired, state(t, a, "a").State)
	require.Equal(t, "the person left meanwhile", state(t, a, "a").Reason)
}

func TestTenThousandItemsDueAtOnceAllHappenOnce(t *testing.T) {
	c, did := clock.NewFrozen(monday), &effects{}
	a := newAgenda(t, mongotest.Database(t), c, func(ctx context.Context, now time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
		require.LessOrEqual(t, len(items), 1000)
		return did.handle(ctx, now, items)
	})
	items := make([]agenda.Item, 10_000)
	for i := range items {
		items[i] = item(fmt.Sprint(i), monday.AddDate(0, 0, 7))
	}
	require.NoError(t, a.Schedule(t.Context(), items...))
	running(t, a)
	c.Advance(7 * 24 * time.Hour)
	settled(t, a)
	require.Len(t, did.count, 10_000)
	require.Len(t, did.ids(), 10_000)
}

func TestAWeekThatPassesInAMomentIsWorkedOffInOrder(t *testing.T) {
	c, did := clock.NewMovable(monday), &effects{}
	a := running(t, newAgenda(t, mongotest.Database(t), c, did.handle))
	for day := 7; day > 0; day-- {
		require.NoError(t, a.Schedule(t.Context(), item(fmt.Sprint("day ", day), monday.AddDate(0, 0, day))))
	}
	c.Set(monday.AddDate(0, 0, 7))
	settled(t, a)
	require.Equal(t, []string{"day 1", "day 2", "day 3", "day 4", "day 5", "day 6", "day 7"}, did.ids())
}

func TestKindsDoNotStandInEachOthersWay(t *testing.T) {
	c, did := clock.NewFrozen(monday), &effects{}
	a := newAgenda(t, mongotest.Database(t), c, did.handle)
	a.Handle("broken", func(context.Context, time.Time, []agenda.Item) ([]agenda.Outcome, error) {
		return nil, errors.New("always")
	})
	require.NoError(t, a.Schedule(t.Context(), agenda.Item{ID: "1", Kind: "broken", Due: monday}, agenda.Item{ID: "2", Kind: "broken", Due: monday},
		agenda.Item{ID: "3", Kind: "nobody's", Due: monday}, item("mine", monday)))
	running(t, a)
	require.Eventually(t, func() bool { return len(did.ids()) == 1 }, 30*time.Second, 5*time.Millisecond)
}

func TestLocalTimesAreResolvedWhenDue(t *testing.T) {
	db, c, did := mongotest.Database(t), clock.NewFrozen(monday), &effects{}
	a := newAgenda(t, db, c, did.handle)
	nine := agenda.LocalTime{Date: clock.Date{Year: 2026, Month: 11, Day: 3}, Time: 9 * 60, Zone: "Europe/Paris"}
	require.NoError(t, a.Schedule(t.Context(), agenda.Item{ID: "a", Kind: followUp, Local: &nine}))
	require.Equal(t, "2026-11-03T08:00:00Z", state(t, a, "a").Due.Format(time.RFC3339))
	require.Equal(t, nine, *state(t, a, "a").Local)
	nine.Zone = "Europe/Atlantis"
	require.Error(t, a.Schedule(t.Context(), agenda.Item{ID: "b", Kind: followUp, Local: &nine}))

	// As if the zone's rules had been others when it was scheduled.
	hourTooSoon := time.Date(2026, 11, 3, 7, 0, 0, 0, time.UTC)
	_, err := db.Collection("agenda").UpdateByID(t.Context(), "a",
		bson.D{{Key: "$set", Value: bson.D{{Key: "due", Value: hourTooSoon}, {Key: "wake", Value: hourTooSoon}}}})
	require.NoError(t, err)
	running(t, a)
	c.Set(hourTooSoon)
	settled(t, a)
	require.Empty(t, did.ids())
	c.Advance(time.Hour)
	settled(t, a)
	require.Equal(t, []string{"a"}, did.ids())
}

func TestABacklogIsPaced(t *testing.T) {
	c, did := clock.NewFrozen(monday), &effects{}
	a := newAgenda(t, mongotest.Database(t), c, did.handle, agenda.Pace(10))
	for i := range 25 {
		require.NoError(t, a.Schedule(t.Context(), item(fmt.Sprint(i), monday)))
	}
	began := time.Now()
	running(t, a)
	settled(t, a)
	require.GreaterOrEqual(t, time.Since(began), 2*time.Second)
	require.Len(t, did.ids(), 25)
}

func TestUnknownIDsAreLeftOut(t *testing.T) {
	a := newAgenda(t, mongotest.Database(t), clock.NewFrozen(monday), (&effects{}).handle)
	for _, ids := range [][]string{nil, {"unknown"}} {
		found, err := a.Get(t.Context(), ids...)
		require.NoError(t, err)
		require.Empty(t, found)
	}
	require.NoError(t, a.Cancel(t.Context(), "why not"))
}
