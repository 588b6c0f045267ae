package importing_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/roster"
)

func naming(guards ...importing.Guard) func(*importing.Options) {
	return func(o *importing.Options) { o.Confirm.Named = guards }
}

func crowd(n int, edit ...func(*somebody)) []somebody {
	lines := make([]somebody, n)
	for i := range lines {
		lines[i] = someone(fmt.Sprint(i+1), edit...)
	}
	return lines
}

func spoken(r importing.Report) string {
	var names []string
	for _, w := range r.Guards {
		names = append(names, string(w.Guard))
	}
	return strings.Join(names, ",")
}

func TestAFileThatMovesAThirdOfTheCompanyIsRefusedUnlessConfirmed(t *testing.T) {
	c := baseline(t, crowd(30)...)
	moved := func(n int) []somebody { return append(crowd(n, in("Rennes", "Vélo")), crowd(30)[n:]...) }
	plan, report := importing.Make(file(t, moved(11)...), c.State, c.options("2026-11-02"))
	require.Equal(t, roster.MovesTooMany, report.Refusal.Code)
	require.Equal(t, "moves", spoken(report))
	require.Equal(t, "Établissement", report.Refusal.Column)
	require.Len(t, plan.Changes, 11, "what it would do is shown")
	_, report = importing.Make(file(t, moved(10)...), c.State, c.options("2026-11-02"))
	require.Nil(t, report.Refusal, "exactly a third is no more than a third")
	for _, yes := range []func(*importing.Options){confirmed, naming(importing.Moves)} {
		_, report = importing.Make(file(t, moved(30)...), c.State, c.options("2026-11-02", yes))
		require.Nil(t, report.Refusal)
		require.True(t, report.Guards[0].Confirmed)
	}
	few := baseline(t, crowd(4)...)
	_, report = importing.Make(file(t, crowd(4, in("Rennes", "Vélo"))...), few.State, few.options("2026-11-02"))
	require.Nil(t, report.Refusal, "a shop that moves house is life")
}

func TestOneYesConfirmsOneGuard(t *testing.T) {
	c := baseline(t, crowd(30)...)
	both := file(t, crowd(20)...) // ten are missing, and it is of September
	_, report := importing.Make(both, c.State, c.options("2026-09-01", full))
	require.Equal(t, "older,truncated", spoken(report))
	require.Equal(t, roster.FileOlder, report.Refusal.Code)

	_, report = importing.Make(both, c.State, c.options("2026-09-01", full, confirmed))
	require.Equal(t, roster.GuardsSeveral, report.Refusal.Code)
	require.Contains(t, report.Refusal.Reason, "older, truncated")
	_, report = importing.Make(both, c.State, c.options("2026-09-01", full, naming(importing.Older)))
	require.Equal(t, roster.EndsTooMany, report.Refusal.Code, "who says yes to one has not seen the other")
	require.Equal(t, []bool{true, false}, []bool{report.Guards[0].Confirmed, report.Guards[1].Confirmed})
	_, report = importing.Make(both, c.State, c.options("2026-09-01", full, naming(importing.Older, importing.Truncated)))
	require.Nil(t, report.Refusal)
	require.Equal(t, 10, report.Ended)

	_, report = importing.Make(both, c.State, c.options("2026-11-02", full, naming(importing.Older)))
	require.Equal(t, roster.EndsTooMany, report.Refusal.Code, "a yes to a guard that is silent confirms nothing")
}

// The person of a line that lost its number looks absent, and is not.
func TestALineThatDoesNotSayWhoseItIsKeepsContractsFromEnding(t *testing.T) {
	for name, c := range map[string]struct {
		broken string
		held   bool
	}{
		"no number":                          {";PICARD;Jeanne;Nantes;2020-03-14", true},
		"another's number":                   {"2;PICARD;Jeanne;Nantes;2020-03-14", true},
		"a quotation that does not end":      {`"30;PICARD;Jeanne;Nantes;2020-03-14`, true},
		"too few values, and nobody's":       {"PICARD;Jeanne;Nantes;2020-03-14", true},
		"too few values, and somebody's":     {"30;PICARD;Jeanne;Nantes", false},
		"a wrong date, and somebody's":       {"30;PICARD;Jeanne;Nantes;2020-31-14", false},
		"a newcomer with a date that is not": {"99;NEUF;Zoé;Nantes;2026-31-14", false},
	} {
		t.Run(name, func(t *testing.T) {
			known := baseline(t, crowd(30)...)
			var lines strings.Builder
			lines.WriteString("Matricule;Nom;Prénom;Site;Date d'entrée\n" + c.broken + "\n")
			named := 29
			if name == "a newcomer with a date that is not" {
				named = 28
			}
			for i := 1; i <= named; i++ {
				fmt.Fprintf(&lines, "%d;PICARD;Jeanne;Nantes;2020-03-14\n", i)
			}
			text := parse(t, lines.String())
			plan, report := importing.Make(text, known.State, known.options("2026-11-02", full))
			require.False(t, report.Refused(true))
			if !c.held {
				require.Empty(t, spoken(report))
				return
			}
			require.Equal(t, "unnamed", spoken(report))
			require.Positive(t, report.Absent)
			require.Zero(t, report.Ended)
			for _, change := range plan.Changes {
				require.False(t, change.Tells.Left)
			}
			require.Equal(t, roster.AbsenceHeld, codes(report, roster.Warning)[0], "and it is said")

			_, report = importing.Make(text, known.State, known.options("2026-11-02", full, confirmed))
			require.Equal(t, report.Absent, report.Ended)
			require.NotContains(t, codes(report, roster.Warning), 0)
			_, report = importing.Make(text, known.State, known.options("2026-11-02"))
			require.Empty(t, report.Guards, "only a full file ends contracts")
		})
	}
}

func TestAYesToOneGuardLetsTheNextSpeak(t *testing.T) {
	known := baseline(t, crowd(30)...)
	text := file(t, append(crowd(15), someone(""))...)
	_, report := importing.Make(text, known.State, known.options("2026-11-02", full, confirmed))
	require.Equal(t, "unnamed,truncated", spoken(report))
	require.Equal(t, roster.GuardsSeveral, report.Refusal.Code)
	_, report = importing.Make(text, known.State, known.options("2026-11-02", full, naming(importing.Unnamed)))
	require.Equal(t, roster.EndsTooMany, report.Refusal.Code)
	_, report = importing.Make(text, known.State, known.options("2026-11-02", full, naming(importing.Unnamed, importing.Truncated)))
	require.Nil(t, report.Refusal)
	require.Equal(t, 15, report.Ended)
}
