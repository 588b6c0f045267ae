package web

import (
	"context"
	"sync/atomic"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
)

// remembered is for how many days after their last day people are looked for among those who sign in or are signed in:
// longer than any session lives, even when a demo's clock is moved by weeks. Who left before does not get in (Site.enter).
const remembered = 100

// leavers are those whose last day is known, by id. Everybody's every click is checked against them; they are read again with
// each review of open pages, which is soon enough: a session has to end within a minute of its person's departure.
type leavers struct {
	byID atomic.Pointer[map[string]people.Person]
}

func (s *Site) readLeavers(ctx context.Context) error {
	lately, err := s.People.LeftSince(ctx, clock.DateOf(s.Clock.Now(), s.Zone).AddDays(-remembered))
	if err != nil {
		return err
	}
	byID := make(map[string]people.Person, len(lately))
	for _, person := range lately {
		byID[person.ID] = person
	}
	s.leavers.byID.Store(&byID)
	return nil
}

// left tells whether the person of a session has left.
func (s *Site) left(ctx context.Context, personID string) (bool, error) {
	known := s.leavers.byID.Load()
	if known == nil {
		if err := s.readLeavers(ctx); err != nil {
			return false, err
		}
		known = s.leavers.byID.Load()
	}
	return s.hasLeft((*known)[personID]), nil
}
