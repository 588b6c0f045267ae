package planning

import (
	"context"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"
)

// KindCandidateEnd is the kind of agenda items that remove what was noted of a recruitment.
const KindCandidateEnd = "candidate-end"

// candidateDays is how long notes of a recruitment are kept after its day. Nobody will ever ask for the erasure of somebody who is no
// employee and whose name is not known here; a recruitment is decided long before that.
const candidateDays = 180

// Candidates sees to it that nothing is kept for long of those who did not become employees.
type Candidates struct {
	Talks  *mongostore.Store
	Texts  *mongostore.Texts
	Vault  *vault.Vault
	Agenda *agenda.Agenda
}

// Expect plans the end of what is noted in a talk, where it is a recruitment.
func (c Candidates) Expect(ctx context.Context, t talk.Talk) error {
	if t.Kind != talk.Recruitment {
		return nil
	}
	return c.Agenda.Schedule(ctx, agenda.Item{
		ID: agenda.OccurrenceID(KindCandidateEnd, t.ID, t.PlannedOn), Kind: KindCandidateEnd, Subject: t.ID,
		Due: t.PlannedOn.AddDays(candidateDays).In(t.Location()),
	})
}

// Handle removes the recruitments of the items, the keys of what was noted in them first.
func (c Candidates) Handle(ctx context.Context, _ time.Time, items []agenda.Item) ([]agenda.Outcome, error) {
	for _, item := range items {
		if err := c.Vault.Forget(ctx, item.Subject); err != nil {
			return nil, err
		}
		if err := c.Texts.Forget(ctx, []string{item.Subject}); err != nil {
			return nil, err
		}
		if err := c.Talks.Remove(ctx, item.Subject); err != nil {
			return nil, err
		}
	}
	return agenda.DoneAll(items), nil
}
