package page

import (
	"context"

	"github.com/a-h/templ"
)

// TalkPage is the page of one talk, for its two people.
type TalkPage struct {
	Appointment
	Phase Phase
	// Today is the talk's local date.
	Today        string
	Mine         PreparationView
	Theirs       *PreparationView
	Shared, Own  NotesView
	Out, Earlier []CommitmentView
	Commit       NewCommitment
	// Date and Held are what their forms hold.
	Date DateForm
	Held DayForm
	// NextID and NextOn are the talk after this one, right after the reader said whether this one took place.
	NextID, NextOn string
	// Happened is what the reader has just done; a word of the catalogue, or empty.
	Happened string
	// Problem says what was refused, and ProblemAt the part of the page that it is about.
	Problem, ProblemAt string
}

// Phase is what a talk's page is for at the moment.
type Phase int

// The phases of a talk.
const (
	// Ahead: it is prepared.
	Ahead Phase = iota
	// Underway: its day has come, or the two began before.
	Underway
	// Closed: nothing changes any more but what becomes of commitments.
	Closed
	CalledOff
)

// DateForm is a date and time that is proposed.
type DateForm struct {
	On, At, Problem string
	// Open unfolds the form.
	Open bool
}

// DayForm is a day that is said.
type DayForm struct{ On, Problem string }

// PreparationView is what one of the two wants to speak of.
type PreparationView struct {
	Groups  []PointGroup
	Version int64
	// SharedAt is when the other one was let read it; RFC 3339.
	SharedAt string
	// Conflict is what was saved from elsewhere meanwhile.
	Conflict *PreparationView
	// Saved tells that it was just saved without the script.
	Saved bool
	// Problem says why it was not saved.
	Problem string
}

// PointGroup are the points of one kind.
type PointGroup struct {
	Kind   PointKind
	Points []PointView
	// Blank is a row to write in.
	Blank PointView
}

// PointView is one thing to speak of.
type PointView struct{ ID, Text, Skill string }

// PointKind is what a point is; the words of forms and catalogues.
type PointKind string

// The kinds of points.
const (
	Pleasure    PointKind = "pleasure"
	Displeasure PointKind = "displeasure"
	Expectation PointKind = "expectation"
	Subject     PointKind = "subject"
)

// Empty tells that nothing is written.
func (p PreparationView) Empty() bool {
	for _, group := range p.Groups {
		if len(group.Points) > 0 {
			return false
		}
	}
	return true
}

// NotesView is a text of the talk.
type NotesView struct {
	Shared   bool
	Text     string
	Version  int64
	Conflict *NotesView
	Saved    bool
	Problem  string
}

// Part names the form and its place on the page.
func (n NotesView) Part() string {
	if n.Shared {
		return "notes"
	}
	return "own"
}

// Open tells that what is written can still be changed.
func (v TalkPage) Open() bool { return v.Phase == Ahead || v.Phase == Underway }

// keeps tell the script where and how what is written is kept, and what it says about it. Without the script the form is
// sent by its button.
func keeps(ctx context.Context, saved string) templ.Attributes {
	return templ.Attributes{
		"data-keep":    true,
		"data-saved":   saved,
		"data-lost":    t(ctx, "talk.keep_lost"),
		"data-offline": t(ctx, "talk.keep_offline"),
		"data-signin":  t(ctx, "talk.keep_signin"),
		"data-sign-in": t(ctx, "talk.keep_signin_link"),
		"data-refused": t(ctx, "talk.keep_refused"),
		"data-meet":    t(ctx, "talk.conflict_state"),
	}
}

// preparationSaved says who may read what was just saved.
func preparationSaved(ctx context.Context, v TalkPage) string {
	switch {
	case v.Alone():
		return t(ctx, "talk.saved_own")
	case v.Mine.SharedAt != "":
		return t(ctx, "talk.saved_shared", "Name", v.First)
	default:
		return t(ctx, "talk.saved_unshared")
	}
}

func notesSaved(ctx context.Context, v TalkPage, notes NotesView) string {
	if notes.Shared {
		return t(ctx, "talk.saved_shared", "Name", v.First)
	}
	return t(ctx, "talk.saved_own")
}

// pointLegend names a group of points as the reader's role in the talk has it.
func pointLegend(ctx context.Context, kind PointKind) string { return t(ctx, "point."+string(kind)) }

// pointHint says what to write there; a manager is asked about the other one.
func pointHint(ctx context.Context, v TalkPage, kind PointKind) string {
	who := "manager"
	if v.AsEmployee {
		who = "employee"
	}
	id := "point_hint." + string(kind) + "_" + who
	if kind == Subject && !v.Regular() {
		id = "point_hint.subject_other"
	}
	return words(ctx).Or(id, "", "Name", v.First)
}

func notesConflictText(other NotesView) string {
	if other.Shared {
		return "talk.conflict_shared"
	}
	return "talk.conflict_own"
}

// talkSection is where in the navigation a talk belongs: an employee's own, or the manager's desk.
func talkSection(view TalkPage) string {
	if view.AsEmployee {
		return "talks"
	}
	return "team"
}
