package page

import (
	"slices"
	"strconv"
)

// CampaignReminders is how often whoever does not answer is reminded, in the form.
type CampaignReminders struct {
	Choices []Choice
	// Unusual tells that another number than the usual one is chosen.
	Unusual bool
	// Days are those of the first reminder and of the second, in words, as far as the time to answer leaves room.
	Days []string
	// Untold says that the days could not be found out.
	Untold bool
}

// MessageFields are what a message may hold in one language, as they are written.
type MessageFields struct {
	Lang, Language string
	Names          []string
}

// CampaignForecast is what the gate would do with a campaign.
type CampaignForecast struct {
	ID, Name, AsOf string
	People         int
	Days           []ForecastDay
	// Missed says how many are never shown it, and why.
	Missed []string
	// Heavy is why the day is one, and Better what another one would be like; empty for neither.
	Heavy, Better string
	// Past tells that the campaign has no time yet, or none any more.
	Past bool
}

// ForecastDay is one day of a forecast.
type ForecastDay struct {
	Label, Reached string
	// AtOnce and Waited are counts of people, of All.
	AtOnce, Waited, All int
	// Notes say who waited and why, who is reminded, and what else reaches these people on this day.
	Notes []string
}

// CampaignRecipient is one of the people whom a campaign would reach.
type CampaignRecipient struct {
	ID, Name, Language, Unit string
	Chosen                   bool
}

// RecipientView is what one person would see of a campaign.
type RecipientView struct {
	Campaign, CampaignName, Person, Name, About string
	Others                                      []CampaignRecipient
	// Message tells that it asks nothing.
	Message bool
	// Written tells that there is a mail.
	Written             bool
	Lang                string
	From, Subject, Text string
	// Opened is the address of what the invitation opens.
	Opened string
}

// Screen is the address of one of the frames.
func (v RecipientView) Screen(name string) string {
	return recipientAddress(v.Campaign, v.Person) + "/" + name
}

func recipientAddress(campaign, person string) string {
	return "/hr/campaigns/" + campaign + "/recipients/" + person
}

func (v CampaignForecast) address() string { return "/hr/campaigns/" + v.ID }

// waits tells that on some day somebody waited before they were invited.
func (v CampaignForecast) waits() bool {
	return slices.ContainsFunc(v.Days, func(d ForecastDay) bool { return d.Waited > 0 })
}

// invites tells a day that has a bar from one on which people are only reminded.
func (d ForecastDay) invites() bool { return d.AtOnce+d.Waited > 0 || len(d.Notes) == 0 }

// part is the length of a bar in hundredths of its whole.
func (d ForecastDay) part(people int) string {
	return strconv.FormatFloat(100*float64(people)/float64(max(d.All, 1)), 'f', 2, 64)
}

// fieldMeanings are what the fields stand for, in the order in which each language names them.
var fieldMeanings = []string{"first_name", "unit", "until"}

func fieldMeaning(i int) string { return fieldMeanings[i] }
