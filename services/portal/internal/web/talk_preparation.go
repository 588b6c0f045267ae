package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/page"
)

// mostPoints is more than interviews takes, so that it is what refuses.
const mostPoints = 100

var kindsOfPoints = map[string]interviewsv1.Point_Kind{
	string(page.Pleasure): interviewsv1.Point_KIND_PLEASURE, string(page.Displeasure): interviewsv1.Point_KIND_DISPLEASURE,
	string(page.Expectation): interviewsv1.Point_KIND_EXPECTATION, string(page.Subject): interviewsv1.Point_KIND_SUBJECT,
}

// writtenPoints are the form's points that say something, in their order.
func writtenPoints(form url.Values) (points []*interviewsv1.Point) {
	ids, kinds, texts, skills := form["point_id"], form["point_kind"], form["point_text"], form["point_skill"]
	for i := range min(len(ids), len(kinds), len(texts), len(skills), mostPoints) {
		if strings.TrimSpace(texts[i]) != "" {
			points = append(points, &interviewsv1.Point{
				Id: clip(ids[i], 40), Kind: kindsOfPoints[kinds[i]], Text: plain(texts[i]), Skill: strings.TrimSpace(plain(skills[i])),
			})
		}
	}
	return points
}

// joined are the points of both versions: none is lost, and none is there twice.
func joined(mine, other []*interviewsv1.Point) []*interviewsv1.Point {
	all := slices.Clone(mine)
	for _, point := range other {
		at := slices.IndexFunc(mine, func(p *interviewsv1.Point) bool { return p.GetId() == point.GetId() })
		switch {
		case at < 0:
			all = append(all, point)
		case !samePoint(mine[at], point):
			all = append(all, &interviewsv1.Point{
				Id: "other-" + clip(point.GetId(), 34), Kind: point.GetKind(), Text: point.GetText(), Skill: point.GetSkill(),
			})
		}
	}
	return all
}

func samePoint(a, b *interviewsv1.Point) bool {
	return a.GetKind() == b.GetKind() && a.GetText() == b.GetText() && a.GetSkill() == b.GetSkill()
}

// storePreparation saves what the form holds. other is what was saved from elsewhere since the form was drawn; nil for nothing.
func (s *Site) storePreparation(r *http.Request) (points []*interviewsv1.Point, version int64, other *interviewsv1.Preparation, err error) {
	points, version = writtenPoints(r.PostForm), versionOf(r.PostForm)
	if resolved(r) == "both" {
		found, err := s.fetchTalk(r)
		if err != nil {
			return points, 0, nil, err
		}
		points, version = joined(points, found.GetMine().GetPoints()), found.GetMine().GetVersion()
	}
	saved, err := s.Peers.Talks().SavePreparation(r.Context(),
		&interviewsv1.SavePreparationRequest{TalkId: r.PathValue("id"), Points: points, Version: version})
	if !rpc.Is(err, connect.CodeAborted) {
		return points, saved.GetVersion(), nil, err
	}
	found, err := s.fetchTalk(r)
	if err != nil {
		return points, 0, nil, err
	}
	if slices.EqualFunc(points, found.GetMine().GetPoints(), samePoint) {
		return points, found.GetMine().GetVersion(), nil, nil // it was this page that saved it, and the answer got lost
	}
	return points, 0, found.GetMine(), nil
}

// savePreparation keeps what the reader prepares.
func (s *Site) savePreparation(w http.ResponseWriter, r *http.Request) error {
	done, err := s.keepPreparation(w, r)
	if !done || err != nil {
		return err
	}
	http.Redirect(w, r, talkAddress(r, "prepared", "preparation"), http.StatusSeeOther)
	return nil
}

// keepPreparation saves; done is false where the request has been answered.
func (s *Site) keepPreparation(w http.ResponseWriter, r *http.Request) (done bool, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxTalkBytes)
	if err := r.ParseForm(); err != nil {
		return false, errNotFound
	}
	if resolved(r) == "other" || !r.PostForm.Has("version") {
		return true, nil
	}
	points, version, other, err := s.storePreparation(r)
	text, known := refusal(visitorOf(r).frame().Words, err)
	switch {
	case other != nil && keeping(r):
		return false, s.conflicting(w, r, page.PreparationConflict(preparationView(other, nil)))
	case other != nil:
		return false, s.showTalk(w, r, http.StatusConflict, func(view *page.TalkPage) {
			conflict := preparationView(other, nil)
			view.Mine = preparationView(&interviewsv1.Preparation{Points: points, Version: other.GetVersion(), SharedAt: other.GetSharedAt()}, pointsOffered(view.Appointment))
			view.Mine.Conflict = &conflict
		})
	case known && keeping(r):
		return false, notKept(w, text)
	case known:
		return false, s.showTalk(w, r, http.StatusUnprocessableEntity, func(view *page.TalkPage) {
			entered := &interviewsv1.Preparation{Points: points, Version: versionOf(r.PostForm), SharedAt: view.Mine.SharedAt}
			view.Mine = preparationView(entered, pointsOffered(view.Appointment))
			view.Mine.Problem, view.Problem, view.ProblemAt = text, text, "preparation"
		})
	case err == nil && keeping(r):
		return false, kept(w, version)
	}
	return true, err
}

// sharePreparation keeps what the form holds, then lets the other one read it.
func (s *Site) sharePreparation(w http.ResponseWriter, r *http.Request) error {
	done, err := s.keepPreparation(w, r)
	if !done || err != nil {
		return err
	}
	_, err = s.Peers.Talks().SharePreparation(r.Context(), &interviewsv1.SharePreparationRequest{TalkId: r.PathValue("id")})
	return s.step(w, r, err, "shared", func(view *page.TalkPage, text string) { view.Problem, view.ProblemAt = text, "preparation" })
}
