package moment

import "fmt"

// ToldAs is what a follow-up of a key moment is called outside this service. One audit is asked as the other; and one that HR moved is
// called by its days, because its code still tells of those that the catalogue came with: what comes after 28 days is no "day_7" to
// anybody who reads it.
func (c Catalogue) ToldAs(keyMoment, followUp string, days int) string {
	if keyMoment == TalkAudit {
		return auditToldAs
	}
	km, _ := c.Find(keyMoment)
	rule, known := km.Rule(followUp)
	switch {
	case !known, rule.Immediate, rule.OffsetDays == days:
		return followUp
	case days == 0:
		return "same_day"
	case days < 0:
		return fmt.Sprintf("before_%d", -days)
	default:
		return fmt.Sprintf("day_%d", days)
	}
}
