package campaign_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"jalon.dev/services/moments/internal/abtest"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/survey"
)

func subjects(t require.TestingT) campaign.Campaign {
	c := campaign.New("a", "Europe/Paris")
	c.Content = content(t)
	c.Content.Test = &abtest.Plan{
		Criterion: abtest.Subject, SubjectA: survey.Wording{FR: "Un", EN: "One"}, SubjectB: survey.Wording{FR: "Deux", EN: "Two"}, Share: 20, Wait: 24,
	}
	return c
}

func times(t require.TestingT) campaign.Campaign {
	c := subjects(t)
	c.Content.Test = &abtest.Plan{Criterion: abtest.SendTime, AtB: 9 * 60, Share: 20, Wait: 24}
	return c
}

func decided(c campaign.Campaign, points float64) campaign.Campaign {
	c.Trial.Decision = &abtest.Decision{Reason: abtest.Difference, Points: points}
	return c
}

func TestTheRestGetsTheBetterLineAndTheFirstWithoutOne(t *testing.T) {
	c := subjects(t)
	require.Equal(t, "One", c.Subject(abtest.A).EN)
	require.Equal(t, "Two", c.Subject(abtest.B).EN)
	require.Equal(t, "Two", decided(c, 12).Subject(abtest.Rest).EN)
	require.Equal(t, "One", decided(c, -12).Subject(abtest.Rest).EN)
	c.Trial.Decision = &abtest.Decision{Reason: abtest.NoDifference, Points: 2}
	require.Equal(t, "One", c.Subject(abtest.Rest).EN)

	require.Empty(t, times(t).Subject(abtest.A), "a test of times has no line of its own")
	message := subjects(t)
	message.Content.Kind, message.Content.Title = campaign.Message, survey.Wording{FR: "Bonjour", EN: "Hello"}
	require.Equal(t, "Hello", message.Headline(abtest.A).EN, "a message's title is variant A")
	require.Equal(t, "Two", message.Headline(abtest.B).EN)
	untested := campaign.Campaign{Content: campaign.Content{Title: survey.Wording{EN: "Hello"}}}
	require.Equal(t, "Hello", untested.Headline("").EN)
	require.Empty(t, untested.GroupOf("somebody"))
}

func TestACampaignOfTwoTimesStartsWithTheEarlierOne(t *testing.T) {
	due, err := times(t).Due()
	require.NoError(t, err)
	require.Equal(t, "2026-11-03T08:00:00Z", due.Format(time.RFC3339), "variant B is earlier")
	monday := times(t)
	monday.Content.On, monday.Content.At, monday.Content.Test.AtB = day(t, "2026-11-02"), 14*60, 9*60
	require.Equal(t, campaign.MondayMorning, monday.Warning(), "of one of the two")
}

func TestTheRestIsInvitedAtAGoodHourThatLeavesTimeToAnswer(t *testing.T) {
	c := decided(times(t), 12) // nine in the morning
	for from, want := range map[string]string{
		"2026-11-04T07:00:00Z": "2026-11-04T08:00:00Z",
		"2026-11-04T09:00:00Z": "2026-11-05T08:00:00Z",
		"2026-11-06T09:00:00Z": "2026-11-10T08:00:00Z", // no weekend, no Monday morning
		"2026-11-16T09:00:00Z": "2026-11-16T09:00:00Z", // the last day is tomorrow
	} {
		at, err := time.Parse(time.RFC3339, from)
		require.NoError(t, err)
		got, err := c.RestFrom(at)
		require.NoError(t, err)
		require.Equal(t, want, got.UTC().Format(time.RFC3339))
		got, err = decided(subjects(t), 12).RestFrom(at)
		require.NoError(t, err)
		require.Equal(t, at, got, "a line needs no hour of its own")
	}
}

func TestADecisionIsMadeOnceWithTheLastSideThatIsCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := subjects(t)
		sent := monday
		c = c.SideSent(abtest.A, sent).SideSent(abtest.B, sent.Add(time.Minute))
		count := func(name string) abtest.Count {
			return abtest.Count{Invited: 100, Answered: rapid.IntRange(0, 100).Draw(t, name)}
		}
		a, b := count("a"), count("b")
		first, err := c.SidesCounted(map[abtest.Group]abtest.Count{abtest.A: a}, sent.Add(24*time.Hour))
		require.NoError(t, err)
		require.Nil(t, first.Trial.Decision)
		second, err := first.SidesCounted(map[abtest.Group]abtest.Count{abtest.B: b}, sent.Add(24*time.Hour+time.Minute))
		require.NoError(t, err)
		require.NotNil(t, second.Trial.Decision)
		require.Nil(t, first.Trial.Decision, "what was before stays as it was")
		both, err := c.SidesCounted(map[abtest.Group]abtest.Count{abtest.A: a, abtest.B: b}, sent.Add(24*time.Hour))
		require.NoError(t, err)
		require.Equal(t, both.Trial.Decision.Winner(), second.Trial.Decision.Winner())
		require.Equal(t, abtest.Decide(a, b).Winner(), both.Trial.Decision.Winner())
	})
}
