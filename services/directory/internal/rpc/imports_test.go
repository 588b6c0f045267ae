package rpc

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/roster"
)

func TestAnAnswerNamesEachWrongLineUnlessTheyAreTooLong(t *testing.T) {
	var report importing.Report
	for line := range 3000 {
		severity := roster.Warning
		if line >= 2990 {
			severity = roster.Rejected
		}
		report.Problems = append(report.Problems, roster.Problem{Severity: severity, Line: line + 2, Reason: strings.Repeat("x", 100)})
	}
	require.Len(t, problems(report, problemBytes), 3000)

	cut := problems(report, 2_000)
	require.Less(t, len(cut), 20)
	require.GreaterOrEqual(t, len(cut), 10)
	require.EqualValues(t, 3001, cut[len(cut)-1].GetLine(), "what refuses a file is told first")
}
