package roster_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/roster"
)

func TestEverySystemSaysWhenAChangeTakesEffect(t *testing.T) {
	for system, header := range map[string]string{
		"French":                    "Date d'effet",
		"French, short":             "Date effet",
		"French, with a remark":     "Date d’effet (jj/mm/aaaa)",
		"English":                   "Effective Date",
		"English, job":              "Job Effective Date",
		"Lucca":                     "Date d'effet de l'avenant",
		"Workday":                   "Job Change Effective Date",
		"SuccessFactors":            "Job Information Effective Start Date",
		"SuccessFactors, data file": "EVENT DATE",
		"BambooHR":                  "Job Information: Date",
		"Cegid":                     "Date avenant",
	} {
		t.Run(system, func(t *testing.T) {
			r := read(t, "Matricule;Nom;Prénom;Site;Date d'entrée;"+header+"\n1;A;B;Nantes;13/02/2020;15/10/2026\n2;A;B;Nantes;13/02/2020;\n")
			require.Empty(t, r.Problems)
			require.Equal(t, date("2026-10-15"), r.Rows[0].EffectiveOn)
			require.True(t, r.Rows[1].EffectiveOn.IsZero())
			require.Equal(t, "effective_on", r.Reading().Columns[5].Field)
		})
	}
}

func TestADayOfEffectThatIsNoDayCostsAWarning(t *testing.T) {
	r := read(t, "Matricule;Nom;Prénom;Site;Date d'entrée;Date d'effet\n1;A;B;Nantes;13/02/2020;31/02/2026\n2;A;B;Nantes;13/02/2020;bientôt\n")
	require.Empty(t, rejections(r))
	require.Len(t, r.Problems, 2)
	for i, problem := range r.Problems {
		require.Equal(t, roster.EffectUnclear, problem.Code)
		require.Equal(t, "Date d'effet", problem.Column)
		require.Equal(t, i+2, problem.Line)
		require.NotEmpty(t, problem.Reason)
		require.False(t, r.Rows[i].Rejected)
		require.True(t, r.Rows[i].EffectiveOn.IsZero())
	}
}

func TestTheWordForNoManagerIsNobodysNumber(t *testing.T) {
	r := read(t, "USERID,LASTNAME,FIRSTNAME,MANAGER,LOCATION,HIREDATE\n1,A,B,NO_MANAGER,Nantes,2014-11-05\n2,A,B,NO_MANAGER,Nantes,2014-11-05\n3,A,B,1,Nantes,2014-11-05\n")
	require.Empty(t, r.Problems)
	require.True(t, r.Has(roster.Manager), "the others' values are numbers")
	require.Empty(t, r.Rows[0].Manager)
	require.Equal(t, "1", r.Rows[2].Manager)
}
