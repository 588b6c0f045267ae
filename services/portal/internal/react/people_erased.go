// Package react is what the portal itself does about events, beside following people and prompts.
package react

import (
	"context"
	"errors"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/people"
	"jalon.dev/services/portal/internal/live"
	"jalon.dev/services/portal/internal/roles"
	"jalon.dev/services/portal/internal/session"
	"jalon.dev/services/portal/internal/widget"

	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
)

// Erasure is where the portal keeps something of people. The audit log is not among it: it holds ids, for a time that is set.
type Erasure struct {
	People   *people.Register
	Sessions *session.Store
	Roles    *roles.Book
	Widget   *widget.Store
	Hub      *live.Hub
}

// PeopleErased ends people's sessions and links, and takes their roles.
func (e Erasure) PeopleErased(ctx context.Context, _ event.Event, msg *directoryv1.PeopleErased) error {
	ids := msg.GetPersonIds()
	if err := e.People.Erase(ctx, ids); err != nil {
		return err
	}
	err := errors.Join(e.Sessions.Forget(ctx, ids), e.Roles.Forget(ctx, ids), e.Widget.Forget(ctx, ids))
	for _, id := range ids {
		e.Hub.CutPerson(id)
	}
	return err
}
