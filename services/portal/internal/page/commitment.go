package page

import "context"

// CommitmentView is what came out of a talk: a decision, a skill to develop, or a request to the manager.
type CommitmentView struct {
	ID   string
	Kind CommitmentKind
	Text string
	// Owner is who does it; Mine tells that this is the reader, and First is the owner's first name otherwise.
	Owner, First string
	Mine         bool
	// DueOn is by when; of a request, the day that was promised. Empty: none.
	DueOn string
	State CommitmentState
	// Answer is the manager's, Outcome what became of it.
	Answer, Outcome   string
	MadeOn, SettledOn string
	LateDays          int
	Version           int64
	// HandedOver tells that it was made with another manager before.
	HandedOver bool
	// With is the other one of the two, where a list holds several people's.
	With string
	// Talk is the page on which it can be spoken of, and changed.
	Talk string
	// What the reader may do on that page.
	MayChange, MaySettle, MayPromise bool
	// Entered is what the reader wrote when that was refused, and Problem why.
	Entered *EnteredCommitment
	Problem string
}

// EnteredCommitment is what was written in one of a commitment's forms.
type EnteredCommitment struct {
	// Form is the form: "settle", "promise" or "change".
	Form, Text, DueOn, Outcome, Answer, State string
}

// CommitmentKind is what came out of a talk.
type CommitmentKind string

// The kinds of commitments; the words of forms and catalogues.
const (
	Decision CommitmentKind = "decision"
	Skill    CommitmentKind = "skill"
	Request  CommitmentKind = "request"
)

// CommitmentState is where a commitment stands.
type CommitmentState string

// The states of a commitment.
const (
	Open    CommitmentState = "open"
	Done    CommitmentState = "done"
	Dropped CommitmentState = "dropped"
)

// Anchor is where it stands on a page.
func (c CommitmentView) Anchor() string { return "c-" + c.ID }

func (c CommitmentView) entered(form string) EnteredCommitment {
	if c.Entered != nil && c.Entered.Form == form {
		return *c.Entered
	}
	return EnteredCommitment{Text: c.Text, DueOn: c.DueOn, Outcome: c.Outcome, Answer: c.Answer, State: string(Done)}
}

func (c CommitmentView) unfolded(form string) bool { return c.Entered != nil && c.Entered.Form == form }

// who says who does it and by when: "Karim, by 31 October 2026".
func (c CommitmentView) who(ctx context.Context) string {
	who := c.First
	if c.Mine {
		who = t(ctx, "commitment.me")
	}
	switch {
	case c.Kind == Request && c.DueOn != "":
		return t(ctx, "commitment.promised", "Who", who, "Date", words(ctx).Date(c.DueOn))
	case c.Kind == Request:
		return t(ctx, "commitment.asked_of", "Who", who)
	case c.DueOn != "":
		return t(ctx, "commitment.by", "Who", who, "Date", words(ctx).Date(c.DueOn))
	default:
		return who
	}
}

// late says how much it is behind; of a request that nobody answered, how long it has waited.
func (c CommitmentView) late(ctx context.Context) string {
	switch {
	case c.LateDays == 0 || c.State != Open:
		return ""
	case c.Kind == Request && c.DueOn == "":
		return n(ctx, "commitment.unanswered", c.LateDays)
	default:
		return n(ctx, "talk.late", c.LateDays)
	}
}

// age says since when it stands, in words.
func (c CommitmentView) age(ctx context.Context) string {
	return t(ctx, "commitment.made", "Away", away(ctx, c.MadeOn))
}
