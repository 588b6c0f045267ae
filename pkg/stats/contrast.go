package stats

import (
	"fmt"
	"math"
)

// Arm is one of two groups to which chance assigned people: how many they are, and how many did what was counted.
type Arm struct{ People, Did int }

// Contrast is how the second of two arms differs from the first.
type Contrast struct {
	// Points is the second arm's share minus the first one's, from −100 to 100, and Interval holds the true difference in 95 of 100 cases.
	Points   float64
	Interval Interval
	// P is how often chance alone would part two equal arms at least as far.
	P float64
	// Exact tells that P was counted and not approximated.
	Exact bool
}

// leastExpected is how many are to be expected in each of the four cells before the normal curve may stand for the truth (Cochran 1954,
// Biometrics 10:417).
const leastExpected = 5

// endless stands for a population without end.
const endless = 1 << 40

// Oppose tests whether two arms differ. The test is the two-proportion z with pooled share, as in Compare, and where fewer than five are
// to be expected in one of the four cells, Fisher's exact test, two-sided: all outcomes that are no likelier than what was seen (Fisher
// 1935, J. R. Stat. Soc. 98:39; so counts R's fisher.test). The interval is Newcombe's.
//
// There is no finite-population correction, unlike in Compare: chance made the arms, and what is asked is not how the arms felt, but
// what the two treatments would do to others.
func Oppose(first, second Arm) (Contrast, error) {
	var shares [2]Share
	for i, arm := range [...]Arm{first, second} {
		group, err := NewGroup(arm.People, max(arm.People, endless))
		if err != nil {
			return Contrast{}, err
		}
		if arm.Did < 0 || arm.Did > arm.People {
			return Contrast{}, fmt.Errorf("%w: %d of %d people did it", ErrImpossible, arm.Did, arm.People)
		}
		if shares[i], err = NewShare(arm.Did, arm.People, group); err != nil {
			return Contrast{}, err
		}
	}
	c := Contrast{Points: points(shares[0], shares[1]), Interval: newcombe(shares[0], shares[1])}
	if did, all := first.Did+second.Did, first.People+second.People; min(did, all-did)*min(first.People, second.People) < leastExpected*all {
		c.Exact, c.P = true, fisher(first, second)
		return c, nil
	}
	c.P = twoSided(shares[0].sample().against(shares[1].sample()))
	return c, nil
}

// likely absorbs the rounding of logarithms where two outcomes are equally likely.
const likely = 1 + 1e-7

func fisher(first, second Arm) float64 {
	did, all := first.Did+second.Did, first.People+second.People
	chance := func(inFirst int) float64 {
		return math.Exp(choices(first.People, inFirst) + choices(second.People, did-inFirst) - choices(all, did))
	}
	seen, p := chance(first.Did)*likely, 0.0
	for k := max(0, did-second.People); k <= min(did, first.People); k++ {
		if one := chance(k); one <= seen {
			p += one
		}
	}
	return min(p, 1)
}

// choices is the logarithm of how many ways there are to choose some of a number.
func choices(of, some int) float64 {
	all, _ := math.Lgamma(float64(of + 1))
	chosen, _ := math.Lgamma(float64(some + 1))
	left, _ := math.Lgamma(float64(of - some + 1))
	return all - chosen - left
}
