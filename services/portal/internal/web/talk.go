package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/page"
)

// happened are the words by which a talk's page says what its reader has just done.
var happened = []string{"proposed", "withdrawn", "moved", "accepted", "declined", "shared", "held", "confirmed", "contested", "started", "cancelled"}

// talk is the page of one talk, for its two people.
func (s *Site) talk(w http.ResponseWriter, r *http.Request) error {
	return s.showTalk(w, r, http.StatusOK, func(view *page.TalkPage) {
		query := r.URL.Query()
		if done := query.Get("done"); slices.Contains(happened, done) {
			view.Happened = done
		}
		view.Mine.Saved = query.Get("done") == "prepared"
		view.Shared.Saved, view.Own.Saved = query.Get("done") == "notes", query.Get("done") == "own"
		view.Date.Open = query.Has("date")
	})
}

// showTalk draws the talk as it is now, and what adjust makes of it: what was entered and refused, or what has just happened.
func (s *Site) showTalk(w http.ResponseWriter, r *http.Request, status int, adjust func(*page.TalkPage)) error {
	found, err := s.fetchTalk(r)
	if err != nil {
		return err
	}
	talk := found.GetAppointment().GetTalk()
	ids := peopleOf([]*interviewsv1.Appointment{found.GetAppointment()}, slices.Concat(found.GetCommitments(), found.GetEarlier()))
	cards, err := s.cards(r.Context(), ids...)
	if err != nil {
		return err
	}
	v := visitorOf(r)
	see := seer{words: v.frame().Words, me: v.session.PersonID, cards: cards}
	view := see.talkPage(found, s.talkDay(talk), early(r))
	adjust(&view)
	if slices.Contains([]string{"held", "confirmed", "contested"}, view.Happened) && view.Regular() {
		next, err := s.nextTalk(r.Context(), talk.GetEmployeeId())
		if err != nil {
			s.missing("talk", err)
		} else if next.GetId() != talk.GetId() {
			view.NextID, view.NextOn = next.GetId(), next.GetPlannedOn()
		}
	}
	return s.draw(w, r, status, page.Talk(view))
}

func (s *Site) fetchTalk(r *http.Request) (*interviewsv1.GetTalkResponse, error) {
	return s.Peers.Talks().GetTalk(r.Context(), &interviewsv1.GetTalkRequest{TalkId: r.PathValue("id")})
}

// early tells that the two began to talk before the day: the page that they are on says so.
func early(r *http.Request) bool {
	if r.Method == http.MethodGet {
		return r.URL.Query().Has("now")
	}
	from, err := url.Parse(r.Referer())
	return err == nil && from.Query().Has("now")
}

// talkPage is everything that the reader sees of a talk.
func (v seer) talkPage(found *interviewsv1.GetTalkResponse, today string, early bool) page.TalkPage {
	view := page.TalkPage{
		Appointment: v.appointment(found.GetAppointment()), Today: today,
		Shared: notesView(true, found.GetSharedNotes()), Own: notesView(false, found.GetOwnNotes()),
	}
	view.Phase = phase(view.Appointment, found.GetClosed(), today, early)
	view.Date = page.DateForm{On: view.On, At: view.At}
	if view.On < today {
		view.Date.On = ""
	}
	view.Held = page.DayForm{On: today}
	view.Mine = preparationView(found.GetMine(), pointsOffered(view.Appointment))
	if found.GetTheirs() != nil {
		theirs := preparationView(found.GetTheirs(), nil)
		view.Theirs = &theirs
	}
	view.Out = v.onPage(found.GetCommitments(), view)
	view.Earlier = v.onPage(found.GetEarlier(), view)
	view.Commit = page.NewCommitment{
		ID: uuid.NewString(), Kind: string(page.Decision), Owner: v.me,
		Owners: []page.Choice{{Value: v.me, Label: v.words.T("commitment.me_choice")}, {Value: view.Other.ID, Label: view.Other.Name}},
	}
	return view
}

func phase(a page.Appointment, closed bool, today string, early bool) page.Phase {
	switch {
	case a.State == page.TalkCancelled:
		return page.CalledOff
	case closed:
		return page.Closed
	case a.State == page.TalkPlanned && today < a.On && !early:
		return page.Ahead
	default:
		return page.Underway
	}
}

// onPage are commitments with what the reader may do about them there.
func (v seer) onPage(all []*interviewsv1.Commitment, view page.TalkPage) (commitments []page.CommitmentView) {
	for _, c := range all {
		shown := v.commitment(c)
		open := c.GetState() == interviewsv1.Commitment_STATE_OPEN
		shown.MaySettle = view.Phase != page.CalledOff
		shown.MayPromise = shown.Kind == page.Request && !view.AsEmployee && open
		shown.MayChange = shown.Kind != page.Request && open && view.Open() && c.GetTalkId() == view.ID
		commitments = append(commitments, shown)
	}
	return commitments
}

// pointsOffered are the kinds of points that a preparation offers.
func pointsOffered(a page.Appointment) []page.PointKind {
	switch {
	case !a.Regular():
		return []page.PointKind{page.Subject}
	case a.AsEmployee:
		return []page.PointKind{page.Pleasure, page.Displeasure, page.Expectation}
	default:
		return []page.PointKind{page.Pleasure, page.Displeasure, page.Subject}
	}
}

var pointKinds = map[interviewsv1.Point_Kind]page.PointKind{
	interviewsv1.Point_KIND_PLEASURE:    page.Pleasure,
	interviewsv1.Point_KIND_DISPLEASURE: page.Displeasure,
	interviewsv1.Point_KIND_EXPECTATION: page.Expectation,
	interviewsv1.Point_KIND_SUBJECT:     page.Subject,
}

// preparationView groups points by kind: those offered, and any others of which there are points.
func preparationView(p *interviewsv1.Preparation, kinds []page.PointKind) page.PreparationView {
	view := page.PreparationView{Version: p.GetVersion(), SharedAt: p.GetSharedAt()}
	points := map[page.PointKind][]page.PointView{}
	for _, point := range p.GetPoints() {
		kind := pointKinds[point.GetKind()]
		points[kind] = append(points[kind], page.PointView{ID: point.GetId(), Text: point.GetText(), Skill: point.GetSkill()})
	}
	for _, kind := range []page.PointKind{page.Pleasure, page.Displeasure, page.Expectation, page.Subject} {
		if len(points[kind]) > 0 || slices.Contains(kinds, kind) {
			view.Groups = append(view.Groups, page.PointGroup{Kind: kind, Points: points[kind], Blank: page.PointView{ID: uuid.NewString()}})
		}
	}
	return view
}

func notesView(shared bool, notes *interviewsv1.Notes) page.NotesView {
	return page.NotesView{Shared: shared, Text: notes.GetText(), Version: notes.GetVersion()}
}
