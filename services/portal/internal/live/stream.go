package live

import (
	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

// Stream is one open connection of one person.
type Stream struct {
	// Resumed tells that Missed is all that happened since; otherwise the page needs the whole list.
	Resumed bool
	Missed  []Change
	// Last is how far the hub had come when the stream opened; the zero place when it has heard nothing yet.
	Last bus.Place

	hub     *Hub
	person  string
	session string
	changes chan Change
	over    bool // set before changes is closed
}

// Changes delivers what happens from now on. It is closed when the stream was cut: it fell behind, or the hub ends it.
func (s *Stream) Changes() <-chan Change { return s.changes }

// Over tells, once Changes is closed, that the page's session is over: there is nothing to come back for.
func (s *Stream) Over() bool { return s.over }

// Close ends the stream. Closing it twice is fine.
func (s *Stream) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.remove(s)
}

// offer hands a change over, or tells that the stream is too far behind.
func (s *Stream) offer(c Change) bool {
	select {
	case s.changes <- c:
		return true
	default:
		return false
	}
}

// changesOf sorts an event's content by person.
func changesOf(ev event.Event, at bus.Place) map[string]*Change {
	changes := map[string]*Change{}
	of := func(person string) *Change {
		if changes[person] == nil {
			changes[person] = &Change{Place: at}
		}
		return changes[person]
	}
	var (
		shown  notificationsv1.PromptsShown
		closed notificationsv1.PromptsClosed
	)
	switch ev.Type {
	case string(shown.ProtoReflect().Descriptor().FullName()):
		if ev.Decode(&shown) != nil {
			return nil
		}
		for _, prompt := range shown.GetPrompts() {
			change := of(prompt.GetPersonId())
			change.Shown = append(change.Shown, prompt)
		}
	case string(closed.ProtoReflect().Descriptor().FullName()):
		if ev.Decode(&closed) != nil {
			return nil
		}
		for _, prompt := range closed.GetPrompts() {
			change := of(prompt.GetPersonId())
			change.Closed = append(change.Closed, prompt.GetInvitationId())
		}
	}
	return changes
}
