package i18n_test

import (
	"testing"

	"jalon.dev/pkg/frenchtest"
)

func TestFrenchLinesDoNotBreakBeforeTheirPunctuation(t *testing.T) {
	frenchtest.Spaced(t, "fr.toml", "../../web/src/prompt-words.ts")
}
