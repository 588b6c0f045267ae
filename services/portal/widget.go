package portal

import (
	"context"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
)

// hear tells open pages what happens: the portal's own, and those of other origins.
func (s *Service) hear(ev event.Event, at bus.Place) {
	s.hub.Hear(ev, at)
	if s.widget != nil {
		s.widget.Hub.Hear(ev, at)
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
