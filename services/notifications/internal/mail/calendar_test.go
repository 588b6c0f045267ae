package mail_test

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/event"
	"jalon.dev/services/notifications/internal/calendar"
	"jalon.dev/services/notifications/internal/mail"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// meeting is a talk of the two people, a week from now at ten in Paris.
func meeting(employee, manager string, sequence int32) *interviewsv1.Talk {
	return &interviewsv1.Talk{
		Id: event.ID("talk", employee), EmployeeId: employee, ManagerId: manager, PlannedOn: "2026-11-10", StartsAt: "10:00",
		TimeZone: "Europe/Paris", Minutes: 60, Sequence: sequence, Kind: "ei2d",
	}
}

func on(t *interviewsv1.Talk, date, at string) *interviewsv1.Talk {
	t.PlannedOn, t.StartsAt = date, at
	return t
}

// plan lets the mailer hear of planned talks and waits until nothing is due.
func (o *office) plan(talks ...*interviewsv1.Talk) {
	o.t.Helper()
	o.hear(&interviewsv1.TalksPlanned{Talks: talks}, calendar.Planned, talks)
}

func (o *office) callOff(talks ...*interviewsv1.Talk) {
	o.t.Helper()
	o.hear(&interviewsv1.TalksPlanned{Talks: talks}, calendar.Cancelled, talks)
}

func (o *office) hear(msg *interviewsv1.TalksPlanned, read func(*interviewsv1.Talk) (calendar.Talk, error), talks []*interviewsv1.Talk) {
	o.t.Helper()
	ev, err := event.New(o.t.Context(), "interviews", "", o.clock.Now(), msg)
	require.NoError(o.t, err)
	var news []calendar.Talk
	for _, t := range talks {
		talk, err := read(t)
		require.NoError(o.t, err)
		news = append(news, talk)
	}
	require.NoError(o.t, o.mailer.Talks(o.t.Context(), ev.ID, news))
	o.settle()
}

// invite is what a calendar was told by a mail.
type invite struct {
	to, subject, text, html    string
	method, sequence, summary  string
	status, url, uid, attendee string
	begins                     time.Time
}

func inviteIn(t *testing.T, m received) invite {
	t.Helper()
	message, err := netmail.ReadMessage(strings.NewReader(m.content))
	require.NoError(t, err)
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	require.NoError(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	require.NoError(t, err)
	require.Contains(t, message.Header.Get("List-Unsubscribe"), "/unsubscribe/")
	reader := multipart.NewReader(message.Body, params["boundary"])
	var bodies []string
	var kinds []string
	for {
		part, err := reader.NextPart() // undoes quoted-printable, not base64
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		kinds = append(kinds, part.Header.Get("Content-Type"))
		body, err := io.ReadAll(part)
		require.NoError(t, err)
		bodies = append(bodies, string(body))
	}
	require.Len(t, bodies, 3)
	kind, params, err := mime.ParseMediaType(kinds[2])
	require.NoError(t, err)
	require.Equal(t, "text/calendar", kind)
	require.Equal(t, "utf-8", strings.ToLower(params["charset"]))
	raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(bodies[2], "\r\n", ""))
	require.NoError(t, err)
	cal, err := ical.NewDecoder(strings.NewReader(string(raw))).Decode()
	require.NoError(t, err)
	require.Len(t, cal.Events(), 1)
	props := cal.Events()[0].Props
	begins, err := cal.Events()[0].DateTimeStart(nil)
	require.NoError(t, err)
	got := invite{
		to: m.to, subject: subject, text: bodies[0], html: bodies[1], method: cal.Props.Get(ical.PropMethod).Value,
		sequence: props.Get(ical.PropSequence).Value, status: props.Get(ical.PropStatus).Value, uid: props.Get(ical.PropUID).Value,
		attendee: props.Get(ical.PropAttendee).Value, begins: begins,
	}
	require.Equal(t, got.method, params["method"], "mail and calendar say the same")
	got.summary, err = props.Text(ical.PropSummary)
	require.NoError(t, err)
	if link := props.Get(ical.PropURL); link != nil {
		got.url = link.Value
	}
	return got
}

// invites are what the calendars were told from the nth mail on, as "anna REQUEST 0", in order of the people.
func (o *office) invites(from int) (all []invite, short []string) {
	o.t.Helper()
	for _, m := range o.server.taken()[from:] {
		i := inviteIn(o.t, m)
		all = append(all, i)
		short = append(short, strings.Split(m.to, "@")[0]+" "+i.method+" "+i.sequence)
	}
	slices.Sort(short)
	slices.SortFunc(all, func(x, y invite) int { return strings.Compare(x.to, y.to) })
	return all, short
}

func TestATalkReachesBothCalendarsOnceHoweverOftenItIsTold(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.contacts[people[1]].GivenName, o.contacts[people[1]].Language = "Ben", "en"
	for range 3 {
		o.plan(meeting(people[0], people[1], 0))
	}
	all, short := o.invites(0)
	require.Equal(t, []string{"anna REQUEST 0", "ben REQUEST 0"}, short)
	anna, ben := all[0], all[1]
	require.Equal(t, "Entretien avec Ben Moreau", anna.summary)
	require.Equal(t, "Talk with Léa Moreau", ben.summary)
	require.Equal(t, "Entretien\u00a0: mardi 10 novembre 2026 à 10:00", anna.subject)
	require.Equal(t, "Talk: Tuesday 10 November 2026 at 10:00", ben.subject)
	require.Equal(t, time.Date(2026, time.November, 10, 9, 0, 0, 0, time.UTC), anna.begins.UTC())
	require.Equal(t, anna.uid, ben.uid)
	require.Equal(t, event.ID("talk", people[0]), anna.uid)
	link := "https://jalon.example.com/talks/" + anna.uid
	require.Equal(t, link, anna.url)
	require.Equal(t, "mailto:anna@example.com", anna.attendee)
	for _, body := range []string{anna.text, anna.html} {
		require.Contains(t, body, link)
		require.Contains(t, body, "Bonjour Léa,")
		require.Contains(t, body, "Entretien avec Ben Moreau")
		require.NotContains(t, body, "@@")
	}
	require.NotContains(t, o.server.taken()[0].content, "ei2d")
}

func TestEachReadsTheHourOfTheirOwnClock(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.abroad[people[1]] = true
	o.plan(meeting(people[0], people[1], 0))
	all, _ := o.invites(0)
	require.Contains(t, all[0].text, "mardi 10 novembre 2026 à 10:00")
	require.Contains(t, all[1].text, "mardi 10 novembre 2026 à 13:00")
	require.Equal(t, all[0].begins, all[1].begins)
}

func TestATalkThatMovesMovesAndOneThatIsCalledOffGoes(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.plan(meeting(people[0], people[1], 0))
	o.plan(on(meeting(people[0], people[1], 1), "2026-11-17", "14:30"))
	all, short := o.invites(2)
	require.Equal(t, []string{"anna REQUEST 1", "ben REQUEST 1"}, short)
	require.Equal(t, "Entretien modifié\u00a0: mardi 17 novembre 2026 à 14:30", all[0].subject)

	o.callOff(meeting(people[0], people[1], 2))
	all, short = o.invites(4)
	require.Equal(t, []string{"anna CANCEL 2", "ben CANCEL 2"}, short)
	require.Equal(t, "Entretien annulé\u00a0: mardi 17 novembre 2026 à 14:30", all[0].subject, "the date that was told")
	require.Equal(t, "CANCELLED", all[0].status)
	require.Empty(t, all[0].url)
	require.Contains(t, all[0].text, "https://jalon.example.com/talks\r\n")

	o.plan(on(meeting(people[0], people[1], 3), "2026-11-24", "09:00"))
	all, short = o.invites(6)
	require.Equal(t, []string{"anna REQUEST 3", "ben REQUEST 3"}, short)
	require.Equal(t, "Entretien\u00a0: mardi 24 novembre 2026 à 09:00", all[0].subject, "it is new again")
}

func TestAFormerManagerIsRelieved(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben", "carla")
	o.contacts[people[1]].GivenName, o.contacts[people[2]].GivenName = "Ben", "Carla"
	o.plan(meeting(people[0], people[1], 0))
	o.plan(meeting(people[0], people[2], 1))
	all, short := o.invites(2)
	require.Equal(t, []string{"anna REQUEST 1", "ben CANCEL 1", "carla REQUEST 1"}, short)
	require.Equal(t, "Entretien avec Carla Moreau", all[0].summary)
	require.Equal(t, "Entretien confié à quelqu'un d'autre\u00a0: mardi 10 novembre 2026 à 10:00", all[1].subject)
	require.NotContains(t, all[1].text, "Carla", "with whom it is now is not for the one before")

	o.plan(on(meeting(people[0], people[2], 2), "2026-11-11", "10:00"))
	_, short = o.invites(5)
	require.Equal(t, []string{"anna REQUEST 2", "carla REQUEST 2"}, short, "who was relieved hears no more")
}

func TestOldNewsThatComeLateChangeNothing(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben", "carla")
	o.plan(on(meeting(people[0], people[1], 2), "2026-11-17", "10:00"))
	o.plan(meeting(people[0], people[1], 0))
	o.plan(meeting(people[0], people[2], 1))
	o.callOff(meeting(people[0], people[1], 1))
	_, short := o.invites(0)
	require.Equal(t, []string{"anna REQUEST 2", "ben REQUEST 2"}, short)
}

func TestNobodysCalendarIsToldOutsideTheirHoursAndThenOnlyTheNewest(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben", "carla")
	o.opens = tuesday.Add(22 * time.Hour)
	o.plan(meeting(people[0], people[1], 0))
	o.later(5 * time.Hour)
	o.plan(on(meeting(people[0], people[2], 1), "2026-11-17", "10:00"))
	o.later(5 * time.Hour)
	require.Empty(t, o.server.taken(), "it is night")

	o.clock.Set(o.opens)
	o.settle()
	_, short := o.invites(0)
	require.Equal(t, []string{"anna REQUEST 1", "carla REQUEST 1"}, short, "who never heard of it needs no cancellation")
	require.EqualValues(t, 3, o.counts().GetWithdrawn())
	require.Zero(t, o.counts().GetWaiting())
}

func TestAnInvitationThatNeverLeftIsNotCancelled(t *testing.T) {
	o := open(t)
	people := o.know("putoff.anna", "ben")
	o.plan(meeting(people[0], people[1], 0))
	o.callOff(meeting(people[0], people[1], 1))
	_, short := o.invites(0)
	require.Equal(t, []string{"ben CANCEL 1", "ben REQUEST 0"}, short)
	o.server.calmDown()
	o.later(2 * time.Hour)
	require.Len(t, o.server.taken(), 2)
	require.Zero(t, o.counts().GetWaiting())
}

func TestAnInvitationThatMayHaveLeftIsCancelled(t *testing.T) {
	o := open(t)
	people := o.know("hangup.anna", "ben")
	o.plan(meeting(people[0], people[1], 0))
	require.EqualValues(t, 1, o.counts().GetUnknown())
	o.server.calmDown()
	o.callOff(meeting(people[0], people[1], 1))
	_, short := o.invites(0)
	require.Contains(t, short, "hangup.anna CANCEL 1")
}

func TestWhatIsBehindReachesNoCalendar(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben")
	o.plan(on(meeting(people[0], people[1], 0), "2026-11-03", "10:00"), on(meeting(people[1], people[0], 0), "2026-11-10", ""))
	require.Empty(t, o.server.taken())

	o.opens = tuesday.Add(30 * time.Hour)
	o.plan(on(meeting(people[0], people[1], 1), "2026-11-04", "09:00"))
	o.clock.Set(o.opens)
	o.settle()
	require.Empty(t, o.server.taken(), "it began before they could be told")
	require.Zero(t, o.counts().GetWaiting())
}

func TestWhoWantsNoMailOrHasLeftIsNotInvited(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben", "carla", "dan")
	o.contacts[people[0]].Email = ""
	o.gone[people[2]] = true
	require.NoError(t, o.mailer.Choose(t.Context(), o.mailer.Token(people[1]), false))
	o.plan(meeting(people[0], people[1], 0), meeting(people[2], people[3], 0))
	_, short := o.invites(0)
	require.Equal(t, []string{"dan REQUEST 0"}, short)
	require.EqualValues(t, 3, o.counts().GetWithdrawn())
}

func TestATalkWithACandidateNamesNobody(t *testing.T) {
	o := open(t)
	people := o.know("ben")
	talk := meeting("", people[0], 0)
	talk.Kind = "recruitment"
	o.plan(talk)
	all, _ := o.invites(0)
	require.Len(t, all, 1)
	require.Equal(t, "Entretien", all[0].summary)
}

// Everybody's talk, as at the first import: few events, many people, each mailed once.
func TestABaselineReachesEverybodyOnce(t *testing.T) {
	o := open(t)
	var boxes []string
	for i := range 400 {
		boxes = append(boxes, "box"+string(rune('a'+i%26))+strings.Repeat("x", i/26))
	}
	people := o.know(boxes...)
	boss := o.know("boss")[0]
	var talks []*interviewsv1.Talk
	for _, p := range people {
		talks = append(talks, meeting(p, boss, 0))
	}
	o.plan(talks...)
	o.plan(talks...)
	_, short := o.invites(0)
	require.Len(t, short, 800)
	require.Len(t, slices.Compact(slices.DeleteFunc(short, func(s string) bool { return s == "boss REQUEST 0" })), 400)
}

func TestNothingIsRememberedOfTalksWhileEMailIsOff(t *testing.T) {
	o := open(t, func(c *mail.Config) { *c = mail.Config{} })
	people := o.know("anna", "ben")
	o.plan(meeting(people[0], people[1], 0))
	o.stop()
	o.start(mail.Config{URL: o.server.URL, From: "jalon@example.com", Home: "https://jalon.example.com"})
	o.plan(on(meeting(people[0], people[1], 1), "2026-11-17", "10:00"))
	all, short := o.invites(0)
	require.Equal(t, []string{"anna REQUEST 1", "ben REQUEST 1"}, short)
	require.NotContains(t, all[0].subject, "modifié")
}

func TestATalkIsTakenOutOfACalendarThatMayHoldIt(t *testing.T) {
	o := open(t, func(c *mail.Config) { c.URL = "smtp://127.0.0.1:1" })
	people := o.know("anna", "ben")
	o.plan(meeting(people[0], people[1], 0))
	o.stop()
	o.dieWith(people[0]) // and nobody has seen that yet
	_, err := o.db.Collection("mail_agenda").DeleteMany(t.Context(), bson.D{})
	require.NoError(t, err)
	o.start(mail.Config{URL: o.server.URL, From: "jalon@example.com", Home: "https://jalon.example.com"})
	o.callOff(meeting(people[0], people[1], 1))
	_, short := o.invites(0)
	require.Equal(t, []string{"anna CANCEL 1"}, short)
}

func TestNewsWhoseMailsWereNotNotedBeforeTheProcessDiedAreToldAgain(t *testing.T) {
	o := open(t, func(c *mail.Config) { c.URL = "smtp://127.0.0.1:1" })
	people := o.know("anna", "ben", "carla")
	o.plan(meeting(people[0], people[1], 0))
	o.plan(meeting(people[0], people[2], 1))
	o.stop()
	// As a process leaves them that dies between the two writes.
	for _, after := range []string{"mails", "mail_agenda"} {
		_, err := o.db.Collection(after).DeleteMany(t.Context(), bson.D{})
		require.NoError(t, err)
	}
	o.start(mail.Config{URL: o.server.URL, From: "jalon@example.com", Home: "https://jalon.example.com"})
	o.plan(meeting(people[0], people[2], 1))
	_, short := o.invites(0)
	require.Equal(t, []string{"anna REQUEST 1", "carla REQUEST 1"}, short)
}

// The name of whoever is erased stands in the other one's calendar: the talk leaves it.
func TestATalkWithSomebodyWhoIsErasedLeavesTheOtherOnesCalendar(t *testing.T) {
	o := open(t)
	people := o.know("anna", "ben", "cid")
	o.plan(meeting(people[0], people[1], 0), meeting(people[1], people[2], 0))
	before := len(o.server.taken())
	o.mu.Lock()
	delete(o.contacts, people[0])
	o.mu.Unlock()
	for range 2 { // directory's event comes twice
		require.NoError(t, o.mailer.Forget(t.Context(), "erasure", people[:1]))
		o.settle()
	}
	all, short := o.invites(before)
	require.Equal(t, []string{"ben CANCEL 0"}, short)
	require.Equal(t, "Entretien", all[0].summary)
	n, err := o.db.Collection("mails").CountDocuments(t.Context(), bson.D{{Key: "person_id", Value: people[0]}})
	require.NoError(t, err)
	require.Zero(t, n)
}
