package webhook

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap/zaptest"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/notifications/internal/outward"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

const opened = "jalon.barometer.v1.EditionOpened"

// process is webhooks on a database that outlives it.
func process(t *testing.T, db *mongo.Database) *Webhooks {
	t.Helper()
	return processUnder(t, db, "a secret of this test that is long enough")
}

func processUnder(t *testing.T, db *mongo.Database, master string) *Webhooks {
	t.Helper()
	masters, err := vault.ParseMasters(vault.Use{Setting: "TEST", Label: "test"}, master)
	require.NoError(t, err)
	client, err := outward.New(outward.Config{Loopback: true})
	require.NoError(t, err)
	return New(Parts{
		DB: db, Clock: clock.NewFrozen(monday), Log: zaptest.NewLogger(t), Register: people.NewRegister(db), Vault: vault.New(db, masters), Client: client,
	})
}

// heard notes which events a receiver was told.
type heard struct {
	*httptest.Server
	mu  sync.Mutex
	ids []string
}

func listening(t *testing.T) *heard {
	t.Helper()
	h := &heard{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.ids = append(h.ids, r.Header.Get("webhook-id"))
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *heard) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.ids...)
}

func happened(t *testing.T, at time.Time) event.Event {
	t.Helper()
	ev, err := event.New(t.Context(), "barometer", "", at, &barometerv1.EditionOpened{EditionId: event.ID(at.String())})
	require.NoError(t, err)
	return ev
}

// running lets webhooks tell until nothing is due.
func running(t *testing.T, w *Webhooks) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	require.Eventually(t, func() bool {
		due, err := w.DueNow(t.Context())
		return err == nil && due == 0
	}, time.Minute, 5*time.Millisecond)
	stop()
	require.NoError(t, <-ended)
}

func TestAProcessThatDiesBeforeItNotesADeliveryMakesItAgain(t *testing.T) {
	db := mongotest.Database(t)
	require.NoError(t, mongodb.Migrate(t.Context(), db, Migrations(1)))
	h := listening(t)
	w := process(t, db)
	r, _, err := w.Save(t.Context(), event.ID("receiver"), 0, Draft{Name: "a", Address: h.URL, Types: []string{opened}})
	require.NoError(t, err)
	ev := happened(t, monday)
	require.NoError(t, w.Take(t.Context(), ev))
	_, err = w.post(t.Context(), r, ev) // and it dies here: nothing is noted
	require.NoError(t, err)

	next := process(t, db)
	require.NoError(t, next.Take(t.Context(), ev), "the bus tells again what was not acknowledged")
	running(t, next)
	require.Equal(t, []string{ev.ID, ev.ID}, h.all())
	running(t, process(t, db))
	require.Len(t, h.all(), 2, "once it is noted, it is not told again")
}

func TestAnAttemptOfAnEarlierTurnDoesNotSettleWhatWasReplayed(t *testing.T) {
	db := mongotest.Database(t)
	h := listening(t)
	w := process(t, db)
	r, _, err := w.Save(t.Context(), event.ID("receiver"), 0, Draft{Name: "a", Address: h.URL, Types: []string{opened}})
	require.NoError(t, err)
	require.NoError(t, w.Take(t.Context(), happened(t, monday)))
	d, err := w.store.next(t.Context(), r.ID, monday)
	require.NoError(t, err)
	taken, _ := judge(d, r, outward.Answer{Status: 200}, monday)
	require.NoError(t, w.store.note(t.Context(), d, taken))
	n, err := w.Replay(t.Context(), r.ID, d.ID)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	require.NoError(t, w.store.note(t.Context(), d, taken), "a process that was slow to note")
	again, err := w.store.next(t.Context(), r.ID, monday)
	require.NoError(t, err)
	require.Equal(t, Waiting, again.Fate)
}

func TestWhatWaitsIsBoundedAndWhatIsNotKeptIsSaid(t *testing.T) {
	db := mongotest.Database(t)
	h := listening(t)
	w := process(t, db)
	w.most = 3
	r, _, err := w.Save(t.Context(), event.ID("receiver"), 0, Draft{Name: "a", Address: h.URL, Types: []string{opened}})
	require.NoError(t, err)
	for i := range 5 {
		for range 2 { // told twice, it is one event
			require.NoError(t, w.Take(t.Context(), happened(t, monday.Add(time.Duration(i)*time.Minute))))
		}
	}
	waiting, _, err := w.Counts(t.Context(), r.ID)
	require.NoError(t, err)
	require.EqualValues(t, 3, waiting)
	r, err = w.Get(t.Context(), r.ID)
	require.NoError(t, err)
	require.LessOrEqual(t, r.MissedFrom, monday.Add(3*time.Minute))
	require.Equal(t, monday.Add(4*time.Minute), r.MissedTo.UTC())
}

func TestNoMoreReceiversThanThereAreLines(t *testing.T) {
	w := process(t, mongotest.Database(t))
	draft := Draft{Name: "a", Address: "https://example.com", Types: []string{opened}}
	for i := range MostReceivers {
		_, _, err := w.Save(t.Context(), event.ID("receiver", string(rune('a'+i))), 0, draft)
		require.NoError(t, err)
	}
	_, _, err := w.Save(t.Context(), event.ID("one more"), 0, draft)
	require.ErrorIs(t, err, ErrTooMany)
	_, _, err = w.Save(t.Context(), event.ID("receiver", "a"), 0, draft)
	require.Error(t, err)
	_, _, err = w.Save(t.Context(), event.ID("receiver", "a"), 7, draft)
	require.ErrorIs(t, err, mongodb.ErrConflict)
}

func TestWhoLostTheMasterKeyMakesNewSecrets(t *testing.T) {
	db := mongotest.Database(t)
	h := listening(t)
	w := process(t, db)
	r, _, err := w.Save(t.Context(), event.ID("receiver"), 0, Draft{Name: "a", Address: h.URL, Types: []string{opened}})
	require.NoError(t, err)
	w = processUnder(t, db, "another secret that is long enough too")
	require.NoError(t, w.Take(t.Context(), happened(t, monday)))
	more, err := w.one(t.Context(), r.ID)
	require.ErrorIs(t, err, vault.ErrSealed)
	require.False(t, more)
	more, err = w.one(t.Context(), r.ID)
	require.NoError(t, err, "it is left alone for a while")
	require.False(t, more)
	_, err = w.Test(t.Context(), r.ID)
	require.ErrorIs(t, err, vault.ErrSealed)

	r, secret, err := w.Rotate(t.Context(), r.ID)
	require.NoError(t, err)
	require.NotEmpty(t, secret)
	require.Empty(t, r.Old)
	running(t, w)
	require.Len(t, h.all(), 1)
}
