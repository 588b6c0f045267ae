// Package planning brings what directory tells of people, and what the two people of a talk say, to the dates of their talks,
// saves them, and tells those concerned.
package planning

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/holidays"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/outbox"
	"jalon.dev/pkg/people"
	"jalon.dev/pkg/vault"
	"jalon.dev/services/interviews/internal/mongostore"
	"jalon.dev/services/interviews/internal/talk"
)

// attempts is how often a plan is redone because somebody else changed one of its talks meanwhile.
const attempts = 8

// Planner is the one way by which the dates of talks change.
type Planner struct {
	talks       *mongostore.Store
	texts       *mongostore.Texts
	commitments *mongostore.Commitments
	settings    *mongostore.Settings
	reminders   Reminders
	register    *people.Register
	relay       *outbox.Relay
	vault       *vault.Vault
	clock       clock.Clock
	calendars   holidays.Calendars
	byUnit      people.Calendars
	// alone makes talks be planned one after the other: two that are planned at once for the same manager would take the same hour.
	// Where replicas do all the same, the two see for themselves.
	alone sync.Mutex
}

// Reminders are told of talks that are planned, and of people who are erased.
type Reminders interface {
	// Expect makes sure that the two of each talk are reminded in time. It may be told the same again.
	Expect(ctx context.Context, talks []talk.Talk) error
	// Forget removes what is kept of people.
	Forget(ctx context.Context, personIDs []string) error
}

// Deps is what a planner works with; it owns none of it.
type Deps struct {
	DB        *mongo.Database
	Register  *people.Register
	Relay     *outbox.Relay
	Vault     *vault.Vault
	Reminders Reminders
	Clock     clock.Clock
	Calendars holidays.Calendars
}

// New wires a planner.
func New(deps Deps) *Planner {
	return &Planner{
		talks: mongostore.New(deps.DB), texts: mongostore.NewTexts(deps.DB, deps.Vault),
		commitments: mongostore.NewCommitments(deps.DB, deps.Vault), settings: mongostore.NewSettings(deps.DB),
		reminders: deps.Reminders, register: deps.Register, relay: deps.Relay, vault: deps.Vault, clock: deps.Clock,
		calendars: deps.Calendars,
	}
}

// Plan plans the talks of at most 1,000 people and tells of those that received a date, another one or another manager. Redoing it on
// the same occasion changes nothing more, and tells the same again under the same event ids.
func (p *Planner) Plan(ctx context.Context, occasion talk.Occasion, persons []people.Person) error {
	if len(persons) == 0 {
		return nil
	}
	occasion = p.notBehind(occasion)
	return p.insist(ctx, fmt.Sprintf("planning the talks of %d people", len(persons)), func(ctx context.Context) error {
		return p.plan(ctx, occasion, persons)
	})
}

// notBehind is the occasion as one of now: what is delivered late, or again, sets no date without notice.
func (p *Planner) notBehind(occasion talk.Occasion) talk.Occasion {
	if now := p.clock.Now(); now.After(occasion.At) {
		occasion.At = now
	}
	return occasion
}

// insist redoes what met somebody else's change.
func (p *Planner) insist(ctx context.Context, what string, do func(context.Context) error) error {
	p.alone.Lock()
	defer p.alone.Unlock()
	for range attempts {
		if err := do(ctx); !errors.Is(err, mongodb.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("%s, %d times in vain: %w", what, attempts, mongodb.ErrConflict)
}

func (p *Planner) plan(ctx context.Context, occasion talk.Occasion, persons []people.Person) error {
	ids := idsOf(persons)
	own, err := p.talks.PlannedOf(ctx, ids...)
	if err != nil {
		return err
	}
	around, err := p.around(ctx, persons, own)
	if err != nil {
		return err
	}
	if around.Last, err = p.talks.Last(ctx, without(ids, own)...); err != nil {
		return err
	}
	facts, err := p.facts(ctx, persons)
	if err != nil {
		return err
	}
	changed := talk.Plan(occasion, facts, around)
	if err := p.handOver(ctx, append(slices.Collect(maps.Values(around.Last)), own...), changed); err != nil {
		return err
	}
	if err := p.save(ctx, changed...); err != nil {
		return err
	}
	return p.announce(ctx, occasion, latest(own, changed), append(ids, managersOf(persons)...))
}

// save saves talks. The days on which to remind of them are planned before, whether or not anybody is told: after that nothing would,
// if the process ended in between; and a day on which there turns out to be nothing to tell does no harm.
func (p *Planner) save(ctx context.Context, talks ...talk.Talk) error {
	if err := p.reminders.Expect(ctx, talks); err != nil {
		return err
	}
	return p.talks.Save(ctx, talks...)
}

// announce tells of what the occasion changed, and takes back what was done for people who were erased; see
// people.Register.Erased.
func (p *Planner) announce(ctx context.Context, occasion talk.Occasion, talks []talk.Talk, concerned []string) error {
	talks = slices.DeleteFunc(talks, func(t talk.Talk) bool { return t.ChangedBy != occasion.Cause })
	if err := p.tell(ctx, occasion.At, talks); err != nil {
		return err
	}
	erased, err := p.register.Erased(ctx, concerned)
	if err != nil || len(erased) == 0 {
		return err
	}
	return p.forget(ctx, erased)
}

// around is what planning the people's talks depends on: their own talks, those that they have as managers, and those in which their
// managers are.
func (p *Planner) around(ctx context.Context, persons []people.Person, own []talk.Talk) (talk.Around, error) {
	around := talk.Around{Known: own}
	managers := managersOf(persons)
	with, err := p.talks.PlannedWith(ctx, append(idsOf(persons), managers...)...)
	if err != nil {
		return around, err
	}
	theirs, err := p.talks.PlannedOf(ctx, managers...)
	if err != nil {
		return around, err
	}
	around.Known = distinct(own, with, theirs)
	known, err := p.register.GetMany(ctx, managers)
	if err != nil {
		return around, fmt.Errorf("looking up %d managers: %w", len(managers), err)
	}
	bosses, err := p.facts(ctx, slices.Collect(maps.Values(known)))
	around.Managers = make(map[string]talk.Person, len(bosses))
	for _, boss := range bosses {
		around.Managers[boss.ID] = boss
	}
	return around, err
}

// handOver gives what is open to those who become managers, before their talks are saved: after that nothing would remind of it. Whose
// manager somebody was, the four-weekly talk tells, planned or the last one: talks that a manager started stay with that manager.
func (p *Planner) handOver(ctx context.Context, before, changed []talk.Talk) error {
	managers := make(map[string]string, len(before))
	for _, t := range before {
		if t.Kind == talk.EI2D {
			managers[t.EmployeeID] = t.ManagerID
		}
	}
	for _, t := range changed {
		if was, known := managers[t.EmployeeID]; t.Kind == talk.EI2D && known && was != t.ManagerID && t.ManagerID != "" {
			if err := p.commitments.HandOver(ctx, t.EmployeeID, t.ManagerID); err != nil {
				return err
			}
		}
	}
	return nil
}

// PlanManaged moves the talks with people whose leave or days off are news, where they cannot be there.
func (p *Planner) PlanManaged(ctx context.Context, occasion talk.Occasion, managers []people.Person) error {
	occasion = p.notBehind(occasion)
	return p.insist(ctx, fmt.Sprintf("planning the talks with %d managers", len(managers)), func(ctx context.Context) error {
		return p.planManaged(ctx, occasion, managers)
	})
}

func (p *Planner) planManaged(ctx context.Context, occasion talk.Occasion, managers []people.Person) error {
	with, err := p.talks.PlannedWith(ctx, idsOf(managers)...)
	if err != nil || len(with) == 0 {
		return err
	}
	employees, err := p.employees(ctx, with)
	if err != nil {
		return err
	}
	own, err := p.talks.PlannedOf(ctx, idsOf(employees)...)
	if err != nil {
		return err
	}
	around, err := p.around(ctx, employees, append(own, with...))
	if err != nil {
		return err
	}
	changed, err := p.moveManaged(ctx, occasion, managers, with, employees, around)
	if err != nil {
		return err
	}
	if err := p.save(ctx, changed...); err != nil {
		return err
	}
	return p.announce(ctx, occasion, latest(with, changed), nil)
}

// moveManaged moves those of the talks that have to; each manager's in turn, so that the later ones see where the earlier ones went.
func (p *Planner) moveManaged(
	ctx context.Context, occasion talk.Occasion, managers []people.Person, with []talk.Talk, employees []people.Person, around talk.Around,
) (changed []talk.Talk, err error) {
	bosses, err := p.facts(ctx, managers)
	if err != nil {
		return nil, err
	}
	reports, err := p.facts(ctx, employees)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]talk.Person, len(reports))
	for _, report := range reports {
		byID[report.ID] = report
	}
	byManager := map[string][]talk.Talk{}
	for _, t := range distinct(with) {
		byManager[t.ManagerID] = append(byManager[t.ManagerID], t)
	}
	for _, boss := range bosses {
		moved := talk.PlanManaged(occasion, boss, byManager[boss.ID], byID, around)
		around.Known = distinct(moved, around.Known)
		changed = append(changed, moved...)
	}
	return changed, nil
}

// latest returns the talks as they are now saved, in the order of their ids.
func latest(read, changed []talk.Talk) []talk.Talk {
	return distinct(changed, read)
}

// distinct gathers talks, each once, in the order of their ids: of one that stands in several lists, the first holds.
func distinct(lists ...[]talk.Talk) []talk.Talk {
	seen := map[string]bool{}
	var all []talk.Talk
	for _, t := range slices.Concat(lists...) {
		if !seen[t.ID] {
			seen[t.ID] = true
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(x, y talk.Talk) int { return compare(x.ID, y.ID) })
	return all
}

// without returns the ids of those who have none of the talks.
func without(ids []string, talks []talk.Talk) []string {
	have := map[string]bool{}
	for _, t := range talks {
		if t.Kind == talk.EI2D {
			have[t.EmployeeID] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return have[id] })
}
