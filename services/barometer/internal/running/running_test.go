package running

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/services/barometer/internal/edition"
	"jalon.dev/services/barometer/internal/mongostore"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// An edition that is launched on its first day is due to open before it is noted to be ready.
func TestWhatIsDueWaitsForAnEditionThatIsNotReady(t *testing.T) {
	editions := mongostore.NewEditions(mongotest.Database(t))
	now := time.Date(2026, time.November, 4, 9, 0, 0, 0, time.UTC)
	e := edition.Edition{ID: "e1", State: edition.Preparing}
	require.NoError(t, editions.Insert(t.Context(), e))
	runner := Runner{Editions: editions}
	done := 0
	due := func() []agenda.Outcome {
		outcomes, err := runner.each(KindOpen, func(context.Context, time.Time, edition.Edition) error { done++; return nil })(t.Context(), now,
			[]agenda.Item{{ID: "open", Kind: KindOpen, Subject: e.ID}})
		require.NoError(t, err)
		return outcomes
	}
	require.Equal(t, []agenda.Outcome{agenda.Postpone("open", now.Add(sweep), "not_yet")}, due())
	require.Zero(t, done)

	found, err := editions.Get(t.Context(), e.ID)
	require.NoError(t, err)
	found.State = edition.Ready
	require.NoError(t, editions.Save(t.Context(), &found))
	require.Equal(t, []agenda.Outcome{agenda.Done("open")}, due())
	require.Equal(t, 1, done)
}
