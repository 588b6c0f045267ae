package closing

import (
	"context"

	"jalon.dev/services/moments/internal/survey"
)

// sweep queues the invitations of responses that stand marked now and stood marked before; nil is no before, and then the
// first look counts: what stands marked at the start was left by a process that died, or is being closed by another one, and
// twice does no harm. It returns what stands marked now.
//
// A response does not tell its invitation, on purpose. So the invitations that may have been answered are gone through until
// the response of each mark is found.
func (c *Closer) sweep(ctx context.Context, before map[string]bool) (map[string]bool, error) {
	if err := c.drafts.DropExpired(ctx, c.clock.Now()); err != nil {
		return before, err
	}
	marked, err := c.responses.Closing(ctx)
	if err != nil {
		return before, err
	}
	now, left := make(map[string]bool, len(marked)), make(map[string]bool)
	for _, id := range marked {
		now[id] = true
		if before == nil || before[id] {
			left[id] = true
		}
	}
	if len(left) == 0 {
		c.markSwept()
		return now, nil
	}
	err = c.followUps.EachAsked(ctx, c.clock.Now().Add(-c.keep), func(invitationID, personID string) bool {
		if id := survey.ResponseID(invitationID); left[id] {
			delete(left, id)
			c.Close(Invitation{ID: invitationID, PersonID: personID})
		}
		return len(left) > 0
	})
	if err != nil {
		return before, err
	}
	c.markSwept()
	return now, nil
}

func (c *Closer) markSwept() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.swept = true
}
