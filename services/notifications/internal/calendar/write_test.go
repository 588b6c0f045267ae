package calendar_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/notifications/internal/calendar"
)

func invitation() calendar.Invitation {
	return calendar.Invitation{
		Method: calendar.Request, TalkID: "5f0c7d8e-0000-5000-8000-000000000001", Sequence: 2,
		Begins: tuesday.AddDate(0, 0, 7), Ends: tuesday.AddDate(0, 0, 7).Add(time.Hour), Written: tuesday,
		Summary: "Entretien avec Léa Moreau", Description: "Pour préparer l'entretien, ou proposer une autre date : https://jalon.example.com/talks/1",
		URL:       "https://jalon.example.com/talks/1",
		Organizer: calendar.Mailbox{Name: "Jalon", Address: "jalon@example.com"},
		Attendee:  calendar.Mailbox{Name: "Zoé Hélène d'Aubigné", Address: "zoe@example.com"},
	}
}

// read reads a calendar as a program of other people does, after holding each line against RFC 5545 3.1.
func read(t require.TestingT, raw []byte) (*ical.Calendar, ical.Event) {
	require.True(t, bytes.HasSuffix(raw, []byte("END:VCALENDAR\r\n")))
	for line := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
		require.LessOrEqual(t, len(line), 75, "a line has 75 octets at most: %q", line)
		require.True(t, utf8.ValidString(line), "no character is cut: %q", line)
		require.NotContains(t, line, "\n")
		require.NotEmpty(t, line)
	}
	cal, err := ical.NewDecoder(bytes.NewReader(raw)).Decode()
	require.NoError(t, err)
	require.Len(t, cal.Events(), 1)
	return cal, cal.Events()[0]
}

func text(t require.TestingT, props ical.Props, name string) string {
	value, err := props.Text(name)
	require.NoError(t, err)
	return value
}

func TestACalendarSaysWhatItWasToldToAnotherProgram(t *testing.T) {
	i := invitation()
	raw, err := i.Write()
	require.NoError(t, err)
	cal, event := read(t, raw)

	require.Equal(t, "2.0", text(t, cal.Props, ical.PropVersion))
	require.Equal(t, "REQUEST", text(t, cal.Props, ical.PropMethod))
	require.NotEmpty(t, text(t, cal.Props, ical.PropProductID))
	require.Equal(t, i.TalkID, text(t, event.Props, ical.PropUID))
	require.Equal(t, "2", event.Props.Get(ical.PropSequence).Value)
	require.Equal(t, i.Summary, text(t, event.Props, ical.PropSummary))
	require.Equal(t, i.Description, text(t, event.Props, ical.PropDescription))
	require.Equal(t, i.URL, event.Props.Get(ical.PropURL).Value)
	require.Equal(t, "CONFIRMED", text(t, event.Props, ical.PropStatus))
	begins, err := event.DateTimeStart(nil)
	require.NoError(t, err)
	require.True(t, i.Begins.Equal(begins))
	ends, err := event.DateTimeEnd(nil)
	require.NoError(t, err)
	require.True(t, i.Ends.Equal(ends))
	stamp, err := event.Props.DateTime(ical.PropDateTimeStamp, nil)
	require.NoError(t, err)
	require.True(t, i.Written.Equal(stamp))

	require.Equal(t, "mailto:jalon@example.com", event.Props.Get(ical.PropOrganizer).Value)
	attendees := event.Props.Values(ical.PropAttendee)
	require.Len(t, attendees, 1, "nobody's address is told to anybody else")
	require.Equal(t, "mailto:zoe@example.com", attendees[0].Value)
	require.Equal(t, "FALSE", attendees[0].Params.Get(ical.ParamRSVP))
	require.Equal(t, "ACCEPTED", attendees[0].Params.Get(ical.ParamParticipationStatus))
	require.Equal(t, "Zoé Hélène d’Aubigné", attendees[0].Params.Get(ical.ParamCommonName))
}

func TestACancellationIsOfTheSameTalk(t *testing.T) {
	i := invitation()
	i.Method, i.Sequence, i.Description, i.URL = calendar.Cancel, 3, "", ""
	raw, err := i.Write()
	require.NoError(t, err)
	cal, event := read(t, raw)
	require.Equal(t, "CANCEL", text(t, cal.Props, ical.PropMethod))
	require.Equal(t, "CANCELLED", text(t, event.Props, ical.PropStatus))
	require.Equal(t, i.TalkID, text(t, event.Props, ical.PropUID))
	require.Equal(t, "3", event.Props.Get(ical.PropSequence).Value)
	require.Nil(t, event.Props.Get(ical.PropURL))
}

func TestALongNameIsFoldedAndWhatANameHoldsNeverBecomesAProperty(t *testing.T) {
	for _, name := range []string{
		strings.Repeat("Éléonore-", 30), strings.Repeat("é", 200), strings.Repeat("é è ", 60), "日本語の名前" + strings.Repeat("長", 60),
		`O'Brien, Jr.; "Bob" \ <b>`, "Anne:Marie", "😀" + strings.Repeat("😀", 40), "x",
	} {
		i := invitation()
		i.Summary = "Entretien avec " + name
		i.Attendee.Name, i.Organizer.Name = name, name
		raw, err := i.Write()
		require.NoError(t, err)
		_, event := read(t, raw)
		require.Equal(t, i.Summary, text(t, event.Props, ical.PropSummary))
		require.Equal(t, "mailto:zoe@example.com", event.Props.Get(ical.PropAttendee).Value)
		require.Equal(t, "mailto:jalon@example.com", event.Props.Get(ical.PropOrganizer).Value)
		require.NotContains(t, string(raw), `CN=O\'`)
	}
}

func TestTheHourIsTheLocalOneOnBothSidesOfAChangeOfClocks(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	for on, offset := range map[string]string{"2026-10-20": "+02:00", "2026-10-27": "+01:00", "2026-03-31": "+02:00"} {
		talk, err := calendar.Planned(told(on, "10:00", "Europe/Paris"))
		require.NoError(t, err)
		i := invitation()
		i.Begins, i.Ends = talk.Begins, talk.Begins.Add(time.Hour)
		raw, err := i.Write()
		require.NoError(t, err)
		_, event := read(t, raw)
		begins, err := event.DateTimeStart(paris)
		require.NoError(t, err)
		require.Equal(t, on+"T10:00:00"+offset, begins.In(paris).Format(time.RFC3339))
	}
}
