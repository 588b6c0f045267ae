package audience_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/services/moments/internal/audience"
)

func day(t *testing.T, text string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(text)
	require.NoError(t, err)
	return d
}

// camille sells in store 1, since 31 January 2025.
func camille(t *testing.T) people.Person {
	t.Helper()
	return people.Person{
		ID: "camille", UnitID: "team-1", UnitPath: []string{"company", "store-1", "team-1"}, ManagerID: "marc", Language: "fr",
		HiredOn: day(t, "2025-01-31"), JobTitle: "Vendeuse", Contract: "CDI",
	}
}

func TestEachConditionNarrowsAndAllMustHold(t *testing.T) {
	on := day(t, "2026-11-02")
	for name, a := range map[string]audience.Audience{
		"everybody":         {},
		"her store":         {UnitID: "store-1"},
		"any of two jobs":   {JobTitles: []string{"Vendeur", "Vendeuse"}},
		"her contract":      {Contracts: []string{"CDI"}},
		"her language":      {Language: "fr"},
		"her manager":       {ManagerID: "marc"},
		"21 months or more": {MonthsFrom: 21},
		"under 22 months":   {MonthsBelow: 22},
		"hired that day":    {HiredFrom: day(t, "2025-01-31"), HiredTo: day(t, "2025-01-31")},
		"all of it": {
			UnitID: "team-1", JobTitles: []string{"Vendeuse"}, Contracts: []string{"CDI"}, Language: "fr", ManagerID: "marc",
			MonthsFrom: 12, MonthsBelow: 24, HiredFrom: day(t, "2025-01-01"),
		},
	} {
		require.True(t, a.Has(camille(t), on), name)
		require.Empty(t, a.Check(), name)
	}
	for name, a := range map[string]audience.Audience{
		"another store":       {UnitID: "store-2"},
		"another job":         {JobTitles: []string{"Vendeur"}},
		"another contract":    {Contracts: []string{"CDD", "Intérim"}},
		"another language":    {Language: "en"},
		"another manager":     {ManagerID: "jeanne"},
		"two years":           {MonthsFrom: 24},
		"newcomers":           {MonthsBelow: 21},
		"hired later":         {HiredFrom: day(t, "2025-02-01")},
		"hired before":        {HiredTo: day(t, "2025-01-30")},
		"one of two not hers": {UnitID: "store-1", Language: "en"},
	} {
		require.False(t, a.Has(camille(t), on), name)
	}
}

func TestSeniorityIsInWholeMonthsAndEndsOfMonthsAreMonthsToo(t *testing.T) {
	p := camille(t)
	month := audience.Audience{MonthsFrom: 1}
	require.False(t, month.Has(p, day(t, "2025-02-27")))
	require.False(t, month.Has(p, day(t, "2025-02-28")), "a month after the 31st has no 31st: it is over with the month")
	require.True(t, month.Has(p, day(t, "2025-03-31")))
	for _, on := range []string{"2025-02-28", "2025-03-31", "2025-06-30", "2026-01-30", "2026-01-31", "2026-02-01"} {
		from, below := audience.Audience{MonthsFrom: 12}, audience.Audience{MonthsBelow: 12}
		require.NotEqual(t, from.Has(p, day(t, on)), below.Has(p, day(t, on)), "on %s exactly one of the two", on)
	}
}

func TestWhoeverDoesNotWorkHereIsInNoAudience(t *testing.T) {
	p := camille(t)
	require.False(t, audience.Audience{}.Has(p, day(t, "2025-01-30")), "not yet")
	p.LeftOn = day(t, "2026-11-02")
	require.True(t, audience.Audience{}.Has(p, day(t, "2026-11-02")), "the last day counts")
	require.False(t, audience.Audience{}.Has(p, day(t, "2026-11-03")))
}

func TestWhereTheFirstDayIsNotKnownNoConditionOnItIsMet(t *testing.T) {
	p := camille(t)
	p.HiredOn = clock.Date{}
	on := day(t, "2026-11-02")
	require.True(t, audience.Audience{UnitID: "store-1"}.Has(p, on))
	require.False(t, audience.Audience{MonthsFrom: 1}.Has(p, on))
	require.False(t, audience.Audience{HiredTo: on}.Has(p, on))
}

func TestWhatIsWrongIsToldByField(t *testing.T) {
	a := audience.Audience{
		MonthsFrom: 12, MonthsBelow: 12, HiredFrom: day(t, "2026-02-01"), HiredTo: day(t, "2026-01-01"), Language: "de",
	}
	require.Equal(t, []audience.Problem{
		{Field: "months_below", Code: audience.Backwards}, {Field: "hired_to", Code: audience.Backwards}, {Field: "language", Code: audience.Unknown},
	}, a.Check())
	require.Equal(t, []audience.Problem{
		{Field: "months_from", Code: audience.Negative}, {Field: "months_below", Code: audience.TooLarge},
	}, audience.Audience{MonthsFrom: -1, MonthsBelow: 9999}.Check())
}
