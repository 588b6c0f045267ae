package portaltest

import (
	"cmp"
	"slices"
	"strings"

	"jalon.dev/pkg/fold"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

// choose leaves of the units below those that are wanted, in their order, and says what is said of all. They come in the order of their
// names.
func choose(res *barometerv1.GetResultsResponse, want *barometerv1.BelowWanted) {
	all := res.GetBelow()
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b *barometerv1.UnitResult) int {
		return strings.Compare(a.GetUnit().GetName(), b.GetUnit().GetName())
	})
	res.BelowSummary = summary(all)
	if want == nil {
		return
	}
	by := slices.IndexFunc(res.GetThemes(), func(t *barometerv1.Theme) bool { return t.GetCode() == want.GetOrderBy() })
	var found []*barometerv1.UnitResult
	for _, u := range all {
		if strings.Contains(fold.Text(u.GetUnit().GetName()), fold.Text(want.GetNameContains())) {
			found = append(found, u)
		}
	}
	slices.SortStableFunc(found, func(a, b *barometerv1.UnitResult) int {
		switch {
		case want.GetOrderBy() == "enps":
			return cmp.Compare(a.GetEnps().GetPoints(), b.GetEnps().GetPoints())
		case by >= 0:
			return cmp.Compare(a.GetThemes()[by].GetShare(), b.GetThemes()[by].GetShare())
		case a.GetRest() != b.GetRest() && a.GetRest():
			return 1
		case a.GetRest() != b.GetRest():
			return -1
		default:
			return 0
		}
	})
	res.BelowSummary.Found = int32(len(found))
	from := min(int(want.GetOffset()), len(found))
	res.Below = found[from:min(from+int(want.GetLimit()), len(found))]
}

func summary(all []*barometerv1.UnitResult) *barometerv1.BelowSummary {
	about := &barometerv1.BelowSummary{All: int32(len(all)), Found: int32(len(all))}
	var reach, seen []float64
	kinds := map[string]bool{}
	for _, u := range all {
		if u.GetRest() {
			about.Rest = true
		} else {
			about.Kind, kinds[u.GetUnit().GetKind()] = u.GetUnit().GetKind(), true
		}
		for _, f := range u.GetThemes() {
			reach = append(reach, 50*(f.GetShareInterval().GetHigh()-f.GetShareInterval().GetLow()))
			if f.GetChange() != nil {
				seen = append(seen, f.GetChange().GetDetectable())
			}
		}
	}
	if len(kinds) > 1 {
		about.Kind = ""
	}
	about.Reach, about.Detectable = median(reach), median(seen)
	return about
}

func median(all []float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}
