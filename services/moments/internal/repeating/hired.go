package repeating

import (
	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/people"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/campaigning"
)

// HiredOn selects those of a series' audience, as it is on a day, whose first day was a given one; nobody where the audience asks for
// other first days.
func HiredOn(c campaign.Campaign, day, first clock.Date) (people.Selection, bool) {
	selection := campaigning.Selection(c.Content.Audience, day)
	if !selection.HiredFrom.IsZero() && first.Before(selection.HiredFrom) || !selection.HiredTo.IsZero() && first.After(selection.HiredTo) {
		return selection, false
	}
	selection.HiredFrom, selection.HiredTo = first, first
	return selection, true
}
