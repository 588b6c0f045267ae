package heat

import (
	"context"
	"sync"
)

// mostKept is how many maps are kept: one of 1,500 units has some 400 kB.
const mostKept = 32

// Kept are the maps that were read lately. A publication never changes, so that a map is good for as long as it is kept.
type Kept struct {
	// Read returns the units right below one, in order of name.
	Read func(ctx context.Context, editionID, unitID string) ([]Unit, error)

	mu     sync.Mutex
	maps   map[key]*Map
	lately []key
}

type key struct{ edition, unit string }

// Of is the map of the units below one of a published edition.
func (k *Kept) Of(ctx context.Context, editionID, unitID string) (*Map, error) {
	id := key{editionID, unitID}
	if m := k.kept(id); m != nil {
		return m, nil
	}
	units, err := k.Read(ctx, editionID, unitID) // unlocked: two who come at once read twice, and nobody waits for another's map
	if err != nil {
		return nil, err
	}
	m := New(units)
	k.keep(id, m)
	return m, nil
}

func (k *Kept) kept(id key) *Map {
	k.mu.Lock()
	defer k.mu.Unlock()
	m := k.maps[id]
	if m != nil {
		k.touch(id)
	}
	return m
}

func (k *Kept) keep(id key, m *Map) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.maps == nil {
		k.maps = map[key]*Map{}
	}
	k.maps[id] = m
	k.touch(id)
	if len(k.lately) > mostKept {
		delete(k.maps, k.lately[0])
		k.lately = k.lately[1:]
	}
}

// touch puts the map at the end of those that are to go.
func (k *Kept) touch(id key) {
	for i, other := range k.lately {
		if other == id {
			k.lately = append(k.lately[:i], k.lately[i+1:]...)
			break
		}
	}
	k.lately = append(k.lately, id)
}
