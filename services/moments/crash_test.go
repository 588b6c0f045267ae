package moments_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
	"jalon.dev/services/moments/internal/due"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
)

// The process dies after each of the writes that one piece of news causes; what is told again completes the rest.

func opened(t *testing.T, cause moment.Cause, catalogue moment.Catalogue, code string, heard int) moment.Moment {
	t.Helper()
	zone, err := clock.Zone("Europe/Paris")
	require.NoError(t, err)
	km, ok := catalogue.Find(code)
	require.True(t, ok)
	who := moment.Person{ID: personID(heard), UnitPath: []string{"company", "store-1"}, Zone: zone}
	return moment.Open(km, who, clock.DateOf(firstOfNovember, zone), cause, firstOfNovember)
}

func TestACrashAfterKeepingMomentsIsMadeGoodByRedelivery(t *testing.T) {
	in := install(t, moments.Config{})
	in.stop()
	half := []moment.Moment{
		opened(t, moment.Hired, moment.Standard(), moment.Onboarding, 1),
		opened(t, moment.Hired, moment.Standard(), moment.Onboarding, 2),
	}
	_, err := mongostore.NewMoments(in.db).Insert(t.Context(), half)
	require.NoError(t, err)

	in.start()
	in.tell(&directoryv1.PeopleHired{People: employees(1, 3, "2026-11-02"), AsOf: "2026-11-02"})
	in.settle()
	in.moveTo("2026-11-03T09:00:00Z")

	require.Equal(t, map[string]int{personID(1) + " day_1": 1, personID(2) + " day_1": 1, personID(3) + " day_1": 1}, in.awaitInvitations(3))
}

func TestACrashWhileDeclaringIsMadeGoodAtTheNextStart(t *testing.T) {
	in := install(t, visits())
	in.tell(&directoryv1.PeopleRegistered{People: employees(1, 1, "2019-05-01"), AsOf: "2026-11-02"})
	in.settle()
	in.stop()
	_, err := mongostore.NewMoments(in.db).Insert(t.Context(), []moment.Moment{opened(t, moment.Declared, visits().Catalogue, "visit", 1)})
	require.NoError(t, err)

	in.start()
	require.Equal(t, map[string]int{personID(1) + " now": 1}, in.awaitInvitations(1))
}

func TestACrashAfterAskingAsksNobodyTwice(t *testing.T) {
	in := install(t, moments.Config{})
	in.tell(&directoryv1.PeopleHired{People: employees(1, 3, "2026-11-02"), AsOf: "2026-11-02"})
	in.settle()
	in.stop()
	in.clock.Advance(26 * time.Hour)
	planned := agenda.New(in.db, in.clock, zap.NewNop())
	var items []agenda.Item
	for n := 1; n <= 3; n++ {
		m := opened(t, moment.Hired, moment.Standard(), moment.Onboarding, n)
		found, err := planned.Get(t.Context(), m.FollowUps[0].InvitationID)
		require.NoError(t, err)
		items = append(items, found[m.FollowUps[0].InvitationID])
	}
	dying := due.FollowUps{Catalogue: moment.Standard(), People: people.NewRegister(in.db), Arrivals: mongostore.NewArrivals(in.db), Relay: outbox.NewRelay(in.db, nil, zap.NewNop())}
	_, err := dying.Handle(t.Context(), in.clock.Now(), items)
	require.NoError(t, err)

	in.start()
	in.settle()
	require.Equal(t, map[string]int{personID(1) + " day_1": 1, personID(2) + " day_1": 1, personID(3) + " day_1": 1}, in.awaitInvitations(3))
}

func TestAnInvitationAskedForAgainInAnotherBatchIsTheSame(t *testing.T) {
	in := install(t, moments.Config{})
	in.tell(&directoryv1.PeopleHired{People: employees(1, 1, "2026-11-02"), AsOf: "2026-11-02"})
	in.settle()
	before := in.momentsOf(personID(1))[0].GetFollowUps()[0].GetInvitationId()
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(1)

	in.mu.Lock()
	defer in.mu.Unlock()
	for _, ev := range in.events {
		var msg momentsv1.InvitationsRequested
		if ev.Type == typeOf(&msg) {
			require.NoError(t, ev.Decode(&msg))
			require.Equal(t, before, msg.GetInvitations()[0].GetId())
			require.Equal(t, "2026-11-17T09:00:00Z", msg.GetInvitations()[0].GetExpiresAt())
		}
	}
}

func TestFiveThousandDueAtOnceAreAskedOnceEach(t *testing.T) {
	in := install(t, moments.Config{})
	const batches = 5
	for b := range batches {
		in.tell(&directoryv1.PeopleHired{People: employees(1000*b, 1000, "2026-11-02"), AsOf: "2026-11-02"})
	}
	in.settle()
	in.moveTo("2026-11-03T09:00:00Z")

	asked := in.awaitInvitations(batches * 1000)
	require.Len(t, asked, batches*1000)
	for who, times := range asked {
		require.Equal(t, 1, times, who)
	}
}

func TestTheServiceStopsWithoutLeavingAnythingBehind(t *testing.T) {
	in := install(t, moments.Config{})
	in.stop()
	before := goleak.IgnoreCurrent()

	in.start()
	in.tell(&directoryv1.PeopleHired{People: employees(1, 1, "2026-11-02"), AsOf: "2026-11-02"})
	in.settle()
	in.stop()

	goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction("jalon.dev/pkg/mongolocal.(*Engine).converse"),
		goleak.IgnoreAnyFunction("go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology.(*pool).createConnections"))
}

func TestACancellationThatAProcessDiedInIsCompletedAtTheNextStart(t *testing.T) {
	in := install(t, moments.Config{})
	in.store()
	declared, err := in.client().DeclareMoment(in.hr(), &momentsv1.DeclareMomentRequest{KeyMoment: "training", PersonId: personID(2)})
	require.NoError(t, err)
	in.settle()
	in.stop()
	first, err := mongostore.NewMoments(in.db).Cancel(t.Context(), declared.GetMomentId(),
		moment.Cancellation{At: in.clock.Now(), Reason: "Par erreur."})
	require.NoError(t, err)
	require.True(t, first)

	in.start()
	waiting := func() bool {
		items, err := agenda.New(in.db, in.clock, zap.NewNop()).Get(t.Context(), in.momentsOf(personID(2))[0].GetFollowUps()[0].GetInvitationId())
		require.NoError(t, err)
		for _, item := range items {
			return item.State == agenda.StateWaiting
		}
		return true
	}
	require.Eventually(t, func() bool { return !waiting() }, patience, 10*time.Millisecond)
}
