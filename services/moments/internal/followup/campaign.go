package followup

import (
	"strings"
	"time"

	"jalon.dev/pkg/agenda"
	"jalon.dev/pkg/people"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/moment"
)

// OfCampaign is the record of a person's invitation to a campaign, asked at an instant. It is kept as those of follow-ups that were
// asked are, so that it is answered, counted, withdrawn and erased as they are; but it never waits in the agenda.
func OfCampaign(c campaign.Campaign, p people.Person, until, now time.Time) agenda.Item {
	item := agenda.Item{
		ID: campaign.InvitationID(c.ID, p.ID), Kind: Kind, Subject: p.ID, Due: now, State: agenda.StateDone, DoneAt: now,
		Data: map[string]string{
			dataMoment: c.ID, dataKeyMoment: campaign.KeyMoment, dataFollowUp: c.ID, dataQuestionnaire: c.Content.Questionnaire,
			dataHappensOn: c.Content.On.String(), dataOn: c.Content.On.String(), dataCause: string(moment.Campaigned),
			dataZone: p.Location().String(), dataUnitPath: strings.Join(p.UnitPath, pathSeparator),
			dataAnswerUntil: until.UTC().Format(time.RFC3339),
		},
	}
	if g := c.GroupOf(p.ID); g != "" {
		item.Data[dataGroup] = string(g)
	}
	return item
}

// CampaignKind is what a campaign's invitation asks: only a survey has a questionnaire.
func (f FollowUp) CampaignKind() campaign.Kind {
	if f.Questionnaire == "" {
		return campaign.Message
	}
	return campaign.Survey
}
