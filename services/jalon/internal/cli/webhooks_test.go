package cli

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// told is a server that tells two systems of events.
type told struct {
	notificationsv1connect.UnimplementedOutgoingServiceHandler
	answer *notificationsv1.Answer
	off    bool
}

func (s *told) ListOutgoing(context.Context, *notificationsv1.ListOutgoingRequest) (*notificationsv1.ListOutgoingResponse, error) {
	return &notificationsv1.ListOutgoingResponse{Enabled: !s.off, Receivers: []*notificationsv1.Receiver{
		{
			Id: "1", State: notificationsv1.Receiver_STATE_FAILING, Waiting: 12, Failed: 3,
			Draft: &notificationsv1.ReceiverDraft{Name: "Payroll", Address: "https://payroll.example/in?token=secret"},
		},
		{Id: "2", State: notificationsv1.Receiver_STATE_ON, Draft: &notificationsv1.ReceiverDraft{Name: "Training", Address: "https://training.example/in"}},
	}}, nil
}

func (s *told) TestReceiver(_ context.Context, req *notificationsv1.TestReceiverRequest) (*notificationsv1.TestReceiverResponse, error) {
	if req.GetId() != "1" {
		return &notificationsv1.TestReceiverResponse{Answer: &notificationsv1.Answer{Status: 404, Trouble: "status"}}, nil
	}
	return &notificationsv1.TestReceiverResponse{Answer: s.answer}, nil
}

func TestTheOperatorListsAndTestsWebhooks(t *testing.T) {
	server := &told{answer: &notificationsv1.Answer{Status: 204, Milliseconds: 7}}
	mux := http.NewServeMux()
	mux.Handle(notificationsv1connect.NewOutgoingServiceHandler(server))
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer the key" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(listening.Close)
	t.Setenv("JALON_ADDR", strings.TrimPrefix(listening.URL, "http://"))
	t.Setenv("JALON_OPERATOR_KEY", "the key")
	t.Setenv("JALON_DATA", t.TempDir())
	run := func(args ...string) (said string, exit int) {
		var out bytes.Buffer
		exit = Run(args, &out, &out)
		return out.String(), exit
	}

	said, exit := run("webhooks", "list")
	require.Equal(t, exitDone, exit, said)
	require.Regexp(t, `Payroll +payroll\.example +failing .*12 +3 +never`, said)
	require.NotContains(t, said, "secret", "which some systems put into their address")

	said, exit = run("webhooks", "test", "payroll")
	require.Equal(t, exitDone, exit, said)
	require.Contains(t, said, "204 after 7 ms")
	said, exit = run("webhooks", "test", "Training")
	require.Equal(t, exitRefused, exit)
	require.Contains(t, said, "it answered 404")
	said, exit = run("webhooks", "test", "nobody")
	require.Equal(t, exitRefused, exit)
	require.Contains(t, said, "jalon webhooks list")
	server.off = true
	said, exit = run("webhooks", "list")
	require.Equal(t, exitRefused, exit)
	require.Contains(t, said, "JALON_OUTGOING_KEY")
}
