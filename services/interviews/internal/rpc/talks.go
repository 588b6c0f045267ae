package rpc

import (
	"context"
	"time"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/policy"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/planning"
	"jalon.dev/services/interviews/internal/reminding"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
)

// Talks implements interviewsv1connect.TalksServiceHandler: what the two people of a talk read and write.
type Talks struct {
	Talks       *mongostore.Store
	Texts       *mongostore.Texts
	Commitments *mongostore.Commitments
	Settings    *mongostore.Settings
	People      *people.Register
	Planner     *planning.Planner
	Reminders   *reminding.Reminding
	Candidates  planning.Candidates
	Relay       *outbox.Relay
	Clock       clock.Clock
}

var _ interviewsv1connect.TalksServiceHandler = Talks{}

// openDays is how many days after a talk the two may still write what was said.
const openDays = 7

// open returns a talk for one of its two people, who is asking; anybody else is refused.
func (h Talks) open(ctx context.Context, procedure, talkID string) (t talk.Talk, me string, err error) {
	if t, err = h.Talks.Get(ctx, talkID); err != nil {
		return talk.Talk{}, "", err
	}
	actor, _ := identity.FromContext(ctx)
	if err := policy.Allow(actor, procedure, policy.Subject{PersonID: t.EmployeeID, ManagerID: t.ManagerID}); err != nil {
		return talk.Talk{}, "", err
	}
	// The table says the same; nothing that is added to it shall ever open a talk to a third person.
	if !t.Of(actor.PersonID) {
		return talk.Talk{}, "", policy.ErrDenied
	}
	return t, actor.PersonID, nil
}

// own returns who asks for what is their own.
func own(ctx context.Context, procedure string) (me string, err error) {
	actor, _ := identity.FromContext(ctx)
	return actor.PersonID, policy.Allow(actor, procedure, policy.Subject{PersonID: actor.PersonID})
}

func (h Talks) today(t talk.Talk) clock.Date { return clock.DateOf(h.Clock.Now(), t.Location()) }

// closed tells that what was written in a talk stays.
func (h Talks) closed(t talk.Talk) bool {
	switch {
	case t.State == talk.Planned:
		return false
	case t.State.Counts():
		return h.today(t).After(t.HeldOn.AddDays(openDays))
	default:
		return true
	}
}

// save saves a talk that was changed, with the events recorded in it, and has those concerned told.
func (h Talks) save(ctx context.Context, t *talk.Talk) error {
	t.Version++
	if err := h.Talks.Save(ctx, *t); err != nil {
		return err
	}
	h.Relay.Wake()
	return h.Reminders.Ask(ctx, *t)
}

// GetTalk opens a talk.
func (h Talks) GetTalk(ctx context.Context, req *interviewsv1.GetTalkRequest) (*interviewsv1.GetTalkResponse, error) {
	t, me, err := h.open(ctx, interviewsv1connect.TalksServiceGetTalkProcedure, req.GetTalkId())
	if err != nil {
		return nil, err
	}
	texts, err := h.Texts.Of(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	res := &interviewsv1.GetTalkResponse{
		Appointment: appointmentOf(t, me, h.today(t), texts), Closed: h.closed(t),
		Mine: &interviewsv1.Preparation{}, SharedNotes: &interviewsv1.Notes{}, OwnNotes: &interviewsv1.Notes{},
	}
	for _, text := range texts {
		if !text.ReadableBy(t, me) {
			continue
		}
		if err := put(res, text, me); err != nil {
			return nil, err
		}
	}
	if t.EmployeeID == "" {
		return res, nil
	}
	commitments, err := h.Commitments.Between(ctx, t.EmployeeID, t.ManagerID)
	if err != nil {
		return nil, err
	}
	talk.Sort(commitments, h.today(t))
	for _, c := range commitments {
		switch view := commitmentOf(c, h.today(t)); {
		case c.TalkID == t.ID:
			res.Commitments = append(res.Commitments, view)
		case earlier(c, t):
			res.Earlier = append(res.Earlier, view)
		}
	}
	return res, nil
}

// earlier tells whether a commitment is one that the talk opens on: it was made before, and was open when the talk before ended. Only
// four-weekly talks have one before; the others open on what is still open.
func earlier(c talk.Commitment, t talk.Talk) bool {
	if !t.HeldOn.IsZero() && c.MadeOn.After(t.HeldOn) {
		return false
	}
	return c.State == talk.Open || t.Kind == talk.EI2D && !c.SettledOn.Before(t.LastHeldOn)
}

// put puts a text where the reader finds it.
func put(res *interviewsv1.GetTalkResponse, text talk.Text, me string) error {
	switch text.Part {
	case talk.PartShared:
		res.SharedNotes = notesOf(text)
	case talk.PartOwn:
		res.OwnNotes = notesOf(text)
	default:
		preparation, err := preparationOf(text)
		if err != nil {
			return err
		}
		if text.AuthorID == me {
			res.Mine = preparation
		} else {
			res.Theirs = preparation
		}
	}
	return nil
}

func notesOf(text talk.Text) *interviewsv1.Notes {
	return &interviewsv1.Notes{Text: string(text.Content), Version: text.Version}
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
