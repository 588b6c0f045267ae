package rpc

import (
	"context"
	"fmt"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/mongodb"
	"jalon.dev/pkg/policy"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/campaign"
)

const (
	// fewRecipients are looked at before a launch, chosen among so many of each language.
	fewRecipients  = 3
	manyRecipients = 50
)

// ListRecipients returns a few people of the audience who differ.
func (h Handler) ListRecipients(ctx context.Context, req *momentsv1.ListRecipientsRequest) (*momentsv1.ListRecipientsResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignCareServiceListRecipientsProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	c, err := h.Campaigns.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	today, err := h.companyToday(ctx)
	if err != nil {
		return nil, err
	}
	if c.Content.Audience.Confidential() { // whoever is named reacted, or did not
		return &momentsv1.ListRecipientsResponse{}, nil
	}
	var ids []string
	for _, language := range audience.Languages() {
		who := c.Content.Audience
		if who.Language != "" && who.Language != language {
			continue
		}
		who.Language = language
		for id, err := range h.selector().Each(ctx, who, today, "", manyRecipients) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, id)
		}
	}
	known, err := h.People.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	var many []campaign.Recipient
	for _, id := range ids {
		if p, ok := known[id]; ok {
			many = append(many, campaign.Recipient{PersonID: id, Language: p.Language, UnitID: p.UnitID})
		}
	}
	res := &momentsv1.ListRecipientsResponse{}
	for _, r := range campaign.Differing(many, fewRecipients) {
		res.Recipients = append(res.Recipients, recipientView(r))
	}
	return res, nil
}

func recipientView(r campaign.Recipient) *momentsv1.Recipient {
	return &momentsv1.Recipient{PersonId: r.PersonID, Language: r.Language, UnitId: r.UnitID}
}

// PreviewRecipient returns what somebody of the audience would read.
func (h Handler) PreviewRecipient(
	ctx context.Context, req *momentsv1.PreviewRecipientRequest,
) (*momentsv1.PreviewRecipientResponse, error) {
	if err := allow(ctx, momentsv1connect.CampaignCareServicePreviewRecipientProcedure, policy.Subject{}); err != nil {
		return nil, err
	}
	c, err := h.Campaigns.Get(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	p, err := h.People.Get(ctx, req.GetPersonId())
	if err != nil {
		return nil, err
	}
	today, err := h.companyToday(ctx)
	if err != nil {
		return nil, err
	}
	if !c.Content.Audience.Has(p, today) {
		return nil, fmt.Errorf("previewing campaign %s for somebody who is not in its audience: %w", c.ID, mongodb.ErrNotFound)
	}
	group := c.GroupOf(p.ID)
	c.Content.Title = c.Headline(group)
	said, err := h.filled(ctx, c.FirstTime().Content, p.ID, p.Language)
	if err != nil {
		return nil, err
	}
	return &momentsv1.PreviewRecipientResponse{
		Recipient: recipientView(campaign.Recipient{PersonID: p.ID, Language: p.Language, UnitID: p.UnitID}), Title: said.title, Text: said.text,
		Subject: wordingView(c.Subject(group)),
	}, nil
}

// saying is what a message says to one person.
type saying struct{ title, text string }

// filled puts what is true of a person into what a message says in a language. Directory is asked for their name only where something
// depends on it: most messages say the same to all.
func (h Handler) filled(ctx context.Context, content campaign.Content, personID, language string) (saying, error) {
	plain := saying{content.Title.In(language), content.Text.In(language)}
	if !campaign.HasFields(content.Title) && !campaign.HasFields(content.Text) {
		return plain, nil
	}
	reader := campaign.Reader{Until: content.Until}
	contacts, err := h.Directory.GetContacts(identity.AsService(ctx, "moments"), &directoryv1.GetContactsRequest{Ids: []string{personID}})
	if err != nil {
		return saying{}, fmt.Errorf("asking directory for a name: %w", err)
	}
	for _, contact := range contacts.GetContacts() {
		reader.FirstName = contact.GetGivenName()
	}
	p, _, err := h.person(ctx, personID)
	if err != nil {
		return saying{}, err
	}
	if p.UnitID != "" {
		names, err := h.People.PathNames(ctx, []string{p.UnitID})
		if err != nil {
			return saying{}, err
		}
		if names[0] != p.UnitID { // a unit that is not known yet has no name
			reader.Unit = names[0]
		}
	}
	return saying{campaign.Fill(plain.title, language, reader), campaign.Fill(plain.text, language, reader)}, nil
}
