package publication

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"jalon.dev/services/barometer/internal/ballot"
	"jalon.dev/services/barometer/internal/questionnaire"
)

func realistic(n int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 9))
	bs := make([]ballot.Ballot, n)
	cum := []float64{0.06, 0.18, 0.38, 0.78, 1}
	for i := range bs {
		for q := range ballot.Answers {
			u := r.Float64()
			for k, c := range cum {
				if u < c {
					bs[i][q] = byte(k + 1)
					break
				}
			}
		}
		bs[i][45] = byte(r.IntN(11))
	}
	return ballot.Pack(bs)
}

func TestProbeMean(t *testing.T) {
	for n := 5; n <= 9; n++ {
		told, all := 0, 0
		for s := range 200 {
			tl, _ := count(realistic(n, uint64(s)))
			for q := range ballot.Answers {
				a := tl.questions[q]
				u, f := a[1]+a[2], a[4]+a[5]
				d := a[5] - a[1]
				all++
				if u == 0 || f == 0 || d == f || d == -u {
					told++
				}
			}
		}
		fmt.Println(n, told*100/all, "%")
	}
}

func TestProbeDriver(t *testing.T) {
	b := mixed(30, 3)
	for i := 45; i < len(b); i += 46 {
		b[i] = 10
	}
	p, err := Compute(questionnaire.Standard(), []Cell{{UnitID: "a", Path: []string{"co", "a"}, Eligible: 40, Ballots: b}}, standard)
	fmt.Println(err, p.Groups[0].ENPS, p.Groups[0].Drivers)
	for i := 45; i < len(b); i += 46 {
		b[i] = 10
	}
	b[45] = 8
	p, err = Compute(questionnaire.Standard(), []Cell{{UnitID: "a", Path: []string{"co", "a"}, Eligible: 40, Ballots: b}}, standard)
	fmt.Println(err, p.Groups[0].ENPS, p.Groups[0].Drivers)
}

func TestProbeStuck(t *testing.T) {
	_, err := Compute(questionnaire.Standard(), []Cell{{UnitID: "a", Path: []string{"co", "a"}, Eligible: 12, Ballots: mixed(3, 1)}, {UnitID: "b", Path: []string{"co", "b"}, Eligible: 12, Ballots: mixed(4, 1)}}, standard)
	fmt.Println(err)
}
