package react_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/moments/internal/followup"
	"jalon.dev/services/moments/internal/moment"
	"jalon.dev/services/moments/internal/mongostore"
	"jalon.dev/services/moments/internal/opening"
	"jalon.dev/services/moments/internal/react"
)

type world struct {
	db        *mongo.Database
	people    *people.Register
	agenda    *agenda.Agenda
	arrivals  *mongostore.Arrivals
	reactions react.Reactions
}

func newWorld(t *testing.T) world {
	t.Helper()
	db := mongotest.Database(t)
	w := world{db: db, people: people.NewRegister(db), agenda: agenda.New(db, clock.NewFrozen(time.Now()), zap.NewNop())}
	w.arrivals = mongostore.NewArrivals(db)
	w.reactions = react.Reactions{
		KeyMoments: mongostore.NewKeyMoments(db, moment.Standard(), mongostore.NewQuestionnaires(db, nil)), People: w.people, Arrivals: w.arrivals, Log: zap.NewNop(),
		Contested: mongostore.NewContested(db), Erasure: mongostore.NewErasure(db), Clock: clock.NewFrozen(today.In(time.UTC).Add(10 * time.Hour)),
		Opener: opening.Opener{
			Moments: mongostore.NewMoments(db), FollowUps: mongostore.NewFollowUps(db), Agenda: w.agenda,
			Relay: outbox.NewRelay(db, nil, zap.NewNop()),
		},
	}
	return w
}

// hear hands an event to its handler.
func (w world) hear(ctx context.Context, t require.TestingT, ev event.Event) {
	var err error
	switch ev.Type {
	case "jalon.directory.v1.PeopleRegistered":
		err = handle(ev, &directoryv1.PeopleRegistered{}, func(m *directoryv1.PeopleRegistered) error {
			return w.reactions.PeopleRegistered(ctx, ev, m)
		})
	case "jalon.directory.v1.PeopleHired":
		err = handle(ev, &directoryv1.PeopleHired{}, func(m *directoryv1.PeopleHired) error {
			return w.reactions.PeopleHired(ctx, ev, m)
		})
	case "jalon.directory.v1.PeopleMoved":
		err = handle(ev, &directoryv1.PeopleMoved{}, func(m *directoryv1.PeopleMoved) error {
			return w.reactions.PeopleMoved(ctx, ev, m)
		})
	case "jalon.directory.v1.PeopleLeft":
		err = handle(ev, &directoryv1.PeopleLeft{}, func(m *directoryv1.PeopleLeft) error {
			return w.reactions.PeopleLeft(ctx, ev, m)
		})
	case "jalon.directory.v1.PeopleUpdated":
		err = handle(ev, &directoryv1.PeopleUpdated{}, func(m *directoryv1.PeopleUpdated) error {
			return w.reactions.PeopleUpdated(ctx, ev, m)
		})
	}
	require.NoError(t, err)
}

func handle[T proto.Message](ev event.Event, msg T, fn func(T) error) error {
	if err := ev.Decode(msg); err != nil {
		return err
	}
	return fn(msg)
}

// live is every follow-up of a person that would be asked when its time comes.
func (w world) live(ctx context.Context, t require.TestingT, personID string) []string {
	moments, _, err := mongostore.NewMoments(w.db).List(ctx, mongostore.Query{PersonID: personID}, 100, "")
	require.NoError(t, err)
	known, err := w.people.Get(ctx, personID)
	require.NoError(t, err)
	moves, err := w.arrivals.Of(ctx, []string{personID})
	require.NoError(t, err)
	live := []string{}
	for _, m := range moments {
		for _, f := range m.FollowUps {
			items, err := w.agenda.Get(ctx, f.InvitationID)
			require.NoError(t, err)
			var kept moment.Standing
			if item, ok := items[f.InvitationID]; ok {
				kept = followup.Standing(item)
				require.Empty(t, f.Skipped, "a skipped follow-up is not planned")
			} else {
				require.NotEmpty(t, f.Skipped, "a follow-up that is not skipped is planned")
			}
			if m.Stand(f, kept, moment.Contract{
				FirstDay: known.HiredOn, LastDay: known.LeftOn, ManagerID: known.ManagerID, Moves: moves[personID],
			}).State == moment.Planned {
				live = append(live, fmt.Sprintf("%s %s %s", m.KeyMoment, m.HappensOn, f.Code))
			}
		}
	}
	slices.Sort(live)
	return live
}

var today = clock.Date{Year: 2026, Month: time.November, Day: 2}

// life draws what directory tells of one person: hired, perhaps moved twice, perhaps a last day that is corrected once.
func life(t *rapid.T, personID string) []event.Event {
	hiredOn := today.AddDays(rapid.IntRange(-100, 30).Draw(t, "hired"))
	version := int64(0)
	heard := today.In(time.UTC).Add(9 * time.Hour)
	lastDay := ""
	tell := func(msg func(*directoryv1.Employee) proto.Message) event.Event {
		version++
		heard = heard.Add(time.Minute)
		ev, err := event.New(t.Context(), "directory", "", heard, msg(&directoryv1.Employee{
			Id: personID, Version: version, UnitId: "u", UnitPath: []string{"c", "u"}, Language: "fr",
			TimeZone: "Europe/Paris", HiredOn: hiredOn.String(), LeftOn: lastDay,
		}))
		require.NoError(t, err)
		return ev
	}
	events := []event.Event{tell(func(e *directoryv1.Employee) proto.Message {
		return &directoryv1.PeopleHired{People: []*directoryv1.Employee{e}, AsOf: today.String()}
	})}
	for range rapid.IntRange(0, 2).Draw(t, "moves") {
		movedOn := today.AddDays(rapid.IntRange(-40, 10).Draw(t, "moved"))
		events = append(events, tell(func(e *directoryv1.Employee) proto.Message {
			return &directoryv1.PeopleMoved{Moves: []*directoryv1.PeopleMoved_Move{{Person: e, MovedOn: movedOn.String()}}, AsOf: today.String()}
		}))
	}
	updated := func(e *directoryv1.Employee) proto.Message {
		return &directoryv1.PeopleUpdated{People: []*directoryv1.Employee{e}, AsOf: today.String()}
	}
	if rapid.Bool().Draw(t, "first day corrected") {
		former := hiredOn
		hiredOn = hiredOn.AddDays(rapid.IntRange(-20, 20).Draw(t, "by days"))
		events = append(events, tell(func(e *directoryv1.Employee) proto.Message {
			msg := &directoryv1.PeopleUpdated{People: []*directoryv1.Employee{e}, AsOf: today.String()}
			if former != hiredOn {
				msg.Changes = map[string]*directoryv1.Change{personID: {FormerHiredOn: former.String()}}
			}
			return msg
		}))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "last days") {
		lastDay = hiredOn.AddDays(rapid.IntRange(1, 120).Draw(t, "last day")).String()
		if i > 0 {
			events = append(events, tell(updated)) // as directory tells of a correction
			continue
		}
		events = append(events, tell(func(e *directoryv1.Employee) proto.Message {
			return &directoryv1.PeopleLeft{People: []*directoryv1.Employee{e}, AsOf: today.String()}
		}))
	}
	if rapid.Bool().Draw(t, "stays after all") {
		lastDay = ""
		events = append(events, tell(updated))
	}
	return events
}

func TestAnyOrderAndNumberOfTellingsEndsInTheSameLiveFollowUps(t *testing.T) {
	inOrder, shuffled := newWorld(t), newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		who := uuid.NewString()
		events := life(rt, who)
		for _, ev := range events {
			inOrder.hear(rt.Context(), rt, ev)
		}
		twice := append(slices.Clone(events), rapid.SliceOfN(rapid.SampledFrom(events), 0, 3).Draw(rt, "again")...)
		for _, ev := range rapid.Permutation(twice).Draw(rt, "order") {
			shuffled.hear(rt.Context(), rt, ev)
		}
		require.Equal(rt, inOrder.live(rt.Context(), rt, who), shuffled.live(rt.Context(), rt, who))
	})
}

func TestADayThatIsCorrectedIsAskedAboutOnTheNewDate(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	tell := func(version int64, minutes int, hiredOn, leftOn clock.Date, msg func([]*directoryv1.Employee) proto.Message) {
		ev, err := event.New(t.Context(), "directory", "", today.In(time.UTC).Add(time.Duration(minutes)*time.Minute),
			msg([]*directoryv1.Employee{{
				Id: who, Version: version, UnitId: "u", UnitPath: []string{"u"}, TimeZone: "Europe/Paris",
				HiredOn: hiredOn.String(), LeftOn: leftOn.String(),
			}}))
		require.NoError(t, err)
		w.hear(t.Context(), t, ev)
	}
	updated := func(people []*directoryv1.Employee) proto.Message { return &directoryv1.PeopleUpdated{People: people} }
	tell(1, 0, today, clock.Date{}, func(people []*directoryv1.Employee) proto.Message { return &directoryv1.PeopleHired{People: people} })
	tell(2, 1, today.AddDays(28), clock.Date{}, updated)
	require.Equal(t, []string{
		"onboarding 2026-11-30 day_1", "onboarding 2026-11-30 day_30", "onboarding 2026-11-30 day_7", "onboarding 2026-11-30 day_90",
	}, w.live(t.Context(), t, who))

	tell(3, 2, today.AddDays(28), today.AddDays(40), func(people []*directoryv1.Employee) proto.Message { return &directoryv1.PeopleLeft{People: people} })
	tell(4, 3, today.AddDays(28), today.AddDays(50), updated)
	require.Equal(t, []string{"departure 2026-12-22 last_days", "onboarding 2026-11-30 day_1", "onboarding 2026-11-30 day_7"},
		w.live(t.Context(), t, who))
}

func TestTheSameEventTwiceTellsOfItsMomentsOnce(t *testing.T) {
	w := newWorld(t)
	ev, err := event.New(t.Context(), "directory", "", today.In(time.UTC), &directoryv1.PeopleHired{
		People: []*directoryv1.Employee{{
			Id: uuid.NewString(), Version: 1, UnitId: "u", UnitPath: []string{"u"}, TimeZone: "Europe/Paris",
			HiredOn: today.String(), LeftOn: today.AddDays(60).String(),
		}},
	})
	require.NoError(t, err)
	w.hear(t.Context(), t, ev)
	w.hear(t.Context(), t, ev)

	n, err := w.db.Collection("events").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	n, err = w.db.Collection("moments").CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	require.EqualValues(t, 2, n, "an onboarding, and the departure that a fixed-term contract announces")
}

func TestAMoveThatIsToldAgainWithAnotherDateIsAskedAboutOnce(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	moved := func(version int64, from, to string, on clock.Date) event.Event {
		ev, err := event.New(t.Context(), "directory", "", today.In(time.UTC).Add(time.Duration(version)*time.Minute),
			&directoryv1.PeopleMoved{Moves: []*directoryv1.PeopleMoved_Move{{
				Person: &directoryv1.Employee{
					Id: who, Version: version, UnitId: to, UnitPath: []string{to}, TimeZone: "Europe/Paris", HiredOn: "2019-05-01",
				},
				FromUnitId: from, MovedOn: on.String(),
			}}})
		require.NoError(t, err)
		return ev
	}
	// The correction comes first: the order of telling must not matter.
	w.hear(t.Context(), t, moved(3, "a", "b", today.AddDays(5)))
	w.hear(t.Context(), t, moved(2, "a", "b", today))
	require.Equal(t, []string{"team_arrival 2026-11-07 day_30", "team_arrival 2026-11-07 day_7"}, w.live(t.Context(), t, who))

	// Going back and coming again is another arrival, and the only one that still lasts.
	w.hear(t.Context(), t, moved(4, "b", "a", today.AddDays(8)))
	w.hear(t.Context(), t, moved(5, "a", "b", today.AddDays(9)))
	require.Equal(t, []string{"team_arrival 2026-11-11 day_30", "team_arrival 2026-11-11 day_7"}, w.live(t.Context(), t, who))
}

func TestAnotherManagerOpensAChangeAndOnlyTheLastOneIsAskedAbout(t *testing.T) {
	w, who := newWorld(t), uuid.NewString()
	tell := func(version int64, manager string) event.Event {
		ev, err := event.New(t.Context(), "directory", "", today.In(time.UTC).Add(time.Duration(version)*time.Minute),
			&directoryv1.PeopleUpdated{AsOf: today.String(), People: []*directoryv1.Employee{{
				Id: who, Version: version, UnitId: "u", UnitPath: []string{"u"}, TimeZone: "Europe/Paris", HiredOn: "2019-05-01",
				ManagerId: manager,
			}}})
		require.NoError(t, err)
		return ev
	}
	change := func() []string {
		return slices.DeleteFunc(w.live(t.Context(), t, who), func(f string) bool { return f[:len("manager")] != "manager" })
	}
	w.hear(t.Context(), t, tell(1, "ada"))
	require.Empty(t, change(), "a first manager is no change")
	second := tell(2, "bob")
	w.hear(t.Context(), t, second)
	w.hear(t.Context(), t, second)
	require.Equal(t, []string{"manager_change 2026-11-02 day_14", "manager_change 2026-11-02 day_60"}, change())
	w.hear(t.Context(), t, tell(3, "eve"))
	require.Len(t, change(), 2, "those about Bob are called off")
	w.hear(t.Context(), t, tell(4, ""))
	require.Empty(t, change(), "nobody is left to ask about")
}
