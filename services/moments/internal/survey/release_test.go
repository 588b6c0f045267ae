package survey_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/moments/internal/survey"
)

// from are so many answers of a unit, about a follow-up, on a day.
func from(n int, followUp string, on int, path ...string) []survey.Response {
	var rs []survey.Response
	for range n {
		rs = append(rs, survey.Response{
			UnitPath: path, FollowUp: followUp, Questionnaire: "onboarding_day_1.v1", AnsweredOn: day(on),
			Answers: []survey.Answer{{Question: "welcomed", Number: new(4)}},
		})
	}
	return rs
}

func together(parts ...[]survey.Response) (all []survey.Response) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// counted is how many answers count in a unit's figures before a day.
func counted(t require.TestingT, rs []survey.Response, unit, followUp string, until int) int {
	qs, err := survey.Collect(survey.Standard()...)
	require.NoError(t, err)
	return survey.Summarise([]survey.Questionnaire{qs["onboarding_day_1.v1"]}, rs,
		survey.Scope{UnitID: unit, FollowUp: followUp, Until: day(until)}).Responses
}

func TestWhatCounts(t *testing.T) {
	for name, c := range map[string]struct {
		answers        []survey.Response
		unit, followUp string
		want           int
	}{
		"everybody, five":                    {from(5, "d1", 0, "co"), "", "", 5},
		"everybody, four":                    {from(4, "d1", 0, "co"), "", "", 0},
		"five over days":                     {together(from(2, "d1", 0, "co"), from(3, "d1", 7, "co")), "", "", 5},
		"a sixth waits for four others":      {together(from(5, "d1", 0, "co"), from(1, "d1", 7, "co")), "", "", 5},
		"the next five":                      {together(from(5, "d1", 0, "co"), from(1, "d1", 7, "co"), from(4, "d1", 9, "co")), "", "", 10},
		"of this very day":                   {from(9, "d1", 30, "co"), "", "", 0},
		"the only store with answers":        {from(6, "d1", 0, "co", "a"), "a", "", 6},
		"a store with four":                  {together(from(4, "d1", 0, "co", "a"), from(9, "d1", 0, "co", "b")), "a", "", 0},
		"its neighbour, which would give it": {together(from(4, "d1", 0, "co", "a"), from(9, "d1", 0, "co", "b")), "b", "", 0},
		"a store beside five others":         {together(from(5, "d1", 0, "co", "a"), from(9, "d1", 0, "co", "b")), "b", "", 9},
		"two would give the third away: the larger counts": {
			together(from(8, "d1", 0, "co", "a"), from(9, "d1", 0, "co", "b"), from(1, "d1", 0, "co", "c")), "b", "", 9,
		},
		"two would give the third away: the smaller waits": {
			together(from(8, "d1", 0, "co", "a"), from(9, "d1", 0, "co", "b"), from(1, "d1", 0, "co", "c")), "a", "", 0,
		},
		"a team in a store that waits": {
			together(from(8, "d1", 0, "co", "a", "t"), from(9, "d1", 0, "co", "b"), from(1, "d1", 0, "co", "c")), "t", "", 0,
		},
		"one newcomer elsewhere is not found by comparing with yesterday": {
			together(from(9, "d1", 0, "co", "a"), from(9, "d1", 0, "co", "b"), from(5, "d1", 1, "co", "a"), from(1, "d1", 1, "co", "b")), "a", "", 9,
		},
		"a unit nobody answered from":     {from(9, "d1", 0, "co"), "z", "", 0},
		"a follow-up nobody answered":     {from(9, "d1", 0, "co"), "", "d90", 0},
		"several answers of few people":   {together(from(2, "d1", 0, "co"), from(2, "d7", 0, "co"), from(2, "d30", 0, "co")), "co", "", 0},
		"a sum holds only what counts":    {together(from(5, "d1", 0, "co"), from(3, "d7", 0, "co")), "", "", 5},
		"people of the store itself left": {together(from(9, "d1", 0, "co", "a", "t"), from(2, "d1", 0, "co", "a")), "t", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, counted(t, c.answers, c.unit, c.followUp, 30))
		})
	}
}

func TestAPeriodIsMadeOfWholeSteps(t *testing.T) {
	rs := together(from(7, "d1", 0, "co"), from(3, "d1", 29, "co"), from(2, "d1", 30, "co"), from(4, "d1", 31, "co"))
	in := func(first, last string) int {
		return survey.Summarise([]survey.Questionnaire{dayOne(t)}, rs, survey.Scope{From: first, To: last, Until: day(90)}).Responses
	}
	require.Equal(t, 7, in("", "2026-11"))
	require.Equal(t, 5, in("2026-12", "2026-12"), "the three of November made no step of their own")
	require.Equal(t, 12, in("2026-11", ""))
	require.Zero(t, in("2027-01", ""))
}

func TestADayIsCompleteWhenItIsOverEverywhere(t *testing.T) {
	require.Equal(t, day(0), survey.Complete(time.Date(2026, 11, 2, 11, 59, 0, 0, time.UTC)))
	require.Equal(t, day(1), survey.Complete(time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)))
}

// Whoever notes down all figures every day, and subtracts them from each other, meets nobody alone.
func TestNoDifferenceIsOfFewPeople(t *testing.T) {
	paths := [][]string{{"co", "a"}, {"co", "b"}, {"co", "c"}, {"co", "d", "x"}, {"co", "d", "y"}, {"co", "d"}}
	children := map[string][]string{"": {"co"}, "co": {"a", "b", "c", "d"}, "d": {"x", "y"}}
	enough := func(n int) bool { return n == 0 || n >= survey.LeastForFigures || n <= -survey.LeastForFigures }
	rapid.Check(t, func(rt *rapid.T) {
		days := rapid.IntRange(1, 6).Draw(rt, "days")
		var rs []survey.Response
		for d := range days {
			for _, path := range paths {
				rs = append(rs, from(rapid.IntRange(0, 7).Draw(rt, "n"), "d1", d, path...)...)
			}
		}
		before := map[string]int{}
		for d := 1; d <= days; d++ {
			now := map[string]int{}
			for _, unit := range []string{"", "co", "a", "b", "c", "d", "x", "y"} {
				now[unit] = counted(rt, rs, unit, "", d)
				require.True(rt, now[unit] >= before[unit] && enough(now[unit]-before[unit]), "%q grows by %d", unit, now[unit]-before[unit])
			}
			for parent, parts := range children {
				rest, grown := now[parent], now[parent]-before[parent]
				for _, part := range parts {
					rest -= now[part]
					grown -= now[part] - before[part]
				}
				require.True(rt, rest >= 0 && enough(rest), "%d of %q are in no part that counts", rest, parent)
				if stepped := now[parent] != before[parent]; !stepped {
					require.Zero(rt, grown, "parts of %q grow with it only", parent)
				}
			}
			before = now
		}
	})
}
