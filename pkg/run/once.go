package run

import (
	"context"
	"time"

	"go.uber.org/zap"
)

// How long Once waits before it tries again: the first time and at most.
const (
	firstRetry = 500 * time.Millisecond
	lastRetry  = 30 * time.Second
)

// Once is the part that does a piece of work once, trying again until it succeeds, and then rests: the end of a part ends the
// group.
func Once(name string, log *zap.Logger, work func(ctx context.Context) error) Part {
	return Part{Name: name, Run: func(ctx context.Context) error {
		for wait := firstRetry; ctx.Err() == nil; wait = min(2*wait, lastRetry) {
			err := work(ctx)
			if err == nil {
				break
			}
			log.Info("to be tried again", zap.String("part", name), zap.Error(err), zap.Duration("retry_in", wait))
			timer := time.NewTimer(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
			}
		}
		<-ctx.Done()
		return nil
	}}
}
