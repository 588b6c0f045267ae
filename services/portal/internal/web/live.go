package web

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"jalon.dev/pkg/bus"
	"jalon.dev/pkg/service"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/live"
	"jalon.dev/services/portal/internal/page"
)

const (
	// A page that does not take what it is sent within this time is cut; it comes back when it can.
	writeTimeout = 10 * time.Second
	// How long a page waits before it comes back after a cut, in milliseconds.
	retryAfter = 2000
	// How often a stream on which nothing happens shows that it lives.
	stillHere = 20 * time.Second
)

// live streams a person's prompts: first the whole list, or what was missed since Last-Event-ID, then each change.
func (s *Site) live(w http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r)
	if v.session.PersonID == "" {
		return errNotFound
	}
	stream, err := s.Hub.Open(v.session.PersonID, v.session.ID, seenBy(r))
	if err != nil {
		http.Error(w, err.Error(), http.StatusTooManyRequests)
		return nil
	}
	defer stream.Close()

	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	if err := out.send(fmt.Sprintf("retry: %d\n\n", retryAfter)); err != nil {
		return nil
	}
	if err := s.catchUp(r.Context(), out, stream, v.session.PersonID, v.frame().Words); err != nil {
		return nil // the page comes back by itself
	}
	follow(r.Context(), out, stream, v.frame().Words, nil)
	return nil
}

// seenBy is how far the page says it has come. Anything that is no place means: from the beginning.
func seenBy(r *http.Request) bus.Place {
	seen, err := bus.ParsePlace(r.Header.Get("Last-Event-ID"))
	if err != nil {
		return bus.Place{}
	}
	return seen
}

func (s *Site) catchUp(ctx context.Context, out *eventWriter, stream *live.Stream, person string, words *i18n.Words) error {
	if stream.Resumed {
		for _, change := range stream.Missed {
			if err := out.change(words, change); err != nil {
				return err
			}
		}
		return nil
	}
	// The stream is open already: whatever happens while the list is read comes after it.
	prompts, err := s.prompts(ctx, person, words)
	if err != nil {
		s.missing("prompts", err)
		return err
	}
	return out.event("prompts", stream.Last, map[string]any{"prompts": prompts})
}

// follow sends what happens until the page goes, the server stops, or the session is over; over may be nil.
func follow(ctx context.Context, out *eventWriter, stream *live.Stream, words *i18n.Words, over <-chan time.Time) {
	// Something has to be sent now and then, or whatever stands between takes the connection for dead.
	quiet := time.NewTimer(rand.N(stillHere))
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-service.Stopping(ctx):
			return
		case <-over:
			_ = out.event("bye", bus.Place{}, struct{}{}) // whether or not it is read, the stream ends
			return
		case change, open := <-stream.Changes():
			switch {
			case !open && stream.Over():
				_ = out.event("bye", bus.Place{}, struct{}{})
				return
			case !open || out.change(words, change) != nil:
				return
			}
		case <-quiet.C:
			if out.send(": still here\n\n") != nil {
				return
			}
			quiet.Reset(stillHere)
		}
	}
}

// eventWriter writes server-sent events.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (o *eventWriter) change(words *i18n.Words, change live.Change) error {
	data := struct {
		Shown  []page.PromptView `json:"shown,omitempty"`
		Closed []string          `json:"closed,omitempty"`
	}{Closed: change.Closed}
	for _, prompt := range change.Shown {
		data.Shown = append(data.Shown, promptView(words, prompt))
	}
	return o.event("change", change.Place, data)
}

func (o *eventWriter) event(name string, at bus.Place, data any) error {
	encoded, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encoding a live event: %w", err)
	}
	text := "event: " + name + "\n"
	if !at.IsZero() {
		text += "id: " + at.String() + "\n"
	}
	return o.send(text + "data: " + string(encoded) + "\n\n")
}

func (o *eventWriter) send(text string) error {
	// Not every writer knows deadlines; where it does not, the connection's own limits hold.
	_ = o.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := o.w.Write([]byte(text)); err != nil {
		return fmt.Errorf("writing to a live stream: %w", err)
	}
	if err := o.control.Flush(); err != nil {
		return fmt.Errorf("writing to a live stream: %w", err)
	}
	return nil
}
