package page_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal/internal/page"
)

func TestInitialsAreLettersWhateverANameHolds(t *testing.T) {
	for name, want := range map[string]string{
		"Jeanne Martin": "JM", "Éloïse de La Tour": "ÉT", "<b>Zoé</b> N'Diaye": "BN", "": "·", "=1+1 ?": "·", "Cher": "C",
	} {
		require.Equal(t, want, page.Initials(name), name)
	}
}
