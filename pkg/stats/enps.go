package stats

import (
	"fmt"
	"math"
)

// ENPS is the employee net promoter score: the share of promoters (9 and 10) minus the share of detractors (0 to 6),
// over all respondents, those in between (7 and 8) included, in points from −100 to 100 (Reichheld 2003, HBR 81(12)).
type ENPS struct {
	Promoters, Passives, Detractors int

	Points   float64
	Interval Interval
}

// NewENPS counts how many chose each answer from 0 to 10, among those eligible.
//
// Its 95 % interval is points ± z·√((P+D−(P−D)²)/n), the variance of a variable that is 1, 0 or −1 (Rocks 2016,
// Amer. Statistician 70:365, the Wald interval), with the finite-population correction. Where all are of one
// kind that is a point, whatever the number of answers.
func NewENPS(answers [11]int, eligible int) (ENPS, error) {
	var e ENPS
	for answer, count := range answers {
		switch {
		case count < 0:
			return ENPS{}, fmt.Errorf("%w: %d was chosen by %d", ErrImpossible, answer, count)
		case answer >= 9:
			e.Promoters += count
		case answer >= 7:
			e.Passives += count
		default:
			e.Detractors += count
		}
	}
	group, err := NewGroup(e.Promoters+e.Passives+e.Detractors, eligible)
	if err != nil {
		return ENPS{}, err
	}
	people := float64(group.respondents)
	balance := float64(e.Promoters-e.Detractors) / people
	variance := float64(e.Promoters+e.Detractors)/people - balance*balance
	half := 100 * z95 * math.Sqrt(max(variance, 0)*group.spread())

	e.Points = 100 * float64(e.Promoters-e.Detractors) / people
	e.Interval = Interval{Low: e.Points - half, High: e.Points + half}.within(-100, 100)
	return e, nil
}
