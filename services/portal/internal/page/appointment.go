package page

import (
	"context"
	"strings"
)

// Appointment is a talk as one of its two sees it from outside: when, with whom and where it stands, never what is said.
type Appointment struct {
	ID string
	// Kind is the contract's word: "ei2d", "reframing"…
	Kind string
	// Other is the other one of the two; without a name in a recruitment, which is with nobody whom Jalon knows.
	Other Person
	// First is the other one's first name.
	First string
	// AsEmployee tells that the talk is about the reader.
	AsEmployee bool
	// On is the local date, At the time; At is empty where there is only a date.
	On, At string
	// Zone is the time zone of both, where it is not the reader's.
	Zone     string
	Minutes  int
	Sequence int
	// Reason says why it is on that day; empty where it is simply its turn.
	Reason   string
	LateDays int
	State    TalkState
	// HeldOn is the day on which one of the two says that it took place.
	HeldOn    string
	ToConfirm bool
	Proposal  *ProposalView
	// StartedByMe tells that the reader began the talk, and so moves it at once and may call it off.
	StartedByMe bool
	// Prepared and Shared are about the reader's own preparation, OtherShared about the other one's.
	Prepared, Shared, OtherShared bool
}

// TalkState is where a talk stands.
type TalkState int

// The states of a talk.
const (
	TalkPlanned TalkState = iota
	TalkSaid
	TalkConfirmed
	TalkCancelled
	// TalkContested is one that took place as one of the two says, and not as the other does.
	TalkContested
)

// ProposalView is another date that one of the two proposes.
type ProposalView struct {
	By, On, At string
	Mine       bool
}

// Alone tells that nobody else in Jalon takes part: a recruitment.
func (a Appointment) Alone() bool { return a.Other.ID == "" }

// Regular tells the talk that comes back by itself from those that a manager starts.
func (a Appointment) Regular() bool { return a.Kind == "ei2d" }

// Href is the talk's own page.
func (a Appointment) Href() string { return "/talks/" + a.ID }

// title names the talk: "Talk with Léa Moreau".
func (a Appointment) title(ctx context.Context) string {
	if a.Other.Name == "" {
		return a.kind(ctx)
	}
	return t(ctx, "talk.with", "Name", a.Other.Name)
}

func (a Appointment) kind(ctx context.Context) string {
	return words(ctx).Or("talk_kind."+a.Kind, t(ctx, "talk_kind.unknown"))
}

// when is the day and the time in words: "mardi 3 novembre, 10:00".
func when(ctx context.Context, on, at, zone string) string {
	switch {
	case at == "":
		return words(ctx).Weekday(on)
	case zone != "":
		return t(ctx, "talk.when_zone", "Day", words(ctx).Weekday(on), "Time", at, "Zone", zone)
	default:
		return t(ctx, "talk.when", "Day", words(ctx).Weekday(on), "Time", at)
	}
}

func (a Appointment) when(ctx context.Context) string { return when(ctx, a.On, a.At, a.Zone) }

// reason says in words why the talk is on its day; empty where it is simply its turn.
func (a Appointment) reason(ctx context.Context) string {
	if a.Reason == "" {
		return ""
	}
	return words(ctx).Or("talk_reason."+a.Reason, "")
}

// rowDate is what a list shows: the day that it took place, once one of the two has said so.
func (a Appointment) rowDate() string {
	if a.HeldOn != "" {
		return a.HeldOn
	}
	return a.On
}

func (a Appointment) tagged() bool {
	return a.LateDays > 0 || a.State == TalkPlanned && (a.Prepared || a.Shared || a.OtherShared) || a.Proposal != nil && !a.Proposal.Mine
}

// withWhom is the other one and how long it lasts: "with Léa Moreau, 60 minutes".
func (a Appointment) withWhom(ctx context.Context) string {
	var parts []string
	if a.Other.Name != "" {
		parts = append(parts, t(ctx, "home.talk_with", "Name", a.Other.Name))
	}
	if a.Minutes > 0 {
		parts = append(parts, n(ctx, "talk.minutes", a.Minutes))
	}
	return strings.Join(parts, ", ")
}

// separator stands between two facts of a line, where another one follows.
func separator(follows bool) string {
	if follows {
		return " ·"
	}
	return ""
}
