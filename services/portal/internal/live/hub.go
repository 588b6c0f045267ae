// Package live brings prompts to open pages as they happen: every replica of the portal hears every prompt event from the
// bus and hands each person's share to the streams that this person has open here.
package live

import (
	"errors"
	"sync"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/event"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
)

const (
	// How many changes are remembered for pages that come back after a cut.
	remembered = 8192
	// How many streams one person may have open; a browser uses one, however many pages it shows.
	perPerson = 16
	// How far a stream may fall behind before it is cut: the page comes back and catches up.
	buffered = 16
)

// ErrTooMany says that the person has too many streams open.
var ErrTooMany = errors.New("too many live streams for one person")

// Change is what one event changes for one person.
type Change struct {
	// Place is where the event stands on the bus: the id by which a page says how far it has come.
	Place bus.Place
	Shown []*notificationsv1.Prompt
	// Closed are invitation ids.
	Closed []string
}

type memory struct {
	person string
	change Change
}

// Hub knows the open streams and the latest changes.
type Hub struct {
	mu      sync.Mutex
	streams map[string]map[*Stream]struct{}
	// ring holds the changes after covered; what happened up to covered is forgotten, or was before this hub's time.
	ring    []memory
	covered uint64
	last    bus.Place
	started bool
	closed  bool
}

// NewHub returns a hub that has heard of nothing yet.
func NewHub() *Hub { return &Hub{streams: map[string]map[*Stream]struct{}{}} }

// Types are the events that the hub wants to hear.
func Types() []string {
	return []string{
		string((&notificationsv1.PromptsShown{}).ProtoReflect().Descriptor().FullName()),
		string((&notificationsv1.PromptsClosed{}).ProtoReflect().Descriptor().FullName()),
	}
}

// Hear takes an event in: the function for bus.Broadcast. An event that cannot be read changes nothing.
func (h *Hub) Hear(ev event.Event, at bus.Place) {
	changes := changesOf(ev, at)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.started && (at.Life != h.last.Life || at.Sequence <= h.last.Sequence) {
		// The bus lost its data and counts anew: what pages say they have seen means nothing any more.
		h.ring, h.started = nil, false
		h.cutAll()
	}
	if !h.started {
		h.started, h.covered = true, at.Sequence-1
	}
	h.last = at
	for person, change := range changes {
		h.remember(memory{person: person, change: *change})
		for stream := range h.streams[person] {
			if !stream.offer(*change) {
				h.remove(stream)
			}
		}
	}
}

func (h *Hub) remember(m memory) {
	h.ring = append(h.ring, m)
	if len(h.ring) <= 2*remembered {
		return
	}
	// Dropping half at once keeps the cost of a change constant. An event is forgotten whole or not at all.
	cut := len(h.ring) - remembered
	h.covered = h.ring[cut-1].change.Place.Sequence
	for cut < len(h.ring) && h.ring[cut].change.Place.Sequence == h.covered {
		cut++
	}
	h.ring = append(make([]memory, 0, 2*remembered+1), h.ring[cut:]...)
}

// Open begins a person's stream, for as long as the session. A page that saw everything up to seen gets what it missed; where
// that is not remembered, or of another life of the bus, Resumed is false and the page needs the whole list. The stream is open
// when Open returns, so a list read afterwards misses nothing.
func (h *Hub) Open(person, session string, seen bus.Place) (*Stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.streams[person]) >= perPerson {
		return nil, ErrTooMany
	}
	s := &Stream{hub: h, person: person, session: session, changes: make(chan Change, buffered), Last: h.last}
	if h.started && seen.Life == h.last.Life && seen.Sequence >= h.covered && seen.Sequence <= h.last.Sequence {
		s.Resumed = true
		for _, m := range h.ring {
			if m.person == person && m.change.Place.Sequence > seen.Sequence {
				s.Missed = append(s.Missed, m.change)
			}
		}
	}
	if h.streams[person] == nil {
		h.streams[person] = map[*Stream]struct{}{}
	}
	h.streams[person][s] = struct{}{}
	return s, nil
}

// Sessions returns the sessions that have streams open here, and whose they are.
func (h *Hub) Sessions() map[string]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	sessions := make(map[string]string, len(h.streams))
	for person, streams := range h.streams {
		for stream := range streams {
			sessions[stream.session] = person
		}
	}
	return sessions
}

// End says goodbye on a person's streams of a session that is over.
func (h *Hub) End(person, session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for stream := range h.streams[person] {
		if stream.session == session {
			stream.over = true
			h.remove(stream)
		}
	}
}

// CutPerson ends a person's streams: they signed out or left. Pages of a session that goes on come back.
func (h *Hub) CutPerson(person string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for stream := range h.streams[person] {
		h.remove(stream)
	}
}

// Close ends all streams and opens no more.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	h.cutAll()
}

func (h *Hub) cutAll() {
	for _, streams := range h.streams {
		for stream := range streams {
			h.remove(stream)
		}
	}
}

func (h *Hub) remove(s *Stream) {
	streams := h.streams[s.person]
	if _, open := streams[s]; !open {
		return
	}
	delete(streams, s)
	if len(streams) == 0 {
		delete(h.streams, s.person)
	}
	close(s.changes)
}
