package publication

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/barometer/internal/ballot"
)

// answered are ballots as people fill them in: two in three favourable, each person with a mood of their own.
func answered(n int, random *rand.Rand) []byte {
	ballots := make([]ballot.Ballot, n)
	for i := range ballots {
		mood := random.NormFloat64() * 0.6
		for q := range ballot.Answers {
			ballots[i][q] = byte(min(max(3.8+mood+random.NormFloat64()*0.9, 1), 5) + 0.5)
		}
		ballots[i][ballot.Answers] = byte(min(max(7.2+2*mood+random.NormFloat64()*1.8, 0), 10) + 0.5)
	}
	return ballot.Pack(ballots)
}

// How much is left to read of companies of several shapes: groups that are shown, and shown in detail; and of the figures of questions,
// how many are bands, and how many were moved by one answer.
func TestMostOfItStaysReadable(t *testing.T) {
	for _, company := range []struct {
		name                string
		units, least, most  int
		participation       float64
		groups, detailed    int
		mostBand, mostMoved float64
	}{
		{"25 stores of 20 to 80 people", 25, 20, 80, 0.7, 31, 31, 0.01, 0.01},
		{"100 teams of 10 to 20 people", 100, 10, 20, 0.7, 121, 75, 0.1, 0.1},
		{"100 teams where two in five vote", 100, 10, 20, 0.4, 90, 22, 0.2, 0.2},
	} {
		t.Run(company.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			var cells []Cell
			for i := range company.units {
				people := company.least + random.IntN(company.most-company.least+1)
				unit := fmt.Sprintf("unit%03d", i)
				cells = append(cells, Cell{
					UnitID: unit, Path: []string{"co", fmt.Sprintf("region%02d", i/5), unit}, Eligible: people,
					Ballots: answered(int(float64(people)*company.participation), random),
				})
			}
			p := compute(t, cells...)
			detailed, figures, bands := 0, 0, 0
			for _, g := range p.Groups {
				if g.Detailed {
					detailed++
				}
				for _, f := range g.Questions {
					figures++
					if f.Band() {
						bands++
					}
				}
			}
			moved, all := 0, 0
			for i, c := range blurred(t, cells) {
				for q := range ballot.Answers {
					all++
					if string(column(c.Ballots, q)) != string(column(cells[i].Ballots, q)) {
						moved++
					}
				}
			}
			require.Equal(t, [2]int{company.groups, company.detailed}, [2]int{len(p.Groups), detailed})
			require.LessOrEqual(t, float64(bands), company.mostBand*float64(figures))
			require.LessOrEqual(t, float64(moved), company.mostMoved*float64(all))
			t.Logf("%d groups of %d with ballots, %d in detail; %.1f %% of figures are bands; %.1f %% of units' figures were moved by one answer",
				len(p.Groups), len(p.Groups)+len(p.CountedWith), detailed, 100*float64(bands)/float64(figures), 100*float64(moved)/float64(all))
		})
	}
}
