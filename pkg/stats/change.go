package stats

import "math"

// Change is what became of a unit's share from one edition to the next.
type Change struct {
	// Points is the later share minus the earlier one, from −100 to 100.
	Points float64
	// Interval of the points. It is Newcombe's, while the verdict rests on P, so at the edge one may just hold 0 where
	// the other speaks of a change.
	Interval Interval
	// Z and P are of the two-proportion test. Between two censuses any difference is real: P is 0, and Z is ±40, which
	// stands for infinity.
	Z, P float64
	// Detectable is the smallest change, in points, that this test could have shown here.
	Detectable float64
}

// Compare tests a share against that of the same unit in an earlier edition.
//
// The test is the two-proportion z with pooled share (Fleiss, Levin & Paik 2003, chapter 3, without continuity), each
// side's variance multiplied by its finite-population correction. Ballots are anonymous and cannot be paired, so the
// test takes the two editions for independent, which is conservative where the same people answer alike.
//
// The interval is the hybrid score interval (Newcombe 1998, Stat. Med. 17:873, method 10) made of the two corrected
// Wilson intervals, since Wald's is a point where both shares are 0 or 1, and too narrow for groups as small as ours.
func Compare(before, after Share) Change {
	if before.answers == 0 || after.answers == 0 {
		return Change{Interval: Interval{Low: -100, High: 100}, P: 1, Detectable: 100}
	}
	earlier, later := before.sample(), after.sample()
	z := earlier.against(later)
	return Change{
		Points:     points(before, after),
		Interval:   newcombe(before, after),
		Z:          z,
		P:          twoSided(z),
		Detectable: DetectableChange(earlier.pooled(later), before.group, after.group),
	}
}

// DetectableChange is the smallest change, in points, that the test of Compare shows at 95 % for groups like these when
// the share of both together is this one, from 0 to 1. A true change of that size is found every other time.
//
// A share so near to 0 or 1 that not one respondent of both groups makes it is taken as that of one respondent: where
// all agree, the formula's variance is nil, which would tell five who answered out of fifty that they see everything.
func DetectableChange(share float64, before, after Group) float64 {
	people := float64(before.respondents) + float64(after.respondents)
	if before.respondents == 0 || after.respondents == 0 {
		return 100
	}
	if math.IsNaN(share) {
		share = 0.5 // where the test sees least
	}
	share = min(max(share, 1/people), 1-1/people)
	return min(100*z95*math.Sqrt(share*(1-share)*(before.spread()+after.spread())), 100)
}

// points brings both shares to one denominator first, so that a change of exactly 5 points is 5 and not a hair less.
func points(before, after Share) float64 {
	gain := float64(after.favourable)*float64(before.answers) - float64(before.favourable)*float64(after.answers)
	return 100 * gain / (float64(after.answers) * float64(before.answers))
}

func newcombe(before, after Share) Interval {
	difference := after.Value() - before.Value()
	earlier, later := before.Interval(), after.Interval()
	down := math.Hypot(after.Value()-later.Low, earlier.High-before.Value())
	up := math.Hypot(later.High-after.Value(), before.Value()-earlier.Low)
	return Interval{Low: 100 * (difference - down), High: 100 * (difference + up)}.within(-100, 100)
}

// sample is what the two-proportion test needs to know of a share.
type sample struct {
	share, people float64
	favourable    float64 // share × people, rounded once: z must not depend on which of two shares comes first
	spread        float64
}

func (s Share) sample() sample {
	if s.answers == 0 {
		return sample{}
	}
	share, people := s.Value(), float64(s.group.respondents)
	return sample{share: share, people: people, favourable: share * people, spread: s.group.spread()}
}

// pooled is the share of both together, people counting alike whatever number of questions they answered.
func (s sample) pooled(other sample) float64 {
	return (s.favourable + other.favourable) / (s.people + other.people)
}

// against is the z of the other share against this one: positive where the other is higher.
func (s sample) against(other sample) float64 {
	difference := other.share - s.share
	if difference == 0 || s.people == 0 || other.people == 0 {
		return 0
	}
	pooled := s.pooled(other)
	variance := pooled * (1 - pooled) * (s.spread + other.spread)
	if variance <= 0 {
		return math.Copysign(certain, difference) // two censuses
	}
	return min(max(difference/math.Sqrt(variance), -certain), certain)
}
