package fold_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/fold"
)

func TestAccentsAndCapitalsMakeNoDifference(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Nantes": "nantes", "ÉVRY": "evry", "Évry": "evry", "E\u0301vry": "evry", "La Roche-sur-Yon": "la roche-sur-yon", "Œuvre": "œuvre",
	} {
		require.Equal(t, want, fold.Text(text), text)
	}
}
