package main

import (
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

func date(s string) clock.Date {
	d, err := clock.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// talkBooks know anna and her manager ben, and the talks, on Tuesday, 6 April 2027 in Paris.
func talkBooks(t *testing.T, talks ...talkDoc) *books {
	t.Helper()
	paris, err := clock.Zone(homeZone)
	require.NoError(t, err)
	b := newBooks()
	b.read = time.Date(2027, time.April, 6, 12, 0, 0, 0, paris)
	b.since = b.read.Add(-12 * time.Hour)
	b.people["anna"] = facts{Zone: paris, HiredOn: date("2020-01-06"), ManagerID: "ben", Email: "anna@example.com", rhythm: rhythmDays, Number: "1"}
	b.people["ben"] = facts{Zone: paris, HiredOn: date("2020-01-06"), Email: "ben@example.com", rhythm: rhythmDays, Number: "2"}
	for _, talk := range talks {
		b.follow(talk, b.read)
	}
	return b
}

// next is anna's second talk, a rhythm after the first, which was held on the day before the books were opened.
func next() talkDoc {
	return talkDoc{
		ID: "second", Kind: fourWeekly, EmployeeID: "anna", ManagerID: "ben", Number: 2, State: "planned", PlannedOn: date("2027-05-03"), StartsAt: 600,
		Zone: homeZone, Reason: "rhythm", DueOn: date("2027-05-03"), LastHeldOn: date("2027-04-05"),
	}
}

func held() talkDoc {
	return talkDoc{
		ID: "first", Kind: fourWeekly, EmployeeID: "anna", ManagerID: "ben", Number: 1, State: "held", PlannedOn: date("2027-04-05"), Zone: homeZone,
		HeldOn: date("2027-04-05"),
	}
}

func TestABrokenPromiseAboutATalkIsNoticed(t *testing.T) {
	require.NoError(t, talkBooks(t, held(), next()).talking())
	for name, c := range map[string]struct {
		promise string
		change  func(*talkDoc, *books)
	}{
		"with somebody else":               {forgotten, func(n *talkDoc, _ *books) { n.ManagerID = "cid" }},
		"waits for nobody":                 {forgotten, func(n *talkDoc, _ *books) { n.Reason = "waits" }},
		"later without a reason":           {dated, func(n *talkDoc, _ *books) { n.PlannedOn = date("2027-05-04") }},
		"later than the day off explains":  {dated, func(n *talkDoc, _ *books) { n.PlannedOn, n.Reason = date("2027-05-05"), "day_off" }},
		"agreed by nobody":                 {dated, func(n *talkDoc, _ *books) { n.PlannedOn, n.Reason = date("2027-05-07"), "agreed" }},
		"spread too far":                   {dated, func(n *talkDoc, _ *books) { n.PlannedOn, n.Reason = date("2027-05-14"), "spread" }},
		"a rhythm after another day":       {dated, func(n *talkDoc, _ *books) { n.LastHeldOn = date("2027-04-02") }},
		"on a leave that is known by then": {together, func(_ *talkDoc, b *books) { leave(b, "ben", "2027-05-01", "2027-05-09") }},
		"two at once":                      {apart, func(n *talkDoc, b *books) { b.follow(started(*n), b.read.Add(-time.Hour)) }},
	} {
		t.Run(name, func(t *testing.T) {
			n := next()
			b := talkBooks(t, held())
			c.change(&n, b)
			b.follow(n, b.read)
			if c.promise == together {
				b.moved = nil // it was planned before the leave was known
			}
			require.ErrorContains(t, b.talking(), c.promise)
		})
	}
}

// leave makes it known before the last step.
func leave(b *books, person, from, until string) {
	f := b.people[person]
	f.AwayFrom, f.AwayUntil = date(from), date(until)
	b.people[person], b.former = f, map[string]facts{person: f}
}

// started is a talk that the manager started at the same time.
func started(n talkDoc) talkDoc {
	n.ID, n.Kind, n.Number, n.Reason, n.StartedBy = "started", "congratulation", 0, "set", "ben"
	return n
}

func TestAMoveThatNobodyIsToldOfIsNoticed(t *testing.T) {
	b := talkBooks(t, held(), next())
	b.moved = nil
	silently := next()
	silently.StartsAt = 660
	b.follow(silently, b.read)
	require.ErrorContains(t, b.talking(), dated)
}

func TestAnInvitationThatComesTwiceBackwardsOrUnaskedIsNoticed(t *testing.T) {
	b := talkBooks(t, next())
	come := func(method string, sequence int) error {
		doc := mailDoc{PersonID: "anna"}
		doc.Talk = &appointmentDoc{ID: "second", Order: 2 * sequence}
		return b.invitation(delivery{to: "anna@example.com", calendar: &invitation{
			method: method, uid: "second", sequence: sequence, begins: next().begins(), attendee: "anna@example.com",
		}}, doc)
	}
	require.ErrorContains(t, come("CANCEL", 0), calendars, "nobody was invited")
	require.NoError(t, come("REQUEST", 1))
	require.ErrorContains(t, come("REQUEST", 1), calendars)
	require.ErrorContains(t, come("REQUEST", 0), calendars)
	require.NoError(t, come("CANCEL", 2))
	require.ErrorContains(t, come("CANCEL", 2), calendars)

	require.ErrorContains(t, b.seated(), invited, "nobody noted a mail")
	for _, person := range []string{"anna", "ben"} {
		b.notices[notice{seat{"second", person}, 0, false}] = &notified{state: "sent"}
	}
	require.NoError(t, b.seated())
	b.notices[notice{seat{"second", "ben"}, 0, false}] = &notified{state: "withdrawn", reason: "superseded"}
	require.ErrorContains(t, b.seated(), invited)
}

func TestAReminderThatIsAskedForTwiceADayIsNoticed(t *testing.T) {
	b := talkBooks(t)
	anna := uuid.NewString()
	b.people[anna] = b.people["anna"]
	ask := func(id string) error {
		b.asked[id] = &asked{id: id, person: anna}
		ev, err := event.New(t.Context(), "interviews", "", b.read, &interviewsv1.RemindersRequested{
			Reminders: []*interviewsv1.Reminder{{Id: id, PersonId: anna, About: "tomorrow", Count: 1}},
		})
		require.NoError(t, err)
		return b.remindersAsked(ev)
	}
	first := uuid.NewString()
	require.NoError(t, ask(first))
	require.NoError(t, ask(first))
	require.ErrorContains(t, ask(uuid.NewString()), reminded)
}

// soon is anna's second talk, which is tomorrow and was known long before.
func soon(t *testing.T) *books {
	t.Helper()
	n := next()
	n.PlannedOn = date("2027-04-07")
	b := talkBooks(t)
	b.follow(n, b.read.AddDate(0, 0, -7))
	b.digests[digest{"ben", "tomorrow", date("2027-04-06")}] = "told"
	return b
}

func TestWhoIsNotToldOfATalkTomorrowIsNoticed(t *testing.T) {
	b := soon(t)
	require.ErrorContains(t, b.foretold(), told)
	b.digests[digest{"anna", "tomorrow", date("2027-04-06")}] = "told"
	require.NoError(t, b.foretold())

	b = soon(t)
	b.read = b.read.Add(-2*time.Hour - time.Minute)
	require.NoError(t, b.foretold(), "it is not ten yet")
}

// moved has anna's store be elsewhere until an hour of this morning, in Paris.
func moved(t *testing.T, from string, hour int) *books {
	t.Helper()
	b := soon(t)
	zone, err := clock.Zone(from)
	require.NoError(t, err)
	f := b.people["anna"]
	before := f
	before.Zone = zone
	f.before, f.changed = &before, b.read.Add(time.Duration(hour-12)*time.Hour)
	b.people["anna"] = f
	return b
}

func TestWhoeverMovesPastTenIsToldAtTenByTheClockThatTheyLeft(t *testing.T) {
	b := moved(t, "America/New_York", 11)
	require.NoError(t, b.foretold(), "it is six in New York")
	b.read = b.read.Add(4 * time.Hour)
	require.ErrorContains(t, b.foretold(), told, "it is ten in New York")
	require.ErrorContains(t, moved(t, "America/New_York", 9).foretold(), told, "ten was ahead in Paris")
	require.ErrorContains(t, moved(t, "Pacific/Apia", 11).foretold(), told, "it is late in Apia")
}

func TestALeaveThatIsTakenBackAfterTenIsNoReasonToTell(t *testing.T) {
	for hour, want := range map[int]string{9: told, 11: ""} {
		b := moved(t, homeZone, hour)
		b.people["anna"].before.AwayFrom = date("2027-04-01")
		if want == "" {
			require.NoError(t, b.foretold())
		} else {
			require.ErrorContains(t, b.foretold(), want)
		}
	}
}

func TestWhatIsWrittenInATalkIsFoundWhereverItStands(t *testing.T) {
	file := filepath.Join(t.TempDir(), "stream")
	content := strings.Repeat("x", 1<<20-len(mark)/2)
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	tells, err := fileTells(file)
	require.NoError(t, err)
	require.False(t, tells)
	require.NoError(t, os.WriteFile(file, []byte(content+mark+content), 0o600))
	tells, err = fileTells(file)
	require.NoError(t, err)
	require.True(t, tells, "across two readings")
}

func TestACalendarIsReadAsItIsWritten(t *testing.T) {
	calendar := strings.Join([]string{
		"BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:second", "SEQUENCE:3", "DTSTART:20270503T080000Z",
		"ORGANIZER;CN=Jalon:mailto:jalon@example.com", "ATTENDEE;CN=Anna;RSVP=FALSE:mailto:anna@exam", " ple.com", "END:VEVENT", "END:VCALENDAR", "",
	}, "\r\n")
	raw := fmt.Sprintf("Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n"+
		"Content-Transfer-Encoding: quoted-printable\r\n\r\nBon=\r\njour\r\n--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n%s\r\n--b--\r\n", calendar)
	message, err := mail.ReadMessage(strings.NewReader(raw))
	require.NoError(t, err)
	parts, err := unfold(message)
	require.NoError(t, err)
	require.Equal(t, "Bonjour", parts["text/plain"])
	require.Equal(t, &invitation{
		method: "REQUEST", uid: "second", sequence: 3, begins: time.Date(2027, time.May, 3, 8, 0, 0, 0, time.UTC), attendee: "anna@example.com",
	}, readCalendar(parts["text/calendar"]))
}
