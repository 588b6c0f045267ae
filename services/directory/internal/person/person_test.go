package person_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/directory/internal/person"
)

func day(t *testing.T, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	require.NoError(t, err)
	return d
}

func TestTheBetterCasedFormOfANameIsKept(t *testing.T) {
	for _, c := range []struct{ known, other, want string }{
		{"PICARD", "Picard", "Picard"},
		{"Picard", "PICARD", "Picard"},
		{"picard", "PICARD", "PICARD"},
		{"PICARD", "picard", "PICARD"},
		{"De La Tour", "de La Tour", "De La Tour"},
		{"LEFÈVRE", "Lefèvre", "Lefèvre"},
		{"Picard", "Barbier", "Barbier"},
		{"", "Barbier", "Barbier"},
	} {
		require.Equal(t, c.want, person.BetterCased(c.known, c.other), "%q then %q", c.known, c.other)
	}
}

func TestNamesDoNotFlicker(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		forms := []string{"ANDRÉ LE GALL", "andré le gall", "André Le Gall", "André le Gall"}
		a := rapid.SampledFrom(forms).Draw(t, "a")
		b := rapid.SampledFrom(forms).Draw(t, "b")
		once := person.BetterCased(a, b)
		require.Equal(t, once, person.BetterCased(once, a))
		require.Equal(t, once, person.BetterCased(once, b))
	})
}

func TestLetterCaseAloneIsNoChange(t *testing.T) {
	d := person.Compare(person.Facts{FamilyName: "PICARD"}, person.Facts{FamilyName: "Picard"})
	require.True(t, d.Spelling)
	require.False(t, d.Counts())
	require.True(t, person.Compare(person.Facts{FamilyName: "PICARD"}, person.Facts{FamilyName: "Ricard"}).Counts())
}

func TestHistoryIsDated(t *testing.T) {
	asOf := day(t, "2026-11-02")
	before := person.Facts{UnitID: "a", ManagerID: "m", HiredOn: day(t, "2020-01-01")}

	moved := before
	moved.UnitID, moved.ManagerID = "b", "n"
	require.Equal(t, []person.Entry{
		{On: asOf, NotedOn: asOf, What: person.Moved, From: "a", To: "b"},
		{On: asOf, NotedOn: asOf, What: person.ManagerChanged, From: "m", To: "n"},
	}, person.Chronicle(before, moved, person.News{AsOf: asOf, On: asOf}))

	on := day(t, "2026-10-15")
	dated := person.Chronicle(before, moved, person.News{AsOf: asOf, On: on})
	require.Equal(t, person.Entry{On: on, NotedOn: asOf, What: person.Moved, From: "a", To: "b"}, dated[0])
	require.Equal(t, on, dated[1].On, "the manager changed with the unit")

	left := before
	left.LeftOn = day(t, "2026-10-12")
	require.Equal(t, []person.Entry{{On: left.LeftOn, NotedOn: asOf, What: person.Left, To: "2026-10-12"}}, person.Chronicle(before, left, person.News{AsOf: asOf, On: asOf}))
	require.Equal(t, []person.Entry{{On: asOf, NotedOn: asOf, What: person.Stayed, From: "2026-10-12"}}, person.Chronicle(left, before, person.News{AsOf: asOf, On: asOf}))

	back := left
	back.HiredOn, back.LeftOn, back.UnitID = day(t, "2027-04-01"), clock.Date{}, "b"
	require.Equal(t, []person.Entry{{On: back.HiredOn, NotedOn: asOf, What: person.Hired, To: "b"}}, person.Chronicle(left, back, person.News{AsOf: asOf, On: asOf}))

	corrected := before
	corrected.HiredOn = day(t, "2020-01-06")
	require.Equal(t, person.Corrected, person.Chronicle(before, corrected, person.News{AsOf: asOf, On: asOf})[0].What)
	require.Empty(t, person.Chronicle(before, before, person.News{AsOf: asOf, On: asOf}))
}
