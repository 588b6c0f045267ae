package suppression_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/suppression"
)

const least = 5

// unit has those who are right in it, and those of the units below.
func unit(id string, itself int, below ...suppression.Unit) suppression.Unit {
	u := suppression.Unit{ID: id, People: itself, Below: below}
	for _, part := range below {
		u.People += part.People
	}
	return u
}

func TestWhichUnitsAreToldOf(t *testing.T) {
	for name, c := range map[string]struct {
		of   suppression.Unit
		want []string
	}{
		"two that are the whole":               {unit("co", 0, unit("a", 10), unit("b", 10)), []string{"a", "b"}},
		"the smaller waits for three":          {unit("co", 0, unit("a", 12), unit("b", 10), unit("c", 3)), []string{"a"}},
		"of two alike, always the same":        {unit("co", 0, unit("b", 10), unit("a", 10), unit("c", 3)), []string{"a"}},
		"for one who is in no part of it":      {unit("co", 1, unit("a", 10)), nil},
		"not for five":                         {unit("co", 0, unit("a", 10), unit("b", 2), unit("c", 3)), []string{"a"}},
		"and not for nobody":                   {unit("co", 0, unit("a", 10), unit("b", 10), unit("c", 0)), []string{"a", "b"}},
		"what waits tells of nothing in it":    {unit("co", 0, unit("a", 20), unit("b", 0, unit("x", 5), unit("y", 5)), unit("c", 3)), []string{"a"}},
		"what is told leaves few in it, too":   {unit("co", 0, unit("a", 20), unit("b", 0, unit("x", 8), unit("y", 2))), []string{"a", "b"}},
		"too few in all":                       {unit("co", 4, unit("a", 0)), nil},
		"a unit in two places, in one too few": {unit("co", 9, unit("a", 0, unit("x", 6)), unit("b", 5, unit("x", 2))), []string{"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			told := c.of.Told(least)
			maps.DeleteFunc(told, func(_ string, is bool) bool { return !is })
			require.Equal(t, c.want, slices.Sorted(maps.Keys(told)))
		})
	}
}

// Whoever adds up any of the figures that are told, no person twice, and takes them from the whole, is left with five people or with none.
// And no more waits than must: of the units right below one, the small ones and one other.
func TestNoFigureLessOthersIsOfFewPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := 0
		var anyUnit func(depth int) suppression.Unit
		anyUnit = func(depth int) suppression.Unit {
			number++
			id := fmt.Sprintf("%02d", number)
			var below []suppression.Unit
			if depth > 0 {
				for range rapid.IntRange(0, 4).Draw(t, "below "+id) {
					below = append(below, anyUnit(depth-1))
				}
			}
			return unit(id, rapid.IntRange(0, 9).Draw(t, "people of "+id), below...)
		}
		whole := anyUnit(3)
		told := whole.Told(least)
		if whole.People < least {
			require.NotContains(t, slices.Collect(maps.Values(told)), true)
			return
		}
		for rest := range rests(whole, told) {
			require.True(t, rest == 0 || rest >= least, "%d people are left", rest)
		}
		var check func(u suppression.Unit)
		check = func(u suppression.Unit) {
			waiting := 0
			for _, part := range u.Below {
				if part.People >= least && !told[part.ID] {
					waiting++
				}
				if told[part.ID] {
					require.GreaterOrEqual(t, part.People, least)
					check(part)
				}
			}
			require.LessOrEqual(t, waiting, 1)
		}
		check(whole)
	})
}

// rests are how many people can be left of a unit, whichever told units in it are taken from it.
func rests(u suppression.Unit, told map[string]bool) map[int]bool {
	all := map[int]bool{u.People: true}
	for _, part := range u.Below {
		with := map[int]bool{}
		within := rests(part, told)
		if told[part.ID] {
			within[0] = true
		}
		for rest := range all {
			for left := range within {
				with[rest-part.People+left] = true
			}
		}
		all = with
	}
	return all
}
