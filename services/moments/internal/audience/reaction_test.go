package audience_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/moments/internal/audience"
)

func answered(keyMoment, followUp string) audience.Reaction {
	return audience.Reaction{Did: audience.Answered, KeyMoment: keyMoment, FollowUp: followUp}
}

func TestEachReactionHoldsForThoseWhoDidIt(t *testing.T) {
	unasked, silent, active := audience.Reacted{}, audience.Reacted{Asked: true}, audience.Reacted{Asked: true, Answered: true}
	for did, holds := range map[audience.Did][3]bool{
		audience.Asked:       {false, true, true},
		audience.NotAsked:    {true, false, false},
		audience.Answered:    {false, false, true},
		audience.NotAnswered: {false, true, false},
	} {
		for i, reacted := range []audience.Reacted{unasked, silent, active} {
			require.Equal(t, holds[i], audience.Reaction{Did: did}.Holds(reacted), "%s %+v", did, reacted)
		}
	}
}

func TestWhoReactedIsNarrowedByTheUnitAlone(t *testing.T) {
	for name, c := range map[string]struct {
		who  audience.Audience
		code audience.Code
	}{
		"a unit":                 {audience.Audience{UnitID: "store-1", Reaction: answered("onboarding", "day_7")}, ""},
		"a job":                  {audience.Audience{JobTitles: []string{"Vendeur"}, Reaction: answered("onboarding", "")}, audience.TooFine},
		"one manager's":          {audience.Audience{ManagerID: "marc", NeverReacts: true}, audience.TooFine},
		"two reactions":          {audience.Audience{NeverReacts: true, Reaction: answered("onboarding", "")}, audience.TooFine},
		"being asked is no news": {audience.Audience{ManagerID: "marc", Reaction: audience.Reaction{Did: audience.Asked, KeyMoment: "onboarding"}}, ""},
		"no key moment":          {audience.Audience{Reaction: answered("", "")}, audience.Missing},
		"no campaign":            {audience.Audience{Reaction: answered("campaign", "")}, audience.Missing},
		"nothing anybody does":   {audience.Audience{Reaction: audience.Reaction{Did: "slept", KeyMoment: "onboarding"}}, audience.Unknown},
	} {
		problems := c.who.Check()
		if c.code == "" {
			require.Empty(t, problems, name)
			continue
		}
		require.Equal(t, []audience.Problem{{Field: "reaction", Code: c.code}}, problems, name)
	}
}

func TestACountIsToldInTensFromTenOnEachSide(t *testing.T) {
	for _, c := range []struct {
		tally audience.Tally
		count audience.Count
	}{
		{audience.Tally{Base: 100, Did: 37}, audience.Count{People: 30, About: true}},
		{audience.Tally{Base: 20, Did: 10, Around: []int{20, 30}}, audience.Count{People: 10, About: true}},
		{audience.Tally{Base: 100, Did: 9}, audience.Count{TooFew: true}},
		{audience.Tally{Base: 100, Did: 91}, audience.Count{TooFew: true}},
		{audience.Tally{Base: 100, Did: 0}, audience.Count{TooFew: true}},
		{audience.Tally{Base: 100, Did: 50, Around: []int{101}}, audience.Count{TooFew: true}}, // less the unit, one person is left
	} {
		require.Equal(t, c.count, c.tally.Count(), "%+v", c.tally)
	}
}

// Whatever one person did, the counts of everything around them are the same for at least nine people of either side, and never tell
// which: if the person's answer changes a number that is told, there are ten people or more to whom it may be owed.
func TestNoCountTellsWhatOnePersonDid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tally := audience.Tally{Base: rapid.IntRange(0, 60).Draw(t, "base")}
		tally.Did = rapid.IntRange(0, tally.Base).Draw(t, "did")
		count := tally.Count()
		if count.TooFew {
			require.Zero(t, count.People)
			return
		}
		require.LessOrEqual(t, count.People, tally.Did)
		require.Less(t, tally.Did, count.People+audience.Least)
		require.GreaterOrEqual(t, count.People, audience.Least)
		require.GreaterOrEqual(t, tally.Base-tally.Did, audience.Least, "nobody can be told by elimination")
	})
}

func TestAKeptAudienceSaysWhatIsWrong(t *testing.T) {
	others := []audience.Saved{{ID: "a", Name: "Vendeurs"}}
	require.Empty(t, audience.Saved{ID: "b", Name: "Caisses"}.Check(others))
	require.Equal(t, []audience.Problem{{Field: "name", Code: audience.Taken}}, audience.Saved{ID: "b", Name: "Vendeurs"}.Check(others))
	require.Equal(t, []audience.Problem{{Field: "name", Code: audience.Missing}, {Field: "audience.language", Code: audience.Unknown}},
		audience.Saved{ID: "b", Audience: audience.Audience{Language: "de"}}.Check(others))
	require.Equal(t, []audience.Problem{{Field: "name", Code: audience.TooMany}}, audience.Saved{ID: "b", Name: "x"}.Check(make([]audience.Saved, audience.MostSaved)))
}
