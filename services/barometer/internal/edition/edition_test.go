package edition_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/barometer/internal/edition"
)

const id, paris = "6f1e0d5a-6a55-4b7b-9b0e-3a3f4f0a6a01", "Europe/Paris"

func day(t *testing.T, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	require.NoError(t, err)
	return d
}

func june(t *testing.T, change ...func(*edition.Choices)) edition.Choices {
	t.Helper()
	c := edition.Choices{Name: "2026", OpensOn: day(t, "2026-06-01"), ClosesOn: day(t, "2026-06-21")}
	for _, f := range change {
		f(&c)
	}
	return c
}

func TestThresholdsMayBeRaisedAndNeverLowered(t *testing.T) {
	e, err := edition.New(id, paris, june(t))
	require.NoError(t, err)
	require.Equal(t, [2]int{5, 10}, [2]int{e.ScoresFrom, e.DetailsFrom})

	require.NoError(t, e.Choose(june(t, func(c *edition.Choices) { c.ScoresFrom = 12 })))
	require.Equal(t, [2]int{12, 12}, [2]int{e.ScoresFrom, e.DetailsFrom})
	for field, change := range map[string]func(*edition.Choices){
		"scores_from":  func(c *edition.Choices) { c.ScoresFrom = 4 },
		"details_from": func(c *edition.Choices) { c.DetailsFrom = 9 },
		"name":         func(c *edition.Choices) { c.Name = " " },
		"opens_on":     func(c *edition.Choices) { c.OpensOn = clock.Date{} },
		"closes_on":    func(c *edition.Choices) { c.ClosesOn = c.OpensOn.AddDays(1) },
	} {
		var wrong *edition.FieldError
		require.ErrorAs(t, e.Choose(june(t, change)), &wrong)
		require.Equal(t, field, wrong.Field)
	}
}

func TestNothingIsChosenAfterTheLaunch(t *testing.T) {
	e, err := edition.New(id, paris, june(t))
	require.NoError(t, err)
	var wrong *edition.FieldError
	require.ErrorAs(t, e.Launch(day(t, "2026-06-02"), 3), &wrong, "its first day has passed")
	require.ErrorAs(t, e.Launch(day(t, "2026-05-20"), 0), &wrong, "too few people")
	require.NoError(t, e.Launch(day(t, "2026-05-20"), 3))
	require.ErrorIs(t, e.Launch(day(t, "2026-05-20"), 3), edition.ErrLaunched)
	require.ErrorIs(t, e.Choose(june(t)), edition.ErrLaunched)
	require.ErrorIs(t, e.Step(edition.Ready, edition.Open), edition.ErrState)
	require.NoError(t, e.Freeze(100, 3))
	require.NoError(t, e.Step(edition.Preparing, edition.Ready))
	require.ErrorIs(t, e.Freeze(101, 3), edition.ErrState)
}

func TestAnEditionLastsFromTheFirstMidnightToTheLast(t *testing.T) {
	e, err := edition.New(id, paris, june(t))
	require.NoError(t, err)
	opens, err := e.Opens()
	require.NoError(t, err)
	closes, err := e.Closes()
	require.NoError(t, err)
	require.Equal(t, "2026-05-31T22:00:00Z", opens.UTC().Format("2006-01-02T15:04:05Z07:00"))
	require.Equal(t, "2026-06-21T22:00:00Z", closes.UTC().Format("2006-01-02T15:04:05Z07:00"))
	require.Equal(t, "2026-06-19", e.LastCall().String())

	short, err := edition.New(id, paris, june(t, func(c *edition.Choices) { c.ClosesOn = c.OpensOn.AddDays(2) }))
	require.NoError(t, err)
	require.Equal(t, short.ClosesOn, short.LastCall())
}
