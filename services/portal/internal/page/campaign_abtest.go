package page

// CampaignTestForm is an A/B test being written.
type CampaignTestForm struct {
	// Criteria are nothing, the subject and the time of day.
	Criteria []Choice
	// SubjectA and SubjectB are the lines of both variants, in each language.
	SubjectA, SubjectB []TextField
	AtB                string
	Shares, Waits      []Choice
	Wrong              map[string]string
	// Open shows it from the beginning.
	Open bool
}

// CampaignTestCheck is an A/B test as it will be made, before the launch; Tested is false where there is none.
type CampaignTestCheck struct {
	Tested bool
	// Steps say what will happen, one after the other.
	Steps []string
	// Lines are the variants.
	Lines []CampaignVariant
}

// CampaignTest is an A/B test that goes on, or is over; Tested is false where there is none.
type CampaignTest struct {
	Tested bool
	// State says where it stands, and Tone how that looks.
	State, Tone string
	Variants    []CampaignVariant
	// Told says in sentences what came out.
	Told []string
	// TooFew: the groups are too small for their answers to be told.
	TooFew bool
}

// CampaignVariant is one of the two, or the rest; figures are empty where they are not told.
type CampaignVariant struct {
	Name, Line                                string
	People, Invited, Shown, Answered, Percent string
	Chosen                                    bool
}
