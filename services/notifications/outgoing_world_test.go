package notifications_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/identity"
	"jalon.dev/services/notifications"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

const (
	hired  = "jalon.directory.v1.PeopleHired"
	erased = "jalon.directory.v1.PeopleErased"
	opened = "jalon.barometer.v1.EditionOpened"
)

// telling lets other systems of this very machine be told.
func telling() notifications.Config {
	cfg := notifications.DefaultConfig()
	cfg.Outgoing = notifications.OutgoingConfig{
		Keys: "a key of this test under which secrets are sealed", Home: "https://jalon.example.com", Loopback: true,
	}
	return cfg
}

// call is what another system received.
type call struct {
	header http.Header
	body   []byte
}

func (c call) id() string { return c.header.Get("webhook-id") }

// cloudEvent is the body of a webhook.
type cloudEvent struct {
	ID, Type, Source, SpecVersion string
	Data                          json.RawMessage
}

func (c call) event(t *testing.T) cloudEvent {
	t.Helper()
	var e cloudEvent
	require.NoError(t, json.Unmarshal(c.body, &e))
	return e
}

// system is another system: it notes what it is told, and answers as it is made to.
type system struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []call
	answer http.HandlerFunc
}

func otherSystem(t *testing.T) *system {
	t.Helper()
	s := &system{answer: func(http.ResponseWriter, *http.Request) {}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.calls = append(s.calls, call{r.Header, body})
		answer := s.answer
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *system) told() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]call(nil), s.calls...)
}

// answers makes it answer so from now on.
func (s *system) answers(status int, header ...string) {
	s.behaves(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	})
}

func (s *system) behaves(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (w *world) asHR() context.Context { return w.as(uuid.NewString(), identity.HR) }

// register makes a receiver of HR's and returns its id and secret.
func (w *world) register(address string, types ...string) (id, secret string) {
	w.t.Helper()
	res, err := w.peers.Outgoing().SaveReceiver(w.asHR(), &notificationsv1.SaveReceiverRequest{
		Id: uuid.NewString(), Draft: &notificationsv1.ReceiverDraft{Name: "SIRH", Address: address, Types: types, HrSystem: true},
	})
	require.NoError(w.t, err)
	return res.GetReceiver().GetId(), res.GetSecret()
}

func (w *world) receiver(id string) *notificationsv1.GetReceiverResponse {
	w.t.Helper()
	res, err := w.peers.Outgoing().GetReceiver(w.asHR(), &notificationsv1.GetReceiverRequest{Id: id})
	require.NoError(w.t, err)
	return res
}

func (w *world) turn(id string, on bool) {
	w.t.Helper()
	_, err := w.peers.Outgoing().SwitchReceiver(w.asHR(), &notificationsv1.SwitchReceiverRequest{Id: id, On: on})
	require.NoError(w.t, err)
}
