package publishing

import (
	"fmt"
	"slices"

	"jalon.dev/pkg/stats"
	"jalon.dev/services/barometer/internal/mongostore"
	"jalon.dev/services/barometer/internal/publication"
)

// figures are a result's themes and then its questions.
func figures(r mongostore.Result) []publication.Figure { return slices.Concat(r.Themes, r.Questions) }

// compare says of each theme and question of each group what became of it since the edition before. The themes of all groups are one
// family of tests, the questions another: however many are looked at, few of the words are chance.
func compare(results []mongostore.Result, before map[string]mongostore.Result) error {
	type at struct{ result, figure int }
	families := map[bool][]stats.Change{}
	places := map[bool][]at{}
	for i, r := range results {
		earlier, ok := before[mongostore.ResultID("", r.UnitID, r.Rest)]
		current, previous := figures(r), figures(earlier)
		if !ok || len(previous) != len(current) {
			continue
		}
		results[i].Changes = make([]mongostore.Change, len(current))
		for f, now := range current {
			then, err := earlier.Share(previous[f])
			if err != nil {
				return fmt.Errorf("comparing %s: %w", r.UnitID, err)
			}
			share, err := r.Share(now)
			if err != nil {
				return fmt.Errorf("comparing %s: %w", r.UnitID, err)
			}
			theme := f < len(r.Themes)
			families[theme] = append(families[theme], stats.Compare(then, share))
			places[theme] = append(places[theme], at{i, f})
		}
	}
	for theme, family := range families {
		for j, verdict := range stats.Verdicts(family) {
			where, c := places[theme][j], family[j]
			results[where.result].Changes[where.figure] = mongostore.Change{
				Points: c.Points, Interval: c.Interval, Detectable: c.Detectable, Verdict: verdict,
			}
		}
	}
	return nil
}

// place says where each unit stands, by theme, among the units of its kind.
func place(results []mongostore.Result) error {
	kinds := map[string][]int{}
	for i, r := range results {
		if !r.Rest && r.Parent != "" {
			kinds[r.Kind] = append(kinds[r.Kind], i)
		}
	}
	for _, alike := range kinds {
		if len(alike) < 2 {
			continue
		}
		for theme := range results[alike[0]].Themes {
			shares := make([]stats.Share, len(alike))
			for j, i := range alike {
				share, err := results[i].Share(results[i].Themes[theme])
				if err != nil {
					return fmt.Errorf("placing %s: %w", results[i].UnitID, err)
				}
				shares[j] = share
			}
			for j, span := range stats.Places(shares) {
				r := &results[alike[j]]
				r.Places, r.Among = append(r.Places, span), len(alike)
			}
		}
	}
	return nil
}
