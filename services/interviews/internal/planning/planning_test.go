package planning_test

import (
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

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/talk"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

var monday = time.Date(2026, time.November, 2, 10, 0, 0, 0, time.UTC)

func planner(t *testing.T) (*planning.Planner, *mongo.Database) {
	t.Helper()
	db := mongotest.Database(t)
	require.NoError(t, mongodb.Migrate(t.Context(), db, mongostore.Migrations()))
	return planning.New(db, people.NewRegister(db), outbox.NewRelay(db, nil, zap.NewNop())), db
}

func team(n int, manager string) []talk.Person {
	persons := make([]talk.Person, n)
	for i := range persons {
		persons[i] = talk.Person{ID: uuid.NewString(), Version: 1, ManagerID: manager, Zone: time.UTC}
		persons[i].HiredOn.Year, persons[i].HiredOn.Month, persons[i].HiredOn.Day = 2020, time.January, 6
	}
	return persons
}

// recorded returns the ids of the events that wait to be published.
func recorded(t *testing.T, db *mongo.Database) []string {
	t.Helper()
	var ids []string
	require.NoError(t, db.Collection("events").Distinct(t.Context(), "_id", bson.D{}).Decode(&ids))
	slices.Sort(ids)
	return ids
}

func TestAPlanThatWasCutShortIsToldWhenItIsRedone(t *testing.T) {
	p, db := planner(t)
	persons := team(30, "manager")
	baseline := talk.Occasion{Cause: "event", At: monday, Baseline: true}

	require.NoError(t, p.Plan(t.Context(), baseline, persons))
	want := recorded(t, db)
	require.Len(t, want, 1)
	before, err := mongostore.New(db).With(t.Context(), "manager")
	require.NoError(t, err)
	require.Len(t, before, 30)

	require.NoError(t, db.Collection("events").Drop(t.Context())) // as if the process had ended before
	require.NoError(t, p.Plan(t.Context(), baseline, persons))
	require.Equal(t, want, recorded(t, db), "the same event")
	after, err := mongostore.New(db).With(t.Context(), "manager")
	require.NoError(t, err)
	require.ElementsMatch(t, before, after, "and the same talks")
}

func TestTwoPlannersOfTheSamePeoplePlanThemOnce(t *testing.T) {
	p, db := planner(t)
	persons := team(50, "manager")
	var both sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		both.Go(func() {
			errs[i] = p.Plan(t.Context(), talk.Occasion{Cause: "event", At: monday, Baseline: true}, persons)
		})
	}
	both.Wait()
	require.NoError(t, errors.Join(errs...))
	talks, err := mongostore.New(db).With(t.Context(), "manager")
	require.NoError(t, err)
	require.Len(t, talks, 50)
	for _, one := range talks {
		require.EqualValues(t, 1, one.Version)
	}
	require.Len(t, recorded(t, db), 1)
}

func TestTheSnapshotIsPlannedOnce(t *testing.T) {
	p, db := planner(t)
	register := people.NewRegister(db)
	somebody := &directoryv1.Employee{Id: uuid.NewString(), Version: 1, ManagerId: "manager", HiredOn: "2020-01-06", TimeZone: "Europe/Paris"}
	require.NoError(t, register.Apply(t.Context(), []*directoryv1.Employee{somebody}))

	require.NoError(t, p.PlanSnapshot(t.Context(), monday, register))
	require.Len(t, recorded(t, db), 1)

	somebody.Version, somebody.ManagerId = 2, "another"
	require.NoError(t, register.Apply(t.Context(), []*directoryv1.Employee{somebody}))
	require.NoError(t, p.PlanSnapshot(t.Context(), monday, register))
	require.Len(t, recorded(t, db), 1, "from then on events tell")
}
