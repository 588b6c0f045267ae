package mail_test

import (
	"testing"

	"jalon.dev/pkg/frenchtest"
)

func TestFrenchLinesDoNotBreakBeforeTheirPunctuation(t *testing.T) {
	frenchtest.Spaced(t, "words*.go", "when.go")
}
