package notifications_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"google.golang.org/protobuf/encoding/protojson"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/services/notifications"

	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func TestAnotherSystemIsToldOfEventsThatItCanVerify(t *testing.T) {
	w := start(t, telling())
	system := otherSystem(t)
	w.hire(asIs, uuid.NewString())
	id, secret := w.register(system.URL+"/in?key=1", hired)
	ada := uuid.NewString()
	w.hire(asIs, ada)
	w.publish("barometer", &barometerv1.EditionOpened{EditionId: uuid.NewString(), Name: "2026"})

	require.Len(t, system.told(), 1, "neither what happened before nor what was not chosen")
	call := system.told()[0]
	verifier, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	require.NoError(t, verifier.Verify(call.body, call.header))
	require.Equal(t, "application/cloudevents+json", call.header.Get("Content-Type"))
	told := call.event(t)
	require.Equal(t, hired, told.Type)
	require.Equal(t, "directory", told.Source)
	require.Equal(t, call.id(), told.ID)
	var people directoryv1.PeopleHired
	require.NoError(t, protojson.Unmarshal(told.Data, &people))
	require.Equal(t, ada, people.GetPeople()[0].GetId())

	found := w.receiver(id)
	require.Len(t, found.GetDeliveries(), 1)
	require.Equal(t, notificationsv1.Delivery_STATE_DELIVERED, found.GetDeliveries()[0].GetState())
	require.EqualValues(t, http.StatusOK, found.GetDeliveries()[0].GetAnswer().GetStatus())
	require.Zero(t, found.GetReceiver().GetWaiting())
	require.NotEmpty(t, found.GetReceiver().GetLastDeliveredAt())
}

func TestWhatIsRefusedComesAgainForThreeDaysAndThenTheReceiverIsToldNoMore(t *testing.T) {
	w := start(t, telling())
	system := otherSystem(t)
	system.answers(http.StatusInternalServerError)
	id, _ := w.register(system.URL, hired)
	w.hire(asIs, uuid.NewString())
	require.Len(t, system.told(), 1)
	for tries := 2; w.receiver(id).GetReceiver().GetState() == notificationsv1.Receiver_STATE_ON; tries++ {
		next, err := time.Parse(time.RFC3339Nano, w.receiver(id).GetDeliveries()[0].GetNextTryAt())
		require.NoError(t, err)
		w.move(next.Add(5 * time.Minute)) // the receiver rests no longer
		w.eventually("another attempt", func() bool { return len(system.told()) == tries })
		w.settle()
	}
	require.Len(t, system.told(), 11)
	require.InDelta(t, 85, w.clock.Now().Sub(tuesday).Hours(), 12)
	for _, call := range system.told() {
		require.Equal(t, system.told()[0].id(), call.id(), "the receiver can tell repetitions")
	}
	require.Equal(t, notificationsv1.Receiver_STATE_FAILING, w.receiver(id).GetReceiver().GetState())
	require.Equal(t, notificationsv1.Delivery_STATE_FAILED, w.receiver(id).GetDeliveries()[0].GetState())

	// What happens meanwhile waits, and comes when it is switched on; what failed comes when HR asks for it.
	w.hire(asIs, uuid.NewString())
	require.Len(t, system.told(), 11)
	system.answers(http.StatusAccepted)
	w.turn(id, true)
	w.settle()
	require.Len(t, system.told(), 12)
	res, err := w.peers.Outgoing().Replay(w.asHR(), &notificationsv1.ReplayRequest{Id: id, Since: "2026-11-03"})
	require.NoError(t, err)
	require.EqualValues(t, 1, res.GetDeliveries())
	w.settle()
	require.Len(t, system.told(), 13)
	require.Equal(t, system.told()[0].id(), system.told()[12].id())
	require.Zero(t, w.receiver(id).GetReceiver().GetFailed())
}

func TestASlowReceiverHoldsUpNobodyAndEachIsToldInOrder(t *testing.T) {
	w := start(t, telling())
	slow, quick := otherSystem(t), otherSystem(t)
	release := make(chan struct{})
	slow.behaves(func(http.ResponseWriter, *http.Request) { <-release })
	w.register(slow.URL, hired)
	w.register(quick.URL, hired)
	const events = 30
	var told []event.Event
	for i := range events {
		ev, err := event.New(t.Context(), "directory", "", w.clock.Now().Add(time.Duration(i/10)*time.Millisecond), &directoryv1.PeopleHired{AsOf: "2026-11-03"})
		require.NoError(t, err)
		told = append(told, ev)
	}
	w.clock.Set(w.clock.Now().Add(time.Second))
	require.NoError(t, w.bus.PublishEvents(t.Context(), told))
	w.eventually("the quick one to be told", func() bool { return len(quick.told()) == events })
	require.Len(t, slow.told(), 1, "one request at a time")
	close(release)
	w.eventually("the slow one to be told", func() bool { return len(slow.told()) == events })
	w.settle()
	for _, system := range []*system{slow, quick} {
		for i, call := range system.told() {
			require.Equal(t, told[i].ID, call.id())
		}
	}
}

func TestWhatAReceiverAnswersDecidesWhatComesOfIt(t *testing.T) {
	for name, is := range map[string]struct {
		answer  http.HandlerFunc
		trouble string
		state   notificationsv1.Receiver_State
		after   time.Duration
	}{
		"gone": {answer: status(http.StatusGone), trouble: "status", state: notificationsv1.Receiver_STATE_GONE},
		"busy": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusTooManyRequests)
		}, trouble: "status", state: notificationsv1.Receiver_STATE_ON, after: 2 * time.Hour},
		"broken": {answer: status(http.StatusInternalServerError), trouble: "status", state: notificationsv1.Receiver_STATE_ON, after: 10 * time.Second},
		"moved": {answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		}, trouble: "redirect", state: notificationsv1.Receiver_STATE_ON, after: 10 * time.Second},
		"hangs up": {answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, trouble: "closed", state: notificationsv1.Receiver_STATE_ON, after: 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, telling())
			system := otherSystem(t)
			system.behaves(is.answer)
			id, _ := w.register(system.URL, hired)
			w.hire(asIs, uuid.NewString())
			found := w.receiver(id)
			require.Equal(t, is.state, found.GetReceiver().GetState())
			d := found.GetDeliveries()[0]
			require.Equal(t, is.trouble, d.GetAnswer().GetTrouble())
			if is.after == 0 {
				require.Equal(t, notificationsv1.Delivery_STATE_FAILED, d.GetState())
				w.hire(asIs, uuid.NewString())
				require.Len(t, w.receiver(id).GetDeliveries(), 1, "it wants to hear nothing any more")
				return
			}
			next, err := time.Parse(time.RFC3339Nano, d.GetNextTryAt())
			require.NoError(t, err)
			require.WithinRange(t, next, w.clock.Now().Add(is.after), w.clock.Now().Add(is.after+is.after/5))
		})
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestAReceiverThatIsSwitchedOffMissesWhatHappensMeanwhile(t *testing.T) {
	w := start(t, telling())
	system := otherSystem(t)
	id, _ := w.register(system.URL, hired)
	w.turn(id, false)
	w.hire(asIs, uuid.NewString())
	w.clock.Advance(time.Minute)
	w.turn(id, true)
	w.forget("DIRECTORY", "notifications-webhooks-directory-people-hired") // the bus tells all of it again
	require.Empty(t, system.told())
	w.hire(asIs, uuid.NewString())
	require.Len(t, system.told(), 1)
}

func TestASecretIsReplacedWithoutLosingAnything(t *testing.T) {
	w := start(t, telling())
	system := otherSystem(t)
	id, old := w.register(system.URL, hired)
	rotated, err := w.peers.Outgoing().RotateSecret(w.asHR(), &notificationsv1.RotateSecretRequest{Id: id})
	require.NoError(t, err)
	require.NotEqual(t, old, rotated.GetSecret())
	verifies := func(secret string, call call) bool {
		verifier, err := standardwebhooks.NewWebhook(secret)
		require.NoError(t, err)
		return verifier.Verify(call.body, call.header) == nil
	}
	w.hire(asIs, uuid.NewString())
	require.True(t, verifies(old, system.told()[0]))
	require.True(t, verifies(rotated.GetSecret(), system.told()[0]))
	w.move(w.clock.Now().Add(25 * time.Hour))
	w.hire(asIs, uuid.NewString())
	require.False(t, verifies(old, system.told()[1]))
	require.True(t, verifies(rotated.GetSecret(), system.told()[1]))
	require.Empty(t, w.receiver(id).GetReceiver().GetOldSecretUntil())
}

func TestATestIsSentAtOnceAndTheAnswerIsShownAndNotKept(t *testing.T) {
	w := start(t, telling())
	system := otherSystem(t)
	system.behaves(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) })
	id, secret := w.register(system.URL, hired)
	w.turn(id, false)
	res, err := w.peers.Outgoing().TestReceiver(w.asHR(), &notificationsv1.TestReceiverRequest{Id: id})
	require.NoError(t, err)
	require.EqualValues(t, http.StatusOK, res.GetAnswer().GetStatus())
	require.Equal(t, "hello", res.GetAnswer().GetText())
	require.Equal(t, "jalon.notifications.v1.WebhookTested", system.told()[0].event(t).Type)
	verifier, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	require.NoError(t, verifier.Verify(system.told()[0].body, system.told()[0].header))
	require.Empty(t, w.receiver(id).GetDeliveries())
}

func TestWhoeverIsErasedIsToldOfNoMoreButForTheErasure(t *testing.T) {
	w := start(t, telling())
	system := otherSystem(t)
	system.answers(http.StatusServiceUnavailable)
	id, _ := w.register(system.URL, hired, erased)
	ada, bob := uuid.NewString(), uuid.NewString()
	w.hire(func(e *directoryv1.Employee) {
		if e.GetId() == bob {
			e.ManagerId = ada
		}
	}, ada, bob)
	w.hire(asIs, ada) // alone in this one
	w.publish("directory", &directoryv1.PeopleErased{PersonIds: []string{ada}})
	system.answers(http.StatusOK)
	before := len(system.told())
	w.turn(id, false)
	w.turn(id, true)
	w.settle()
	after := system.told()[before:]
	require.Len(t, after, 2)
	require.NotContains(t, string(after[0].body), ada)
	require.Contains(t, string(after[0].body), bob)
	require.Equal(t, erased, after[1].event(t).Type)
	require.Contains(t, string(after[1].body), ada, "who keeps something of her has to hear it")

	// Old news of her come again.
	w.forget("DIRECTORY", "notifications-webhooks-directory-people-hired")
	for _, call := range system.told()[before+1:] {
		if call.event(t).Type != erased {
			require.NotContains(t, string(call.body), ada)
		}
	}
}

func TestWhatIsNotGrantedCannotBeChosenAndWhatIsUnchosenIsToldNoMore(t *testing.T) {
	w := start(t, telling())
	system := otherSystem(t)
	save := func(version int64, id string, d *notificationsv1.ReceiverDraft) error {
		_, err := w.peers.Outgoing().SaveReceiver(w.asHR(), &notificationsv1.SaveReceiverRequest{Id: id, Version: version, Draft: d})
		return err
	}
	for field, d := range map[string]*notificationsv1.ReceiverDraft{
		"types: not_granted": {Name: "a", Address: system.URL, Types: []string{opened, hired}},
		"types: unknown":     {Name: "a", Address: system.URL, Types: []string{"jalon.moments.v1.DelicateMomentsOpened"}, HrSystem: true},
		"types: missing":     {Name: "a", Address: system.URL},
		"address: inside":    {Name: "a", Address: "https://192.168.1.1/", Types: []string{opened}},
		"name: missing":      {Address: system.URL, Types: []string{opened}},
	} {
		require.ErrorContains(t, save(0, uuid.NewString(), d), field)
	}
	system.answers(http.StatusServiceUnavailable)
	id, _ := w.register(system.URL, hired, opened)
	w.hire(asIs, uuid.NewString())
	require.NoError(t, save(1, id, &notificationsv1.ReceiverDraft{Name: "a", Address: system.URL, Types: []string{opened}}))
	require.ErrorContains(t, save(1, id, &notificationsv1.ReceiverDraft{Name: "b", Address: system.URL, Types: []string{opened}}), "aborted")
	before := len(system.told())
	w.turn(id, false)
	w.turn(id, true)
	w.settle()
	require.Len(t, system.told(), before)
	require.Equal(t, notificationsv1.Delivery_STATE_WITHDRAWN, w.receiver(id).GetDeliveries()[0].GetState())
}

func TestOnlyHRDecidesWhatLeavesAndOnlyWhereAKeyIsSet(t *testing.T) {
	w := start(t, telling())
	list := &notificationsv1.ListOutgoingRequest{}
	for _, role := range []identity.Role{identity.Employee, identity.LocalHR, identity.Director, identity.Service} {
		_, err := w.peers.Outgoing().ListOutgoing(w.as(uuid.NewString(), role), list)
		require.ErrorContains(t, err, "permission_denied", role)
	}
	operator := w.as(uuid.NewString(), identity.Operator)
	_, err := w.peers.Outgoing().ListOutgoing(operator, list)
	require.NoError(t, err, "the operator sees how they fare")
	_, err = w.peers.Outgoing().SaveReceiver(operator, &notificationsv1.SaveReceiverRequest{
		Id: uuid.NewString(), Draft: &notificationsv1.ReceiverDraft{Name: "a", Address: "https://example.com", Types: []string{opened}},
	})
	require.ErrorContains(t, err, "permission_denied", "and decides nothing")
	off := start(t, notifications.DefaultConfig())
	found, err := off.peers.Outgoing().ListOutgoing(off.asHR(), list)
	require.NoError(t, err)
	require.False(t, found.GetEnabled())
	_, err = off.peers.Outgoing().SaveReceiver(off.asHR(), &notificationsv1.SaveReceiverRequest{
		Id: uuid.NewString(), Draft: &notificationsv1.ReceiverDraft{Name: "a", Address: "https://example.com", Types: []string{opened}},
	})
	require.ErrorContains(t, err, "JALON_OUTGOING_KEY")
}

func TestDeliveriesAreKeptThirtyDaysAndRemovedWithTheirReceiver(t *testing.T) {
	w := start(t, telling())
	system := otherSystem(t)
	id, _ := w.register(system.URL, hired)
	ada := uuid.NewString()
	w.hire(asIs, ada)
	require.Contains(t, w.naming(ada), "webhook_events")
	w.move(w.clock.Now().AddDate(0, 0, 32))
	require.NotContains(t, w.naming(ada), "webhook_events")
	require.Empty(t, w.receiver(id).GetDeliveries())
	w.hire(asIs, uuid.NewString())
	_, err := w.peers.Outgoing().RemoveReceiver(w.asHR(), &notificationsv1.RemoveReceiverRequest{Id: id})
	require.NoError(t, err)
	for _, collection := range []string{"webhook_receivers", "webhook_deliveries", "keys"} {
		n, err := w.db.Collection(collection).CountDocuments(t.Context(), bson.D{})
		require.NoError(t, err)
		require.Zero(t, n, collection)
	}
}

func TestOfTwoReplicasOneTells(t *testing.T) {
	w := start(t, telling())
	w.replica(telling())
	system := otherSystem(t)
	w.register(system.URL, hired)
	for range 10 {
		w.hire(asIs, uuid.NewString())
	}
	require.Len(t, system.told(), 10)
}

func TestAMasterKeyThatIsLostStopsNothingElse(t *testing.T) {
	w := start(t, telling())
	system := otherSystem(t)
	w.register(system.URL, hired)
	other := telling()
	other.Outgoing.Keys = "another key of this test that is as long"
	require.NoError(t, w.replica(other).Ready(t.Context()))
	ada := uuid.NewString()
	w.hire(asIs, ada)
	asked := w.invite(ada)
	w.publish("moments", asked)
	require.Equal(t, []string{asked.GetInvitations()[0].GetId()}, w.prompts(ada))
}
