package web

import (
	"context"
	"slices"
	"time"

	"go.uber.org/zap"
)

// reviewed is how many sessions are looked at together.
const reviewed = 200

// Review looks at the sessions of open pages again and again, each once in Recheck, until the context ends: a page must close
// when its session has ended or its person has left. It asks for many at a time and spreads them over time, so that thousands
// of open pages cost little and disturb nothing.
func (s *Site) Review(ctx context.Context) {
	for {
		if err := s.readKnown(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("who has left cannot be found out", zap.Error(err))
		}
		open := s.Hub.Sessions()
		ids := make([]string, 0, len(open))
		for id := range open {
			ids = append(ids, id)
		}
		parts := slices.Collect(slices.Chunk(ids, reviewed))
		rest := s.Recheck / time.Duration(max(len(parts), 1))
		if len(parts) == 0 && !pause(ctx, rest) {
			return
		}
		for _, part := range parts {
			if err := s.review(ctx, part, open); err != nil && ctx.Err() == nil {
				s.Log.Warn("whether sessions of open pages go on cannot be found out; the pages have to come back", zap.Error(err))
				for _, id := range part {
					s.Hub.CutPerson(open[id])
				}
			}
			if !pause(ctx, rest) {
				return
			}
		}
	}
}

func (s *Site) review(ctx context.Context, sessions []string, open map[string]string) error {
	alive, err := s.Sessions.Alive(ctx, sessions...)
	if err != nil {
		return err
	}
	for _, id := range sessions {
		left, err := s.left(ctx, open[id])
		if err != nil {
			return err
		}
		if left || !alive[id] {
			s.Hub.End(open[id], id)
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
