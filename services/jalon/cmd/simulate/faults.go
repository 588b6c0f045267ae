package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"

	"jalon.dev/pkg/event"
	"jalon.dev/pkg/mongodb"
)

// fault is something that goes wrong.
type fault struct {
	name   string
	strike func(context.Context) error
}

// faults decides what goes wrong and when.
type faults struct {
	plan
	world  *world
	random *rand.Rand
	all    []fault
	struck map[string]int
	next   int // of those that are to strike once each
	moody  int // steps that the post office keeps its mood for
}

// longestWait is how far into a step a fault strikes at most.
const longestWait = 400 * time.Millisecond

func newFaults(p plan, w *world) *faults {
	f := &faults{plan: p, world: w, random: rand.New(rand.NewPCG(p.seed, 3)), struck: map[string]int{}}
	nothing := func() error { return nil }
	f.all = []fault{
		{"events delivered again", f.repeat},
		{"engine killed", func(context.Context) error { return w.killEngine() }},
		{"Jalon restarted", func(ctx context.Context) error { return w.restart(ctx, nothing) }},
		{"engine killed and Jalon restarted at once", func(ctx context.Context) error {
			if err := w.killEngine(); err != nil {
				return err
			}
			return w.restart(ctx, nothing)
		}},
		{"bus wiped", func(ctx context.Context) error {
			if err := f.forgetOld(ctx); err != nil {
				return err
			}
			return w.restart(ctx, w.wipeBus)
		}},
	}
	for _, m := range []mood{busy, slow, forgetful, silent, shut, picky} {
		f.all = append(f.all, fault{"post office: " + string(m), func(context.Context) error {
			w.office.turn(m)
			f.moody = 1 + f.random.IntN(3)
			return nil
		}})
	}
	return f
}

// strike lets a fault happen in this step, or none.
func (f *faults) strike(ctx context.Context, step int) error {
	if f.moody--; f.moody < 0 {
		f.world.office.turn(obliging)
	}
	if f.faultsOften == 0 || f.random.IntN(f.faultsOften) > 0 && !f.dueNext(step) {
		return nil
	}
	chosen := f.all[f.random.IntN(len(f.all))]
	if f.each && f.next < len(f.all) {
		chosen = f.all[f.next]
		f.next++
	}
	f.struck[chosen.name]++
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(f.random.Int64N(int64(longestWait)))):
	}
	if err := chosen.strike(ctx); err != nil {
		return fmt.Errorf("making a fault (%s): %w", chosen.name, err)
	}
	return nil
}

// mostOff is for how many days Jalon is off at most: some of what comes due meanwhile is made late then, and some not any more.
const mostOff = 4

// off lets Jalon be off for some days now and then, of so many that are left, and says for how many. That it is started again is a fault of
// its own: it stands here while the days pass.
func (f *faults) off(left int) int {
	if f.outages == 0 || left < mostOff || f.random.IntN(f.outages) > 0 {
		return 0
	}
	f.struck["Jalon off for days"]++
	return 1 + f.random.IntN(mostOff)
}

// dueNext says that a fault must strike now for each to have its turn by the end.
func (f *faults) dueNext(step int) bool {
	return f.each && f.next < len(f.all) && 2*f.days-step <= 2*(len(f.all)-f.next)
}

// repeated is how many events of each service are delivered again at once.
const repeated = 60

// busKeeps is how long the bus keeps events: older ones come from nowhere. It counts real days, in which a year passes in minutes
// here.
const busKeeps = 30 * 24 * time.Hour

// forgetOld deletes the events that a service would have forgotten after so many real days: it publishes the others again when
// the bus lost them.
func (f *faults) forgetOld(ctx context.Context) error {
	old := bson.D{
		{Key: "published", Value: true},
		{Key: "event.time", Value: bson.D{{Key: "$lt", Value: f.world.clock.Now().Add(-busKeeps)}}},
	}
	for _, service := range []string{"directory", "moments", "notifications", "interviews"} {
		if _, err := in(f.world.now().Mongo(), service, "events").DeleteMany(ctx, old); err != nil {
			return fmt.Errorf("forgetting old events of %s: %w", service, err)
		}
	}
	return nil
}

// repeat delivers some of the latest events again, in any order: the bus takes them for new ones.
func (f *faults) repeat(ctx context.Context) error {
	jalon := f.world.now()
	oldest := f.world.clock.Now().Add(-busKeeps)
	var again []event.Event
	for _, service := range []string{"directory", "moments", "notifications", "interviews"} {
		cursor, err := in(jalon.Mongo(), service, "events").Aggregate(ctx, bson.A{
			bson.D{{Key: "$match", Value: bson.D{{Key: "published", Value: true}, {Key: "event.time", Value: bson.D{{Key: "$gte", Value: oldest}}}}}},
			bson.D{{Key: "$sample", Value: bson.D{{Key: "size", Value: repeated}}}},
		})
		if err != nil {
			return err
		}
		kept, err := mongodb.All[keptDoc](ctx, cursor)
		if err != nil {
			return err
		}
		for _, k := range kept {
			again = append(again, k.Event)
		}
	}
	f.random.Shuffle(len(again), func(a, b int) { again[a], again[b] = again[b], again[a] })
	for _, ev := range again {
		msg := event.ToMessage(ev)
		msg.UUID = uuid.NewString()
		msg.SetContext(ctx)
		if err := jalon.Bus().Publisher().Publish(event.Topic(ev.Type), msg); err != nil {
			return err
		}
	}
	return nil
}
