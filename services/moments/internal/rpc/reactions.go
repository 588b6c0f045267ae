package rpc

import (
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/audience"
)

var dids = map[audience.Did]momentsv1.Reaction_Did{
	audience.Asked:       momentsv1.Reaction_DID_ASKED,
	audience.NotAsked:    momentsv1.Reaction_DID_NOT_ASKED,
	audience.Answered:    momentsv1.Reaction_DID_ANSWERED,
	audience.NotAnswered: momentsv1.Reaction_DID_NOT_ANSWERED,
}

func reactionView(r audience.Reaction) *momentsv1.Reaction {
	if r.IsZero() {
		return nil
	}
	return &momentsv1.Reaction{Did: dids[r.Did], KeyMoment: r.KeyMoment, FollowUp: r.FollowUp}
}

func reactionOf(r *momentsv1.Reaction) audience.Reaction {
	for did, sent := range dids {
		if sent == r.GetDid() {
			return audience.Reaction{Did: did, KeyMoment: r.GetKeyMoment(), FollowUp: r.GetFollowUp()}
		}
	}
	return audience.Reaction{}
}

// rounded are the figures of a campaign whose audience depends on who reacted: how many they are exactly is not told before its start, and
// not after it. How many of them answered is not told at all.
func rounded(p *momentsv1.CampaignProgress) *momentsv1.CampaignProgress {
	for _, figure := range []*int64{&p.Audience, &p.Invited, &p.Delivered, &p.Waiting, &p.Missed} {
		*figure = int64(audience.Tens(int(*figure)))
	}
	p.About, p.Gone, p.Answered = true, 0, nil
	return p
}
