package mail

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
)

var noon = time.Date(2026, time.November, 3, 12, 0, 0, 0, time.UTC)

// batchOf is a store with one batch of waiting mails.
func batchOf(t *testing.T, ids ...string) *store {
	t.Helper()
	db := mongotest.Database(t)
	require.NoError(t, mongodb.Migrate(t.Context(), db, Migrations(1)))
	s := newStore(db)
	var docs []any
	for _, id := range ids {
		docs = append(docs, doc{ID: id, Batch: "batch", PersonID: "person of " + id, State: Waiting, QueuedAt: noon})
	}
	require.NoError(t, s.add(t.Context(), docs))
	return s
}

func (s *store) counted(t *testing.T) map[State]int64 {
	t.Helper()
	counts, err := s.count(t.Context())
	require.NoError(t, err)
	return counts
}

func TestWhoeverReadABatchBeforeSomebodyElseSentItHasNoClaim(t *testing.T) {
	s := batchOf(t, "a", "b")
	mine, _, err := s.open(t.Context(), "batch")
	require.NoError(t, err)
	theirs := mine

	for _, sent := range []string{"a", "b"} { // the first claim makes the document, the second finds it
		ours, err := s.claim(t.Context(), &theirs, []string{sent}, nil)
		require.NoError(t, err)
		require.True(t, ours)
		stale := mine
		ours, err = s.claim(t.Context(), &stale, []string{"a", "b"}, nil)
		require.NoError(t, err)
		require.False(t, ours, "while they are handed over")
		require.NoError(t, s.settle(t.Context(), noon, &theirs, map[string]change{sent: {state: Sent}}))
		stale = mine
		ours, err = s.claim(t.Context(), &stale, []string{"a", "b"}, nil)
		require.NoError(t, err)
		require.False(t, ours, "when they were")
	}
	require.Equal(t, map[State]int64{Waiting: 0, Sent: 2}, s.counted(t))
}

func TestAClaimThatWasTakenForLostIsPutRight(t *testing.T) {
	s := batchOf(t, "sent", "refused for now", "untouched")
	slow, _, err := s.open(t.Context(), "batch")
	require.NoError(t, err)
	_, err = s.claim(t.Context(), &slow, []string{"sent", "refused for now"}, nil)
	require.NoError(t, err)

	next, waiting, err := s.open(t.Context(), "batch")
	require.NoError(t, err)
	lost, ours, err := s.lose(t.Context(), noon, &next, waiting)
	require.NoError(t, err)
	require.True(t, ours)
	require.Equal(t, 2, lost)
	require.Equal(t, map[State]int64{Waiting: 1, Unknown: 2}, s.counted(t))

	require.NoError(t, s.settle(t.Context(), noon, &slow, map[string]change{"sent": {state: Sent}, "refused for now": {Waiting, "451"}}))
	require.Equal(t, map[State]int64{Waiting: 1, Unknown: 1, Sent: 1}, s.counted(t))
	ours, err = s.claim(t.Context(), &next, []string{"untouched"}, nil)
	require.NoError(t, err)
	require.True(t, ours, "whoever took it for lost goes on")
}

// The holder of a claim may note what became of its mails while another process takes it for dead.
func TestWhatIsNotedWhileAClaimIsTakenForLostHolds(t *testing.T) {
	s := batchOf(t, "sent", "refused for now", "silent")
	slow, _, err := s.open(t.Context(), "batch")
	require.NoError(t, err)
	_, err = s.claim(t.Context(), &slow, []string{"sent", "refused for now", "silent"}, nil)
	require.NoError(t, err)
	next, waiting, err := s.open(t.Context(), "batch")
	require.NoError(t, err)

	changes := map[string]change{"sent": {state: Sent}, "refused for now": {Waiting, "451"}, "silent": {Unknown, noAnswer}}
	require.NoError(t, s.settle(t.Context(), noon, &slow, changes))
	_, ours, err := s.lose(t.Context(), noon, &next, waiting)
	require.NoError(t, err)
	require.False(t, ours, "it was not dead")
	require.Equal(t, map[State]int64{Waiting: 1, Sent: 1, Unknown: 1}, s.counted(t))

	// And where its claim's end comes too late.
	s = batchOf(t, "sent", "refused for now", "silent")
	slow, _, err = s.open(t.Context(), "batch")
	require.NoError(t, err)
	_, err = s.claim(t.Context(), &slow, []string{"sent", "refused for now", "silent"}, nil)
	require.NoError(t, err)
	next, waiting, err = s.open(t.Context(), "batch")
	require.NoError(t, err)
	for id, c := range changes {
		_, err = s.mails.UpdateByID(t.Context(), id, c.update(noon))
		require.NoError(t, err)
	}
	_, ours, err = s.lose(t.Context(), noon, &next, waiting)
	require.NoError(t, err)
	require.True(t, ours)
	for range 2 {
		require.NoError(t, s.settle(t.Context(), noon, &slow, changes))
		require.Equal(t, map[State]int64{Waiting: 1, Sent: 1, Unknown: 1}, s.counted(t))
	}
}

func TestWhatWasNotedBeforeAProcessDiedIsCounted(t *testing.T) {
	s := batchOf(t, "sent", "in hand")
	dead, _, err := s.open(t.Context(), "batch")
	require.NoError(t, err)
	_, err = s.claim(t.Context(), &dead, []string{"sent", "in hand"}, nil)
	require.NoError(t, err)
	// As a process leaves them that dies between noting what became of mails and ending its claim.
	_, err = s.mails.UpdateByID(t.Context(), "sent", change{state: Sent}.update(noon))
	require.NoError(t, err)

	h, waiting, err := s.open(t.Context(), "batch")
	require.NoError(t, err)
	lost, ours, err := s.lose(t.Context(), noon, &h, waiting)
	require.NoError(t, err)
	require.True(t, ours)
	require.Equal(t, 1, lost)
	require.Equal(t, map[State]int64{Waiting: 0, Unknown: 1, Sent: 1}, s.counted(t))
}

// Mails were claimed one by one once, and counted in an index.
func TestClaimsOfSingleMailsBecomeUnknownFates(t *testing.T) {
	db := mongotest.Database(t)
	s := newStore(db)
	for i, step := range Migrations(1) {
		if i == 3 {
			_, err := s.mails.InsertMany(t.Context(), []any{
				bson.D{{Key: "_id", Value: "sent"}, {Key: "state", Value: Sent}, {Key: "settled_at", Value: noon}},
				bson.D{{Key: "_id", Value: "claimed"}, {Key: "state", Value: "claimed"}, {Key: "claim", Value: "somebody's"}, {Key: "batch", Value: "batch"}},
				bson.D{{Key: "_id", Value: "waiting"}, {Key: "state", Value: Waiting}, {Key: "batch", Value: "batch"}},
			})
			require.NoError(t, err)
			require.NoError(t, step.Up(t.Context(), db), "redone after it failed half way")
		}
		require.NoError(t, step.Up(t.Context(), db))
	}
	counts := s.counted(t)
	require.EqualValues(t, 1, counts[Sent])
	require.EqualValues(t, 1, counts[Unknown])
	require.EqualValues(t, 1, counts[Waiting])
}

func FuzzReadReport(f *testing.F) {
	f.Add("Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nX: y\n\nAction: failed\nStatus: 5.1.1\n\n" +
		"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <a@b>\nTo: <anna@example.com>\n\n--b--")
	f.Add("Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--")
	f.Fuzz(func(t *testing.T, message string) {
		r, err := readReport(strings.NewReader(message))
		if err != nil {
			require.ErrorIs(t, err, ErrNoReport)
			return
		}
		require.NotEmpty(t, r.messageID)
		require.Contains(t, []State{Sent, Bounced, Failed}, r.became())
	})
}
