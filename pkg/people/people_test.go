package people_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

func TestMain(m *testing.M) { mongotest.Main(m) }

func employee(id string, version int64, changes ...func(*directoryv1.Employee)) *directoryv1.Employee {
	e := &directoryv1.Employee{
		Id: id, Version: version, UnitId: "lille", UnitPath: []string{"company", "north", "lille"}, ManagerId: "boss",
		Language: "fr", TimeZone: "Europe/Paris", HiredOn: "2026-11-02",
	}
	for _, change := range changes {
		change(e)
	}
	return e
}

func TestAPersonIsKeptAsToldByDirectory(t *testing.T) {
	reg := people.NewRegister(mongotest.Database(t))
	require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{employee("ada", 3, func(e *directoryv1.Employee) { e.LeftOn = "2027-01-31" })}))

	p, err := reg.Get(t.Context(), "ada")
	require.NoError(t, err)
	require.Equal(t, people.Person{
		ID: "ada", Version: 3, UnitID: "lille", UnitPath: []string{"company", "north", "lille"}, ManagerID: "boss",
		Language: "fr", TimeZone: "Europe/Paris", HiredOn: day(t, "2026-11-02"), LeftOn: day(t, "2027-01-31"),
	}, p)
	require.Equal(t, "Europe/Paris", p.Location().String())
	require.Equal(t, "UTC", people.Person{TimeZone: "Europe/Atlantis"}.Location().String())

	_, err = reg.Get(t.Context(), "bob")
	require.ErrorIs(t, err, mongodb.ErrNotFound)

	require.Error(t, reg.Apply(t.Context(), []*directoryv1.Employee{employee("bob", 1, func(e *directoryv1.Employee) { e.HiredOn = "soon" })}))
	require.Error(t, reg.Apply(t.Context(), []*directoryv1.Employee{employee("bob", 1, func(e *directoryv1.Employee) { e.LeftOn = "never" })}))
	require.NoError(t, reg.Apply(t.Context(), nil))
}

func TestSomebodyIsEmployedFromTheFirstToTheLastDay(t *testing.T) {
	stays := people.Person{HiredOn: day(t, "2026-11-02")}
	leaves := people.Person{HiredOn: day(t, "2026-11-02"), LeftOn: day(t, "2027-01-31")}
	for on, want := range map[string][2]bool{
		"2026-11-01": {false, false}, "2026-11-02": {true, true}, "2027-01-31": {true, true}, "2027-02-01": {true, false},
	} {
		require.Equal(t, want, [2]bool{stays.Employed(day(t, on)), leaves.Employed(day(t, on))}, on)
	}
}

func TestPeopleAreFoundByManagerUnitAndID(t *testing.T) {
	db := mongotest.Database(t)
	require.NoError(t, mongodb.Migrate(t.Context(), db, []mongodb.Migration{people.Migration(1)}))
	reg := people.NewRegister(db)
	elsewhere := func(e *directoryv1.Employee) { e.ManagerId, e.UnitId = "", "lyon" }
	require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{employee("ada", 1), employee("bob", 1), employee("cid", 1, elsewhere)}))

	reports, err := reg.Reports(t.Context(), "boss")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"ada", "bob"}, ids(reports))
	members, err := reg.Members(t.Context(), "lyon")
	require.NoError(t, err)
	require.Equal(t, []string{"cid"}, ids(members))
	members, err = reg.Members(t.Context())
	require.NoError(t, err)
	require.Empty(t, members)
	many, err := reg.GetMany(t.Context(), []string{"ada", "cid", "dan"})
	require.NoError(t, err)
	require.Len(t, many, 2)
	many, err = reg.GetMany(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, many)
	n, err := reg.Count(t.Context())
	require.NoError(t, err)
	require.Equal(t, 3, n)

	var all []people.Person
	for p, err := range reg.All(t.Context()) {
		require.NoError(t, err)
		all = append(all, p)
	}
	require.ElementsMatch(t, []string{"ada", "bob", "cid"}, ids(all))
	ended, stop := context.WithCancel(t.Context())
	stop()
	for _, err := range reg.All(ended) {
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestAMergedUnitIsNoUnitAnyMoreAndItsIdMeansTheOther(t *testing.T) {
	reg := people.NewRegister(mongotest.Database(t))
	merged := &directoryv1.Unit{Id: "lile", Version: 2, Name: "Lile", Kind: "store", MergedInto: "lille"}
	require.NoError(t, reg.ApplyUnits(t.Context(), []*directoryv1.Unit{
		{Id: "lille", Version: 1, Name: "Lille", Kind: "store"},
		merged,
		{Id: "lil", Version: 2, Name: "Lil", Kind: "store", MergedInto: "lile"},
		{Id: "gone", Version: 2, Name: "Gone", Kind: "store", MergedInto: "nowhere"},
		{Id: "a", Version: 1, MergedInto: "b"},
		{Id: "b", Version: 1, MergedInto: "a"},
	}))
	require.NoError(t, reg.ApplyUnits(t.Context(), []*directoryv1.Unit{{Id: "lile", Version: 1, Name: "Lile", Kind: "store"}}))
	units, err := reg.Units(t.Context())
	require.NoError(t, err)
	require.Len(t, units, 1, "old news does not bring it back")
	for _, id := range []string{"lille", "lile", "lil"} {
		u, err := reg.Unit(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, "lille", u.ID)
	}
	_, err = reg.Unit(t.Context(), "gone")
	require.ErrorIs(t, err, mongodb.ErrNotFound, "news that is not here yet")
	_, err = reg.Unit(t.Context(), "a")
	require.NoError(t, err, "a circle ends")
	names, err := reg.PathNames(t.Context(), []string{"lille", "lil", "gone"})
	require.NoError(t, err)
	require.Equal(t, []string{"Lille", "Lille", "gone"}, names)
}

func TestUnitsHaveNames(t *testing.T) {
	reg := people.NewRegister(mongotest.Database(t))
	require.NoError(t, reg.ApplyUnits(t.Context(), []*directoryv1.Unit{
		{Id: "company", Version: 1, Name: "Acme", Kind: "company"},
		{Id: "lille", Version: 2, Name: "Lille Centre", Kind: "store", ParentId: "north", TimeZone: "Europe/Paris", Unplaced: true},
		{Id: "lille", Version: 1, Name: "Lille", Kind: "store"},
	}))
	names, err := reg.PathNames(t.Context(), []string{"company", "north", "lille"})
	require.NoError(t, err)
	require.Equal(t, []string{"Acme", "north", "Lille Centre"}, names, "an unknown unit shows its id")
	names, err = reg.PathNames(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, names)
	u, err := reg.Unit(t.Context(), "lille")
	require.NoError(t, err)
	require.Equal(t, people.Unit{ID: "lille", Version: 2, Name: "Lille Centre", Kind: "store", ParentID: "north", TimeZone: "Europe/Paris", Unplaced: true}, u)
	_, err = reg.Unit(t.Context(), "lyon")
	require.ErrorIs(t, err, mongodb.ErrNotFound)
	units, err := reg.Units(t.Context())
	require.NoError(t, err)
	require.Len(t, units, 2)
}

func TestAnyOrderAndRepetitionOfChangesEndsInTheNewest(t *testing.T) {
	db := mongotest.Database(t)
	rapid.Check(t, func(r *rapid.T) {
		reg, who := people.NewRegister(db), uuid.NewString()
		history := make([]*directoryv1.Employee, rapid.IntRange(1, 6).Draw(r, "changes"))
		for i := range history {
			history[i] = employee(who, int64(i+1), func(e *directoryv1.Employee) {
				e.UnitId = fmt.Sprint("unit ", i)
				if rapid.Bool().Draw(r, "leaves") {
					e.LeftOn = "2027-01-31"
				}
			})
		}
		arrivals := rapid.Permutation(append(history, history...)).Draw(r, "arrivals")
		for len(arrivals) > 0 {
			n := rapid.IntRange(1, len(arrivals)).Draw(r, "at once")
			require.NoError(r, reg.Apply(t.Context(), arrivals[:n]))
			arrivals = arrivals[n:]
		}
		want, err := people.PersonOf(history[len(history)-1])
		require.NoError(r, err)
		got, err := reg.Get(t.Context(), who)
		require.NoError(r, err)
		require.Equal(r, want, got)
	})
}

func TestConcurrentHandlersConverge(t *testing.T) {
	reg := people.NewRegister(mongotest.Database(t))
	var handlers sync.WaitGroup
	for v := range int64(4) {
		handlers.Go(func() {
			var batch []*directoryv1.Employee
			for i := range 300 {
				batch = append(batch, employee(fmt.Sprint(i), v+1))
			}
			if err := reg.Apply(t.Context(), batch); err != nil {
				t.Error(err)
			}
		})
	}
	handlers.Wait()
	for p, err := range reg.All(t.Context()) {
		require.NoError(t, err)
		require.EqualValues(t, 4, p.Version)
	}
}

// snapshot is directory with pages of two; it breaks once on the page with the number.
type snapshot struct {
	people []*directoryv1.Employee
	breaks int
	calls  int
}

func (s *snapshot) Snapshot(_ context.Context, req *directoryv1.SnapshotRequest) (*directoryv1.SnapshotResponse, error) {
	s.calls++
	if s.calls == s.breaks {
		return nil, errors.New("directory is away")
	}
	from := len(req.GetPageToken())
	page := &directoryv1.SnapshotResponse{People: s.people[from:min(from+2, len(s.people))]}
	if from == 0 {
		page.Units = []*directoryv1.Unit{{Id: "lille", Version: 1, Name: "Lille"}}
	}
	if from+2 < len(s.people) {
		page.NextPageToken = string(make([]byte, from+2))
	}
	return page, nil
}

func TestARegisterIsFilledFromTheSnapshotOnceAndOverwritesNothingNewer(t *testing.T) {
	reg := people.NewRegister(mongotest.Database(t))
	directory := &snapshot{breaks: 2}
	for i := range 5 {
		directory.people = append(directory.people, employee(fmt.Sprint(i), 2))
	}
	require.NoError(t, reg.Apply(t.Context(), []*directoryv1.Employee{employee("4", 3)}), "an event that came first")

	require.ErrorContains(t, people.Bootstrap(t.Context(), reg, following(), directory), "directory is away")
	require.NoError(t, people.Bootstrap(t.Context(), reg, following(), directory))
	many, err := reg.GetMany(t.Context(), []string{"0", "1", "2", "3", "4"})
	require.NoError(t, err)
	require.Len(t, many, 5)
	require.EqualValues(t, 3, many["4"].Version)
	units, err := reg.Units(t.Context())
	require.NoError(t, err)
	require.Len(t, units, 1)

	calls := directory.calls
	require.NoError(t, people.Bootstrap(t.Context(), reg, following(), directory))
	require.Equal(t, calls, directory.calls, "once in the register's life")
}

func ids(all []people.Person) []string {
	out := make([]string, len(all))
	for i, p := range all {
		out[i] = p.ID
	}
	return out
}

func day(t *testing.T, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	require.NoError(t, err)
	return d
}

// following is the state of a router that follows events.
func following() <-chan struct{} {
	running := make(chan struct{})
	close(running)
	return running
}
