package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/portal"
)

// newcomersTried is how many of the latest arrivals are looked at for one who has something to answer.
const newcomersTried = 60

// Personas are HR, the manager of the latest arrivals, and one of those arrivals who has something to answer.
func (d *Demo) Personas(ctx context.Context) ([]portal.Persona, error) {
	d.moving.Lock()
	hr, newcomers := d.life.company.people[1].number, d.life.company.newcomers(newcomersTried)
	d.moving.Unlock()

	var personas []portal.Persona
	add := func(kind portal.PersonaKind, number string) error {
		card, err := find(ctx, d.world, number)
		if err != nil {
			return err
		}
		personas = append(personas, portal.Persona{
			PersonID: card.GetId(), Name: card.GetGivenName() + " " + card.GetFamilyName(), JobTitle: card.GetJobTitle(), Kind: kind,
		})
		return nil
	}
	if err := add(portal.PersonaHR, hr); err != nil {
		return nil, err
	}
	if len(newcomers) == 0 {
		return personas, nil
	}
	if err := add(portal.PersonaManager, newcomers[0].manager.number); err != nil {
		return nil, err
	}
	employee, err := d.somebodyAsked(ctx, newcomers)
	if err != nil {
		return nil, err
	}
	return personas, add(portal.PersonaEmployee, employee)
}

// somebodyAsked finds a newcomer with an open prompt; the latest one where nobody has any.
func (d *Demo) somebodyAsked(ctx context.Context, newcomers []*employee) (number string, err error) {
	for _, e := range newcomers {
		card, err := find(ctx, d.world, e.number)
		if err != nil {
			return "", err
		}
		self := identity.NewContext(ctx, identity.Actor{PersonID: card.GetId(), Roles: []identity.Role{identity.Employee}})
		open, err := d.world.Peers.Notifications().ListPrompts(self, &notificationsv1.ListPromptsRequest{PersonId: card.GetId()})
		if err != nil {
			return "", fmt.Errorf("looking for somebody with a prompt: %w", err)
		}
		if slices.ContainsFunc(open.GetPrompts(), asksSomething) {
			return e.number, nil
		}
	}
	return newcomers[0].number, nil
}

// asksSomething tells an invitation to a survey from a reminder of talks, and from the barometer, which is lived apart.
func asksSomething(p *notificationsv1.Prompt) bool {
	return p.GetCount() == 0 && !strings.HasPrefix(p.GetKeyMoment(), "barometer")
}

func find(ctx context.Context, w World, number string) (*directoryv1.PersonCard, error) {
	found, err := w.Peers.Directory().FindPerson(identity.AsOperator(ctx), &directoryv1.FindPersonRequest{Number: number})
	if err != nil {
		return nil, fmt.Errorf("finding somebody of the sample company: %w", err)
	}
	return found.GetPerson(), nil
}

// newcomers are the latest to have started, latest first; those of the pilot stores, whose talks are lived, before all others.
func (c *Company) newcomers(most int) []*employee {
	var found []*employee
	for _, e := range slices.Backward(c.people) {
		if e.left.IsZero() && !e.hired.After(c.lived) && !e.leads && len(found) < most {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(x, y *employee) int { return rank(c.inPilot(x.store)) - rank(c.inPilot(y.store)) })
	return found
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}
