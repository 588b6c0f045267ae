package page

// CampaignRepeat is how a campaign that is being written repeats.
type CampaignRepeat struct {
	// Modes are once, on the calendar, per person.
	Modes                                   []Choice
	Every                                   string
	Frequencies, By, ShortMonths, Off, Ends []Choice
	Count, LastDay                          string
	Anchors, Units                          []Choice
	After, AnswerDays                       string
	// More tells that something is chosen of what is not asked for at first.
	More bool
	// Goes tells that it makes occurrences now: what is written stops it until it is launched again.
	Goes  bool
	Dates CampaignDates
}

// CampaignDates is when a campaign is sent, in words.
type CampaignDates struct {
	// Summary says it in one sentence; empty of what is sent once.
	Summary string
	Coming  []CampaignDay
	// Due says how many people come due, month by month.
	Due []string
	// Problems keep it from ever being sent, or are of days; Warnings are why a day is better left alone.
	Problems, Warnings []string
	// PerPerson asks each person on a day of their own: no days are told.
	PerPerson bool
}

// CampaignDay is a day on which a campaign is sent, or left out.
type CampaignDay struct {
	On, Text, Note string
	LeftOut        bool
	// Change leads to leaving it out, or to having it after all, where HR can; Rule is the day that is meant, and Do says what is done.
	Change, Rule, Do string
}

// SeriesView is a series as its page shows it, or of which an occurrence is one.
type SeriesView struct {
	// Of and Number are of an occurrence: the series that made it, by address, and which one it is.
	Of, Name, Number string
	Series           bool
	Dates            CampaignDates
	// Made are its occurrences, LeftOut the days on which it made none.
	Made    []CampaignRow
	LeftOut []CampaignDay
	Grace   string
	// CanEdit tells that what comes can still be changed.
	CanEdit bool
}

// Empty tells that there is nothing to say.
func (v CampaignDates) Empty() bool {
	return v.Summary == "" && len(v.Problems)+len(v.Warnings)+len(v.Coming)+len(v.Due) == 0
}
