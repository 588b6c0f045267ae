package publication

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

var standard = Thresholds{Scores: 5, Details: 10}

// alike are n ballots that answer all the same.
func alike(n int, answer, recommend byte) []byte {
	var b ballot.Ballot
	for i := range ballot.Answers {
		b[i] = answer
	}
	b[ballot.Answers] = recommend
	ballots := make([]ballot.Ballot, n)
	for i := range ballots {
		ballots[i] = b
	}
	return ballot.Pack(ballots)
}

func mixed(n int, seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 1))
	ballots := make([]ballot.Ballot, n)
	for i := range ballots {
		for q := range ballot.Answers {
			ballots[i][q] = byte(1 + random.IntN(5))
		}
		ballots[i][ballot.Answers] = byte(random.IntN(11))
	}
	return ballot.Pack(ballots)
}

func compute(t require.TestingT, cells ...Cell) Publication {
	p, err := Compute(questionnaire.Standard(), cells, standard)
	require.NoError(t, err)
	return p
}

func find(t require.TestingT, p Publication, unit string, rest bool) Group {
	for _, g := range p.Groups {
		if g.UnitID == unit && g.Rest == rest {
			return g
		}
	}
	require.Fail(t, "no such group", "%s %v", unit, rest)
	return Group{}
}

func TestFiguresAreWhatWasAnswered(t *testing.T) {
	p := compute(t,
		Cell{UnitID: "nantes", Path: []string{"co", "nantes"}, Eligible: 30, Ballots: append(alike(12, 5, 10), alike(8, 2, 3)...)},
		Cell{UnitID: "brest", Path: []string{"co", "brest"}, Eligible: 12, Ballots: append(alike(6, 4, 8), alike(4, 3, 8)...)},
	)
	nantes := find(t, p, "nantes", false)
	require.Equal(t, [2]int{30, 20}, [2]int{nantes.Eligible, nantes.Ballots})
	require.Equal(t, Figure{
		Favourable: 12, Unfavourable: 8, Mean: 3.8, Distribution: []int{0, 8, 0, 0, 12}, MeanInterval: nantes.Questions[0].MeanInterval,
	}, nantes.Questions[0])
	require.InDelta(t, 3.8, nantes.Themes[6].Mean, 1e-9)
	require.Equal(t, 20*7, nantes.Themes[0].Answers())
	require.Equal(t, 20, nantes.ENPS.Points) // 12 promoters, 8 detractors of 20
	company := find(t, p, "co", false)
	require.Equal(t, [2]int{42, 30}, [2]int{company.Eligible, company.Ballots})
	require.Equal(t, [3]int{18, 4, 8}, [3]int{company.Questions[44].Favourable, company.Questions[44].Neutral, company.Questions[44].Unfavourable})
	share, err := nantes.Share(nantes.Questions[0])
	require.NoError(t, err)
	require.InDelta(t, 0.6, share.Value(), 1e-9)
}

func TestFiveWhoAgreeAreNotTold(t *testing.T) {
	p := compute(t,
		Cell{UnitID: "brest", Path: []string{"co", "brest"}, Eligible: 10, Ballots: alike(5, 1, 0)},
		Cell{UnitID: "nantes", Path: []string{"co", "nantes"}, Eligible: 60, Ballots: mixed(40, 7)},
	)
	brest := find(t, p, "brest", false)
	for _, f := range brest.Questions {
		require.Equal(t, [3]int{0, 1, 4}, [3]int{f.Favourable, f.Neutral, f.Unfavourable})
	}
	require.Equal(t, -80, brest.ENPS.Points)
	// What the others' figures leave of the company's is the same.
	company, nantes := find(t, p, "co", false), find(t, p, "nantes", false)
	for q := range company.Questions {
		require.Equal(t, brest.Questions[q].Unfavourable, company.Questions[q].Unfavourable-nantes.Questions[q].Unfavourable)
	}
}

func TestAUnitWithTooFewBallotsIsCountedAbove(t *testing.T) {
	p := compute(t,
		Cell{UnitID: "north", Path: []string{"co", "north"}, Eligible: 14, Ballots: mixed(11, 1)},
		Cell{UnitID: "lille", Path: []string{"co", "north", "lille"}, Eligible: 11},
		Cell{UnitID: "brest", Path: []string{"co", "west", "brest"}, Eligible: 25, Ballots: mixed(20, 2)},
		Cell{UnitID: "quimper", Path: []string{"co", "west", "quimper"}, Eligible: 10},
	)
	require.Equal(t, map[string]string{"lille": "north", "quimper": "brest"}, p.CountedWith)
	require.Equal(t, 25, find(t, p, "north", false).Eligible)
	require.Equal(t, 35, find(t, p, "brest", false).Eligible)
	require.Equal(t, 60, find(t, p, "co", false).Eligible)
	for _, g := range p.Groups {
		require.NotContains(t, []string{"lille", "quimper"}, g.UnitID)
	}
}

func TestOfTooFewInAllNothingIsTold(t *testing.T) {
	require.Equal(t, Publication{}, compute(t))
	require.Equal(t, Publication{}, compute(t,
		Cell{UnitID: "co", Path: []string{"co"}, Eligible: 40, Ballots: mixed(2, 1)},
		Cell{UnitID: "nantes", Path: []string{"co", "nantes"}, Eligible: 40, Ballots: mixed(2, 1)},
	))
}

// anyCells is a tree of up to a dozen cells, each with none or at least five ballots.
func anyCells(t *rapid.T) []Cell {
	paths := [][]string{{"co"}}
	for i := range rapid.IntRange(1, 14).Draw(t, "units") {
		above := rapid.SampledFrom(paths).Draw(t, "above")
		paths = append(paths, append(append([]string(nil), above...), fmt.Sprint("u", i)))
	}
	var cells []Cell
	for i, path := range paths {
		if len(cells) < 11 && rapid.Bool().Draw(t, "cell") {
			n := rapid.SampledFrom([]int{0, 5, 6, 7, 8, 9, 10, 11, 14, 30}).Draw(t, "ballots")
			ballots := mixed(n, uint64(i))
			if n > 0 && rapid.Bool().Draw(t, "all alike") {
				ballots = alike(n, rapid.ByteRange(1, 5).Draw(t, "answer"), rapid.ByteRange(0, 10).Draw(t, "recommend"))
			}
			cells = append(cells, Cell{UnitID: path[len(path)-1], Path: path, Eligible: max(10, n+3), Ballots: ballots})
		}
	}
	return cells
}

// The attacker knows every published sum and solves for the sums of any set of cells: of those that speak of fewer ballots than are
// needed, not one is determined.
func TestNoCellOfFewIsRecoveredFromAllThatIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := anyCells(t)
		p := compute(t, cells...)
		var counted []Cell
		for _, c := range cells {
			if len(c.Ballots) > 0 {
				counted = append(counted, c)
			}
		}
		if len(p.Groups) == 0 {
			return
		}
		for what, family := range map[string]struct {
			least int
			shown func(Group) bool
		}{
			"scores":  {standard.Scores, func(Group) bool { return true }},
			"details": {standard.Details, func(g Group) bool { return g.Detailed }},
		} {
			var rows [][]int
			for _, g := range p.Groups {
				if family.shown(g) {
					rows = append(rows, indicator(counted, g))
				}
			}
			basis := newBasis(len(counted))
			for _, row := range rows {
				basis.add(row)
			}
			for set := 1; set < 1<<len(counted); set++ {
				row, ballots := make([]int, len(counted)), 0
				for i, c := range counted {
					if set>>i&1 == 1 {
						row[i], ballots = 1, ballots+len(c.Ballots)/ballot.Size
					}
				}
				if ballots < family.least {
					require.False(t, basis.spans(row), "%s of %d ballots are known", what, ballots)
				}
			}
		}
		// Nor is there a cell in which all are seen to have answered alike.
		for _, c := range counted {
			tally, err := count(c.Ballots)
			require.NoError(t, err)
			before := tally.ballots
			tally.blur()
			for q := range tally.questions {
				of := statementClass
				if q == ballot.Answers {
					of = recommendationClass
				}
				sum := 0
				for _, n := range tally.questions[q].classes(of) {
					require.Less(t, n, before)
					sum += n
				}
				require.Equal(t, before, sum)
			}
		}
	})
}

// indicator says of which cells a group's figures are the sum, found from the figures' side: by the paths.
func indicator(cells []Cell, g Group) []int {
	row := make([]int, len(cells))
	for i, c := range cells {
		if g.Rest && c.UnitID == g.UnitID || !g.Rest && len(c.Path) >= len(g.Path) && c.Path[len(g.Path)-1] == g.UnitID {
			row[i] = 1
		}
	}
	return row
}

func TestGroupsAreSumsOfTheirCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := anyCells(t)
		p := compute(t, cells...)
		for _, g := range p.Groups {
			ballots := 0
			for i, in := range indicator(cells, g) {
				ballots += in * len(cells[i].Ballots) / ballot.Size
			}
			require.Equal(t, ballots, g.Ballots)
			require.GreaterOrEqual(t, g.Eligible, g.Ballots)
			for _, f := range g.Questions {
				require.Equal(t, g.Ballots, f.Answers())
				require.Equal(t, g.Detailed, f.Distribution != nil)
				require.Equal(t, g.Detailed, f.MeanInterval != nil)
			}
		}
	})
}

// basis is a row space over a prime field, in which nothing that rational numbers span is missing.
type basis struct {
	rows   [][]int64
	pivots []int
}

const prime = 1_000_003

func newBasis(int) *basis { return &basis{} }

func (b *basis) reduce(row []int64) []int64 {
	for i, r := range b.rows {
		if f := row[b.pivots[i]]; f != 0 {
			for j := range row {
				row[j] = ((row[j]-f*r[j])%prime + prime) % prime
			}
		}
	}
	return row
}

func (b *basis) add(from []int) {
	row := b.reduce(field(from))
	for pivot, v := range row {
		if v == 0 {
			continue
		}
		inverse := power(v, prime-2)
		for j := range row {
			row[j] = row[j] * inverse % prime
		}
		b.rows, b.pivots = append(b.rows, row), append(b.pivots, pivot)
		return
	}
}

func (b *basis) spans(row []int) bool {
	for _, v := range b.reduce(field(row)) {
		if v != 0 {
			return false
		}
	}
	return true
}

func field(row []int) []int64 {
	out := make([]int64, len(row))
	for i, v := range row {
		out[i] = int64(v)
	}
	return out
}

func power(x, n int64) int64 {
	result := int64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = result * x % prime
		}
		x = x * x % prime
	}
	return result
}

func TestTheAttackerFindsWhatThereIsToFind(t *testing.T) {
	b := newBasis(3)
	b.add([]int{1, 1, 1})
	b.add([]int{1, 1, 0})
	require.True(t, b.spans([]int{0, 0, 1}))
	require.False(t, b.spans([]int{1, 0, 0}))
}

func TestDetailsOfSmallStoresHideTogether(t *testing.T) {
	store := func(name string, n int, comment string) Cell {
		return Cell{UnitID: name, Path: []string{"co", name}, Eligible: n + 5, Ballots: mixed(n, uint64(n)), Comments: []ballot.Comment{{Theme: "pay", Text: comment}}}
	}
	p := compute(t, store("a", 7, "from a"), store("b", 12, "from b"), store("c", 30, "from c"))
	require.False(t, find(t, p, "a", false).Detailed, "too few")
	require.False(t, find(t, p, "b", false).Detailed, "the company's without b's and c's would be a's")
	require.True(t, find(t, p, "c", false).Detailed)
	require.True(t, find(t, p, "co", false).Detailed)
	where := map[string]string{}
	for _, c := range p.Comments {
		where[c.Text] = c.UnitID
	}
	require.Equal(t, map[string]string{"from a": "co", "from b": "co", "from c": "c"}, where)
}

// A company like many: how much of it stays readable.
func TestMostStoresStayReadable(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var cells []Cell
	for i := range 25 {
		people := 20 + random.IntN(60)
		cells = append(cells, Cell{
			UnitID: fmt.Sprint("store", i), Path: []string{"co", fmt.Sprint("region", i/5), fmt.Sprint("store", i)}, Eligible: people,
			Ballots: mixed(people*7/10, uint64(i)),
		})
	}
	detailed := 0
	for _, g := range compute(t, cells...).Groups {
		if g.Detailed {
			detailed++
		}
	}
	require.Equal(t, 31, detailed, "all 25 stores, 5 regions and the company")
}

// sample is 100,000 people in 1,500 stores of 60 regions.
func sample() []Cell {
	var cells []Cell
	for i := range 1500 {
		region := fmt.Sprint("region", i/25)
		cells = append(cells, Cell{
			UnitID: fmt.Sprint("store", i), Path: []string{"co", region, fmt.Sprint("store", i)}, Eligible: 80, Ballots: mixed(67, uint64(i)),
		})
	}
	return cells
}

func BenchmarkPublication(b *testing.B) {
	cells := sample()
	b.Run("everything", func(b *testing.B) {
		for b.Loop() {
			if _, err := Compute(questionnaire.Standard(), cells, standard); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("counting alone", func(b *testing.B) {
		for b.Loop() {
			if err := Count(cells); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("a bare pass", func(b *testing.B) {
		for b.Loop() {
			for _, c := range cells {
				var counts [ballot.Size][11]int
				for at := 0; at < len(c.Ballots); at += ballot.Size {
					for q, answer := range c.Ballots[at : at+ballot.Size] {
						counts[q][answer]++
					}
				}
			}
		}
	})
}

func TestDriversAreOfThoseWhoAreMany(t *testing.T) {
	p := compute(t,
		Cell{UnitID: "nantes", Path: []string{"co", "nantes"}, Eligible: 60, Ballots: append(alike(20, 5, 10), alike(20, 1, 0)...)},
		Cell{UnitID: "brest", Path: []string{"co", "brest"}, Eligible: 25, Ballots: append(alike(10, 5, 9), alike(10, 1, 2)...)},
	)
	require.Empty(t, find(t, p, "brest", false).Drivers, "too few")
	for _, driver := range find(t, p, "nantes", false).Drivers {
		require.InDelta(t, 1, driver.R, 1e-9)
	}
	require.Equal(t, 60, find(t, p, "co", false).Drivers[0].Pairs)
}
