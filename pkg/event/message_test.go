package event_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"jalon.dev/pkg/event"
)

func encode(t *testing.T, msg proto.Message) []byte {
	t.Helper()
	data, err := proto.Marshal(msg)
	require.NoError(t, err)
	return data
}

func TestEventsTravelUnchanged(t *testing.T) {
	text := rapid.String()
	some := rapid.StringN(1, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		sent := event.Event{
			ID: some.Draw(t, "id"), Type: some.Draw(t, "type"), Source: some.Draw(t, "source"),
			Subject: text.Draw(t, "subject"), TraceParent: text.Draw(t, "trace"),
			Time: time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "time")).UTC(),
			Data: rapid.SliceOf(rapid.Byte()).Draw(t, "data"),
		}
		msg := event.ToMessage(sent)
		for header, value := range msg.Metadata {
			for _, b := range []byte(value) {
				require.True(t, b > ' ' && b < 0x7f, "%s holds byte %x", header, b)
			}
		}
		msg.Metadata.Set("ce-later", "an attribute of a later version")

		got, err := event.FromMessage(msg)
		require.NoError(t, err)
		require.Equal(t, sent, got)
		require.Equal(t, sent.Type, event.TypeOf(msg))
	})
}

func TestHeadersAreWrittenAsCloudEventsWants(t *testing.T) {
	msg := event.ToMessage(event.Event{ID: "1", Type: "t", Source: "s", Subject: `Zoé "A" 5%`})
	require.Equal(t, "Zo%C3%A9%20%22A%22%205%25", msg.Metadata.Get("ce-subject"))
	require.Equal(t, "1.0", msg.Metadata.Get("ce-specversion"))
	require.Equal(t, "application/protobuf", msg.Metadata.Get("ce-datacontenttype"))
	require.Empty(t, msg.Metadata.Get("traceparent"))
}

func TestAMessageThatIsNoEventIsRefused(t *testing.T) {
	sound := event.Event{ID: "1", Type: "t", Source: "s", Time: time.Unix(0, 0).UTC()}
	for header, value := range map[string]string{
		"ce-id": "", "ce-type": "", "ce-source": "", "ce-specversion": "0.3", "ce-time": "yesterday",
		"ce-datacontenttype": "application/json", "ce-subject": "%zz",
	} {
		t.Run(header, func(t *testing.T) {
			msg := event.ToMessage(sound)
			msg.Metadata.Set(header, value)
			_, err := event.FromMessage(msg)
			require.ErrorIs(t, err, event.ErrInvalid)
		})
	}
}

func FuzzReadingForeignHeaders(f *testing.F) {
	f.Add("%C3%A9", "plain text", "2026-11-02T08:30:00Z")
	f.Add("%", "%e", "%%%")
	f.Add("%ff%fe", "a b", "")
	f.Fuzz(func(t *testing.T, id, subject, at string) {
		msg := message.NewMessage("1", nil)
		for header, value := range map[string]string{
			"ce-id": id, "ce-subject": subject, "ce-time": at, "ce-type": "t", "ce-source": "s",
			"ce-specversion": "1.0", "ce-datacontenttype": "application/protobuf",
		} {
			msg.Metadata.Set(header, value)
		}
		read, err := event.FromMessage(msg)
		if err != nil {
			require.ErrorIs(t, err, event.ErrInvalid)
			return
		}
		if strings.Contains(id, "%") {
			require.True(t, utf8.ValidString(read.ID))
		}
		again, err := event.FromMessage(event.ToMessage(read))
		require.NoError(t, err)
		require.True(t, read.Time.Equal(again.Time))
		again.Time, again.Data, read.Data = read.Time, nil, nil
		require.Equal(t, read, again)
	})
}
