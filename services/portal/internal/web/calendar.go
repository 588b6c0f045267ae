package web

import (
	"net/http"
	"time"

	"connectrpc.com/connect"
	ics "github.com/arran4/golang-ical"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// feedRefresh is how often calendar programs are asked to come back.
const feedRefresh = "PT1H"

// calendar is what a calendar program reads: when somebody's talks are and with whom, nothing else. The secret in the address is all
// that says whose they are; it is written nowhere.
func (s *Site) calendar(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	feed, err := s.Peers.Talks().GetCalendarFeed(identity.AsService(r.Context(), serviceName),
		&interviewsv1.GetCalendarFeedRequest{Secret: r.PathValue("secret")})
	if rpc.Is(err, connect.CodeInvalidArgument) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	var others []string
	for _, talk := range feed.GetTalks() {
		others = append(others, otherOf(talk, feed.GetPersonId()))
	}
	cards, err := s.cards(r.Context(), others...)
	if err != nil {
		return err
	}
	words := s.Words.Words(s.Words.Match(feed.GetLanguage()), s.Zone)
	calendar := ics.NewCalendarFor("Jalon")
	calendar.SetProductId("-//Jalon//Jalon//" + words.Lang)
	calendar.SetName(words.T("calendar.name"))
	calendar.SetRefreshInterval(feedRefresh, ics.WithValue("DURATION"))
	calendar.SetXPublishedTTL(feedRefresh)
	for _, talk := range feed.GetTalks() {
		summary := words.T("calendar.talk")
		if card := cards[otherOf(talk, feed.GetPersonId())]; card != nil {
			summary = words.T("calendar.talk_with", "Name", fullName(card))
		}
		s.event(calendar, talk, summary)
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	return calendar.SerializeTo(w, ics.WithNewLineWindows)
}

// event is a talk in a calendar. A talk with a date only lasts the day.
func (s *Site) event(calendar *ics.Calendar, talk *interviewsv1.Talk, summary string) {
	on, err := clock.ParseDate(talk.GetPlannedOn())
	if err != nil || on.IsZero() {
		return
	}
	// Invitations by e-mail carry the same id: a calendar that has both shows the talk once.
	event := calendar.AddEvent(talk.GetId())
	event.SetDtStampTime(s.now())
	event.SetSequence(int(talk.GetSequence()))
	event.SetSummary(summary)
	event.SetClass(ics.ClassificationPrivate)
	at, err := clock.ParseTimeOfDay(talk.GetStartsAt())
	zone, zoneErr := clock.Zone(talk.GetTimeZone())
	if err != nil || zoneErr != nil || talk.GetStartsAt() == "" {
		event.SetAllDayStartAt(on.In(time.UTC))
		event.SetAllDayEndAt(on.AddDays(1).In(time.UTC))
		event.SetTimeTransparency(ics.TransparencyTransparent)
		return
	}
	begins := clock.LocalInstant(on, at, zone)
	event.SetStartAt(begins)
	event.SetEndAt(begins.Add(time.Duration(talk.GetMinutes()) * time.Minute))
}
