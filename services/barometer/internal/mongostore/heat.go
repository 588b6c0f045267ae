package mongostore

import (
	"context"

	"jalon.dev/services/barometer/internal/heat"
)

// Heat are the units right below one, as the heat map orders and finds them.
func (s *Results) Heat(ctx context.Context, editionID, unitID string) ([]heat.Unit, error) {
	below, err := s.Below(ctx, editionID, unitID)
	if err != nil {
		return nil, err
	}
	units := make([]heat.Unit, len(below))
	for i, r := range below {
		units[i] = heat.Unit{ID: r.ID, Name: r.Name, Kind: r.Kind, Group: r.Group}
		for _, change := range r.Changes[:min(len(r.Changes), len(r.Themes))] { // those of the questions follow
			units[i].Detectable = append(units[i].Detectable, change.Detectable)
		}
	}
	return units, nil
}
