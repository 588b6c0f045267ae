package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// lastWorkday is Friday: Saturday and Sunday are off for everybody.
const lastWorkday = 5

// talks is an employee's page of talks.
func (s *Site) talks(w http.ResponseWriter, r *http.Request) error {
	return s.showTalks(w, r, http.StatusOK, func(settings *page.TalkSettings) { settings.DaysSaved = r.URL.Query().Has("saved") })
}

func (s *Site) showTalks(w http.ResponseWriter, r *http.Request, status int, adjust func(*page.TalkSettings)) error {
	ctx, v := r.Context(), visitorOf(r)
	if v.session.PersonID == "" {
		return errNotFound // somebody whom no HR file names has no talks
	}
	mine, err := s.Peers.Talks().ListMyTalks(ctx, &interviewsv1.ListMyTalksRequest{})
	if err != nil {
		return err
	}
	all := slices.Concat(mine.GetPlanned(), mine.GetHeld())
	cards, err := s.cards(ctx, peopleOf(all, mine.GetCommitments())...)
	if err != nil {
		return err
	}
	words := v.frame().Words
	see := seer{words: words, me: v.session.PersonID, cards: cards}
	view := page.TalksView{
		NoManager:   s.personOf(ctx, v.session).ManagerID == "",
		Commitments: see.commitments(mine.GetCommitments(), mine.GetPlanned()),
		Settings:    page.TalkSettings{Days: workdays(words, mine.GetDaysOff()), HasFeed: mine.GetHasFeed()},
	}
	for _, a := range mine.GetPlanned() {
		appointment := see.appointment(a)
		if view.Next == nil && appointment.Regular() {
			view.Next = &appointment
			continue
		}
		view.Others = append(view.Others, appointment)
	}
	for _, a := range mine.GetHeld() {
		if a.GetToConfirm() {
			view.ToConfirm = append(view.ToConfirm, see.appointment(a))
			continue
		}
		view.Past = append(view.Past, see.appointment(a))
	}
	adjust(&view.Settings)
	return s.draw(w, r, status, page.Talks(view))
}

// workdays are the days of the week on which somebody may not work.
func workdays(words *i18n.Words, off []int32) (days []page.PreferredDay) {
	for n := int32(1); n <= lastWorkday; n++ {
		days = append(days, page.PreferredDay{
			Weekday: int(n), Name: words.T(fmt.Sprintf("preferences.day_%d", n)), Chosen: slices.Contains(off, n),
		})
	}
	return days
}

// setDaysOff keeps on which days the reader does not work.
func (s *Site) setDaysOff(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxPreferencesBytes)
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	var off []int32
	for _, text := range r.PostForm["day"] {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil && n >= 1 && n <= lastWorkday {
			off = append(off, int32(n))
		}
	}
	slices.Sort(off)
	_, err := s.Peers.Talks().SetDaysOff(r.Context(), &interviewsv1.SetDaysOffRequest{DaysOff: slices.Compact(off)})
	words := visitorOf(r).frame().Words
	if text, known := refusal(words, err); known {
		return s.showTalks(w, r, http.StatusUnprocessableEntity, func(settings *page.TalkSettings) {
			settings.Problem, settings.Days = text, workdays(words, off)
		})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/talks?saved#off", http.StatusSeeOther)
	return nil
}

// makeFeed makes the address of the reader's calendar and shows it, this once.
func (s *Site) makeFeed(w http.ResponseWriter, r *http.Request) error {
	made, err := s.Peers.Talks().MakeCalendarFeed(r.Context(), &interviewsv1.MakeCalendarFeedRequest{})
	if err != nil {
		return err
	}
	return s.showTalks(w, r, http.StatusOK, func(settings *page.TalkSettings) {
		settings.Feed = s.address(r) + "/calendar/" + made.GetSecret()
	})
}
