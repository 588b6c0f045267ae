package campaign_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/pkg/clock"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/survey"
)

var monday = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

func day(t require.TestingT, text string) clock.Date {
	d, err := clock.ParseDate(text)
	require.NoError(t, err)
	return d
}

func content(t require.TestingT) campaign.Content {
	return campaign.Content{
		Name: "Pulse", Kind: campaign.Survey, Questionnaire: "pulse.v1", Audience: audience.Audience{UnitID: "store-1"},
		On: day(t, "2026-11-03"), At: 600, Until: day(t, "2026-11-17"),
	}
}

// take takes a step, whoever takes it.
func take(c campaign.Campaign, step campaign.Step, batches int) (campaign.Campaign, error) {
	switch step {
	case campaign.Edit:
		changed := c.Content
		changed.Audience.UnitID += "0"
		changed.Name += "."
		return c.Write(changed, "hr", monday)
	case campaign.Check:
		return c.Checked("hr", monday)
	case campaign.Launch:
		return c.Launched("hr", monday)
	case campaign.Start:
		return c.Begun(batches, monday)
	case campaign.Pause:
		return c.Paused("hr", monday)
	case campaign.Resume:
		return c.Resumed("hr", monday)
	case campaign.Cancel:
		return c.CalledOff("hr", monday)
	default:
		return c.Finished(monday)
	}
}

func TestWhateverIsTriedACampaignGoesNoOtherWayThanItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := campaign.New("a", "Europe/Paris")
		c.Content = content(t)
		checked := c.Content // what HR looked at last
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			step := rapid.SampledFrom(campaign.Steps()).Draw(t, "step")
			before, could := c, c.Can(step)
			next, err := take(c, step, rapid.IntRange(0, 2).Draw(t, "batches"))
			if !could {
				if step == campaign.Edit && before.State.Started() && err == nil {
					t.Fatalf("%s was edited", before.State)
				}
				var refused *campaign.StepError
				require.ErrorAs(t, err, &refused)
				require.Equal(t, campaign.StepError{From: before.State, Step: step}, *refused)
				require.Equal(t, before, next, "a refusal changes nothing")
				continue
			}
			require.NoError(t, err)
			require.False(t, before.State.Final(), "nothing leads on from an end")
			require.Equal(t, before.Version+1, next.Version)
			c = next
			switch step {
			case campaign.Check:
				checked = c.Content
			case campaign.Launch, campaign.Resume:
				require.Greater(t, c.Turn, before.Turn, "what the agenda held before is over")
			case campaign.Edit:
				require.Equal(t, campaign.Draft, c.State, "what was changed has to be looked at again")
			}
			if c.State.Started() && !c.StartedAt.IsZero() {
				require.Equal(t, checked, c.Content, "what is sent is what was checked")
			}
			require.Equal(t, c.State.Final(), !c.EndedAt.IsZero())
		}
	})
}

func TestAStartedCampaignCanBeRenamedAndNothingElse(t *testing.T) {
	c := campaign.New("a", "Europe/Paris")
	c.Content = content(t)
	for _, step := range []campaign.Step{campaign.Check, campaign.Launch, campaign.Start} {
		var err error
		c, err = take(c, step, 2)
		require.NoError(t, err)
	}
	renamed := c.Content
	renamed.Name = "Pulse of autumn"
	next, err := c.Write(renamed, "hr", monday)
	require.NoError(t, err)
	require.Equal(t, "Pulse of autumn", next.Content.Name)
	require.Equal(t, campaign.Running, next.State)

	longer := renamed
	longer.Until = day(t, "2026-12-01")
	_, err = c.Write(longer, "hr", monday)
	require.ErrorContains(t, err, "cannot edit a campaign that is running")
}

func TestAnAudienceOfNobodyIsDoneAtOnce(t *testing.T) {
	c := campaign.Campaign{State: campaign.Scheduled}
	c, err := c.Begun(0, monday)
	require.NoError(t, err)
	require.Equal(t, campaign.Done, c.State)
	require.True(t, c.AllInvited)
}

func TestWhereNobodyIsLeftToInviteThereIsNothingToPause(t *testing.T) {
	c := campaign.Campaign{State: campaign.Running}.InvitedAll(monday)
	require.False(t, c.Can(campaign.Pause))
	_, err := c.Paused("hr", monday)
	require.Error(t, err)
}

func TestWhatIsMissingIsToldByField(t *testing.T) {
	today := day(t, "2026-11-02")
	all := campaign.Known{Questionnaire: true, Unit: true}
	require.Empty(t, content(t).Problems(today, all))
	require.Equal(t, []campaign.Problem{
		{Field: "name", Code: campaign.Missing},
		{Field: "kind", Code: campaign.Missing},
		{Field: "on", Code: campaign.Missing},
		{Field: "until", Code: campaign.Missing},
	}, campaign.Content{}.Problems(today, all))

	c := content(t)
	c.On, c.Until, c.Audience.MonthsFrom = day(t, "2026-11-01"), day(t, "2026-10-31"), -1
	require.Equal(t, []campaign.Problem{
		{Field: "questionnaire_id", Code: campaign.Unknown},
		{Field: "audience.months_from", Code: "negative"},
		{Field: "audience.unit_id", Code: campaign.Unknown},
		{Field: "on", Code: campaign.Past},
		{Field: "until", Code: campaign.BeforeStart},
	}, c.Problems(today, campaign.Known{}))

	m := content(t)
	m.Kind, m.Title, m.Until = campaign.Message, survey.Wording{FR: "Bonjour"}, day(t, "2027-01-03")
	require.Equal(t, []campaign.Problem{
		{Field: "title.en", Code: campaign.Missing},
		{Field: "text.fr", Code: campaign.Missing},
		{Field: "text.en", Code: campaign.Missing},
		{Field: "until", Code: campaign.TooLate},
	}, m.Problems(today, all))
}

func TestTuesdayAtTenIsProposedAndPoorHoursAreTold(t *testing.T) {
	for _, today := range []string{"2026-11-02", "2026-11-03", "2026-11-06", "2026-11-08"} {
		on, at, until := campaign.Propose(day(t, today))
		require.Equal(t, time.Tuesday, on.Weekday())
		require.True(t, on.After(day(t, today)) && day(t, today).DaysUntil(on) <= 7, today)
		require.Equal(t, "10:00", at.String())
		require.Equal(t, 14, on.DaysUntil(until))
		require.Equal(t, campaign.NoWarning, campaign.WarningOf(on, at))
	}
	require.Equal(t, campaign.MondayMorning, campaign.WarningOf(day(t, "2026-11-02"), 9*60))
	require.Equal(t, campaign.NoWarning, campaign.WarningOf(day(t, "2026-11-02"), 14*60))
	require.Equal(t, campaign.FridayAfternoon, campaign.WarningOf(day(t, "2026-11-06"), 12*60))
	require.Equal(t, campaign.Weekend, campaign.WarningOf(day(t, "2026-11-07"), 600))
}

func TestItIsTheCompanysHourAndTheLastDayIsWhole(t *testing.T) {
	c := campaign.New("a", "Europe/Paris")
	c.Content = content(t)
	due, err := c.Due()
	require.NoError(t, err)
	require.Equal(t, "2026-11-03T09:00:00Z", due.Format(time.RFC3339))
	ends, err := c.Ends()
	require.NoError(t, err)
	require.Equal(t, "2026-11-17T23:00:00Z", ends.Format(time.RFC3339))
}
