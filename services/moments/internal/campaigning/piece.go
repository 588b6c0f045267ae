package campaigning

import (
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/campaign"
)

// piece names what everybody of a group gets alike: the campaign, and the variant where it has several.
func piece(c campaign.Campaign, group abtest.Group) string {
	if group == "" {
		return c.ID
	}
	return c.ID + "." + string(group)
}
