package barometer

import (
	"context"
	"time"

	"go.uber.org/zap"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/people"
)

// How long to wait before asking directory again, which may still be starting: the first time and at most.
const (
	snapshotFirst = 500 * time.Millisecond
	snapshotMost  = 30 * time.Second
)

// snapshot fills the register once in its life with what directory's events told before this service existed.
func (s *Service) snapshot(ctx context.Context) error {
	asking := identity.AsService(ctx, s.parts.Name)
	select {
	case <-s.router.Running(): // events first: what they tell is newer
	case <-ctx.Done():
		return nil
	}
	for wait := snapshotFirst; ; wait = min(2*wait, snapshotMost) {
		err := people.Bootstrap(asking, s.register, s.parts.Peers.Directory())
		if err == nil || ctx.Err() != nil {
			<-ctx.Done()
			return nil
		}
		s.parts.Log.Info("the snapshot of people waits for directory", zap.Error(err), zap.Duration("retry_in", wait))
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil
		}
	}
}
