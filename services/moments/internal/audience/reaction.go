package audience

// Did is what people did about something that they were asked.
type Did string

// What they may have done. Answered and NotAnswered are of those who were asked.
const (
	Asked       Did = "asked"
	NotAsked    Did = "not_asked"
	Answered    Did = "answered"
	NotAnswered Did = "not_answered"
)

// Campaign is the key moment of what campaigns ask; the follow-up is the campaign's id.
const Campaign = "campaign"

// RememberedMonths is how far a condition on key moments looks back: what was asked before that is not meant.
const RememberedMonths = 12

// Reaction is a condition on what people did about a key moment, a follow-up of it, or a campaign.
type Reaction struct {
	Did       Did    `bson:"did"`
	KeyMoment string `bson:"key_moment"`
	// FollowUp is empty for any.
	FollowUp string `bson:"follow_up,omitempty"`
}

// IsZero tells that there is no such condition.
func (r Reaction) IsZero() bool { return r == Reaction{} }

// Confidential tells that who meets it is nobody's business: that somebody was asked is seen by others, whether they answered is not.
func (r Reaction) Confidential() bool { return r.Did == Answered || r.Did == NotAnswered }

// Reacted is what one person did about what a condition is on. Never tells that they react to nothing at all.
type Reacted struct{ Asked, Answered, Never bool }

// Holds tells whether the person meets what the audience asks of reactions.
func (a Audience) Holds(did Reacted) bool {
	return (!a.NeverReacts || did.Never) && a.Reaction.Holds(did)
}

// Holds tells whether the person meets the condition.
func (r Reaction) Holds(did Reacted) bool {
	switch r.Did {
	case Asked:
		return did.Asked
	case NotAsked:
		return !did.Asked
	case Answered:
		return did.Asked && did.Answered
	case NotAnswered:
		return did.Asked && !did.Answered
	default:
		return true
	}
}

func (r Reaction) check(wrong func(field string, code Code)) {
	switch {
	case r.IsZero():
	case r.Did != Asked && r.Did != NotAsked && !r.Confidential():
		wrong("reaction", Unknown)
	case r.KeyMoment == "", r.KeyMoment == Campaign && r.FollowUp == "":
		wrong("reaction", Missing)
	}
}

// Confidential tells that who is in the audience depends on who reacted, and to what. Then only its unit may narrow it further: whoever
// could add and take away single people would learn of each of them from the counts.
func (a Audience) Confidential() bool { return a.NeverReacts || a.Reaction.Confidential() }

// finer tells that the audience is narrowed by more than its unit and one reaction.
func (a Audience) finer() bool {
	only := Audience{UnitID: a.UnitID, Reaction: a.Reaction, NeverReacts: a.NeverReacts}
	return !a.Same(only) || a.NeverReacts && !a.Reaction.IsZero()
}
