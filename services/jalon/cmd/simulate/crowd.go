package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/services/jalon/internal/demo"
)

// crowd is the people who use Jalon: HR, managers and those who are asked. All they know of it is what its procedures say.
type crowd struct {
	world    *world
	random   *rand.Rand
	chosen   map[string]choices
	seen     map[string]bool // prompts whose reader has made up their mind
	answers  []answer        // that are to be given
	tokens   []delivery      // mails whose link to unsubscribe may be followed
	declared []string        // moments that may be called off
	managers map[string]string
	teams    []string
	stores   []string

	stories map[string]*story         // by talk
	off     map[string][]time.Weekday // on which people do not work
	rhythms map[string]int            // that HR set, by unit
	appeals []*appeal
	written int // texts, which are all different
}

type answer struct {
	invitation, person string
	at                 time.Time
}

func newCrowd(seed uint64, w *world) *crowd {
	return &crowd{
		world: w, random: rand.New(rand.NewPCG(seed, 4)), chosen: map[string]choices{}, seen: map[string]bool{}, managers: map[string]string{},
		stories: map[string]*story{}, off: map[string][]time.Weekday{}, rhythms: map[string]int{},
	}
}

// meet tells who manages whom, and which teams there are.
func (c *crowd) meet(people []personDoc, units []unitDoc) {
	for _, p := range people {
		c.managers[p.ID] = p.ManagerID
	}
	names := map[string]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	slices.SortFunc(units, func(a, b unitDoc) int {
		return cmp.Or(strings.Compare(names[a.ParentID], names[b.ParentID]), strings.Compare(a.Name, b.Name))
	})
	c.teams, c.stores = c.teams[:0], c.stores[:0]
	for _, u := range units {
		switch u.Kind {
		case "team":
			c.teams = append(c.teams, u.ID)
		case "store":
			c.stores = append(c.stores, u.ID)
		}
	}
}

func (c *crowd) oneIn(n int) bool { return c.random.IntN(n) == 0 }

func employee(ctx context.Context, person string) context.Context {
	return identity.NewContext(ctx, identity.Actor{PersonID: person, Roles: []identity.Role{identity.Employee}})
}

func asHR(ctx context.Context) context.Context {
	return identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
}

// final marks answers that asking again does not change.
func final(err error) error {
	switch connect.CodeOf(err) {
	case connect.CodeInvalidArgument, connect.CodeNotFound, connect.CodePermissionDenied, connect.CodeFailedPrecondition:
		return &refusal{err}
	default:
		return err
	}
}

func (c *crowd) importUnits(ctx context.Context, s *staff) error {
	file, err := s.units()
	if err != nil {
		return err
	}
	return insist(ctx, "importing the units", func(ctx context.Context) error {
		answer, err := c.world.now().Peers().Directory().ImportUnits(identity.AsOperator(ctx), &directoryv1.ImportUnitsRequest{File: file})
		if err != nil {
			return final(err)
		}
		return applied(answer.GetReport())
	})
}

func (c *crowd) importPeople(ctx context.Context, s *staff, day clock.Date) error {
	_, err := c.importAgain(ctx, s, day)
	return err
}

// importAgain imports the file of the day and returns how many people that changed.
func (c *crowd) importAgain(ctx context.Context, s *staff, day clock.Date) (changed int, err error) {
	file, err := s.export()
	if err != nil {
		return 0, err
	}
	err = insist(ctx, "importing people", func(ctx context.Context) error {
		answer, err := c.world.now().Peers().Directory().ImportPeople(identity.AsOperator(ctx), &directoryv1.ImportPeopleRequest{
			File: file, FileName: "export.csv", AsOf: day.String(),
		})
		if err != nil {
			return final(err)
		}
		r := answer.GetReport()
		changed = int(r.GetAdded() + r.GetChanged() + r.GetMoved() + r.GetEnded())
		return applied(r)
	})
	return changed, err
}

func applied(r *directoryv1.ImportReport) error {
	if r.GetOutcome() != directoryv1.ImportReport_OUTCOME_APPLIED {
		return &refusal{fmt.Errorf("a file of HR was not applied: %v %v", r.GetRefusal(), r.GetProblems())}
	}
	return nil
}

// act lets everybody do what they do in half a day.
func (c *crowd) act(ctx context.Context, b *books, t *tally) error {
	people := inOrder(b, b.people)
	if len(people) == 0 {
		return nil
	}
	steps := []func() error{
		func() error { return c.respond(ctx, b, t) },
		func() error { return c.declare(ctx, b, people, t) },
		func() error { return c.callOff(ctx, t) },
		func() error { return c.choose(ctx, people[c.random.IntN(len(people))], t) },
		func() error { return c.unsubscribe(ctx, b, t) },
		func() error { return c.campaigns(ctx, b, t) },
		func() error { return c.arrange(ctx, b, people, &t.talks) },
		func() error { return c.meetings(ctx, b, &t.talks) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// notice lets people make up their minds about the prompts that they were shown, and HR see what series made.
func (c *crowd) notice(b *books, came []delivery) {
	for _, a := range b.messages() {
		if a.state != "shown" || c.seen[a.id] {
			continue
		}
		c.seen[a.id] = true
		if a.keyMoment == aboutTalks || answersNothing(a.person) {
			continue
		}
		within, ofTen := 10*24, 7
		if strings.HasSuffix(b.tries[a.id], lineB) { // it tempts, so that tests have something to find
			within, ofTen = 4, 10
		}
		if c.random.IntN(10) < ofTen {
			c.answers = append(c.answers, answer{a.id, a.person, b.read.Add(time.Duration(c.random.IntN(within)) * time.Hour)})
		}
	}
	c.appeals, b.newest = append(c.appeals, b.newest...), nil
	if len(came) > 0 && c.oneIn(10) {
		c.tokens = append(c.tokens, came[c.random.IntN(len(came))])
	}
}

// respond gives the answers whose time has come.
func (c *crowd) respond(ctx context.Context, b *books, t *tally) error {
	now := c.world.clock.Now()
	var rest []answer
	for _, a := range c.answers {
		if a.at.After(now) {
			rest = append(rest, a)
			continue
		}
		taken, err := c.respondTo(ctx, a)
		var no *refusal
		switch {
		case errors.As(err, &no) && b.asked[a.invitation].state != "shown":
			continue // its moment was called off meanwhile, and its prompt with it
		case err != nil:
			return err
		}
		if taken {
			b.answered[a.invitation] = now
			t.answered++
		}
	}
	c.answers = rest
	return nil
}

// respondTo answers one survey, now and then by pressing twice, and says whether the answer was taken.
func (c *crowd) respondTo(ctx context.Context, a answer) (taken bool, err error) {
	var filled []*momentsv1.Answer
	open := false
	err = insist(ctx, "opening a survey", func(ctx context.Context) error {
		survey, err := c.world.now().Peers().Moments().GetSurvey(employee(ctx, a.person), &momentsv1.GetSurveyRequest{InvitationId: a.invitation, Language: "fr"})
		if err != nil {
			return final(err)
		}
		open = survey.GetState() == momentsv1.GetSurveyResponse_STATE_OPEN
		if open && filled == nil {
			filled = demo.Answers(c.random, survey.GetQuestions(), 1)
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("a prompt of %s leads to no survey (invitation %s): %w", a.person, a.invitation, err)
	}
	if !open {
		return false, nil
	}
	for range 1 + c.random.IntN(2) {
		err := insist(ctx, "answering a survey", func(ctx context.Context) error {
			_, err := c.world.now().Peers().Moments().SubmitResponse(employee(ctx, a.person), &momentsv1.SubmitResponseRequest{InvitationId: a.invitation, Answers: filled})
			return final(err)
		})
		if err != nil {
			return false, fmt.Errorf("answering invitation %s: %w", a.invitation, err)
		}
	}
	return true, nil
}

// declarable are the key moments that managers declare of one person.
var declarable = []string{"congratulation", "reframing", "check_in", "training", "immersion_day", "first_steps_as_manager"}

// declare lets somebody's manager tell of a moment, or HR of one of a whole team.
func (c *crowd) declare(ctx context.Context, b *books, people []string, t *tally) error {
	if !c.oneIn(2) {
		return nil
	}
	person := people[c.random.IntN(len(people))]
	actor := identity.Actor{PersonID: c.managers[person], Roles: []identity.Role{identity.Employee}}
	req := &momentsv1.DeclareMomentRequest{
		KeyMoment: declarable[c.random.IntN(len(declarable))], PersonId: person, RequestId: c.uuid(),
		HappensOn: clock.DateOf(b.read, b.people[person].Zone).AddDays(c.random.IntN(15) - 10).String(),
	}
	if len(c.teams) > 0 && c.oneIn(20) {
		actor = identity.Actor{Roles: []identity.Role{identity.HR}}
		req.PersonId, req.UnitId, req.HappensOn = "", c.teams[c.random.IntN(len(c.teams))], ""
		req.KeyMoment = []string{"success_celebrated", "project_shared"}[c.random.IntN(2)]
	} else if actor.PersonID == "" {
		return nil
	}
	err := insist(ctx, "declaring a moment", func(ctx context.Context) error {
		answer, err := c.world.now().Peers().Moments().DeclareMoment(identity.NewContext(ctx, actor), req)
		if err == nil {
			c.declared = append(c.declared, answer.GetMomentId())
		}
		return final(err)
	})
	var no *refusal
	if errors.As(err, &no) {
		return nil // nobody works in the team any more, or somebody else manages
	}
	if err == nil {
		t.declared++
	}
	return err
}

// callOff lets HR call a moment off now and then.
func (c *crowd) callOff(ctx context.Context, t *tally) error {
	if len(c.declared) == 0 || !c.oneIn(12) {
		return nil
	}
	id := c.declared[c.random.IntN(len(c.declared))]
	t.cancelled++
	return insist(ctx, "calling a moment off", func(ctx context.Context) error {
		_, err := c.world.now().Peers().Moments().CancelMoment(asHR(ctx), &momentsv1.CancelMomentRequest{MomentId: id, Reason: "It did not take place."})
		return final(err)
	})
}

// choose lets one person choose hours, days, reminders and e-mail.
func (c *crowd) choose(ctx context.Context, person string, t *tally) error {
	if !c.oneIn(4) {
		return nil
	}
	chosen, asked := choices{}, &notificationsv1.Preferences{NoReminders: c.oneIn(3)}
	if c.oneIn(2) {
		chosen.from, chosen.to = 13*60, 17*60+30
		asked.From, asked.To = "13:00", "17:30"
	}
	if c.oneIn(2) {
		chosen.daysOff = []time.Weekday{time.Wednesday}
		asked.DaysOff = []int32{3}
	}
	chosen.noEmail = c.oneIn(4)
	asked.NoEmail = chosen.noEmail
	err := insist(ctx, "choosing hours", func(ctx context.Context) error {
		_, err := c.world.now().Peers().Notifications().SetPreferences(employee(ctx, person), &notificationsv1.SetPreferencesRequest{PersonId: person, Preferences: asked})
		return final(err)
	})
	if err != nil {
		return err
	}
	t.preferences++
	c.chosen[person] = chosen
	return nil
}

// unsubscribe follows the link of a mail.
func (c *crowd) unsubscribe(ctx context.Context, b *books, t *tally) error {
	if len(c.tokens) == 0 {
		return nil
	}
	m := c.tokens[0]
	c.tokens = c.tokens[1:]
	err := insist(ctx, "unsubscribing", func(ctx context.Context) error {
		_, err := c.world.now().Peers().Notifications().SetMailChoice(identity.AsService(ctx, "portal"), &notificationsv1.SetMailChoiceRequest{Token: m.token})
		return final(err)
	})
	if err != nil {
		return err
	}
	for person, f := range b.people {
		if f.Email == m.to {
			chosen := c.chosen[person]
			chosen.noEmail = true
			c.chosen[person] = chosen
			t.unsubscribed++
		}
	}
	return nil
}

// uuid is a random id that follows from the seed.
func (c *crowd) uuid() string {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(c.random.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id.String()
}

// looked is how many people's pages are looked at after each step.
const looked = 4

// pages looks at some people's own pages: what is open there is what their inbox holds.
func (c *crowd) pages(ctx context.Context, b *books) error {
	people := inOrder(b, b.ofWhom)
	for range min(looked, len(people)) {
		person := people[c.random.IntN(len(people))]
		page, err := c.world.now().Peers().Notifications().ListPrompts(employee(ctx, person), &notificationsv1.ListPromptsRequest{PersonId: person})
		if err != nil {
			return err
		}
		b.kept(listed)
		open := 0
		for _, p := range page.GetPrompts() {
			a := b.asked[p.GetInvitationId()]
			if a == nil || a.person != person || !a.visible(b.read) {
				return b.broken(listed, "%s sees invitation %s, and the inbox has %+v", person, p.GetInvitationId(), a)
			}
			open++
		}
		shown := 0
		for _, a := range b.ofWhom[person] {
			if a.visible(b.read) {
				shown++
			}
		}
		if shown != open {
			return b.broken(listed, "%s sees %d prompts, and the inbox shows %d", person, open, shown)
		}
	}
	return nil
}
