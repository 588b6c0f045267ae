package delivery_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/services/notifications/internal/delivery"
	"jalon.dev/services/notifications/internal/gate"
	"jalon.dev/services/notifications/internal/inbox"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

// tuesday is 3 November 2026, 10:00 in Paris.
var tuesday = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

type desk struct {
	*delivery.Delivery
	t      *testing.T
	db     *mongo.Database
	clock  *clock.Movable
	agenda *agenda.Agenda
}

func newDesk(t *testing.T, known ...string) *desk {
	t.Helper()
	d := &desk{t: t, db: mongotest.Database(t), clock: clock.NewFrozen(tuesday)}
	d.agenda = agenda.New(d.db, d.clock, zap.NewNop())
	register := people.NewRegister(d.db)
	var employees []*directoryv1.Employee
	for _, id := range known {
		employees = append(employees, &directoryv1.Employee{Id: id, Version: 1, TimeZone: "Europe/Paris", HiredOn: "2020-01-06"})
	}
	require.NoError(t, register.Apply(t.Context(), employees))
	relay := outbox.NewRelay(d.db, nil, zap.NewNop())
	d.Delivery = delivery.New(d.db, register, d.agenda, relay, d.clock, gate.DefaultRules())
	return d
}

// recorded returns the events that wait to be published, by id.
func (d *desk) recorded() map[string]event.Event {
	d.t.Helper()
	cursor, err := d.db.Collection("events").Find(d.t.Context(), bson.D{})
	require.NoError(d.t, err)
	var docs []struct {
		Event event.Event `bson:"event"`
	}
	require.NoError(d.t, cursor.All(d.t.Context(), &docs))
	events := map[string]event.Event{}
	for _, doc := range docs {
		events[doc.Event.ID] = doc.Event
	}
	return events
}

// crash undoes what comes after the inboxes were saved, as if the process had ended there.
func (d *desk) crash() {
	d.t.Helper()
	for _, after := range []string{"events", "agenda"} {
		_, err := d.db.Collection(after).DeleteMany(d.t.Context(), bson.D{})
		require.NoError(d.t, err)
	}
}

func requests(persons ...string) []delivery.Request {
	out := make([]delivery.Request, len(persons))
	for i, p := range persons {
		out[i] = delivery.Request{PersonID: p, Message: inbox.Message{ID: uuid.NewString(), ExpiresAt: tuesday.AddDate(0, 0, 14)}}
	}
	return out
}

func ids(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = uuid.NewString()
	}
	return out
}

func prompts(t *testing.T, events map[string]event.Event) (shown []string) {
	t.Helper()
	for _, ev := range events {
		msg := &notificationsv1.PromptsShown{}
		require.NoError(t, ev.Decode(msg))
		for _, p := range msg.GetPrompts() {
			shown = append(shown, p.GetInvitationId())
		}
	}
	return shown
}

func TestARequestThatWasCutShortIsToldWhenItIsRedone(t *testing.T) {
	persons := ids(20)
	d := newDesk(t, persons...)
	asked := requests(persons...)

	require.NoError(t, d.Request(t.Context(), "cause", asked))
	want := d.recorded()
	require.Len(t, want, 1)

	d.crash()
	d.clock.Advance(time.Minute)
	slices.Reverse(asked)
	for range 2 {
		require.NoError(t, d.Request(t.Context(), "cause", asked))
		require.ElementsMatch(t, prompts(t, want), prompts(t, d.recorded()), "each prompt is told once, and none is forgotten")
	}
}

// What waits for one of the people may pass with what is delivered again: it is told of, and nothing else.
func TestARequestThatIsDeliveredAgainTellsOnlyWhatIsNew(t *testing.T) {
	persons := ids(20)
	d := newDesk(t, persons...)
	asked := requests(persons...)
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	d.clock.Set(tuesday.Add(10 * time.Hour))
	evening := requests(persons[0], persons[1])
	require.NoError(t, d.Request(t.Context(), "evening", evening))
	told := prompts(t, d.recorded())
	require.Len(t, told, 20)

	d.clock.Set(time.Date(2026, time.November, 4, 8, 0, 0, 0, time.UTC))
	for range 2 {
		require.NoError(t, d.Request(t.Context(), "cause", asked))
		require.ElementsMatch(t, append([]string{evening[0].Message.ID, evening[1].Message.ID}, told...), prompts(t, d.recorded()))
	}
}

func TestARetryThatWasCutShortIsToldWhenItIsRedone(t *testing.T) {
	persons := ids(20)
	d := newDesk(t, persons...)
	d.clock.Set(tuesday.Add(10 * time.Hour))
	asked := append(requests(persons...), requests(persons...)...)
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	require.Empty(t, d.recorded())

	var items []agenda.Item
	for _, r := range asked {
		items = append(items, agenda.Item{
			ID: event.ID("retry", r.Message.ID), Subject: r.PersonID, Data: map[string]string{"invitation": r.Message.ID},
		})
	}
	morning := time.Date(2026, time.November, 4, 8, 0, 0, 0, time.UTC)
	d.clock.Set(morning)
	outcomes, err := d.Retry(t.Context(), morning, items)
	require.NoError(t, err)
	require.ElementsMatch(t, agenda.DoneAll(items), outcomes)
	want := d.recorded()

	d.crash()
	slices.Reverse(items)
	_, err = d.Retry(t.Context(), morning.Add(time.Second), items)
	require.NoError(t, err)
	require.Len(t, prompts(t, d.recorded()), 40)

	d.crash()
	for part := range slices.Chunk(items, 7) { // handed out in other batches
		_, err = d.Retry(t.Context(), morning.Add(time.Minute), part)
		require.NoError(t, err)
	}
	require.ElementsMatch(t, prompts(t, want), prompts(t, d.recorded()), "each prompt is told once, and none is forgotten")
}

// An attempt that ends before its items are settled is redone with whatever else is due then.
func TestARetryThatWasToldIsNotToldAgainInOtherCompany(t *testing.T) {
	persons := ids(20)
	d := newDesk(t, persons...)
	d.clock.Set(tuesday.Add(10 * time.Hour))
	asked := requests(persons...)
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	var items []agenda.Item
	for _, r := range asked {
		items = append(items, agenda.Item{
			ID: event.ID("retry", r.Message.ID), Kind: delivery.KindRetry, Subject: r.PersonID, Data: map[string]string{"invitation": r.Message.ID},
		})
	}
	morning := time.Date(2026, time.November, 4, 8, 0, 0, 0, time.UTC)
	d.clock.Set(morning)
	_, err := d.Retry(t.Context(), morning, items[:12])
	require.NoError(t, err)
	require.Len(t, d.recorded(), 1)

	_, err = d.Retry(t.Context(), morning.Add(time.Second), items[6:])
	require.NoError(t, err)
	require.Len(t, d.recorded(), 2)
	var all []string
	for _, r := range asked {
		all = append(all, r.Message.ID)
	}
	require.ElementsMatch(t, all, prompts(t, d.recorded()))
}

// The item that let a prompt through may be cancelled before it is redone, because its own message is answered.
func TestWhatAnItemLetThroughInPassingIsToldWithoutIt(t *testing.T) {
	person := ids(1)
	d := newDesk(t, person...)
	d.clock.Set(tuesday.Add(10 * time.Hour))
	asked := requests(person[0], person[0])
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	items := d.planned(delivery.KindRetry, asked)
	require.Len(t, items, 2)
	morning := time.Date(2026, time.November, 4, 8, 0, 0, 0, time.UTC)
	d.clock.Set(morning)
	_, err := d.Retry(t.Context(), morning, items)
	require.NoError(t, err)
	told := prompts(t, d.recorded())
	require.Len(t, told, 2)

	for _, left := range items { // whichever of the two was named as the cause
		d.crash()
		for range 2 {
			_, err = d.Retry(t.Context(), morning, []agenda.Item{left})
			require.NoError(t, err)
		}
		require.Contains(t, prompts(t, d.recorded()), left.Data["invitation"])
		require.Len(t, d.planned(delivery.KindReminder, asked), len(prompts(t, d.recorded())), "and looked after")
	}
}

func TestARetryIsPutOffAgainWhileTheGateSaysSo(t *testing.T) {
	person := ids(1)
	d := newDesk(t, person...)
	asked := requests(person[0], person[0], person[0])
	require.NoError(t, d.Request(t.Context(), "cause", asked))

	var waiting []agenda.Item
	found, err := d.agenda.Get(t.Context(), event.ID("retry", asked[0].Message.ID),
		event.ID("retry", asked[1].Message.ID), event.ID("retry", asked[2].Message.ID))
	require.NoError(t, err)
	for _, item := range found {
		waiting = append(waiting, item)
	}
	require.Len(t, waiting, 1, "two were shown")
	require.Equal(t, tuesday.AddDate(0, 0, 7), waiting[0].Due)

	early := tuesday.AddDate(0, 0, 1)
	outcomes, err := d.Retry(t.Context(), early, waiting)
	require.NoError(t, err)
	require.Equal(t, []agenda.Outcome{agenda.Postpone(waiting[0].ID, tuesday.AddDate(0, 0, 7), "over_cap")}, outcomes)
}

// A reminder of a talk passes while a question waits: each has caps of its own.
func TestWhatWasShownInPassingIsNotToldAgainByWhatWasPutOffThen(t *testing.T) {
	persons := ids(2)
	d := newDesk(t, persons...)
	asked := requests(persons[0], persons[0], persons[0])
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	d.clock.Set(tuesday.Add(10 * time.Hour))
	evening := requests(persons...)
	evening[0].Message.KeyMoment = gate.Talk
	require.NoError(t, d.Request(t.Context(), "evening", evening))
	d.crash()

	var items []agenda.Item
	for _, r := range append(asked[2:], evening...) {
		items = append(items, agenda.Item{
			ID: event.ID("retry", r.Message.ID), Subject: r.PersonID, Due: d.clock.Now(), Data: map[string]string{"invitation": r.Message.ID},
		})
	}
	morning := time.Date(2026, time.November, 4, 8, 0, 0, 0, time.UTC)
	d.clock.Set(morning)
	_, err := d.Retry(t.Context(), morning, items)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{evening[0].Message.ID, evening[1].Message.ID}, prompts(t, d.recorded()))

	d.crash()
	later := tuesday.AddDate(0, 0, 7)
	d.clock.Set(later)
	items[0].Due = later // as the gate said
	_, err = d.Retry(t.Context(), later, items[:1])
	require.NoError(t, err)
	require.NotContains(t, prompts(t, d.recorded()), evening[0].Message.ID)
}

func TestClosingsAreToldAgainWhenRedone(t *testing.T) {
	persons := ids(5)
	d := newDesk(t, persons...)
	asked := requests(persons...)
	require.NoError(t, d.Request(t.Context(), "cause", asked))
	d.crash()

	var closings []delivery.Closing
	for _, r := range asked {
		closings = append(closings, delivery.Closing{PersonID: r.PersonID, InvitationID: r.Message.ID})
	}
	require.NoError(t, d.Close(t.Context(), "closing", closings))
	want := d.recorded()
	require.Len(t, want, 1)
	d.crash()
	require.NoError(t, d.Close(t.Context(), "closing", closings))
	require.Equal(t, keys(want), keys(d.recorded()))
}

func TestExpiryTellsEveryoneWhoseMessageIsPointless(t *testing.T) {
	persons := ids(5)
	d := newDesk(t, persons...)
	require.NoError(t, d.Request(t.Context(), "cause", requests(persons...)))
	d.crash()

	end := tuesday.AddDate(0, 0, 15)
	item := []agenda.Item{{ID: "sweep"}}
	for range 2 {
		outcomes, err := d.Expire(t.Context(), end, item)
		require.NoError(t, err)
		require.Equal(t, agenda.DoneAll(item), outcomes)
		require.Len(t, d.recorded(), 1)
	}
}

func TestTheSweepOfAMinuteIsPlannedOnce(t *testing.T) {
	persons := ids(50)
	d := newDesk(t, persons...)
	for _, p := range persons {
		require.NoError(t, d.Request(t.Context(), "cause"+p, requests(p)))
	}
	n, err := d.db.Collection("agenda").CountDocuments(t.Context(), bson.D{{Key: "kind", Value: delivery.KindExpiry}})
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

func keys(events map[string]event.Event) []string {
	var out []string
	for id := range events {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
