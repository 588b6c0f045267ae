package page

import "github.com/a-h/templ"

// CampaignResultsView is what a campaign brought, to all of its audience or to one unit of it.
type CampaignResultsView struct {
	ID, Name string
	// Trail leads from the whole audience to the unit; empty for the whole.
	Trail []Crumb
	Unit  string
	Rate  RateView
	// Untold says why nothing is told, where nothing is.
	Untold string
	// Previous is the occurrence before; its name is empty where there is none to compare with.
	Previous PreviousView
	// Fixed says of how many the rate is, and when that was fixed.
	Fixed string
	// Message is read instead of answered.
	Message bool
	// Rows are the units right below; Hidden is how many of them are too small to be told of.
	Rows   []RateView
	Hidden int
	Found  int
	Next   string
	Test   CampaignTest
	// Questions are what was answered, with what became of it.
	TooFew        bool
	CountedBefore string
	Questions     []ResultView
	// CSV and XLSX are the addresses of the same as files.
	CSV, XLSX string
}

// RateView is how many of how many answered; Share is empty where that is not told, and Untold says so.
type RateView struct {
	Name, Href       string
	Untold           string
	People, Answered int
	Share            string
}

// PreviousView is the occurrence before.
type PreviousView struct{ Name, Href, Share string }

func (v CampaignResultsView) address() templ.SafeURL { return templ.SafeURL("/hr/campaigns/" + v.ID) }

// bar is what the bar beside the words shows.
func (r RateView) bar() UnitRhythm { return UnitRhythm{People: r.People, Met: r.Answered} }
