package page

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInitialsAreLettersWhateverANameHolds(t *testing.T) {
	for name, want := range map[string]string{
		"Jeanne Martin": "JM", "Éloïse de La Tour": "ÉT", "<b>Zoé</b> N'Diaye": "BN", "": "·", "=1+1 ?": "·", "Cher": "C",
	} {
		require.Equal(t, want, initials(name), name)
	}
}
