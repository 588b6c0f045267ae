package people_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/mongotest"
	"jalon.dev/pkg/people"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// told is somebody as directory tells of them.
func told(id string, version int64, job string) *directoryv1.Employee {
	return &directoryv1.Employee{
		Id: id, Version: version, UnitId: "store", UnitPath: []string{"company", "store"}, Language: "fr", HiredOn: "2024-01-02", JobTitle: job, Contract: "CDI",
	}
}

func TestSelectedPeopleComeInPagesAndErasedOnesNever(t *testing.T) {
	register := people.NewRegister(mongotest.Database(t))
	ctx := t.Context()
	require.NoError(t, register.Apply(ctx, []*directoryv1.Employee{told("a", 1, "Vendeur"), told("b", 1, "Caissier"), told("c", 1, "Vendeur"), told("d", 1, "")}))
	require.NoError(t, register.Erase(ctx, []string{"c"}))
	on := people.Selection{On: clock.Date{Year: 2026, Month: 11, Day: 2}}
	page := func(after string, limit int) []string {
		var ids []string
		for id, err := range register.Selected(ctx, on, after, limit) {
			require.NoError(t, err)
			ids = append(ids, id)
		}
		return ids
	}
	require.Equal(t, []string{"a", "b"}, page("", 2))
	require.Equal(t, []string{"d"}, page("b", 2))
	n, err := register.CountSelected(ctx, on)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	jobs, err := register.Values(ctx, on, people.JobTitles)
	require.NoError(t, err)
	require.Equal(t, []string{"Caissier", "Vendeur"}, jobs)
}

func TestAfterTheMigrationTheSnapshotTakesThePlaceOfWhatIsKept(t *testing.T) {
	db := mongotest.Database(t)
	register := people.NewRegister(db)
	ctx := t.Context()
	following := make(chan struct{})
	close(following)
	old := told("a", 7, "")
	require.NoError(t, people.Bootstrap(ctx, register, following, pages{old}))
	require.NoError(t, register.Erase(ctx, []string{"gone"}))

	require.NoError(t, mongodb.Migrate(ctx, db, []mongodb.Migration{people.SelectionMigration(1)}))
	require.NoError(t, people.Bootstrap(ctx, register, following, pages{told("a", 7, "Vendeur"), told("gone", 3, "Vendeur")}))
	a, err := register.Get(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, "Vendeur", a.JobTitle, "though it is no newer")
	_, err = register.Get(ctx, "gone")
	require.ErrorIs(t, err, mongodb.ErrNotFound, "who was erased stays so")
	require.NoError(t, register.Apply(ctx, []*directoryv1.Employee{told("a", 6, "Caissier")}))
	a, err = register.Get(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, "Vendeur", a.JobTitle, "old news stay old")
}

// pages is directory with one page of people.
type pages []*directoryv1.Employee

func (p pages) Snapshot(_ context.Context, _ *directoryv1.SnapshotRequest) (*directoryv1.SnapshotResponse, error) {
	return &directoryv1.SnapshotResponse{People: slices.Clone(p)}, nil
}
