package portal

import (
	"context"

	"jalon.dev/pkg/event"
)

// hear tells open pages what happens: the portal's own, and those of other origins.
func (s *Service) hear(ev event.Event, sequence uint64) {
	s.hub.Hear(ev, sequence)
	if s.widget != nil {
		s.widget.Hub.Hear(ev, sequence)
	}
}

func (s *Service) closeStreams() {
	s.hub.Close()
	if s.widget != nil {
		s.widget.Hub.Close()
	}
}

func (s *Service) sweepWidget(ctx context.Context) error {
	if s.widget == nil {
		return nil
	}
	return s.widget.Sweep(ctx)
}
