package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"jalon.dev/pkg/clock"
)

// seed makes every demo the same company.
const seed = 2026

// LivedLine is what the demo prints once its history is lived.
const LivedLine = "The sample company has lived its three months"

// state is what a demo remembers over a restart. The company itself is not in it: it is lived again from the seed.
type state struct {
	// People is about how many the company begins with.
	People int `json:"people"`
	// Start is the day of the first import.
	Start clock.Date `json:"start"`
	// Lived is how many days were lived since.
	Lived int `json:"lived"`
	// Offset is how far the demo's clock is from the machine's.
	Offset time.Duration `json:"offset"`
}

// Demo is the sample company and its clock. Moving the clock is living the days in between, one by one.
type Demo struct {
	file  string
	world World
	state state
	life  *life

	moving     sync.Mutex
	done, goal atomic.Int64
}

// Clock reads the demo's time from its state file; a demo that never ran begins three months ago.
func Clock(file string) (*clock.Movable, error) {
	s, err := load(file)
	if err != nil {
		return nil, err
	}
	return clock.NewMovable(time.Now().Add(s.Offset)), nil
}

func load(file string) (state, error) {
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		start := clock.DateOf(time.Now(), zone).AddDays(-historyDays)
		return state{People: companySize, Start: start, Lived: -1, Offset: time.Until(start.In(zone).Add(hourOfLife))}, nil
	}
	if err != nil {
		return state{}, fmt.Errorf("reading the demo's state: %w", err)
	}
	s := state{People: companySize}
	if err := json.Unmarshal(content, &s); err != nil {
		return state{}, fmt.Errorf("the demo's state %s is damaged; remove the data folder to begin again: %w", file, err)
	}
	return s, nil
}

// New continues the demo of the state file, or begins one with about so many people; 0 is the usual number.
func New(file string, people int, world World) (*Demo, error) {
	s, err := load(file)
	if err != nil {
		return nil, err
	}
	if people != 0 && s.Lived < 0 {
		s.People = people
	}
	if people != 0 && people != s.People {
		return nil, fmt.Errorf("this demo began with %d people, not with %d: set JALON_DATA to another folder", s.People, people)
	}
	d := &Demo{file: file, world: world, state: s}
	d.life = &life{
		world: world, company: NewCompany(seed, s.Start, s.People),
		random: rand.New(rand.NewPCG(seed, uint64(s.Lived+1))), moods: rand.New(rand.NewPCG(seed+1, uint64(s.Lived+1))),
		barometer: barometer{moods: rand.New(rand.NewPCG(seed+2, uint64(s.Lived+1))), ids: map[string]string{}},
	}
	for day := range s.Lived + 1 {
		if date := s.Start.AddDays(day); day > 0 && date.Weekday() == time.Monday {
			d.life.company.LiveAWeek(date)
		}
	}
	d.goal.Store(historyDays)
	d.done.Store(int64(max(0, min(s.Lived, historyDays))))
	return d, nil
}

// Run lives the history that is still missing, and then follows what people are shown until the context ends.
func (d *Demo) Run(ctx context.Context) error {
	following := make(chan error, 2)
	go func() { following <- d.life.follow(ctx) }()
	go func() { following <- d.life.talks.follow(ctx, d.world) }()
	if d.state.Lived >= 0 {
		if err := errors.Join(d.world.Settle(ctx), d.life.talks.learn(ctx, d.world, d.life.company)); err != nil && ctx.Err() == nil {
			return fmt.Errorf("learning which talks are planned: %w", err)
		}
	}
	err := d.move(ctx, func() int { return historyDays - d.state.Lived })
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("living the sample company's history: %w", err)
	}
	if err == nil {
		fmt.Fprintln(d.world.Out, LivedLine+": sign in as HR, a manager or an employee.")
	}
	return errors.Join(<-following, <-following)
}

// Now is the demo's time.
func (d *Demo) Now() time.Time { return d.world.Clock.Now() }

// Move lives the next days, and first those that passed by themselves while nobody moved the clock: it runs on meanwhile.
func (d *Demo) Move(ctx context.Context, days int) error {
	if done, total := d.Progress(); done < total {
		return errors.New("the sample company is still living its history")
	}
	// Whoever pressed the button may close the page; a day that was begun is lived to its end.
	return d.move(context.WithoutCancel(ctx), func() int { return d.passed() + days })
}

// passed is how many days the clock is ahead of what was lived.
func (d *Demo) passed() int {
	return max(0, d.state.Start.AddDays(d.state.Lived).DaysUntil(clock.DateOf(d.world.Clock.Now(), zone)))
}

// Progress tells how many days of the history are lived, and of how many.
func (d *Demo) Progress() (done, total int) { return int(d.done.Load()), int(d.goal.Load()) }

func (d *Demo) move(ctx context.Context, days func() int) error {
	d.moving.Lock()
	defer d.moving.Unlock()
	for range days() {
		next := d.state.Lived + 1
		if err := d.liveDay(ctx, next); err != nil {
			return err
		}
		d.state.Lived = next
		if err := d.save(); err != nil {
			return err
		}
		d.done.Store(int64(min(next, historyDays)))
	}
	return nil
}

// liveDay lives the n-th day since the start; the first one is the baseline.
func (d *Demo) liveDay(ctx context.Context, n int) error {
	day := d.state.Start.AddDays(n)
	if n == 0 {
		d.world.Clock.Set(day.In(zone).Add(hourOfLife))
		return d.life.begin(ctx, day)
	}
	return d.life.liveDay(ctx, n, day)
}

func (d *Demo) save() error {
	d.state.Offset = time.Until(d.world.Clock.Now())
	content, err := json.Marshal(d.state)
	if err != nil {
		return fmt.Errorf("writing the demo's state: %w", err)
	}
	if err := os.WriteFile(d.file+".new", content, 0o600); err != nil {
		return fmt.Errorf("writing the demo's state: %w", err)
	}
	if err := os.Rename(d.file+".new", d.file); err != nil {
		return fmt.Errorf("writing the demo's state: %w", err)
	}
	return nil
}
