package opening

import (
	"context"
	"errors"

	"jalon.dev/pkg/mongodb"
)

// Vacant is the id under which somebody may declare a moment: its own, or where that one was called off, the one that takes its
// place. It may be taken already: then the moment is known.
func (o Opener) Vacant(ctx context.Context, id string) (string, error) {
	for {
		switch m, err := o.Moments.Get(ctx, id); {
		case errors.Is(err, mongodb.ErrNotFound):
			return id, nil
		case err != nil:
			return "", err
		case m.Cancelled == nil:
			return id, nil
		default:
			id = m.Successor()
		}
	}
}
