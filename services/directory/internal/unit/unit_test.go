package unit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/unit"
)

func tree() *unit.Tree {
	return unit.NewTree([]unit.Unit{
		{ID: "t1", Name: "Vélo", Kind: unit.Team, ParentID: "s1"},
		{ID: "s1", Name: "Fougères", Kind: unit.Store, ParentID: "r", TimeZone: "Indian/Reunion"},
		{ID: "s2", Name: "Saint-Malo", Kind: unit.Store, ParentID: "r"},
		{ID: "t2", Name: "Vélo", Kind: unit.Team, ParentID: "s2"},
		{ID: "r", Name: "Région Ouest", Kind: unit.Region, ParentID: "c"},
		{ID: "c", Name: "Entreprise", Kind: unit.Company, TimeZone: "Europe/Paris"},
	})
}

func TestUnitsAreFoundByNameWhateverItsDress(t *testing.T) {
	u, ok := tree().Site("FOUGERES")
	require.True(t, ok)
	require.Equal(t, "s1", u.ID, "a store is found wherever it is placed")
	_, ok = tree().Site("Vélo")
	require.False(t, ok, "a team is no establishment")
	u, ok = tree().Child("s2", "velo")
	require.True(t, ok)
	require.Equal(t, "t2", u.ID, "the same team name exists in every store")
}

func TestPathsZonesAndBranches(t *testing.T) {
	require.Equal(t, []string{"c", "r", "s1", "t1"}, tree().Path("t1"))
	require.Empty(t, tree().Path("nowhere"))
	require.Equal(t, "Indian/Reunion", tree().ZoneOf("t1"))
	require.Equal(t, "Europe/Paris", tree().ZoneOf("t2"))
	require.Equal(t, []string{"r", "s1", "s2", "t1", "t2"}, tree().Below("r"))
	require.Equal(t, "c", tree().All()[0].ID)
}

func TestATreeThatBitesItsTailStillAnswers(t *testing.T) {
	broken := unit.NewTree([]unit.Unit{{ID: "a", ParentID: "b", Kind: unit.Store}, {ID: "b", ParentID: "a", Kind: unit.Store}})
	require.Len(t, broken.Path("a"), 2)
}

func TestKindsAndZonesAreGuessedCarefully(t *testing.T) {
	require.Equal(t, unit.Region, unit.KindOf("REGION Sud"))
	require.Equal(t, unit.Region, unit.KindOf("Région Ouest"))
	require.Equal(t, unit.Store, unit.KindOf("Nantes Région"))
	require.True(t, unit.ValidZone("Europe/Paris"))
	require.False(t, unit.ValidZone("Local"))
	require.False(t, unit.ValidZone("Paris"))
}
