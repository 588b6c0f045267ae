// Package planning brings what directory tells of people to their talks, saves them, and tells those concerned.
package planning

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"

	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

const (
	source = "interviews"
	// attempts is how often a plan is redone because somebody else changed one of its talks meanwhile.
	attempts = 8
)

// Planner is the one way by which talks change.
type Planner struct {
	db       *mongo.Database
	talks    *mongostore.Store
	register *people.Register
	relay    *outbox.Relay
}

// New wires a planner; it owns none of what it is given.
func New(db *mongo.Database, register *people.Register, relay *outbox.Relay) *Planner {
	return &Planner{db: db, talks: mongostore.New(db), register: register, relay: relay}
}

// Plan plans the talks of at most 1,000 people and tells of those that received a date or another manager. Redoing it
// on the same occasion changes nothing more, and tells the same again under the same event id.
func (p *Planner) Plan(ctx context.Context, occasion talk.Occasion, people []talk.Person) error {
	if len(people) == 0 {
		return nil
	}
	for range attempts {
		err := p.plan(ctx, occasion, people)
		if err == nil {
			return p.forgetErased(ctx, people)
		}
		if !errors.Is(err, mongodb.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("planning %d talks, %d times in vain: %w", len(people), attempts, mongodb.ErrConflict)
}

func (p *Planner) plan(ctx context.Context, occasion talk.Occasion, people []talk.Person) error {
	own, err := p.talks.Of(ctx, employees(people))
	if err != nil {
		return err
	}
	known := own
	if occasion.Baseline {
		others, err := p.talks.With(ctx, managers(people)...)
		if err != nil {
			return err
		}
		known = slices.Concat(others, own)
	}
	changed := talk.Plan(occasion, people, known)
	if err := p.talks.Save(ctx, changed); err != nil {
		return err
	}
	return p.tell(ctx, occasion, latest(own, changed))
}

// latest returns the talks of the people as they are now saved.
func latest(read, changed []talk.Talk) []talk.Talk {
	byEmployee := make(map[string]talk.Talk, len(read)+len(changed))
	for _, t := range slices.Concat(read, changed) {
		byEmployee[t.EmployeeID] = t
	}
	talks := make([]talk.Talk, 0, len(byEmployee))
	for _, t := range byEmployee {
		talks = append(talks, t)
	}
	slices.SortFunc(talks, func(x, y talk.Talk) int { return strings.Compare(x.EmployeeID, y.EmployeeID) })
	return talks
}

// tell records the event about the talks that the occasion changed for those concerned.
func (p *Planner) tell(ctx context.Context, occasion talk.Occasion, talks []talk.Talk) error {
	msg := &interviewsv1.TalksPlanned{}
	for _, t := range talks {
		if t.ChangedBy != occasion.Cause {
			continue
		}
		if day, ok := t.Next(clock.DateOf(occasion.At, time.UTC)); ok {
			msg.Talks = append(msg.Talks, TalkOf(t, day))
		}
	}
	if len(msg.GetTalks()) == 0 {
		return nil
	}
	ev, err := event.NewKeyed(ctx, source, "", key(msg), occasion.At, msg)
	if err != nil {
		return fmt.Errorf("telling of %d talks: %w", len(msg.GetTalks()), err)
	}
	if err := p.relay.Append(ctx, ev); err != nil {
		return fmt.Errorf("telling of %d talks: %w", len(msg.GetTalks()), err)
	}
	return nil
}

// key names the event by what it tells: a cause may be redone in other portions.
func key(msg *interviewsv1.TalksPlanned) string {
	var parts []string
	for _, t := range msg.GetTalks() {
		parts = append(parts, t.GetId(), strconv.FormatInt(t.GetVersion(), 10))
	}
	return event.ID(parts...)
}

// TalkOf is a talk as others are told of it.
func TalkOf(t talk.Talk, day clock.Date) *interviewsv1.Talk {
	return &interviewsv1.Talk{
		Id: event.ID("talk", t.EmployeeID), EmployeeId: t.EmployeeID, ManagerId: t.ManagerID,
		PlannedOn: day.String(), Version: t.Version,
	}
}

func employees(people []talk.Person) []string {
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return ids
}

// managers returns the people's managers, each once.
func managers(people []talk.Person) []string {
	var ids []string
	for _, p := range people {
		if p.ManagerID != "" {
			ids = append(ids, p.ManagerID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
