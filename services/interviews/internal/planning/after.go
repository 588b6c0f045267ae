package planning

import (
	"context"
	"errors"
	"fmt"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/talk"
)

// AfterHeld plans the four-weekly talk after one that was held, and returns it. It is called by whoever says so, and again by the
// event that tells it, in case the process ended between the two; doing it again changes nothing.
func (p *Planner) AfterHeld(ctx context.Context, held talk.Talk) (next talk.Talk, err error) {
	if held.Kind != talk.EI2D || held.EmployeeID == "" {
		return talk.Talk{}, nil
	}
	next, err = p.talks.Get(ctx, talk.ID(held.EmployeeID, held.Number+1))
	if err == nil { // it was planned, and perhaps the process ended before it was told
		return next, p.announceNext(ctx, held, next)
	}
	if !errors.Is(err, mongodb.ErrNotFound) {
		return next, err
	}
	p.alone.Lock()
	defer p.alone.Unlock()
	person, err := p.register.Get(ctx, held.EmployeeID)
	if errors.Is(err, mongodb.ErrNotFound) { // erased meanwhile
		return talk.Talk{}, nil
	}
	if err != nil {
		return talk.Talk{}, err
	}
	facts, around, err := p.of(ctx, person)
	if err != nil {
		return talk.Talk{}, err
	}
	next = talk.Next(held, facts, around, p.clock.Now())
	if err := p.handOver(ctx, []talk.Talk{held}, []talk.Talk{next}); err != nil {
		return talk.Talk{}, err
	}
	if err := p.save(ctx, next); err != nil {
		if !errors.Is(err, mongodb.ErrConflict) {
			return talk.Talk{}, err
		}
		if next, err = p.talks.Get(ctx, next.ID); err != nil { // somebody else planned it at this moment
			return talk.Talk{}, err
		}
	}
	return next, p.announceNext(ctx, held, next)
}

// announceNext tells of the talk after one that was held, unless it was changed since for another cause, which told of it.
func (p *Planner) announceNext(ctx context.Context, held, next talk.Talk) error {
	return p.announce(ctx, talk.Occasion{Cause: held.ID, At: p.clock.Now()}, []talk.Talk{next}, []string{held.EmployeeID})
}

// AfterContested brings the next talk forward, because the one before was not held, and gives it what was prepared for that one.
// Doing it again changes nothing.
func (p *Planner) AfterContested(ctx context.Context, contested talk.Talk) error {
	if contested.Kind != talk.EI2D {
		return nil
	}
	return p.insist(ctx, "bringing a talk forward", func(ctx context.Context) error {
		next, err := p.talks.Get(ctx, talk.ID(contested.EmployeeID, contested.Number+1))
		if errors.Is(err, mongodb.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := p.texts.Move(ctx, contested, next); err != nil {
			return err
		}
		person, err := p.register.Get(ctx, contested.EmployeeID)
		if err != nil {
			return err
		}
		facts, around, err := p.of(ctx, person)
		if err != nil {
			return err
		}
		again := next.Again(contested, facts, around, p.clock.Now())
		if again.Version == next.Version {
			return nil
		}
		telling := RecordPlanned
		if !again.Takes() {
			telling = RecordCancelled
		}
		if err := telling(ctx, &again, p.clock.Now()); err != nil {
			return err
		}
		if err := p.save(ctx, again); err != nil {
			return err
		}
		p.relay.Wake()
		return nil
	})
}

// of is what planning one person's talk depends on.
func (p *Planner) of(ctx context.Context, person people.Person) (talk.Person, talk.Around, error) {
	facts, err := p.facts(ctx, []people.Person{person})
	if err != nil {
		return talk.Person{}, talk.Around{}, err
	}
	own, err := p.talks.PlannedOf(ctx, person.ID)
	if err != nil {
		return talk.Person{}, talk.Around{}, fmt.Errorf("reading what is planned: %w", err)
	}
	around, err := p.around(ctx, []people.Person{person}, own)
	return facts[0], around, err
}

// Employee is what planning needs to know of the employee of a talk that somebody starts.
func (p *Planner) Employee(ctx context.Context, person people.Person) (talk.Person, error) {
	facts, err := p.facts(ctx, []people.Person{person})
	if err != nil {
		return talk.Person{}, err
	}
	return facts[0], nil
}
