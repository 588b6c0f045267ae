package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// reactions are the choices of the form, in its order.
var reactions = []string{"", "asked", "not_asked", "answered", "not_answered", neverReacts}

// notAskedAbout are key moments on which no condition may be: they are nobody else's business.
var notAskedAbout = []string{"reframing", "return_from_leave"}

// audienceForm is what the form asks about who, beside what directory tells: what to begin from, and how people reacted.
func (s *Site) audienceForm(ctx context.Context, words *i18n.Words, draft *momentsv1.CampaignDraft, view *page.CampaignForm) error {
	who := &view.Who
	who.ReactionWrong = view.Wrong["audience.reaction"]
	for _, code := range reactions {
		who.Reactions = append(who.Reactions, page.Choice{
			Value: code, Label: words.T("audience_reaction." + cmp.Or(code, "any")), Chosen: code == reactionCode(draft.GetAudience()),
		})
	}
	var err error
	if who.ReactionsAbout, err = s.reactionChoices(ctx, words, reactionAbout(draft.GetAudience().GetReaction())); err != nil || who.Kept {
		return err
	}
	all, err := s.Peers.Audiences().ListAudiences(ctx, &momentsv1.ListAudiencesRequest{NamesOnly: true})
	if err != nil {
		return err
	}
	for _, counted := range all.GetAudiences() {
		saved := counted.GetAudience()
		who.Saved = append(who.Saved, page.Choice{Value: saved.GetId(), Label: saved.GetName(), Chosen: saved.GetId() == draft.GetSavedAudienceId()})
	}
	slices.SortStableFunc(who.Saved, byLabel(words))
	who.OriginID, who.OriginVersion = draft.GetSavedAudienceId(), strconv.FormatInt(draft.GetSavedAudienceVersion(), 10)
	who.Origin, who.Renew = originWords(words, draft, all.GetAudiences())
	return nil
}

// reactionChoices are what people can have been asked: campaigns that began, and the follow-ups of key moments. What repeats asks nobody
// itself, and whom a campaign asked that was for how people reacted is no condition.
func (s *Site) reactionChoices(ctx context.Context, words *i18n.Words, chosen string) ([]page.Choice, error) {
	var choices []page.Choice
	add := func(value, label string) {
		choices = append(choices, page.Choice{Value: value, Label: label, Chosen: value == chosen})
	}
	campaigns, err := s.Peers.Campaigns().ListCampaigns(ctx, &momentsv1.ListCampaignsRequest{})
	if err != nil {
		return nil, err
	}
	for _, c := range campaigns.GetCampaigns() {
		if c.GetStartedAt() != "" && c.GetDraft().GetRecurrence() == nil && !c.GetDiscreet() {
			add("campaign/"+c.GetId(), words.T("audience.of_campaign", "Name", campaignName(words, c)))
		}
	}
	catalogue, err := s.Peers.Moments().ListKeyMoments(ctx, &momentsv1.ListKeyMomentsRequest{Language: words.Lang})
	if err != nil {
		return nil, err
	}
	for _, km := range catalogue.GetKeyMoments() {
		if km.GetCollective() || len(km.GetFollowUps()) == 0 || slices.Contains(notAskedAbout, km.GetCode()) {
			continue
		}
		name := cmp.Or(km.GetName(), keyMomentName(words, km.GetCode()))
		add(km.GetCode()+"/", name)
		if len(km.GetFollowUps()) == 1 {
			continue // it is the same
		}
		for _, f := range km.GetFollowUps() {
			add(km.GetCode()+"/"+f.GetCode(), name+" · "+followUpName(words, cmp.Or(f.GetToldAs(), f.GetCode())))
		}
	}
	return choices, nil
}

// reactionWords say how the people of an audience reacted.
func (s *Site) reactionWords(ctx context.Context, words *i18n.Words, a *momentsv1.Audience) ([]string, error) {
	if a.GetNeverReacts() {
		return []string{words.T("audience.never")}, nil
	}
	r := a.GetReaction()
	if r == nil || r.GetKeyMoment() == "" {
		return nil, nil
	}
	about := keyMomentName(words, r.GetKeyMoment())
	if r.GetKeyMoment() == "campaign" {
		found, err := s.Peers.Campaigns().GetCampaign(ctx, &momentsv1.GetCampaignRequest{Id: r.GetFollowUp()})
		if rpc.Is(err, connect.CodeNotFound) || rpc.Is(err, connect.CodeInvalidArgument) {
			return []string{words.T("audience."+reactionCode(a), "About", words.T("audience.campaign_gone"))}, nil
		}
		if err != nil {
			return nil, err
		}
		about = words.T("audience.of_campaign", "Name", campaignName(words, found.GetCampaign()))
	} else if r.GetFollowUp() != "" {
		about += " · " + followUpName(words, r.GetFollowUp())
	}
	return []string{words.T("audience."+reactionCode(a), "About", about)}, nil
}

// reactionTrouble says what is wrong with a condition on reactions; nothing where that is not what is wrong.
func reactionTrouble(words *i18n.Words, err error) string {
	for _, v := range rpc.Violations(err) {
		if v.Field == "audience.reaction" {
			return words.Or("campaign_wrong.audience_reaction_"+v.Description, "")
		}
	}
	return ""
}

// sameAudience tells that two filters say the same.
func sameAudience(a, b *momentsv1.Audience) bool {
	if a == nil {
		a = &momentsv1.Audience{}
	}
	if b == nil {
		b = &momentsv1.Audience{}
	}
	return proto.Equal(a, b)
}
