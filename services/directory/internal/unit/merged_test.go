package unit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/unit"
)

func TestTheNameOfAMergedUnitLeadsToTheOneThatWasMeant(t *testing.T) {
	tree := unit.NewTree([]unit.Unit{
		{ID: "c", Name: "Entreprise", Kind: unit.Company},
		{ID: "s1", Name: "Fougères", Kind: unit.Store, ParentID: "c"},
		{ID: "t1", Name: "Vélo", Kind: unit.Team, ParentID: "s1"},
		{ID: "a", Name: "Fougére", Kind: unit.Store, ParentID: "c", Code: "F0", MergedInto: "b"},
		{ID: "b", Name: "Fougers", Kind: unit.Store, ParentID: "c", MergedInto: "s1"},
		{ID: "t0", Name: "Vlo", Kind: unit.Team, ParentID: "a", MergedInto: "t1"},
	})
	for _, name := range []string{"fougere", "FOUGERS", "f0"} {
		u, ok := tree.Site(name)
		require.True(t, ok, name)
		require.Equal(t, "s1", u.ID, name)
	}
	u, ok := tree.Child("s1", "vlo")
	require.True(t, ok)
	require.Equal(t, "t1", u.ID, "a team beneath what was merged is found beneath what was meant")
	_, ok = tree.Named("Fougers")
	require.False(t, ok)
	_, ok = tree.Get("a")
	require.False(t, ok, "it is no unit any more")
	require.Equal(t, "s1", tree.Meant("a"))
	require.Equal(t, "s1", tree.Meant("s1"))
	require.Len(t, tree.All(), 3)
	require.Len(t, tree.Merged(), 3)

	tree.Add(unit.Unit{ID: "s2", Name: "Fougers", Kind: unit.Store, ParentID: "c"})
	u, _ = tree.Site("Fougers")
	require.Equal(t, "s2", u.ID, "a unit of that name goes before what was merged")
	circle := unit.NewTree([]unit.Unit{{ID: "a", MergedInto: "b"}, {ID: "b", MergedInto: "a"}})
	require.NotPanics(t, func() { circle.Meant("a") })
}
