package web

import (
	"context"

	"jalon.dev/pkg/identity"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// rhythmTotals are the overview's figures of the rhythm: of the company, or of the units that the reader was granted. Nil before
// there is anybody to meet.
func (s *Site) rhythmTotals(ctx context.Context, words *i18n.Words) (*page.UnitRhythm, error) {
	actor, _ := identity.FromContext(ctx)
	units := []string{""}
	if !actor.Has(identity.HR) {
		units = s.topmost(ctx, ownUnits(actor))
	}
	total := &interviewsv1.UnitRhythm{}
	for _, unit := range units {
		board, err := s.Peers.Interviews().GetBoard(ctx, &interviewsv1.GetBoardRequest{UnitId: unit})
		if err != nil {
			return nil, err
		}
		if len(board.GetUnits()) > 0 {
			head := board.GetUnits()[0]
			total.UnitId = head.GetUnitId()
			total.People += head.GetPeople()
			total.Met += head.GetMet()
			total.Late += head.GetLate()
		}
	}
	if total.GetPeople() == 0 {
		return nil, nil //nolint:nilnil // nobody to meet is a usual answer
	}
	view := unitRhythm(words, total)
	if len(units) > 1 {
		view.Href = rhythmBase
	}
	return &view, nil
}

// topmost leaves out units that are beneath another one of the list, so that nobody counts twice.
func (s *Site) topmost(ctx context.Context, units []string) []string {
	var top []string
	for _, id := range units {
		if !s.beneathAny(ctx, id, units) {
			top = append(top, id)
		}
	}
	return top
}

func (s *Site) beneathAny(ctx context.Context, id string, units []string) bool {
	listed := map[string]bool{}
	for _, unit := range units {
		listed[unit] = true
	}
	for range deepestTree {
		unit, err := s.People.Unit(ctx, id)
		if err != nil || unit.ParentID == "" {
			return false
		}
		if id = unit.ParentID; listed[id] {
			return true
		}
	}
	return false
}
