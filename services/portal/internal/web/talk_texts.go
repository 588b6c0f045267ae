package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect"
	"github.com/a-h/templ"

	"jalon.dev/pkg/rpc"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/page"
)

// What the two of a talk write is kept as they type: the page's script posts the form to its own address with "keep", and
// learns the version that it made, or what stands in its way. Without the script the same form is sent by its button.

const (
	maxTalkBytes = 1 << 20
	// mostPoints is more than interviews takes, so that it is what refuses.
	mostPoints = 100
)

// keeping tells that the page's script asks, and not its reader.
func keeping(r *http.Request) bool { return r.URL.Query().Has("keep") }

// resolved says how the reader settles that another version was saved meanwhile: with "mine", the "other" one, or "both".
func resolved(r *http.Request) string { return r.PostForm.Get("resolve") }

func versionOf(form url.Values) int64 {
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64)
	return max(version, 0)
}

// kept tells the script the version that it goes on from.
func kept(w http.ResponseWriter, version int64) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]int64{"version": version})
}

// notKept tells the script why nothing more can be kept; it shows the words as they are.
func notKept(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusUnprocessableEntity)
	_, _ = w.Write([]byte(text)) //nolint:gosec // plain text, and of our own words
	return nil
}

// conflicting gives the script the other version to be shown beside what is being written.
func (s *Site) conflicting(w http.ResponseWriter, r *http.Request, panel templ.Component) error {
	var out bytes.Buffer
	if err := panel.Render(page.WithFrame(r.Context(), visitorOf(r).frame()), &out); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusConflict)
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}

// plain is a text as it is kept: lines end in one way, and what is no text is left out.
func plain(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "")
}

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

// saveNotes keeps the shared notes, or the reader's own.
func (s *Site) saveNotes(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxTalkBytes)
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	part := r.PostForm.Get("part")
	back := talkAddress(r, part, part)
	if resolved(r) == "other" {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	entered, other, err := s.storeNotes(r, part == "notes")
	text, known := refusal(visitorOf(r).frame().Words, err)
	switch {
	case other != nil && keeping(r):
		return s.conflicting(w, r, page.NotesConflict(*other))
	case other != nil:
		entered.Version, entered.Conflict = other.Version, other
		return s.showTalk(w, r, http.StatusConflict, entered.put)
	case known && keeping(r):
		return notKept(w, text)
	case known:
		entered.Problem = text
		return s.showTalk(w, r, http.StatusUnprocessableEntity, entered.put)
	case err != nil:
		return err
	case keeping(r):
		return kept(w, entered.Version)
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

type enteredNotes struct{ page.NotesView }

// put shows what was entered instead of what was kept.
func (n enteredNotes) put(view *page.TalkPage) {
	if n.Shared {
		view.Shared = n.NotesView
		return
	}
	view.Own = n.NotesView
}

// storeNotes saves what the form holds. other is what was saved by the other one, or from elsewhere, since the form was drawn.
func (s *Site) storeNotes(r *http.Request, shared bool) (entered enteredNotes, other *page.NotesView, err error) {
	entered = enteredNotes{page.NotesView{Shared: shared, Text: plain(r.PostForm.Get("text")), Version: versionOf(r.PostForm)}}
	if resolved(r) == "both" {
		now, err := s.notesNow(r, shared)
		if err != nil {
			return entered, nil, err
		}
		entered.Version = now.Version
		if !strings.Contains(entered.Text, now.Text) {
			entered.Text = strings.TrimRight(entered.Text, "\n") + "\n\n" + now.Text
		}
	}
	saved, err := s.Peers.Talks().SaveNotes(r.Context(), &interviewsv1.SaveNotesRequest{
		TalkId: r.PathValue("id"), Shared: shared, Text: entered.Text, Version: entered.Version,
	})
	if !rpc.Is(err, connect.CodeAborted) {
		if err == nil {
			entered.Version = saved.GetVersion()
		}
		return entered, nil, err
	}
	now, err := s.notesNow(r, shared)
	if err == nil && now.Text == entered.Text {
		return enteredNotes{now}, nil, nil // it was this page that saved it, and the answer got lost
	}
	return entered, &now, err
}

func (s *Site) notesNow(r *http.Request, shared bool) (page.NotesView, error) {
	found, err := s.fetchTalk(r)
	if shared {
		return notesView(true, found.GetSharedNotes()), err
	}
	return notesView(false, found.GetOwnNotes()), err
}
