package event_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/timestamppb"

	"jalon.dev/pkg/event"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	eventv1 "jalon.dev/proto/gen/jalon/event/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

var monday = time.Date(2026, 11, 2, 9, 30, 0, 123456789, time.FixedZone("", 3600))

func hired() *directoryv1.PeopleHired {
	return &directoryv1.PeopleHired{
		People: []*directoryv1.Employee{{Id: event.ID("person", "1"), Version: 3, UnitId: "lyon", HiredOn: "2026-11-02"}},
		AsOf:   "2026-11-02",
	}
}

func TestAnEventCarriesWhatHappened(t *testing.T) {
	e, err := event.New(t.Context(), "directory", "unit-1", monday, hired())
	require.NoError(t, err)

	require.NoError(t, uuid.Validate(e.ID))
	require.Equal(t, "jalon.directory.v1.PeopleHired", e.Type)
	require.Equal(t, "directory", event.Service(e.Type))
	require.Equal(t, e.Type, event.Topic(e.Type))
	require.Equal(t, time.Date(2026, 11, 2, 8, 30, 0, 123000000, time.UTC), e.Time)
	var got directoryv1.PeopleHired
	require.NoError(t, e.Decode(&got))
	require.Equal(t, "lyon", got.GetPeople()[0].GetUnitId())
}

func TestAnEventContinuesTheTraceThatCausedIt(t *testing.T) {
	cause := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled,
	})
	e, err := event.New(trace.ContextWithSpanContext(t.Context(), cause), "directory", "", monday, hired())
	require.NoError(t, err)
	require.Equal(t, "00-01000000000000000000000000000000-0200000000000000-01", e.TraceParent)
}

func TestRedoingAKeyedEventYieldsTheSameEvent(t *testing.T) {
	one, err := event.NewKeyed(t.Context(), "directory", "", "batch-7", monday, hired())
	require.NoError(t, err)
	again, err := event.NewKeyed(t.Context(), "directory", "", "batch-7", monday, hired())
	require.NoError(t, err)
	other, err := event.NewKeyed(t.Context(), "directory", "", "batch-8", monday, hired())
	require.NoError(t, err)

	require.Equal(t, one, again)
	require.NotEqual(t, one.ID, other.ID)
}

func TestWhatBreaksItsRulesIsNoEvent(t *testing.T) {
	broken := hired()
	broken.People[0].Id = "not a uuid"
	_, err := event.New(t.Context(), "directory", "", monday, broken)
	require.ErrorIs(t, err, event.ErrInvalid)

	_, err = event.New(t.Context(), "directory", "", monday, timestamppb.New(monday))
	require.ErrorIs(t, err, event.ErrInvalid, "a message without a class")
}

func TestDecodingRefusesOtherTypesAndBrokenData(t *testing.T) {
	e, err := event.New(t.Context(), "directory", "", monday, hired())
	require.NoError(t, err)
	require.ErrorIs(t, e.Decode(&directoryv1.PeopleLeft{}), event.ErrInvalid)

	e.Data = []byte{0xff}
	require.ErrorIs(t, e.Decode(&directoryv1.PeopleHired{}), event.ErrInvalid)

	prompts := &notificationsv1.PromptsShown{Prompts: []*notificationsv1.Prompt{{InvitationId: "x"}}}
	require.ErrorIs(t, event.Event{Type: "jalon.notifications.v1.PromptsShown", Data: encode(t, prompts)}.
		Decode(&notificationsv1.PromptsShown{}), event.ErrInvalid, "rules are checked on reading too")
}

func TestFieldsOfALaterVersionAreTolerated(t *testing.T) {
	e, err := event.New(t.Context(), "directory", "", monday, hired())
	require.NoError(t, err)
	e.Data = protowire.AppendTag(e.Data, 4711, protowire.BytesType)
	e.Data = protowire.AppendString(e.Data, "from the future")

	var got directoryv1.PeopleHired
	require.NoError(t, e.Decode(&got))
	require.Len(t, got.GetPeople(), 1)
}

func TestAnEventIsStoredUnchanged(t *testing.T) {
	e, err := event.New(t.Context(), "directory", "unit-1", monday, hired())
	require.NoError(t, err)
	raw, err := bson.Marshal(e)
	require.NoError(t, err)
	var got event.Event
	require.NoError(t, bson.Unmarshal(raw, &got))
	require.Equal(t, e, got)
}

func TestAnEventAsJSON(t *testing.T) {
	e, err := event.NewKeyed(t.Context(), "directory", "unit-1", "k", monday, hired())
	require.NoError(t, err)
	raw, err := event.JSON(e)
	require.NoError(t, err)

	var got map[string]any
	require.NoError(t, json.Unmarshal(raw, &got))
	require.Equal(t, map[string]any{
		"specversion": "1.0", "id": e.ID, "type": e.Type, "source": "directory", "subject": "unit-1",
		"time": "2026-11-02T08:30:00.123Z", "datacontenttype": "application/json",
		"data": map[string]any{
			"asOf": "2026-11-02",
			"people": []any{map[string]any{
				"id": event.ID("person", "1"), "version": "3", "unitId": "lyon", "hiredOn": "2026-11-02",
			}},
		},
	}, got)

	_, err = event.JSON(event.Event{Type: "jalon.nowhere.v1.Nothing"})
	require.ErrorIs(t, err, event.ErrInvalid)
}

func TestTypesAreTheMessagesWithAClass(t *testing.T) {
	types := event.Types()
	require.Contains(t, types, "jalon.directory.v1.PeopleHired")
	require.Contains(t, types, "jalon.notifications.v1.PromptsShown")
	require.NotContains(t, types, "jalon.directory.v1.Employee")
	require.IsIncreasing(t, types)

	class, err := event.ClassOf("jalon.directory.v1.PeopleHired")
	require.NoError(t, err)
	require.Equal(t, eventv1.Class_CLASS_HR, class)
	_, err = event.ClassOf("jalon.directory.v1.Employee")
	require.ErrorIs(t, err, event.ErrInvalid)
}

func TestIDsDoNotRunTogether(t *testing.T) {
	first, again := event.ID("a", "b"), event.ID("a", "b")
	require.Equal(t, first, again)
	require.NotEqual(t, event.ID("ab", "c"), event.ID("a", "bc"))
	require.NotEqual(t, event.ID("1:a"), event.ID("a"))
	require.NoError(t, uuid.Validate(event.ID()))
}
