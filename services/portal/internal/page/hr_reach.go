package page

// ReachView is how the people of a unit are reached. It names nobody.
type ReachView struct {
	// Name is the unit's; empty for the company. Trail leads back up to it.
	Name  string
	Trail []Crumb
	// Counted is the day before which it was counted, in words.
	Counted string
	People  int
	TooFew  bool
	// Reacted is the share of the last week that is told, in words; Quiet how many never react.
	Reacted, Quiet string
	// QuietAfter is how many questions without a reaction make somebody quiet, Limits how often those are asked at most.
	QuietAfter int
	Limits     []string
	Weeks      []ReachWeek
	Spread     []ReachBar
	Channels   []ReachChannel
	Units      []ReachUnit
	// More units are there than are shown.
	More int
}

// ReachWeek is a week of which a share is told.
type ReachWeek struct {
	From, Share string
	Percent, Of int
}

// ReachBar is to how many people so many questions were shown.
type ReachBar struct {
	Label, Share string
	People       int
}

// ReachChannel is how what went out by a channel was received.
type ReachChannel struct{ Name, Reacted, Seen string }

// ReachUnit is a unit right below.
type ReachUnit struct {
	Name, Href, Reacted string
	People              int
}

func (v ReachView) silent() bool { return len(v.Weeks) == 0 }
