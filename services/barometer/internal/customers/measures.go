package customers

import (
	"errors"
	"fmt"

	"jalon.dev/pkg/stats"
)

// crowd stands for all customers of a store, who cannot be counted: next to it, any panel is a sample of an endless
// population, so that the corrections for a finite one vanish.
const crowd = 1_000_000_000

// Measures are what a store's customers said in a wave, each with a 95 % interval. They are recomputed from counts, and never
// kept.
type Measures struct {
	Wave        Wave
	StoreID     string
	Respondents int
	// Rated are the questions of Rated, in that order.
	Rated [4]Rating
	NPS   NPS
}

// Rating is one question answered from 1 to 5. Where N is 0, nobody answered it and the rest says nothing.
type Rating struct {
	N            int
	Distribution stats.Distribution
	// Favourable is the share of 4 and 5, from 0 to 1, with Wilson's interval.
	Favourable         float64
	FavourableInterval stats.Interval
	// Mean is on the scale from 1 to 5, with Student's interval.
	Mean stats.Mean
}

// NPS is the net promoter score of the recommendation, in points from −100 to 100, with its normal interval. Its formula is that
// of employees. Where N is 0, nobody answered and the rest says nothing.
type NPS struct {
	N            int
	Distribution [11]int
	stats.ENPS
}

// Measure computes what is shown of a store. It fails on counts that no panel can give.
func Measure(c Counts) (Measures, error) {
	m := Measures{Wave: c.Wave, StoreID: c.StoreID, Respondents: c.Respondents}
	for i, question := range Rated() {
		var err error
		if m.Rated[i], err = rate(c.Rated[i]); err != nil {
			return Measures{}, fmt.Errorf("measuring %s of store %s: %w", question, c.StoreID, err)
		}
	}
	enps, err := stats.NewENPS(c.Recommendation, crowd)
	if err != nil && !errors.Is(err, stats.ErrNobody) {
		return Measures{}, fmt.Errorf("measuring the recommendation of store %s: %w", c.StoreID, err)
	}
	m.NPS = NPS{N: enps.Promoters + enps.Passives + enps.Detractors, Distribution: c.Recommendation, ENPS: enps}
	return m, nil
}

func rate(d stats.Distribution) (Rating, error) {
	mean, err := d.Mean(crowd)
	if errors.Is(err, stats.ErrNobody) {
		return Rating{}, nil
	}
	if err != nil {
		return Rating{}, err
	}
	n := 0
	for _, count := range d {
		n += count
	}
	group, err := stats.NewGroup(n, crowd)
	if err != nil {
		return Rating{}, err
	}
	share, err := stats.NewShare(d[3]+d[4], n, group)
	if err != nil {
		return Rating{}, err
	}
	return Rating{N: n, Distribution: d, Favourable: share.Value(), FavourableInterval: share.Interval(), Mean: mean}, nil
}

// Answers is how many chose each answer to a question, from the lowest.
func (m Measures) Answers(q Question) []int {
	if q == Recommendation {
		return m.NPS.Distribution[:]
	}
	for i, rated := range Rated() {
		if rated == q {
			return m.Rated[i].Distribution[:]
		}
	}
	return nil
}
