package demo

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/event"
	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

const (
	// historyDays is how long the company lived with Jalon before the newcomer sees it: three months.
	historyDays = 92
	// hourOfLife is when each demo day is looked at: within the send window of every working day, Monday morning and
	// Friday afternoon excluded.
	hourOfLife = 13 * time.Hour
)

// zone is where the sample company lives.
var zone = mustLoad("Europe/Paris")

// World is what the sample company lives in: the running services, and the clock that all of them read.
type World struct {
	Clock *clock.Movable
	Peers rpc.Peers
	Bus   *bus.Bus
	// Settle returns when every service has done what is due and every event was handled.
	Settle func(context.Context) error
	Log    *zap.Logger
	// Out is told when the history is lived.
	Out io.Writer
}

// life moves the company and its people through the days.
type life struct {
	world   World
	company *Company
	moods   *rand.Rand // what is answered

	mu      sync.Mutex
	random  *rand.Rand // who answers, and when
	prompts []prompt   // shown and not answered by the simulated colleagues yet

	talks     talks
	barometer barometer
}

type prompt struct {
	invitation, person string
	answerOn           clock.Date // zero: this person never answers
}

// follow notes the prompts that people are shown, for as long as the context lasts.
func (l *life) follow(ctx context.Context) error {
	shown := string((&notificationsv1.PromptsShown{}).ProtoReflect().Descriptor().FullName())
	return l.world.Bus.Broadcast(ctx, []string{shown}, func(ev event.Event, _ bus.Place) {
		var message notificationsv1.PromptsShown
		if err := ev.Decode(&message); err != nil {
			l.world.Log.Warn("reading shown prompts", zap.Error(err))
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, p := range message.GetPrompts() {
			if !asksSomething(p) {
				continue
			}
			l.prompts = append(l.prompts, prompt{invitation: p.GetInvitationId(), person: p.GetPersonId(), answerOn: l.willAnswer()})
		}
	})
}

// willAnswer decides when, if ever, a colleague gets round to a prompt: seven in ten do within a few days. Its caller holds mu.
func (l *life) willAnswer() clock.Date {
	if l.random.IntN(10) >= 7 {
		return clock.Date{}
	}
	return clock.DateOf(l.world.Clock.Now(), zone).AddDays(l.random.IntN(4))
}

// liveDay moves the clock to the day, which is the n-th, and does what happens on it.
func (l *life) liveDay(ctx context.Context, n int, day clock.Date) error {
	l.world.Clock.Set(day.In(zone).Add(hourOfLife))
	if day.Weekday() == time.Monday {
		l.company.LiveAWeek(day)
		if err := l.importCompany(ctx, day); err != nil {
			return err
		}
	}
	if err := l.world.Settle(ctx); err != nil {
		return fmt.Errorf("living %s: %w", day, err)
	}
	if err := l.answer(ctx, day); err != nil {
		return fmt.Errorf("answering on %s: %w", day, err)
	}
	if err := l.talks.live(ctx, l.world, day); err != nil {
		return fmt.Errorf("holding the talks of %s: %w", day, err)
	}
	if err := l.talks.start(ctx, l.world, day); err != nil {
		return fmt.Errorf("starting talks on %s: %w", day, err)
	}
	if err := l.barometer.live(ctx, l.world, l.company, n, day); err != nil {
		return fmt.Errorf("living %s: %w", day, err)
	}
	if err := liveCustomers(ctx, l.world, l.company, n, day); err != nil {
		return fmt.Errorf("living %s: %w", day, err)
	}
	return nil
}

// begin is the first day: HR imports the stores, says how often people meet there, and imports the people.
func (l *life) begin(ctx context.Context, day clock.Date) error {
	response, err := l.world.Peers.Directory().ImportUnits(identity.AsOperator(ctx), &directoryv1.ImportUnitsRequest{File: l.company.Units()})
	if err != nil {
		return fmt.Errorf("importing the stores: %w", err)
	}
	if report := response.GetReport(); report.GetOutcome() != directoryv1.ImportReport_OUTCOME_APPLIED {
		return fmt.Errorf("the stores were refused: %s", report.GetRefusal().GetReason())
	}
	if err := l.world.Settle(ctx); err != nil {
		return fmt.Errorf("living %s: %w", day, err)
	}
	if err := l.talks.begin(ctx, l.world, l.company); err != nil {
		return fmt.Errorf("setting the rhythm of talks: %w", err)
	}
	if err := l.importCompany(ctx, day); err != nil {
		return err
	}
	if err := l.world.Settle(ctx); err != nil {
		return fmt.Errorf("living %s: %w", day, err)
	}
	if err := l.talks.learn(ctx, l.world, l.company); err != nil {
		return fmt.Errorf("learning which talks are planned: %w", err)
	}
	return nil
}

func (l *life) importCompany(ctx context.Context, day clock.Date) error {
	response, err := l.world.Peers.Directory().ImportPeople(identity.AsOperator(ctx), &directoryv1.ImportPeopleRequest{
		File: l.company.Export(), FileName: "export-" + day.String() + ".csv", AsOf: day.String(),
	})
	if err != nil {
		return fmt.Errorf("importing the company of %s: %w", day, err)
	}
	if report := response.GetReport(); report.GetOutcome() != directoryv1.ImportReport_OUTCOME_APPLIED {
		return fmt.Errorf("the company of %s was refused: %s", day, report.GetRefusal().GetReason())
	}
	return nil
}

// answer lets those who planned to answer by the day do so.
func (l *life) answer(ctx context.Context, day clock.Date) error {
	for _, p := range l.due(day) {
		actor := identity.NewContext(ctx, identity.Actor{PersonID: p.person, Roles: []identity.Role{identity.Employee}})
		survey, err := l.world.Peers.Moments().GetSurvey(actor, &momentsv1.GetSurveyRequest{InvitationId: p.invitation, Language: "fr"})
		if err != nil {
			return err
		}
		if survey.GetState() != momentsv1.GetSurveyResponse_STATE_OPEN {
			continue
		}
		_, err = l.world.Peers.Moments().SubmitResponse(actor, &momentsv1.SubmitResponseRequest{
			InvitationId: p.invitation, Answers: Answers(l.moods, survey.GetQuestions(), l.talks.heldBy(p.person)),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// due takes the prompts out that are to be answered by the day.
func (l *life) due(day clock.Date) []prompt {
	l.mu.Lock()
	defer l.mu.Unlock()
	var due, later []prompt
	for _, p := range l.prompts {
		if !p.answerOn.IsZero() && !p.answerOn.After(day) {
			due = append(due, p)
		} else if !p.answerOn.IsZero() {
			later = append(later, p)
		}
	}
	l.prompts = later
	return due
}

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}
