package portal_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/event"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/portaltest"
)

// liveStream reads server-sent events as a browser does.
type liveStream struct {
	lines  *bufio.Scanner
	cancel context.CancelFunc
	lastID string
}

func listen(t *testing.T, client *http.Client, address, lastID string) *liveStream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/live", nil)
	require.NoError(t, err)
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := client.Do(request)
	require.NoError(t, err)
	t.Cleanup(func() { _ = answer.Body.Close() })
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Contains(t, answer.Header.Get("Content-Type"), "text/event-stream")
	return &liveStream{lines: bufio.NewScanner(answer.Body), cancel: cancel, lastID: lastID}
}

// next returns the data of the next event, which must be of that name.
func (l *liveStream) next(t *testing.T, name string) string {
	t.Helper()
	for l.lines.Scan() {
		line := l.lines.Text()
		switch {
		case strings.HasPrefix(line, "event: "):
			require.Equal(t, "event: "+name, line)
		case strings.HasPrefix(line, "id: "):
			l.lastID = strings.TrimPrefix(line, "id: ")
		case strings.HasPrefix(line, "data: "):
			return strings.TrimPrefix(line, "data: ")
		}
	}
	require.Fail(t, "the stream ended", "waiting for %s: %v", name, l.lines.Err())
	return ""
}

func promptShown(prompt *notificationsv1.Prompt) proto.Message {
	return &notificationsv1.PromptsShown{Prompts: []*notificationsv1.Prompt{prompt}}
}

func promptClosed(person, invitation string) proto.Message {
	return &notificationsv1.PromptsClosed{Prompts: []*notificationsv1.PromptsClosed_Closed{{PersonId: person, InvitationId: invitation}}}
}

func publish(t *testing.T, site *portaltest.Portal, messages ...proto.Message) {
	t.Helper()
	require.NoError(t, site.Bus.EnsureStream(t.Context(), "notifications"))
	for _, msg := range messages {
		ev, err := event.New(t.Context(), "notifications", portaltest.Lea, time.Now(), msg)
		require.NoError(t, err)
		require.NoError(t, site.Bus.PublishEvents(t.Context(), []event.Event{ev}))
	}
}

func TestPromptsComeAndGoOnOpenPages(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea, karim := site.As(t, "employee:"+portaltest.Lea), site.As(t, "employee:"+portaltest.Karim)
	hers, his := listen(t, lea, site.URL, ""), listen(t, karim, site.URL, "")
	require.Contains(t, hers.next(t, "prompts"), "Comment se passe votre première semaine")
	require.JSONEq(t, `{"prompts":[]}`, his.next(t, "prompts"))

	second := portaltest.Prompt()
	second.InvitationId, second.FollowUp = event.ID("second"), "day_30"
	publish(t, site, promptShown(second), promptClosed(portaltest.Lea, portaltest.Invitation))
	require.Contains(t, hers.next(t, "change"), "Un mois déjà")
	require.JSONEq(t, `{"closed":["`+portaltest.Invitation+`"]}`, hers.next(t, "change"))

	third := portaltest.Prompt()
	third.InvitationId, third.PersonId = event.ID("third"), portaltest.Karim
	publish(t, site, promptShown(third))
	require.Contains(t, his.next(t, "change"), event.ID("third"), "nothing of hers came before it")
}

func TestAPageThatWasCutOffMissesNothing(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	stream := listen(t, lea, site.URL, "")
	stream.next(t, "prompts")
	publish(t, site, promptShown(portaltest.Prompt()))
	stream.next(t, "change")
	seen := stream.lastID
	require.NotEmpty(t, seen)
	stream.cancel()

	// A second page tells when the hub has heard the event; then the first comes back.
	other := listen(t, lea, site.URL, "")
	other.next(t, "prompts")
	publish(t, site, promptClosed(portaltest.Lea, portaltest.Invitation))
	other.next(t, "change")

	require.Contains(t, listen(t, lea, site.URL, seen).next(t, "change"), portaltest.Invitation)
	life, _, _ := strings.Cut(seen, "-")
	for _, place := range []string{"999999", life + "-999999", "1-" + strings.TrimPrefix(seen, life+"-")} {
		listen(t, lea, site.URL, place).next(t, "prompts")
	}
}

func TestASignedOutPageIsToldSo(t *testing.T) {
	t.Parallel()
	site := portaltest.Start(t)
	lea := site.As(t, "employee:"+portaltest.Lea)
	stream := listen(t, lea, site.URL, "")
	stream.next(t, "prompts")
	post(t, lea, site.URL+"/signout", nil)
	for stream.lines.Scan() { // it ends; whether a farewell came through does not matter
		require.NotContains(t, stream.lines.Text(), "event: change")
	}
	answer, err := lea.Get(site.URL + "/live")
	require.NoError(t, err)
	read(t, answer)
	require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
}
