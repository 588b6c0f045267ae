package page

import (
	"context"
	"slices"
)

// AudienceRow is an audience in the list.
type AudienceRow struct {
	ID, Name, About string
	Count           CampaignCount
}

// AudienceList are the audiences that HR keeps, counted at a time.
type AudienceList struct {
	Rows []AudienceRow
	AsOf string
	// Deleted says that one was just removed.
	Deleted bool
}

// AudienceForm is what the form of a campaign or an audience asks about who, beside what directory tells.
type AudienceForm struct {
	// Kept is the form of an audience that is kept by itself.
	Kept bool
	// Saved are those to begin from, Origin the one that was, in words, with its version.
	Saved                       []Choice
	OriginID, OriginVersion     string
	Origin                      string
	Renew                       bool
	Reactions, ReactionsAbout   []Choice
	ReactionWrong, MissingAbout string
}

// countAt is where the audience of the form is counted.
func (v CampaignForm) countAt() string {
	if v.Who.Kept {
		return "/hr/audiences/count"
	}
	return "/hr/campaigns/audience"
}

func (v CampaignForm) reacts() bool {
	return slices.ContainsFunc(v.Who.Reactions, func(c Choice) bool { return c.Chosen && c.Value != "" })
}

func (v CampaignForm) audienceAddress() string { return "/hr/audiences/" + v.ID }

func (v CampaignForm) audienceTitle(ctx context.Context) string {
	if v.New || v.Name == "" {
		return t(ctx, "audience.new")
	}
	return v.Name
}

// howMany is how many people a count tells of.
func howMany(ctx context.Context, count CampaignCount) string {
	switch {
	case count.TooFew:
		return t(ctx, "audience.too_few")
	case count.About:
		return t(ctx, "audience.about", "Number", words(ctx).Number(count.People))
	default:
		return n(ctx, "campaign.people", count.People)
	}
}
