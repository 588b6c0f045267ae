package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"jalon.dev/pkg/people"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/page"
)

const soonDays = 7

// team is a manager's desk.
func (s *Site) team(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	desk, err := s.Peers.Talks().GetDesk(r.Context(), &interviewsv1.GetDeskRequest{})
	if err != nil {
		return err
	}
	reports, err := s.People.Reports(r.Context(), v.session.PersonID)
	if err != nil {
		return err
	}
	without := s.without(reports, desk.GetPlanned())
	all := slices.Concat(desk.GetPlanned(), desk.GetHeld())
	cards, err := s.cards(r.Context(), append(peopleOf(all, desk.GetCommitments()), without...)...)
	if err != nil {
		return err
	}
	words := v.frame().Words
	soon := s.now().In(words.Zone()).AddDate(0, 0, soonDays).Format(time.DateOnly)
	see := seer{words: words, me: v.session.PersonID, cards: cards}
	return s.show(w, r, page.Team(see.desk(desk, without, soon)))
}

// without are the reports with whom no four-weekly talk is planned.
func (s *Site) without(reports []people.Person, planned []*interviewsv1.Appointment) (ids []string) {
	for _, person := range reports {
		has := slices.ContainsFunc(planned, func(a *interviewsv1.Appointment) bool {
			return a.GetTalk().GetEmployeeId() == person.ID && kindOfTalk(a.GetTalk()) == fourWeekly
		})
		if !has && !s.hasLeft(person) {
			ids = append(ids, person.ID)
		}
	}
	return ids
}

// desk sorts what awaits a manager: late talks first, then those until the day soon, then the others.
func (v seer) desk(desk *interviewsv1.GetDeskResponse, without []string, soon string) page.TeamView {
	view := page.TeamView{Promised: v.commitments(desk.GetCommitments(), desk.GetPlanned())}
	for _, a := range desk.GetPlanned() {
		appointment := v.appointment(a)
		switch {
		case !appointment.Alone() && appointment.Other.Name == "": // erased since: nothing is left to show
		case appointment.LateDays > 0:
			view.Late = append(view.Late, appointment)
		case appointment.On <= soon:
			view.Week = append(view.Week, appointment)
		default:
			view.Later = append(view.Later, appointment)
		}
	}
	for _, a := range desk.GetHeld() {
		if a.GetToConfirm() {
			view.ToConfirm = append(view.ToConfirm, v.appointment(a))
			continue
		}
		view.Recent = append(view.Recent, v.appointment(a))
	}
	for _, list := range [][]page.Appointment{view.Late, view.Week, view.Later} {
		slices.SortStableFunc(list, func(a, b page.Appointment) int {
			return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.At, b.At), v.words.Compare(a.Other.Name, b.Other.Name))
		})
	}
	if ratio := desk.GetRatio(); ratio.GetCongratulations()+ratio.GetReframings() > 0 {
		view.Ratio = &page.RatioView{Congratulations: int(ratio.GetCongratulations()), Reframings: int(ratio.GetReframings())}
	}
	for _, id := range without {
		if person := personOf(v.cards, id); person.Name != "" {
			view.Without = append(view.Without, person)
		}
	}
	slices.SortStableFunc(view.Without, func(a, b page.Person) int { return v.words.Compare(a.Name, b.Name) })
	return view
}
