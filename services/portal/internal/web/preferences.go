package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"connectrpc.com/connect"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/rpc"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const maxPreferencesBytes = 16 << 10

// preferences shows a person's own choices.
func (s *Site) preferences(w http.ResponseWriter, r *http.Request) error {
	known, err := s.ownPreferences(r)
	if err != nil {
		return err
	}
	view := preferencesView(visitorOf(r).frame().Words, known.GetPreferences(), known.GetCompany())
	view.Limits = limitsInWords(visitorOf(r).frame().Words, known.GetLimits())
	view.Saved = r.URL.Query().Has("saved")
	return s.show(w, r, page.Preferences(view))
}

func (s *Site) ownPreferences(r *http.Request) (*notificationsv1.GetPreferencesResponse, error) {
	person := visitorOf(r).session.PersonID
	if person == "" {
		return nil, errNotFound // somebody whom no HR file names is asked nothing
	}
	return s.Peers.Notifications().GetPreferences(r.Context(), &notificationsv1.GetPreferencesRequest{PersonId: person})
}

// setPreferences keeps a person's choices. Those that leave no time come back with what was entered and why.
func (s *Site) setPreferences(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxPreferencesBytes)
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	known, err := s.ownPreferences(r)
	if err != nil {
		return err
	}
	chosen := enteredPreferences(r.PostForm, known.GetCompany())
	_, err = s.Peers.Notifications().SetPreferences(r.Context(),
		&notificationsv1.SetPreferencesRequest{PersonId: visitorOf(r).session.PersonID, Preferences: chosen})
	if rpc.Is(err, connect.CodeInvalidArgument) {
		words := visitorOf(r).frame().Words
		view := preferencesView(words, chosen, known.GetCompany())
		view.Limits = limitsInWords(words, known.GetLimits())
		view.Problem, view.ProblemAt = preferencesProblem(words, chosen, known.GetCompany())
		return s.draw(w, r, http.StatusUnprocessableEntity, page.Preferences(view))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/preferences?saved", http.StatusSeeOther)
	return nil
}

// enteredPreferences reads the form. A day that the form does not show stays free to be asked on: it is the company's to say.
func enteredPreferences(form url.Values, company []*notificationsv1.DayHours) *notificationsv1.Preferences {
	chosen := &notificationsv1.Preferences{
		From: clip(form.Get("from"), 5), To: clip(form.Get("to"), 5),
		NoEmail: form.Get("email") == "", NoReminders: form.Get("reminders") == "",
	}
	for _, day := range daysOffered(company) {
		if !slices.Contains(form["day"], strconv.Itoa(int(day.GetWeekday()))) {
			chosen.DaysOff = append(chosen.DaysOff, day.GetWeekday())
		}
	}
	return chosen
}

// daysOffered are the days and hours that may be chosen among: the company's, or all when it sets none.
func daysOffered(company []*notificationsv1.DayHours) []*notificationsv1.DayHours {
	if len(company) > 0 {
		return company
	}
	var week []*notificationsv1.DayHours
	for n := int32(1); n <= 7; n++ {
		week = append(week, &notificationsv1.DayHours{Weekday: n, From: "00:00", To: "24:00"})
	}
	return week
}

func preferencesView(words *i18n.Words, chosen *notificationsv1.Preferences, company []*notificationsv1.DayHours) page.PreferencesView {
	view := page.PreferencesView{
		From: chosen.GetFrom(), To: chosen.GetTo(), Email: !chosen.GetNoEmail(), Reminders: !chosen.GetNoReminders(),
	}
	for _, day := range daysOffered(company) {
		view.Days = append(view.Days, page.PreferredDay{
			Weekday: int(day.GetWeekday()), Name: words.T(fmt.Sprintf("preferences.day_%d", day.GetWeekday())),
			Hours:  words.T("preferences.day_hours", "From", day.GetFrom(), "To", day.GetTo()),
			Chosen: !slices.Contains(chosen.GetDaysOff(), day.GetWeekday()),
		})
	}
	view.Times = halfHours(daysOffered(company), chosen.GetFrom(), chosen.GetTo())
	return view
}

// halfHours are the times between the first and the last of the company's hours, and those that are chosen already.
func halfHours(days []*notificationsv1.DayHours, chosen ...string) []string {
	earliest, latest := clock.TimeOfDay(24*60), clock.TimeOfDay(0)
	for _, day := range days {
		earliest, latest = min(earliest, minutes(day.GetFrom())), max(latest, minutes(day.GetTo()))
	}
	var times []string
	for at := earliest; at <= latest; at += 30 {
		times = append(times, at.String())
	}
	for _, text := range chosen {
		if _, err := clock.ParseTimeOfDay(text); err == nil && text != "" {
			times = append(times, text)
		}
	}
	slices.Sort(times)
	return slices.Compact(times)
}

func minutes(text string) clock.TimeOfDay {
	at, err := clock.ParseTimeOfDay(text)
	if err != nil {
		return 24 * 60 // "24:00", the end of the day
	}
	return at
}

// preferencesProblem says what of the choices cannot be kept, and which part of the form it is about.
func preferencesProblem(
	words *i18n.Words, chosen *notificationsv1.Preferences, company []*notificationsv1.DayHours,
) (text, at string) {
	switch {
	case (chosen.GetFrom() == "") != (chosen.GetTo() == ""):
		return words.T("preferences.problem_both"), "hours"
	case chosen.GetFrom() != "" && chosen.GetFrom() >= chosen.GetTo():
		return words.T("preferences.problem_order"), "hours"
	case len(chosen.GetDaysOff()) == len(daysOffered(company)):
		return words.T("preferences.problem_days"), "days"
	default:
		return words.T("preferences.problem_no_time"), "hours"
	}
}
