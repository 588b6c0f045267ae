package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/campaign"
)

// on is an outlook of a hundred people: so many are reached at once, so many wait because they were asked much, the others are missed.
func on(date clock.Date, reached, waiting, missed int) campaign.Outlook {
	o := campaign.Outlook{On: date}
	o.Add(campaign.OutlookDay{Day: date, Reached: reached})
	o.Add(campaign.OutlookDay{Day: date.AddDays(3), Reached: waiting, Waited: map[string]int{"over_cap": waiting}})
	o.Miss("absent", missed)
	return o
}

func TestAHeavyDayIsSaidAndABetterOneFound(t *testing.T) {
	tuesday := day(t, "2026-11-03")
	outlooks := []campaign.Outlook{
		on(tuesday, 60, 38, 2), on(tuesday.AddDays(1), 65, 33, 2), on(tuesday.AddDays(2), 90, 5, 5), on(tuesday.AddDays(3), 80, 18, 2), on(tuesday.AddDays(6), 80, 18, 2),
	}
	campaign.Judge(outlooks, 100)
	require.True(t, outlooks[0].Heavy)
	require.False(t, outlooks[3].Heavy)
	better := []bool{}
	for _, o := range outlooks {
		better = append(better, o.Better)
	}
	require.Equal(t, []bool{false, false, false, true, false}, better, "clearly more at once, no more missed; the first of two such days")
}

func TestADayIsNotBetterForAFew(t *testing.T) {
	tuesday := day(t, "2026-11-03")
	outlooks := []campaign.Outlook{on(tuesday, 60, 10, 0), on(tuesday.AddDays(1), 69, 1, 0)}
	campaign.Judge(outlooks, 100)
	require.False(t, outlooks[0].Heavy || outlooks[1].Better)
	campaign.Judge(outlooks, 0)
}

func TestCountsOfPartsAddUp(t *testing.T) {
	var o campaign.Outlook
	tuesday := day(t, "2026-11-03")
	for range 3 {
		o.Add(campaign.OutlookDay{Day: tuesday.AddDays(1), Reached: 2, Waited: map[string]int{"over_cap": 1}, Reminded: 1, Others: 4})
		o.Add(campaign.OutlookDay{Day: tuesday, Reached: 5})
		o.Miss("left", 1)
	}
	require.Equal(t, []campaign.OutlookDay{
		{Day: tuesday, Reached: 15, Waited: map[string]int{}},
		{Day: tuesday.AddDays(1), Reached: 6, Waited: map[string]int{"over_cap": 3}, Reminded: 3, Others: 12},
	}, o.Days())
	require.Equal(t, map[string]int{"left": 3}, o.Missed)
}

func TestOtherDaysAreWorkingDaysThatLeaveTimeToAnswer(t *testing.T) {
	c := content(t) // Tuesday the 3rd at ten, until Tuesday the 17th
	days := func() (out []string) {
		for _, date := range c.StartDays() {
			out = append(out, date.String())
		}
		return out
	}
	require.Equal(t, []string{"2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06", "2026-11-10", "2026-11-11"}, days(), "no weekend, and no Monday at ten")
	c.Until = day(t, "2026-11-05")
	require.Equal(t, []string{"2026-11-03", "2026-11-04"}, days())
	c.On, c.Until = day(t, "2026-11-07"), day(t, "2026-11-07")
	require.Equal(t, []string{"2026-11-07"}, days(), "its own day whatever it is")
}

func TestThePeopleLookedAtDifferByLanguageAndThenByUnit(t *testing.T) {
	person := func(id, language, unit string) campaign.Recipient {
		return campaign.Recipient{PersonID: id, Language: language, UnitID: unit}
	}
	many := []campaign.Recipient{
		person("a", "fr", "nantes"), person("b", "fr", "nantes"), person("c", "fr", "lyon"), person("d", "en", "nantes"), person("e", "en", "lille"),
	}
	require.Equal(t, []campaign.Recipient{many[0], many[4], many[2]}, campaign.Differing(many, 3))
	require.Equal(t, many[:2], campaign.Differing(many[:2], 3), "two who are alike are better than one")
	require.Empty(t, campaign.Differing(nil, 3))
}
