package planning_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/talk"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

var monday = time.Date(2026, time.November, 2, 10, 0, 0, 0, time.UTC)

// reminders notes nothing: whom the planner tells is tested with the whole service.
type reminders struct{}

func (reminders) Expect(context.Context, []talk.Talk) error { return nil }
func (reminders) Forget(context.Context, []string) error    { return nil }

type desk struct {
	*planning.Planner
	t        *testing.T
	db       *mongo.Database
	register *people.Register
}

func newDesk(t *testing.T) desk {
	t.Helper()
	db := mongotest.Database(t)
	require.NoError(t, mongodb.Migrate(t.Context(), db, append(mongostore.Migrations(), people.Migration(2))))
	masters, err := vault.ParseMasters(vault.Use{}, "a master key that only this test ever seals with")
	require.NoError(t, err)
	register := people.NewRegister(db)
	return desk{t: t, db: db, register: register, Planner: planning.New(planning.Deps{
		DB: db, Register: register, Relay: outbox.NewRelay(db, nil, zap.NewNop(), mongostore.TalksCollection), Vault: vault.New(db, masters),
		Reminders: reminders{}, Clock: clock.NewFrozen(monday), Calendars: holidays.Standard(),
	})}
}

// team is so many people whom the register knows.
func (d desk) team(n int, manager string) []people.Person {
	d.t.Helper()
	var employees []*directoryv1.Employee
	persons := make([]people.Person, n)
	for i := range persons {
		e := &directoryv1.Employee{Id: uuid.NewString(), Version: 1, ManagerId: manager, HiredOn: "2020-01-06", TimeZone: "Europe/Paris"}
		employees = append(employees, e)
		var err error
		persons[i], err = people.PersonOf(e)
		require.NoError(d.t, err)
	}
	require.NoError(d.t, d.register.Apply(d.t.Context(), employees))
	return persons
}

// recorded returns the ids of the events that wait to be published.
func (d desk) recorded() []string {
	d.t.Helper()
	var ids []string
	require.NoError(d.t, d.db.Collection("events").Distinct(d.t.Context(), "_id", bson.D{}).Decode(&ids))
	slices.Sort(ids)
	return ids
}

func (d desk) with(manager string) []talk.Talk {
	d.t.Helper()
	talks, err := mongostore.New(d.db).PlannedWith(d.t.Context(), manager)
	require.NoError(d.t, err)
	return talks
}

func TestAPlanThatWasCutShortIsToldWhenItIsRedone(t *testing.T) {
	d := newDesk(t)
	persons := d.team(30, "manager")
	baseline := talk.Occasion{Cause: "event", At: monday, Baseline: true}

	require.NoError(t, d.Plan(t.Context(), baseline, persons))
	want, before := d.recorded(), d.with("manager")
	require.Len(t, want, 1)
	require.Len(t, before, 30)

	require.NoError(t, d.db.Collection("events").Drop(t.Context())) // as if the process had ended before
	require.NoError(t, d.Plan(t.Context(), baseline, persons))
	require.Equal(t, want, d.recorded(), "the same event")
	require.ElementsMatch(t, before, d.with("manager"), "and the same talks")
}

func TestTwoPlannersOfTheSamePeoplePlanThemOnce(t *testing.T) {
	d := newDesk(t)
	persons := d.team(50, "manager")
	var both sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		both.Go(func() {
			errs[i] = d.Plan(t.Context(), talk.Occasion{Cause: "event", At: monday, Baseline: true}, persons)
		})
	}
	both.Wait()
	require.NoError(t, errors.Join(errs...))
	talks := d.with("manager")
	require.Len(t, talks, 50)
	for _, one := range talks {
		require.EqualValues(t, 1, one.Version)
	}
	require.Len(t, d.recorded(), 1)
}

func TestTheSnapshotIsPlannedOnce(t *testing.T) {
	d := newDesk(t)
	d.team(1, "manager")
	require.NoError(t, d.PlanSnapshot(t.Context(), monday))
	require.Len(t, d.recorded(), 1)

	d.team(1, "another")
	require.NoError(t, d.PlanSnapshot(t.Context(), monday))
	require.Len(t, d.recorded(), 1, "from then on events tell")
}

func TestATalkThatWasHeldIsFollowedByOneWhoeverHearsOfIt(t *testing.T) {
	d := newDesk(t)
	person := d.team(1, "manager")[0]
	require.NoError(t, d.Plan(t.Context(), talk.Occasion{Cause: "event", At: monday}, []people.Person{person}))
	held := d.with("manager")[0]
	_, err := held.SayHeld(person.ID, clock.DateOf(monday, time.UTC), monday)
	require.NoError(t, err)
	held.Version++
	require.NoError(t, mongostore.New(d.db).Save(t.Context(), held))

	var both sync.WaitGroup
	nexts, errs := make([]talk.Talk, 4), make([]error, 4)
	for i := range errs {
		both.Go(func() { nexts[i], errs[i] = d.AfterHeld(t.Context(), held) })
	}
	both.Wait()
	require.NoError(t, errors.Join(errs...))
	for _, next := range nexts {
		require.Equal(t, talk.ID(person.ID, 2), next.ID)
		require.Equal(t, nexts[0].PlannedOn, next.PlannedOn)
	}
	require.Len(t, d.with("manager"), 1)
	require.Len(t, d.recorded(), 2, "the first and the next are told of once each")
}

func TestPeopleWhoManageThemselvesOrEachOtherHaveTheirTalks(t *testing.T) {
	d := newDesk(t)
	ada, bob, own := uuid.NewString(), uuid.NewString(), uuid.NewString()
	var persons []people.Person
	for id, manager := range map[string]string{ada: bob, bob: ada, own: own} {
		persons = append(persons, people.Person{ID: id, Version: 1, ManagerID: manager, TimeZone: "Europe/Paris", HiredOn: clock.Date{Year: 2020, Month: 1, Day: 6}})
	}
	require.NoError(t, d.Plan(t.Context(), talk.Occasion{Cause: "event", At: monday}, persons))
	require.Len(t, d.with(ada), 1)
	require.Len(t, d.with(bob), 1)
	require.Empty(t, d.with(own), "nobody talks with themselves")
	require.NotEqual(t, [2]string{d.with(ada)[0].PlannedOn.String(), d.with(ada)[0].StartsAt.String()},
		[2]string{d.with(bob)[0].PlannedOn.String(), d.with(bob)[0].StartsAt.String()}, "two talks of the same two are not at once")
}

func TestTheNextTalkIsToldOfEvenIfTheProcessEndedBeforeItWas(t *testing.T) {
	d := newDesk(t)
	person := d.team(1, "manager")[0]
	require.NoError(t, d.Plan(t.Context(), talk.Occasion{Cause: "event", At: monday}, []people.Person{person}))
	held := d.with("manager")[0]
	_, err := held.SayHeld(person.ID, clock.DateOf(monday, time.UTC), monday)
	require.NoError(t, err)
	held.Version++
	require.NoError(t, mongostore.New(d.db).Save(t.Context(), held))
	_, err = d.AfterHeld(t.Context(), held)
	require.NoError(t, err)
	want := d.recorded()

	_, err = d.db.Collection("events").DeleteMany(t.Context(), bson.D{})
	require.NoError(t, err)
	_, err = d.AfterHeld(t.Context(), held)
	require.NoError(t, err)
	require.Len(t, d.recorded(), 1)
	require.Subset(t, want, d.recorded())
}

func TestTwoTalksOfAManagerThatArePlannedAtOnceTakeTwoHours(t *testing.T) {
	d := newDesk(t)
	persons := d.team(12, "manager")
	var all sync.WaitGroup
	errs := make([]error, len(persons))
	for i, person := range persons {
		all.Go(func() {
			errs[i] = d.Plan(t.Context(), talk.Occasion{Cause: person.ID, At: monday}, []people.Person{person})
		})
	}
	all.Wait()
	require.NoError(t, errors.Join(errs...))
	taken := map[[2]string]bool{}
	for _, one := range d.with("manager") {
		at := [2]string{one.PlannedOn.String(), one.StartsAt.String()}
		require.False(t, taken[at], "%v is taken twice", at)
		taken[at] = true
	}
	require.Len(t, taken, len(persons))
}
