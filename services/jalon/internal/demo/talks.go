package demo

import (
	"context"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
)

// atOnce is how many talks of a day are held, or ballots cast, at a time.
const atOnce = 8

// pilotStores is in how many stores people meet their manager every four weeks; the others have met once, and go on twice a year. So HR
// sees a practice that spreads, and three months are lived in a minute.
const (
	pilotStores   = 1
	elsewhereDays = 182
)

// talks are those that are planned in the company, and what becomes of each: a number that follows from its id decides, so that it is
// the same whenever it is asked.
type talks struct {
	mu      sync.Mutex
	planned map[string]*interviewsv1.Talk
	pilot   map[string]bool // managers of the pilot stores
	held    map[string]int  // how many each employee had
}

// begin sets the rhythms: HR's own doing, on the first day.
func (t *talks) begin(ctx context.Context, world World, company *Company) error {
	hr := identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	units, err := world.Peers.Directory().ListUnits(hr, &directoryv1.ListUnitsRequest{})
	if err != nil {
		return err
	}
	for _, unit := range units.GetUnits() {
		days := int32(0)
		switch {
		case unit.GetKind() == "company":
			days = elsewhereDays
		case unit.GetKind() == "store" && company.inPilot(unit.GetName()):
			days = 28
		default:
			continue
		}
		_, err := world.Peers.Interviews().SetRhythm(hr, &interviewsv1.SetRhythmRequest{UnitId: unit.GetId(), Days: days})
		if err != nil {
			return err
		}
	}
	return nil
}

// follow notes the talks that are planned and called off, for as long as the context lasts.
func (t *talks) follow(ctx context.Context, world World) error {
	names := map[string]func() interface{ GetTalks() []*interviewsv1.Talk }{
		name(&interviewsv1.TalksPlanned{}):         func() interface{ GetTalks() []*interviewsv1.Talk } { return &interviewsv1.TalksPlanned{} },
		name(&interviewsv1.DelicateTalksPlanned{}): func() interface{ GetTalks() []*interviewsv1.Talk } { return &interviewsv1.DelicateTalksPlanned{} },
	}
	types := []string{}
	for typ := range names {
		types = append(types, typ)
	}
	return world.Bus.Broadcast(ctx, types, func(ev event.Event, _ bus.Place) {
		message := names[ev.Type]()
		if err := ev.Decode(message.(proto.Message)); err != nil { //nolint:forcetypeassert // both are
			world.Log.Warn("reading planned talks", zap.Error(err))
			return
		}
		t.note(message.GetTalks()...)
	})
}

func name(message proto.Message) string {
	return string(message.ProtoReflect().Descriptor().FullName())
}

func (t *talks) note(planned ...*interviewsv1.Talk) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.planned == nil {
		t.planned = map[string]*interviewsv1.Talk{}
	}
	for _, one := range planned {
		if known := t.planned[one.GetId()]; known == nil || known.GetSequence() <= one.GetSequence() {
			t.planned[one.GetId()] = one
		}
	}
}

// learn fetches what was planned before the program was started again.
func (t *talks) learn(ctx context.Context, world World, company *Company) error {
	asking := identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	managers := map[string]bool{}
	inPilot := map[string]bool{} // units
	pilot := map[string]bool{}
	for token := ""; ; {
		page, err := world.Peers.Directory().Snapshot(identity.AsService(ctx, "demo"), &directoryv1.SnapshotRequest{PageSize: 1000, PageToken: token})
		if err != nil {
			return err
		}
		for _, u := range page.GetUnits() {
			inPilot[u.GetId()] = u.GetKind() == "store" && company.inPilot(u.GetName())
		}
		for _, p := range page.GetPeople() {
			managers[p.GetManagerId()] = true
			if slices.ContainsFunc(p.GetUnitPath(), func(unit string) bool { return inPilot[unit] }) {
				pilot[p.GetManagerId()] = true
			}
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	delete(managers, "")
	t.mu.Lock()
	t.pilot = pilot
	t.mu.Unlock()
	for manager := range managers {
		list, err := world.Peers.Interviews().ListTalks(asking, &interviewsv1.ListTalksRequest{ManagerId: manager})
		if err != nil {
			return err
		}
		t.note(list.GetTalks()...)
	}
	return nil
}

// by returns the talks that are planned for the day or before, in the order of their ids, and those of the next two days besides.
// Elsewhere than in the pilot stores people meet a week before they have to, and are reminded of nothing.
func (t *talks) by(day clock.Date) (due, soon []*interviewsv1.Talk) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, one := range t.planned {
		on, err := clock.ParseDate(one.GetPlannedOn())
		switch {
		case err != nil:
			delete(t.planned, id)
		case !on.After(day), !t.pilot[one.GetManagerId()] && !on.After(day.AddDays(early)):
			due = append(due, one)
		case day.DaysUntil(on) == 2:
			soon = append(soon, one)
		}
	}
	byID := func(x, y *interviewsv1.Talk) int { return strings.Compare(x.GetId(), y.GetId()) }
	slices.SortFunc(due, byID)
	slices.SortFunc(soon, byID)
	return due, soon
}

// done notes that a talk is held.
func (t *talks) done(one *interviewsv1.Talk) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.planned, one.GetId())
	if t.held == nil {
		t.held = map[string]int{}
	}
	t.held[one.GetEmployeeId()]++
}

// heldBy is how many talks an employee had since the program started.
func (t *talks) heldBy(employeeID string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[employeeID]
}

// early is how many days before its date a talk is held where nobody is reminded of it.
const early = 7

// luck decides about a talk: 0 to 99.
func luck(one *interviewsv1.Talk) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(one.GetId())) // never fails, says hash.Hash
	return int(h.Sum32() % 100)
}

// live holds the day's talks: nearly nine in ten on their day, some days later, a few not at all. One in five was prepared, and ends in
// a decision.
func (t *talks) live(ctx context.Context, world World, day clock.Date) error {
	due, soon := t.by(day)
	together, ctx := errgroup.WithContext(ctx)
	together.SetLimit(atOnce)
	for _, one := range soon {
		if luck(one)%5 == 0 && t.pilot[one.GetManagerId()] {
			together.Go(func() error { return tolerant(prepare(ctx, world, one)) })
		}
	}
	for _, one := range due {
		on, _ := clock.ParseDate(one.GetPlannedOn()) // by parsed it
		n := luck(one)
		if n < 4 || n < 12 && on.DaysUntil(day) < n-3 {
			continue
		}
		t.done(one)
		answered := t.pilot[one.GetManagerId()] && n%4 != 0 // some never answer
		together.Go(func() error { return tolerant(hold(ctx, world, one, day, answered)) })
	}
	return together.Wait()
}

// tolerant forgives what became impossible meanwhile: a change of manager, an end.
func tolerant(err error) error {
	switch connect.CodeOf(err) {
	case connect.CodeFailedPrecondition, connect.CodePermissionDenied, connect.CodeAborted, connect.CodeNotFound:
		return nil
	default:
		return err
	}
}

func as(ctx context.Context, personID string) context.Context {
	return identity.NewContext(ctx, identity.Actor{PersonID: personID, Roles: []identity.Role{identity.Employee}})
}

func prepare(ctx context.Context, world World, one *interviewsv1.Talk) error {
	n := luck(one)
	employee := as(ctx, one.GetEmployeeId())
	points := []*interviewsv1.Point{
		{Id: "1", Kind: interviewsv1.Point_KIND_PLEASURE, Text: oneOf(pleasures, n)},
		{Id: "2", Kind: interviewsv1.Point_KIND_DISPLEASURE, Text: oneOf(displeasures, n)},
		{Id: "3", Kind: interviewsv1.Point_KIND_EXPECTATION, Text: oneOf(expectations, n)},
	}
	if one.GetKind() != "ei2d" {
		points = []*interviewsv1.Point{{Id: "1", Kind: interviewsv1.Point_KIND_SUBJECT, Text: oneOf(pleasures, n)}}
	}
	if _, err := world.Peers.Talks().SavePreparation(employee, &interviewsv1.SavePreparationRequest{TalkId: one.GetId(), Points: points}); err != nil {
		return err
	}
	_, err := world.Peers.Talks().SharePreparation(employee, &interviewsv1.SharePreparationRequest{TalkId: one.GetId()})
	return err
}

func hold(ctx context.Context, world World, one *interviewsv1.Talk, day clock.Date, answered bool) error {
	n := luck(one)
	says, answers := one.GetManagerId(), one.GetEmployeeId()
	if n%3 == 0 {
		says, answers = answers, says
	}
	client := world.Peers.Talks()
	if n%5 == 0 && one.GetKind() == "ei2d" {
		_, err := client.SaveCommitment(as(ctx, one.GetManagerId()), &interviewsv1.SaveCommitmentRequest{
			TalkId: one.GetId(), CommitmentId: uuid.NewSHA1(uuid.NameSpaceOID, []byte(one.GetId())).String(),
			Kind: interviewsv1.Commitment_KIND_DECISION, Text: oneOf(decisions, n), OwnerId: answers, DueOn: day.AddDays(14 + n%14).String(),
		})
		if err != nil {
			return err
		}
	}
	if _, err := client.SayHeld(as(ctx, says), &interviewsv1.SayHeldRequest{TalkId: one.GetId(), HeldOn: day.String()}); err != nil {
		return err
	}
	if !answered {
		return nil
	}
	_, err := client.AnswerHeld(as(ctx, answers), &interviewsv1.AnswerHeldRequest{TalkId: one.GetId(), Confirm: n%23 != 1})
	return err
}

// start lets a few managers congratulate, and one now and then reframe, the next day.
func (t *talks) start(ctx context.Context, world World, day clock.Date) error {
	t.mu.Lock()
	var some []*interviewsv1.Talk
	for _, one := range t.planned {
		if one.GetKind() == "ei2d" {
			some = append(some, one)
		}
	}
	t.mu.Unlock()
	slices.SortFunc(some, func(x, y *interviewsv1.Talk) int { return strings.Compare(x.GetId(), y.GetId()) })
	tomorrow := day.AddDays(1)
	if weekday := tomorrow.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
		return nil
	}
	for i, one := range some {
		kind := "congratulation"
		switch (i*7 + day.Day) % 331 {
		case 0:
		case 1:
			kind = "reframing"
		default:
			continue
		}
		_, err := world.Peers.Talks().StartTalk(as(ctx, one.GetManagerId()), &interviewsv1.StartTalkRequest{
			EmployeeId: one.GetEmployeeId(), Kind: kind, PlannedOn: tomorrow.String(), StartsAt: "11:00",
			RequestId: uuid.NewSHA1(uuid.NameSpaceOID, []byte(one.GetId()+day.String())).String(),
		})
		if err := tolerant(err); err != nil {
			return err
		}
	}
	return nil
}

func oneOf(texts []string, n int) string { return texts[n%len(texts)] }

// What people of the sample company say. They are French.
var (
	pleasures = []string{
		"La nouvelle présentation du rayon randonnée : les clients s'arrêtent.", "J'ai formé Driss à l'atelier, et il se débrouille seul.",
		"L'ambiance du samedi, tout le monde s'entraide.", "Un client est revenu exprès pour me remercier.",
		"Le planning de novembre me laisse enfin mes mercredis.",
	}
	displeasures = []string{
		"La réserve est impraticable le lundi matin.", "Je découvre les changements de planning la veille.",
		"Les retours en ligne retombent toujours sur la même personne.", "On manque de monde à la caisse entre midi et deux.",
		"Le bruit de la ventilation à l'atelier.",
	}
	expectations = []string{
		"Connaître mes horaires deux semaines à l'avance.", "Que l'on me dise quand mon travail est bien fait.",
		"Suivre une formation à la vente assistée.", "Que l'on tranche pour les retours en ligne.", "Avoir un vrai point sur mon évolution.",
	}
	decisions = []string{
		"Afficher le planning le jeudi pour les deux semaines suivantes.", "Ranger la réserve le vendredi à deux, par roulement.",
		"Faire une demi-journée à l'atelier avec Driss.", "Répartir les retours en ligne par semaine.", "Demander un devis pour la ventilation.",
	}
)
