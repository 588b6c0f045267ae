package clock_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
)

func TestAMonthLaterIsTheSameDayOrTheLastOfTheMonth(t *testing.T) {
	cases := []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-15", 1, "2026-02-15"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2026-12-31", 2, "2027-02-28"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-11-02", 12, "2027-11-02"},
		{"2028-02-29", 12, "2029-02-28"},
		{"2028-02-29", 48, "2032-02-29"},
	}
	for _, c := range cases {
		require.Equal(t, c.want, date(t, c.from).AddMonths(c.months).String(), "%s + %d months", c.from, c.months)
	}
	require.Equal(t, "2027-02-28", date(t, "2024-02-29").AddYears(3).String())
}

func TestADateIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate().Draw(t, "date")
		require.Equal(t, d, date(t, d.String()))

		text, err := json.Marshal(d)
		require.NoError(t, err)
		var fromText clock.Date
		require.NoError(t, json.Unmarshal(text, &fromText))
		require.Equal(t, d, fromText)
	})
}

func TestDatesCountDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate().Draw(t, "date"), rapid.IntRange(-5000, 5000).Draw(t, "days")
		moved := d.AddDays(n)
		require.Equal(t, n, d.DaysUntil(moved))
		require.Equal(t, n > 0, d.Before(moved))
		require.Equal(t, n < 0, d.After(moved))
		require.Equal(t, time.Weekday(((int(d.Weekday())+n)%7+7)%7), moved.Weekday())
	})
}

func TestDatesInDocumentsAreStrings(t *testing.T) {
	type doc struct {
		On    clock.Date      `bson:"on"`
		Until clock.Date      `bson:"until,omitempty"`
		At    clock.TimeOfDay `bson:"at"`
	}
	raw, err := bson.Marshal(doc{On: date(t, "2026-11-02"), At: timeOfDay(t, "09:30")})
	require.NoError(t, err)
	require.JSONEq(t, `{"on": "2026-11-02","at": "09:30"}`, bson.Raw(raw).String())

	var back doc
	require.NoError(t, bson.Unmarshal(raw, &back))
	require.Equal(t, doc{On: date(t, "2026-11-02"), At: 570}, back)

	raw, err = bson.Marshal(bson.D{{Key: "on", Value: nil}, {Key: "at", Value: "00:00"}})
	require.NoError(t, err)
	require.NoError(t, bson.Unmarshal(raw, &back))
	require.True(t, back.On.IsZero(), "null is no date")

	raw, err = bson.Marshal(bson.D{{Key: "on", Value: 7}})
	require.NoError(t, err)
	require.Error(t, bson.Unmarshal(raw, &back))
}

func TestWhatIsNoDateOrTimeIsRefused(t *testing.T) {
	for _, s := range []string{"2026-02-29", "2026-13-01", "02/11/2026", "2026-1-1", "2026-11-02T00:00:00Z", " "} {
		_, err := clock.ParseDate(s)
		require.Error(t, err, s)
	}
	for _, s := range []string{"", "9:00", "24:00", "12:60", "noon", "09:00:00"} {
		_, err := clock.ParseTimeOfDay(s)
		require.Error(t, err, s)
	}
	none, err := clock.ParseDate("")
	require.NoError(t, err)
	require.True(t, none.IsZero())
	require.Empty(t, none.String())
}

func TestTheDateDependsOnTheZone(t *testing.T) {
	at := time.Date(2026, 11, 2, 23, 30, 0, 0, time.UTC)
	require.Equal(t, "2026-11-03", clock.DateOf(at, zone(t, "Europe/Paris")).String())
	require.Equal(t, "2026-11-02", clock.DateOf(at, zone(t, "America/New_York")).String())
	require.Equal(t, "2026-11-03", clock.Today(clock.NewFrozen(at), zone(t, "Europe/Paris")).String())
	require.Equal(t, "2026-11-02T23:00:00Z", date(t, "2026-11-03").In(zone(t, "Europe/Paris")).Format(time.RFC3339))
}

func anyDate() *rapid.Generator[clock.Date] {
	return rapid.Custom(func(t *rapid.T) clock.Date {
		return clock.Date{Year: 1900, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 100_000).Draw(t, "n"))
	})
}
