package planning

import (
	"context"
	"slices"

	"jalon.dev/services/interviews/internal/talk"
)

// Erase removes the talks of people, and takes them out of the talks of those who reported to them.
func (p *Planner) Erase(ctx context.Context, personIDs []string) error {
	if err := p.register.Erase(ctx, personIDs); err != nil {
		return err
	}
	return p.talks.Forget(ctx, personIDs)
}

// forgetErased removes again what was just planned because of old news; see people.Register.Erased.
func (p *Planner) forgetErased(ctx context.Context, people []talk.Person) error {
	erased, err := p.register.Erased(ctx, slices.Concat(employees(people), managers(people)))
	if err != nil || len(erased) == 0 {
		return err
	}
	return p.talks.Forget(ctx, erased)
}
