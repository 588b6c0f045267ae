package notifications_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

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
