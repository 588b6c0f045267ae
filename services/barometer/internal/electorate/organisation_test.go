package electorate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/people"
	"jalon.dev/services/barometer/internal/electorate"
)

func TestUnitsThatShareANameAreToldApart(t *testing.T) {
	o := electorate.NewOrganisation([]people.Unit{
		{ID: "co", Name: "Exemple Sport"},
		{ID: "brest", Name: "Brest", ParentID: "co"},
		{ID: "annecy", Name: "Annecy", ParentID: "co"},
		{ID: "b1", Name: "Textile", ParentID: "brest"},
		{ID: "a1", Name: "Textile", ParentID: "annecy"},
		{ID: "a2", Name: "Cycles", ParentID: "annecy"},
	})
	require.Equal(t, map[string]string{
		"co": "Exemple Sport", "brest": "Brest", "b1": "Textile (Brest)", "a1": "Textile (Annecy)", "a2": "Cycles",
	}, o.Names([]string{"co", "brest", "b1", "a1", "a2"}))
}
