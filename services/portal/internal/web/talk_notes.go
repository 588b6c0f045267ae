package web

import (
	"net/http"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/page"
)

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
