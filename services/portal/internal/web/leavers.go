package web

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/people"
)

// readAtOnce is how many people are asked for together.
const readAtOnce = 1000

// known are people with open pages, and those who asked for something since the last review of open pages. Everybody's every
// click is checked against it, so that it costs no question to the database. It is read anew with each review: a session has to
// end within a minute of when its person's departure is learnt, however long ago that was.
type known struct {
	mu   sync.RWMutex
	byID map[string]people.Person
}

func (k *known) find(id string) (people.Person, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	person, ok := k.byID[id]
	return person, ok
}

func (k *known) add(id string, person people.Person) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byID == nil {
		k.byID = map[string]people.Person{}
	}
	k.byID[id] = person
}

func (k *known) replace(byID map[string]people.Person) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byID = byID
}

// readKnown reads those with open pages, here and on other sites, and forgets the rest until they ask for something.
func (s *Site) readKnown(ctx context.Context) error {
	open := map[string]bool{}
	for _, person := range s.Hub.Sessions() {
		open[person] = true
	}
	if s.Widget != nil {
		for _, person := range s.Widget.Hub.Sessions() {
			open[person] = true
		}
	}
	byID := make(map[string]people.Person, len(open))
	for chunk := range slices.Chunk(slices.Collect(maps.Keys(open)), readAtOnce) {
		found, err := s.People.GetMany(ctx, chunk)
		if err != nil {
			return err
		}
		maps.Copy(byID, found)
	}
	s.known.replace(byID)
	return nil
}

// left tells whether the person of a session has left. Whoever is not known yet has not.
func (s *Site) left(ctx context.Context, personID string) (bool, error) {
	if personID == "" {
		return false, nil
	}
	if person, ok := s.known.find(personID); ok {
		return s.hasLeft(person), nil
	}
	person, err := s.People.Get(ctx, personID)
	if err != nil && !errors.Is(err, mongodb.ErrNotFound) {
		return false, err
	}
	s.known.add(personID, person)
	return s.hasLeft(person), nil
}
