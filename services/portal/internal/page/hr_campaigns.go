package page

import (
	"slices"

	"github.com/a-h/templ"
)

// CampaignRow is a campaign in the list.
type CampaignRow struct {
	ID, Name, State, Tone string
	// What it sends, to whom and when, in one line.
	About string
}

// CampaignForm is a campaign being written.
type CampaignForm struct {
	ID, Version, Name, State, Tone string
	// New is not kept yet.
	New   bool
	Kinds []Choice
	// What the company wrote is offered before what comes with Jalon.
	OwnQuestionnaires, StandardQuestionnaires []Choice

	Title, Text                []TextField
	Units, Managers, Languages []Choice
	Jobs, Contracts            []Choice
	MonthsFrom, MonthsBelow    string
	HiredFrom, HiredTo         string
	On, At, Until              string
	Repeat                     CampaignRepeat
	Wrong                      map[string]string
	Trouble                    string
	Saved                      bool
	Count                      CampaignCount
	Who                        AudienceForm
	Test                       CampaignTestForm
	Reminders                  CampaignReminders
	Fields                     []MessageFields
	// Channels are those in which it can be announced.
	Channels []Choice
}

// CampaignCount is how many people an audience has.
type CampaignCount struct {
	// Wrong says that the filter makes no sense; then nothing is counted. Why tells what would be right, where that is known.
	Wrong  bool
	Why    string
	People int
	// About is a number rounded down to tens; TooFew says that none may be told.
	About, TooFew bool
	// Kept is an audience under a name: no campaign says yet when it is fixed.
	Kept bool
	// Audience is who they are, in words; AsOf when they were counted.
	Audience, AsOf string
}

// CampaignCheck is a campaign as it will be sent.
type CampaignCheck struct {
	ID, Version, Name, When, Until, Warning string
	Count                                   CampaignCount
	Recipients                              []CampaignRecipient
	// EachTheirDay: nobody is asked on the same day, so that there is none to forecast.
	EachTheirDay bool
	Title, Why   string
	// Channels are those in which it is announced.
	Channels []string
	// Preview is the address of the survey as people will see it; of a message, its texts.
	Preview  string
	Messages []CampaignMessage
	Dates    CampaignDates
	Trouble  string
	Test     CampaignTestCheck
}

// CampaignMessage is a message in one language.
type CampaignMessage struct{ Language, Lang, Title, Text string }

// CampaignView is a campaign that was launched.
type CampaignView struct {
	ID, Name, State, Tone, About, Audience, When, Until string
	// Note says in words where it stands.
	Note string
	// Moving is looked at again and again.
	Moving                         bool
	CanPause, CanResume, CanCancel bool
	CanEdit                        bool
	// CanRename: nothing but the name can change any more.
	CanRename bool
	Started   bool
	Opens     []CampaignOpens
	// Rounded figures are of people who are in the audience for how they reacted.
	Rounded      bool
	Figures      []CampaignFigure
	Invited, All int
	AsOf         string
	Series       SeriesView
	Trouble      string
	Test         CampaignTest
	// Results leads to what it brought.
	Results bool
	// Announced is what became of announcements in channels.
	Announced []AnnouncementRow
}

// CampaignFigure is a count of people; Text is empty where it is not told.
type CampaignFigure struct{ Label, Text, Hint string }

func (v CampaignForm) address() string { return "/hr/campaigns/" + v.ID }

func (v CampaignView) address() string { return "/hr/campaigns/" + v.ID }

func (v CampaignCheck) address() string { return "/hr/campaigns/" + v.ID }

// watched makes the figures look again while the campaign moves by itself.
func (v CampaignView) watched() templ.Attributes {
	if !v.Moving {
		return nil
	}
	return templ.Attributes{"hx-get": v.address() + "/figures", "hx-trigger": "every 1s", "hx-select": "#figures", "hx-swap": "outerHTML"}
}

// more tells that one of the filters is set that are not asked for at first.
func (v CampaignForm) more() bool {
	return v.MonthsFrom+v.MonthsBelow+v.HiredFrom+v.HiredTo != "" || anyChosen(v.Jobs) || anyChosen(v.Contracts) || anyChosen(v.Languages) || anyChosen(v.Managers) || v.reacts()
}

func anyChosen(choices []Choice) bool {
	return slices.ContainsFunc(choices, func(c Choice) bool { return c.Chosen })
}
