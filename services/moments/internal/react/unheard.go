package react

import (
	"context"
	"errors"
	"fmt"
)

// ErrNotHeardOf says that an event speaks of people of whom directory's own events have not arrived yet. It passes by itself.
var ErrNotHeardOf = errors.New("people of whom nothing was heard yet")

// Passes tells that an event is to be heard again later.
func Passes(err error) bool { return errors.Is(err, ErrNotHeardOf) }

// awaitPeople has an event heard again while some of its people are not known. Two services publish side by side, and what one
// tells of somebody may overtake the other's news that there is such a person. Whoever was erased is not waited for.
func (r Reactions) awaitPeople(ctx context.Context, unheard []string) error {
	if len(unheard) == 0 {
		return nil
	}
	erased, err := r.People.Erased(ctx, unheard)
	if err != nil {
		return err
	}
	if waiting := len(unheard) - len(erased); waiting > 0 {
		return fmt.Errorf("%w: %d", ErrNotHeardOf, waiting)
	}
	return nil
}
