package importing_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/roster"
)

// BenchmarkHundredThousandLines reads and compares a file of 100,000 people of whom a tenth changed.
func BenchmarkHundredThousandLines(b *testing.B) {
	file := func(job string) []byte {
		text := "Matricule;Nom;Prénom;E-mail professionnel;Matricule du manager;Établissement;Service;Intitulé du poste;Date d'entrée;Date de sortie\n"
		rows := make([]byte, 0, 10<<20)
		rows = append(rows, text...)
		for i := range 100_000 {
			title := "Vendeur"
			if i%10 == 0 {
				title = job
			}
			rows = fmt.Appendf(rows, "%06d;LEFÈVRE %d;Zoé;p%d@exemple.fr;%06d;Magasin %d;Service %d;%s;14/09/2017;\n", i, i, i, i/12, i%1500, i%8, title)
		}
		return rows
	}
	c := &company{}
	before, err := roster.Read(file("Vendeur"))
	require.NoError(b, err)
	plan, _ := importing.Make(before, c.State, c.options("2026-10-01"))
	for _, change := range plan.Changes {
		c.People = append(c.People, change.Person)
	}
	c.Units = plan.Units
	after := file("Vendeuse")
	b.ReportAllocs()
	for b.Loop() {
		r, err := roster.Read(after)
		require.NoError(b, err)
		_, report := importing.Make(r, c.State, c.options("2026-11-02"))
		require.Equal(b, 10_000, report.Changed)
	}
}
