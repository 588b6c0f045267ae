package calendar_test

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/notifications/internal/calendar"
)

// next is a talk with the manager, a week after the one before in sequence.
func next(id, manager string, sequence int) calendar.Talk {
	return calendar.Talk{
		ID: id, EmployeeID: "ada", ManagerID: manager, Begins: tuesday.AddDate(0, 0, 7*(sequence+1)), Minutes: 60, Sequence: sequence,
	}
}

func off(t calendar.Talk) calendar.Talk {
	t.Cancelled = true
	t.Sequence++
	return t
}

// say writes notices as "bob: cancel".
func say(notices []calendar.Notice) []string {
	var all []string
	for _, n := range notices {
		what := "request"
		if n.Cancelled {
			what = "cancel"
		}
		all = append(all, n.PersonID+": "+what)
	}
	slices.Sort(all)
	return all
}

func TestWhoIsToldWhat(t *testing.T) {
	for _, c := range []struct {
		name   string
		talks  []calendar.Talk
		expect []string // because of the last one
	}{
		{"both of a new talk", []calendar.Talk{next("t", "bob", 0)}, []string{"ada: request", "bob: request"}},
		{"both of another date", []calendar.Talk{next("t", "bob", 0), next("t", "bob", 1)}, []string{"ada: request", "bob: request"}},
		{"the former manager too", []calendar.Talk{next("t", "bob", 0), next("t", "cid", 1)}, []string{"ada: request", "bob: cancel", "cid: request"}},
		{
			"a manager who comes back",
			[]calendar.Talk{next("t", "bob", 0), next("t", "cid", 1), next("t", "bob", 2)},
			[]string{"ada: request", "bob: request", "cid: cancel"},
		},
		{"both when it is called off", []calendar.Talk{next("t", "bob", 0), off(next("t", "bob", 0))}, []string{"ada: cancel", "bob: cancel"}},
		{"both when nobody is the manager any more", []calendar.Talk{next("t", "bob", 0), off(next("t", "", 0))}, []string{"ada: cancel", "bob: cancel"}},
		{
			"both when it is planned again",
			[]calendar.Talk{next("t", "bob", 0), off(next("t", "bob", 0)), next("t", "bob", 2)},
			[]string{"ada: request", "bob: request"},
		},
		{"nobody of a talk that was never planned", []calendar.Talk{off(next("t", "bob", 0))}, nil},
		{"nobody of old news", []calendar.Talk{next("t", "bob", 3), next("t", "cid", 1)}, nil},
		{"nobody of old news after the end", []calendar.Talk{off(next("t", "bob", 3)), next("t", "cid", 4)}, nil},
		{"nobody of a talk without a time", []calendar.Talk{{ID: "t", EmployeeID: "ada", ManagerID: "bob"}}, nil},
		{"nobody of what is behind", []calendar.Talk{{ID: "t", EmployeeID: "ada", ManagerID: "bob", Begins: tuesday}}, nil},
		{
			"both when it has no time any more",
			[]calendar.Talk{next("t", "bob", 0), {ID: "t", EmployeeID: "ada", ManagerID: "bob", Sequence: 1}},
			[]string{"ada: cancel", "bob: cancel"},
		},
		{"the manager of a talk with a candidate", []calendar.Talk{{ID: "t", ManagerID: "bob", Begins: tuesday.AddDate(0, 0, 1)}}, []string{"bob: request"}},
		{"nobody without a manager", []calendar.Talk{next("t", "", 0)}, nil},
		{"nobody who would meet themselves", []calendar.Talk{next("t", "ada", 0)}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := calendar.NewStore(mongotest.Database(t))
			var last, again []calendar.Notice
			for _, talk := range c.talks {
				notices, err := store.Follow(t.Context(), tuesday, []calendar.Talk{talk})
				require.NoError(t, err)
				last = notices[0]
				notices, err = store.Follow(t.Context(), tuesday.AddDate(1, 0, 0), []calendar.Talk{talk})
				require.NoError(t, err)
				again = notices[0]
			}
			require.Equal(t, c.expect, say(last))
			require.Equal(t, last, again, "the same news, told again a year later")
		})
	}
}

func TestOneEventMayTellOfATalkTwice(t *testing.T) {
	store := calendar.NewStore(mongotest.Database(t))
	notices, err := store.Follow(t.Context(), tuesday, []calendar.Talk{next("t", "bob", 0), next("t", "cid", 1), next("t", "dan", 0)})
	require.NoError(t, err)
	require.Empty(t, notices[0])
	require.Equal(t, []string{"ada: request", "bob: cancel", "cid: request"}, say(notices[1]))
	require.Empty(t, notices[2])
	entries, err := store.Get(t.Context(), []string{"t"})
	require.NoError(t, err)
	require.EqualValues(t, 1, entries["t"].Version)
}

func TestAnyOrderAndRepetitionOfNewsEndsInTheNewest(t *testing.T) {
	db := mongotest.Database(t)
	rapid.Check(t, func(r *rapid.T) {
		store, id := calendar.NewStore(db), uuid.NewString()
		var history []calendar.Talk
		for n := range rapid.IntRange(1, 5).Draw(r, "changes") {
			talk := next(id, rapid.SampledFrom([]string{"bob", "cid", "dan"}).Draw(r, "manager"), n)
			talk.Cancelled = rapid.IntRange(0, 3).Draw(r, "cancelled") == 0
			history = append(history, talk)
		}
		newest := history[len(history)-1]
		var invited []string
		arrivals := rapid.Permutation(append(history, history...)).Draw(r, "arrivals")
		for len(arrivals) > 0 {
			n := rapid.IntRange(1, len(arrivals)).Draw(r, "at once")
			all, err := store.Follow(t.Context(), tuesday, arrivals[:n])
			require.NoError(r, err)
			for _, notice := range slices.Concat(all...) {
				if !notice.Cancelled {
					invited = append(invited, notice.PersonID)
				}
			}
			arrivals = arrivals[n:]
		}
		all, err := store.Follow(t.Context(), tuesday, []calendar.Talk{newest})
		require.NoError(r, err)
		var expect []string
		for _, person := range []string{"ada", "bob", "cid", "dan"} {
			switch of := person == "ada" || person == newest.ManagerID; {
			case of && !newest.Cancelled:
				expect = append(expect, person+": request")
			case slices.Contains(invited, person):
				expect = append(expect, person+": cancel")
			}
		}
		got := say(all[0])
		for _, line := range expect {
			require.Contains(r, got, line)
		}
		entries, err := store.Get(t.Context(), []string{id})
		require.NoError(r, err)
		require.Equal(r, newest.Sequence, entries[id].Sequence)
		require.Equal(r, newest.Cancelled, entries[id].Cancelled)
	})
}

func TestReplicasThatFollowAtOnceForgetNobodyWhoWasInvited(t *testing.T) {
	store := calendar.NewStore(mongotest.Database(t))
	var all []string
	for i := range 30 {
		all = append(all, fmt.Sprint("t", i))
	}
	var mu sync.Mutex
	invited := map[string]map[string]bool{}
	var replicas sync.WaitGroup
	for sequence := range 4 {
		replicas.Go(func() {
			var talks []calendar.Talk
			for _, id := range all {
				talks = append(talks, next(id, "manager"+strconv.Itoa(sequence), sequence))
			}
			notices, err := store.Follow(t.Context(), tuesday, talks)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			for _, n := range slices.Concat(notices...) {
				if invited[n.TalkID] == nil {
					invited[n.TalkID] = map[string]bool{}
				}
				if !n.Cancelled {
					invited[n.TalkID][n.PersonID] = true
				}
			}
		})
	}
	replicas.Wait()
	entries, err := store.Get(t.Context(), all)
	require.NoError(t, err)
	for _, id := range all {
		require.Equal(t, []string{"ada", "manager3"}, entries[id].Attendees)
		for person := range invited[id] {
			require.Contains(t, slices.Concat(entries[id].Attendees, entries[id].Former), person)
		}
	}
}

func TestWhoeverIsErasedIsInNoEntry(t *testing.T) {
	store := calendar.NewStore(mongotest.Database(t))
	_, err := store.Follow(t.Context(), tuesday, []calendar.Talk{next("t", "bob", 0), next("u", "cid", 0)})
	require.NoError(t, err)
	_, err = store.Follow(t.Context(), tuesday, []calendar.Talk{next("t", "cid", 1)})
	require.NoError(t, err)

	require.NoError(t, store.Forget(t.Context(), []string{"bob", "cid"}))
	entries, err := store.Get(t.Context(), []string{"t", "u"})
	require.NoError(t, err)
	for _, e := range entries {
		require.Equal(t, []string{"ada"}, e.Attendees)
		require.Empty(t, e.Former)
		require.Empty(t, e.ManagerID)
	}
	talks, err := store.Without(t.Context(), tuesday, []string{"ada"})
	require.NoError(t, err)
	require.Len(t, talks, 2)
	require.NoError(t, store.Forget(t.Context(), []string{"ada"}))
	entries, err = store.Get(t.Context(), []string{"t", "u"})
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestWhatCalendarsHoldIsForgottenWhenItIsLongPast(t *testing.T) {
	store := calendar.NewStore(mongotest.Database(t))
	planned := next("t", "bob", 0)
	_, err := store.Follow(t.Context(), tuesday, []calendar.Talk{planned, next("u", "bob", 0)})
	require.NoError(t, err)
	undone := calendar.Talk{ID: "t", EmployeeID: planned.EmployeeID, ManagerID: "bob", Minutes: 60, Sequence: 1, Cancelled: true}
	_, err = store.Follow(t.Context(), tuesday, []calendar.Talk{undone})
	require.NoError(t, err)
	require.NoError(t, store.ForgetPast(t.Context(), planned.Begins))
	entries, err := store.Get(t.Context(), []string{"t", "u"})
	require.NoError(t, err)
	require.Len(t, entries, 2)
	require.NoError(t, store.ForgetPast(t.Context(), planned.Begins.Add(time.Second)))
	entries, err = store.Get(t.Context(), []string{"t", "u"})
	require.NoError(t, err)
	require.Empty(t, entries, "one that was called off too")
}
