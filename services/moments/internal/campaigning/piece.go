package campaigning

import (
	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/campaign"
)

// piece names what everybody of a group gets alike: the campaign, and the variant where it has several. Of whom is chosen for how they
// reacted nothing is counted by it: how many mails went out is told exactly.
func piece(c campaign.Campaign, group abtest.Group) string {
	switch {
	case c.Confidential():
		return ""
	case group == "":
		return c.ID
	default:
		return c.ID + "." + string(group)
	}
}
