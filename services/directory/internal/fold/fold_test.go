package fold_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/directory/internal/fold"
)

func TestNamesThatDifferOnlyInDressFoldToTheSameText(t *testing.T) {
	for _, pair := range [][2]string{
		{"Région Ouest", "REGION  OUEST "},
		{"Léa", "Le\u0301a"},
		{"Œuvre", "oeuvre"},
		{"Groß", "GROSS"},
		{"Sports d’eau", "Sports d'eau"},
		{"Accueil\u00a0& caisses", "accueil & caisses"},
	} {
		require.Equal(t, fold.Text(pair[0]), fold.Text(pair[1]), "%q and %q", pair[0], pair[1])
	}
	require.NotEqual(t, fold.Text("Saint-Malo"), fold.Text("Saint Nazaire"))
}

func TestWordsAreLettersAndDigitsOnly(t *testing.T) {
	require.Equal(t, []string{"o", "brien", "lea"}, fold.Words("O'BRIEN Léa"))
	require.Empty(t, fold.Words(" -'!"))
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		require.Equal(t, fold.Text(s), fold.Text(fold.Text(s)))
	})
}
