package customers

import "jalon.dev/pkg/stats"

// Score is one figure of a store's customers, in points: a favourable share from 0 to 100, or the NPS from −100 to 100.
type Score struct {
	Points   float64
	Interval stats.Interval
	N        int
}

// Score is the figure by which a question is crossed; ok is false where nobody answered it.
func (m Measures) Score(q Question) (s Score, ok bool) {
	if q == Recommendation {
		return Score{Points: m.NPS.Points, Interval: m.NPS.Interval, N: m.NPS.N}, m.NPS.N > 0
	}
	for i, rated := range Rated() {
		if rated == q {
			r := m.Rated[i]
			in := stats.Interval{Low: 100 * r.FavourableInterval.Low, High: 100 * r.FavourableInterval.High}
			favourable := r.Distribution[3] + r.Distribution[4]
			// Multiplied first, so that 56 % is 56 and not a hair more.
			return Score{Points: float64(100*favourable) / float64(max(r.N, 1)), Interval: in, N: r.N}, r.N > 0
		}
	}
	return Score{}, false
}

// Scores are a wave's figures of one question, by store. Stores in which nobody answered it are not there.
func Scores(panel []Measures, w Wave, q Question) map[string]Score {
	scores := map[string]Score{}
	for _, m := range panel {
		if s, ok := m.Score(q); ok && m.Wave == w {
			scores[m.StoreID] = s
		}
	}
	return scores
}
