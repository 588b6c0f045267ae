package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments"
)

const (
	declaredPerSecond = 200
	declaredFor       = 30 * time.Second
	declarations      = declaredPerSecond * int(declaredFor/time.Second)
)

// momentToPrompt measures how long after a moment was declared its prompt is in the person's open stream.
func momentToPrompt(ctx context.Context) (_ []figure, err error) {
	const keyMoment = "team_arrival"
	w, err := open(ctx, keyMoment, moments.Rule{Code: "now", Immediate: true, GraceDays: 1, AnswerDays: 14, Questionnaire: "team_arrival_day_7.v1"})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	today := clock.DateOf(noon, time.UTC)
	if err := w.importPeople(ctx, declarations, today.AddDays(-400), today); err != nil {
		return nil, err
	}
	visitors, err := w.signIn(ctx)
	if err != nil {
		return nil, err
	}

	listening, hangUp := context.WithCancel(ctx)
	defer hangUp()
	var (
		open     sync.WaitGroup
		received sync.WaitGroup
		declared = make([]time.Time, len(visitors))
		took     = make([]time.Duration, len(visitors))
	)
	for i, v := range visitors {
		open.Add(1)
		received.Add(1)
		opened, once := sync.OnceFunc(open.Done), sync.Once{}
		go func() {
			_ = v.listen(listening, w.url, opened, func(at time.Time) { // ends with the measurement
				once.Do(func() { took[i] = at.Sub(declared[i]); received.Done() })
			})
		}()
	}
	open.Wait()

	hr := identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	err = paced(ctx, len(visitors), func(i int) error {
		declared[i] = time.Now()
		_, err := w.Peers().Moments().DeclareMoment(hr, &momentsv1.DeclareMomentRequest{
			KeyMoment: keyMoment, PersonId: visitors[i].person, HappensOn: today.String(),
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := within(ctx, time.Minute, received.Wait); err != nil {
		return nil, fmt.Errorf("waiting for the last prompt: %w", err)
	}

	limit, err := rawPath(ctx)
	if err != nil {
		return nil, err
	}
	f := figure{Name: "moment_to_prompt", Value: percentile(took, 0.99), Unit: "ms, p99", Detail: map[string]any{
		"p50": percentile(took, 0.5), "max": percentile(took, 1), "declared_per_s": declaredPerSecond, "prompts": len(took),
		"limit_p50": percentile(limit, 0.5), "limit_max": percentile(limit, 1),
	}}.over(percentile(limit, 0.99), "one journaled insert, one acknowledged publish, received by a pull consumer, at the same rate: official clients")
	return []figure{f}, nil
}

// paced calls do n times at the rate, each call in its own goroutine so that a slow one delays no other.
func paced(ctx context.Context, n int, do func(i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	tick := time.NewTicker(time.Second / declaredPerSecond)
	defer tick.Stop()
	for i := range n {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return group.Wait()
		}
		group.Go(func() error { return do(i) })
	}
	return group.Wait()
}

// within waits for what has no context of its own.
func within(ctx context.Context, limit time.Duration, wait func()) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan struct{})
	go func() { wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rawPath is the least that a prompt needs: a write, a publish, a receive.
func rawPath(ctx context.Context) (_ []time.Duration, err error) {
	r, err := openRaw(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	consumer, err := r.consumer(ctx)
	if err != nil {
		return nil, err
	}
	begun := make([]time.Time, declarations)
	took := make([]time.Duration, declarations)
	var received sync.WaitGroup
	received.Add(declarations)
	consuming, err := consumer.Consume(func(message jetstream.Msg) {
		var i int
		if _, err := fmt.Sscan(string(message.Data()), &i); err == nil {
			took[i] = time.Since(begun[i])
			received.Done()
		}
		_ = message.Ack() // not acknowledged means received twice, which would show as a negative count
	})
	if err != nil {
		return nil, err
	}
	defer consuming.Stop()
	err = paced(ctx, declarations, func(i int) error {
		begun[i] = time.Now()
		if _, err := r.collection.InsertOne(ctx, bson.D{{Key: "_id", Value: fmt.Sprint("moment-", i)}, {Key: "at", Value: noon}}); err != nil {
			return err
		}
		_, err := r.stream.Publish(ctx, rawSubject, fmt.Append(nil, i))
		return err
	})
	if err != nil {
		return nil, err
	}
	return took, within(ctx, time.Minute, received.Wait)
}
