package roster_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/roster"
)

// One byte that no editor shows must not spoil every accent of the file.
func TestABrokenCharacterCostsItsOwnLineOnly(t *testing.T) {
	for name, mark := range map[string]string{"without a mark": "", "with a byte-order mark": "\uFEFF"} {
		t.Run(name, func(t *testing.T) {
			r := read(t, mark+header+"1;LEFÈVRE;Zoé;;Fougères;Vélo;13/02/2020;\r\n2;G\xe9rard;Noël;;Fougères;Vélo;13/02/2020;\r\n3;NOËL;Ève;;Fougères;Vélo;13/02/2020;\r\n")
			require.Equal(t, roster.UTF8, r.Encoding)
			require.Equal(t, "LEFÈVRE", r.Rows[0].FamilyName)
			require.Equal(t, "Fougères", r.Rows[2].Unit)
			require.Equal(t, map[int]roster.Code{3: roster.CharacterBroken}, rejections(r))
			require.Equal(t, "2", r.Rows[1].Number, "whose line it is, is known")
			require.Equal(t, "Nom", r.Problems[0].Column)
			require.Contains(t, r.Problems[0].Reason, "0xe9")
			require.Contains(t, r.Problems[0].Value, "rard")
		})
	}
	r := read(t, "Matricule;Nom;Prénom;Site;Date d'entrée;Bureau\n1;LEFÈVRE;Zoé;Fougères;2020-02-13;Pi\xe8ce 3\n")
	require.Empty(t, r.Problems, "what nobody reads harms nobody")
}

func TestWindows1252StaysWindows1252(t *testing.T) {
	r := read(t, "Matricule;Nom;Pr\xe9nom;\xc9tablissement;Date d'entr\xe9e\n1;LEF\xc8VRE;Zo\xe9;Foug\xe8res;13/02/2020\n")
	require.Equal(t, roster.Windows1252, r.Encoding)
	require.Equal(t, "LEFÈVRE", r.Rows[0].FamilyName)
}
