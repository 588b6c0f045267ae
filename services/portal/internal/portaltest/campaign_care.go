package portaltest

import (
	"context"
	"errors"
	"net/http"

	"connectrpc.com/connect"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// careFake tells what campaigns would do and look like; nothing comes of it.
type careFake struct{ *Fakes }

// ForecastCampaign finds a heavy day, and a better one two days later; nobody where nobody is.
func (f careFake) ForecastCampaign(
	context.Context, *momentsv1.ForecastCampaignRequest,
) (*momentsv1.ForecastCampaignResponse, error) {
	res := &momentsv1.ForecastCampaignResponse{AsOf: "2026-11-02T09:30:00Z"}
	if f.Now().Empty {
		res.Forecasts = []*momentsv1.CampaignForecast{{On: "2026-11-06"}}
		return res, nil
	}
	reasons := func(reason string, people int64) []*momentsv1.CampaignForecastReason {
		return []*momentsv1.CampaignForecastReason{{Reason: reason, People: people}}
	}
	res.People = 617
	res.Forecasts = []*momentsv1.CampaignForecast{
		{On: "2026-11-06", Heavy: true, Days: []*momentsv1.CampaignForecastDay{
			{Day: "2026-11-06", Reached: 312, Others: 84},
			{Day: "2026-11-09", Reached: 241, Waited: append(reasons("over_cap", 230), reasons("outside_window", 11)...), Others: 7},
			{Day: "2026-11-10", Others: 3},
			{Day: "2026-11-12", Reached: 58, Waited: append(reasons("over_cap", 41), reasons("absent", 17)...), Reminded: 290},
		}, Missed: append(reasons("absent", 5), reasons("left", 1)...)},
		{On: "2026-11-09", Days: []*momentsv1.CampaignForecastDay{{Day: "2026-11-09", Reached: 320}}},
		{On: "2026-11-10", Better: true, Days: []*momentsv1.CampaignForecastDay{{Day: "2026-11-10", Reached: 560}}},
	}
	return res, nil
}

func (f careFake) ListRecipients(context.Context, *momentsv1.ListRecipientsRequest) (*momentsv1.ListRecipientsResponse, error) {
	if f.Now().Empty {
		return &momentsv1.ListRecipientsResponse{}, nil
	}
	return &momentsv1.ListRecipientsResponse{Recipients: []*momentsv1.Recipient{recipient(Karim), recipient(Lea)}}, nil
}

// Recipients read French in Nantes, but for Karim, who reads English.
func recipient(person string) *momentsv1.Recipient {
	r := &momentsv1.Recipient{PersonId: person, Language: "fr", UnitId: Nantes}
	if person == Karim {
		r.Language = "en"
	}
	return r
}

// PreviewRecipient knows Karim and Léa. Of a message it returns what a first name became.
func (f careFake) PreviewRecipient(
	_ context.Context, req *momentsv1.PreviewRecipientRequest,
) (*momentsv1.PreviewRecipientResponse, error) {
	if req.GetPersonId() != Karim && req.GetPersonId() != Lea {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("not in the audience"))
	}
	res := &momentsv1.PreviewRecipientResponse{Recipient: recipient(req.GetPersonId())}
	if f.Now().Campaigns.All[req.GetId()].GetDraft().GetKind() == momentsv1.CampaignDraft_KIND_MESSAGE {
		res.Title, res.Text = "Nouvelle cantine", "Bonjour Léa, elle ouvre <b>lundi</b>."
	}
	return res, nil
}

func (f careFake) PlanCampaignReminders(
	_ context.Context, req *momentsv1.PlanCampaignRemindersRequest,
) (*momentsv1.PlanCampaignRemindersResponse, error) {
	if req.GetUntil() <= req.GetOn() {
		return &momentsv1.PlanCampaignRemindersResponse{}, nil
	}
	return &momentsv1.PlanCampaignRemindersResponse{Days: []string{"2026-11-10", "2026-11-16"}}, nil
}

// serveNotifications is the contracts of notifications behind one address.
func (f *Fakes) serveNotifications(options ...connect.HandlerOption) (string, http.Handler) {
	mux := http.NewServeMux()
	mux.Handle(notificationsv1connect.NewNotificationsServiceHandler(notifications{Fakes: f}, options...))
	mux.Handle(notificationsv1connect.NewRehearsalServiceHandler(rehearsalFake{f}, options...))
	mux.Handle(notificationsv1connect.NewOutgoingServiceHandler(outgoingFake{f}, options...))
	mux.Handle(notificationsv1connect.NewReachServiceHandler(reachFake{Fakes: f}, options...))
	mux.Handle(notificationsv1connect.NewOpensServiceHandler(opensFake{f}, options...))
	return "/", mux
}

// rehearsalFake writes mails that are not sent.
type rehearsalFake struct{ *Fakes }

func (f rehearsalFake) ForecastInvitations(
	context.Context, *notificationsv1.ForecastInvitationsRequest,
) (*notificationsv1.ForecastInvitationsResponse, error) {
	return &notificationsv1.ForecastInvitationsResponse{}, nil
}

func (f rehearsalFake) PlanReminders(context.Context, *notificationsv1.PlanRemindersRequest) (*notificationsv1.PlanRemindersResponse, error) {
	return &notificationsv1.PlanRemindersResponse{}, nil
}

func (f rehearsalFake) PreviewMail(_ context.Context, req *notificationsv1.PreviewMailRequest) (*notificationsv1.PreviewMailResponse, error) {
	if f.Now().Empty {
		return &notificationsv1.PreviewMailResponse{}, nil
	}
	return &notificationsv1.PreviewMailResponse{
		Written: true, Language: recipient(req.GetPersonId()).GetLanguage(), From: `"Jalon" <jalon@example.com>`, Subject: "A few questions for you",
		Text: "Hello Karim,\n\nHow are things going for you?",
		Html: `<!DOCTYPE html><html lang="en"><head><title>A few questions for you</title></head><body style="margin:0;padding:2rem;background:#fbf7f2;color:#2b2320;font-family:system-ui">` +
			`<p>Hello Karim,</p><h1 style="font-size:21px">How are things going for you?</h1><p><a href="https://jalon.example.com/survey/…" style="color:#a33b20">Answer the questions</a></p></body></html>`,
	}, nil
}
