package importing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/directory/internal/importing"
	"jalon.dev/services/directory/internal/person"
)

// drawPerson draws a line that no rule rejects. Managers have smaller numbers, so that nobody is in a cycle.
func drawPerson(t *rapid.T, number int) somebody {
	pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
	s := somebody{
		number: fmt.Sprintf("%04d", number),
		family: pick("family", "PICARD", "Picard", "O'BRIEN", "O'Brien", "=cmd|'/C'", "de la Tour"),
		given:  pick("given", "Jeanne", "Élise", "<b>Zoé</b>"),
		email:  pick("email", "", fmt.Sprintf("p%d@exemple.fr", number)),
		site:   pick("site", "Nantes", "Rennes", "Région Ouest"),
		team:   pick("team", "Vélo", "Accueil & caisses", "Direction"),
		job:    pick("job", "Vendeuse", "Vendeur"),
		hired:  pick("hired", "2020-03-14", "2026-11-09"),
		left:   pick("left", "", "", "2026-12-31"),
	}
	if boss := rapid.IntRange(0, number).Draw(t, "boss"); boss < number {
		s.manager = fmt.Sprintf("%04d", boss)
	}
	return s
}

func drawLines(t *rapid.T) []somebody {
	lines := make([]somebody, rapid.IntRange(1, 12).Draw(t, "people"))
	for i := range lines {
		lines[i] = drawPerson(t, i)
	}
	return lines
}

func (s somebody) plain() somebody {
	s.family, s.given = strings.ToLower(s.family), strings.ToLower(s.given)
	return s
}

func TestTheSameRowsTwiceChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &company{}
		lines := drawLines(t)
		c.take(t, file(t, lines...), "2026-10-01")
		plan, report := c.take(t, file(t, lines...), "2026-10-01", full)
		require.Empty(t, plan.Changes)
		require.Empty(t, plan.Units)
		require.Equal(t, len(lines), report.Unchanged)
	})
}

func TestTheOrderOfLinesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawLines(t), drawLines(t)
		for i := range after { // cycles and unknown managers too
			after[i].manager = rapid.SampledFrom([]string{"", "0000", "0001", "0002", "0003", "9999"}).Draw(t, "manager")
		}
		shuffled := rapid.Permutation(after).Draw(t, "shuffled")
		one, other := &company{}, &company{}
		one.take(t, file(t, before...), "2026-10-01")
		other.take(t, file(t, before...), "2026-10-01")
		_, first := one.take(t, file(t, after...), "2026-11-02")
		_, second := other.take(t, file(t, shuffled...), "2026-11-02")
		first.Problems, second.Problems = nil, nil
		require.Equal(t, first, second)
		require.Equal(t, one.described(), other.described())
	})
}

func (c *company) described() []somebody {
	var all []somebody
	for _, p := range c.People {
		all = append(all, c.describe(p))
	}
	slices.SortFunc(all, func(a, b somebody) int { return strings.Compare(a.number, b.number) })
	return all
}

func TestApplyingThePlanYieldsExactlyTheFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &company{}
		before := drawLines(t)
		c.take(t, file(t, before...), "2026-10-01")
		after := drawLines(t)
		after = after[rapid.IntRange(0, len(after)-1).Draw(t, "dropped"):]
		for i := range after {
			if slices.IndexFunc(after, func(s somebody) bool { return s.number == after[i].manager }) < 0 {
				after[i].manager = ""
			}
		}
		kept := map[string]person.Person{}
		for _, p := range c.People {
			kept[p.Number] = p
		}
		plan, report := c.take(t, file(t, after...), "2026-11-02")
		if report.Rejected > 0 {
			t.Skip("an absent manager closed a cycle")
		}
		require.Equal(t, len(after), report.Added+report.Changed+report.Moved+report.Ended+report.Unchanged)
		for _, s := range after {
			require.Equal(t, s.plain(), c.describe(c.person(t, s.number)))
			delete(kept, s.number)
		}
		for number, p := range kept {
			require.Equal(t, p, c.person(t, number), "whom the file does not name nothing happens to")
		}
		told := 0
		for _, change := range plan.Changes {
			if change.Tells != (importing.Tells{}) {
				told++
			}
			require.NotEmpty(t, change.UnitPath)
			require.NotEmpty(t, change.TimeZone)
		}
		require.LessOrEqual(t, told, report.Added+report.Changed+report.Moved+report.Ended)
		again, _ := c.take(t, file(t, after...), "2026-11-02")
		require.Empty(t, again.Changes)
	})
}
