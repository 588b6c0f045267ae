package moments_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/telemetry"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
	"jalon.dev/services/moments"
)

// gatekeeper is notifications for those who ask what it would do: it takes everybody on the first day but one of each part, who waits.
type gatekeeper struct {
	notificationsv1connect.UnimplementedRehearsalServiceHandler
	mu    sync.Mutex
	asked []*notificationsv1.ForecastInvitationsRequest
}

func (g *gatekeeper) ForecastInvitations(
	_ context.Context, req *notificationsv1.ForecastInvitationsRequest,
) (*notificationsv1.ForecastInvitationsResponse, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, req)
	res := &notificationsv1.ForecastInvitationsResponse{}
	for _, start := range req.GetStarts() {
		res.Forecasts = append(res.Forecasts, &notificationsv1.Forecast{Days: []*notificationsv1.ForecastDay{
			{Day: start[:10], Reached: int64(len(req.GetPersonIds()) - 1)},
			{Day: "2026-11-13", Reached: 1, Waited: []*notificationsv1.ForecastReason{{Reason: "over_cap", People: 1}}, Others: 2},
		}})
	}
	return res, nil
}

func (g *gatekeeper) PlanReminders(_ context.Context, req *notificationsv1.PlanRemindersRequest) (*notificationsv1.PlanRemindersResponse, error) {
	if req.GetAskedAt() != "2026-11-03T09:00:00Z" || req.GetExpiresAt() != "2026-11-17T23:00:00Z" || req.GetTimeZone() != "Europe/Paris" {
		return nil, connect.NewError(connect.CodeInvalidArgument, nil)
	}
	return &notificationsv1.PlanRemindersResponse{Reminders: []string{"2026-11-10T16:00:00Z", "2026-11-15T23:30:00Z"}}, nil
}

// names is directory for whoever writes to people.
type names struct {
	directoryv1connect.UnimplementedDirectoryServiceHandler
}

func (names) GetContacts(_ context.Context, req *directoryv1.GetContactsRequest) (*directoryv1.GetContactsResponse, error) {
	res := &directoryv1.GetContactsResponse{}
	for _, id := range req.GetIds() {
		if id != personID(3) { // of whom no first name is known
			res.Contacts = append(res.Contacts, &directoryv1.Contact{PersonId: id, GivenName: "Léa <3"})
		}
	}
	return res, nil
}

// surrounded has directory and notifications answer, too.
func (in *installation) surrounded() *gatekeeper {
	in.t.Helper()
	gate := &gatekeeper{}
	for name, handle := range map[string]func(...connect.HandlerOption) (string, http.Handler){
		"notifications": func(o ...connect.HandlerOption) (string, http.Handler) {
			return notificationsv1connect.NewRehearsalServiceHandler(gate, o...)
		},
		"directory": func(o ...connect.HandlerOption) (string, http.Handler) {
			return directoryv1connect.NewDirectoryServiceHandler(names{}, o...)
		},
	} {
		options, err := rpc.Interceptors(name, in.parts.Signer, zap.NewNop(), telemetry.Nothing())
		require.NoError(in.t, err)
		_, handler := handle(options...)
		in.net.Handle(name, handler)
	}
	return gate
}

func TestTheForecastOfACampaignIsTheSumOfItsParts(t *testing.T) {
	in := install(t, moments.Config{})
	gate := in.surrounded()
	in.company(2300)
	id := in.saved(draft(&momentsv1.Audience{UnitId: "store-1"})).GetId()
	forecast, err := in.parts.Peers.CampaignCare().ForecastCampaign(in.hr(), &momentsv1.ForecastCampaignRequest{Id: id})
	require.NoError(t, err)
	require.EqualValues(t, 2299, forecast.GetPeople())
	own := forecast.GetForecasts()[0]
	require.Equal(t, "2026-11-03", own.GetOn())
	require.EqualValues(t, 2296, own.GetDays()[0].GetReached(), "three parts, and one of each waits")
	require.EqualValues(t, 3, own.GetDays()[1].GetWaited()[0].GetPeople())
	require.EqualValues(t, 6, own.GetDays()[1].GetOthers())
	require.Len(t, forecast.GetForecasts(), 1, "nearly everybody is reached at once: no other day is looked at")
	require.False(t, own.GetHeavy())

	var asked []string
	for _, part := range gate.asked {
		require.LessOrEqual(t, len(part.GetPersonIds()), 1000)
		require.Equal(t, "campaign", part.GetKeyMoment())
		require.EqualValues(t, 1, part.GetReminders())
		asked = append(asked, part.GetPersonIds()...)
	}
	slices.Sort(asked)
	require.Len(t, slices.Compact(asked), 2299, "everybody once")

	_, err = in.parts.Peers.CampaignCare().ForecastCampaign(in.as(personID(1)), &momentsv1.ForecastCampaignRequest{Id: id})
	require.True(t, rpc.Is(err, connect.CodePermissionDenied))
}

func TestPeopleWhoDifferAreLookedAtAndReadWhatIsTrueOfThem(t *testing.T) {
	in := install(t, moments.Config{})
	in.surrounded()
	in.company(9)
	english := employee(9, "2026-05-01", "company", "store-2")
	english.Version, english.Language = 2, "en"
	in.tell(&directoryv1.UnitsChanged{Units: []*directoryv1.Unit{{Id: "store-1", Version: 2, ParentId: "company", Name: "Nantes"}}})
	in.tell(&directoryv1.PeopleUpdated{People: []*directoryv1.Employee{english}, AsOf: "2026-11-02"})
	in.settle()
	d := draft(&momentsv1.Audience{})
	d.Kind, d.QuestionnaireId, d.Reminders = momentsv1.CampaignDraft_KIND_MESSAGE, "", proto.Int32(2)
	d.Title = &momentsv1.Wording{Fr: "Pour {prenom}", En: "For {first_name}"}
	d.Text = &momentsv1.Wording{Fr: "{Prénom}, à {etablissement} d'ici {date_limite}.", En: "At {unit} until {until}."}
	c := in.saved(d)
	require.EqualValues(t, 2, c.GetDraft().GetReminders())

	care := in.parts.Peers.CampaignCare()
	found, err := care.ListRecipients(in.hr(), &momentsv1.ListRecipientsRequest{Id: c.GetId()})
	require.NoError(t, err)
	require.Len(t, found.GetRecipients(), 3)
	require.Equal(t, "fr", found.GetRecipients()[0].GetLanguage())
	require.Equal(t, personID(9), found.GetRecipients()[1].GetPersonId(), "who differs by language and unit")

	preview := func(n int) *momentsv1.PreviewRecipientResponse {
		t.Helper()
		seen, err := care.PreviewRecipient(in.hr(), &momentsv1.PreviewRecipientRequest{Id: c.GetId(), PersonId: personID(n)})
		require.NoError(t, err)
		return seen
	}
	require.Equal(t, "Léa <3, à Nantes d'ici mardi 17 novembre.", preview(1).GetText())
	require.Equal(t, "Cher membre de l'équipe, à Nantes d'ici mardi 17 novembre.", preview(3).GetText())
	require.Equal(t, "For Léa <3", preview(9).GetTitle())
	require.Equal(t, "At your workplace until Tuesday 17 November.", preview(9).GetText(), "a unit without a name")
	_, err = care.PreviewRecipient(in.hr(), &momentsv1.PreviewRecipientRequest{Id: c.GetId(), PersonId: personID(77)})
	require.True(t, rpc.Is(err, connect.CodeNotFound))

	in.take(c.GetId(), check, launch)
	in.moveTo("2026-11-03T09:00:00Z")
	in.awaitInvitations(9)
	invitation := in.campaignInvitations()[personID(1)]
	survey, err := in.client().GetSurvey(in.as(personID(1)), &momentsv1.GetSurveyRequest{InvitationId: invitation})
	require.NoError(t, err)
	require.Equal(t, "Pour Léa <3", survey.GetTitle())
	require.Equal(t, preview(1).GetText(), survey.GetMessage(), "what HR saw is what people read")
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, ev := range in.events {
		var requested momentsv1.InvitationsRequested
		if ev.Type != typeOf(&requested) {
			continue
		}
		require.NoError(t, ev.Decode(&requested))
		require.EqualValues(t, 2, requested.GetInvitations()[0].GetReminders())
	}
}

func TestAMessageWithAFieldThatNobodyKnowsIsNotLaunched(t *testing.T) {
	in := install(t, moments.Config{})
	in.company(2)
	d := draft(&momentsv1.Audience{})
	d.Kind, d.QuestionnaireId = momentsv1.CampaignDraft_KIND_MESSAGE, ""
	d.Title, d.Text = &momentsv1.Wording{Fr: "Bonjour", En: "Hello"}, &momentsv1.Wording{Fr: "{nom}", En: "{first_name}"}
	res, err := in.parts.Peers.Campaigns().SaveCampaign(in.hr(), &momentsv1.SaveCampaignRequest{Id: personID(500), Draft: d})
	require.NoError(t, err)
	require.Len(t, res.GetProblems(), 1)
	require.Equal(t, "text.fr", res.GetProblems()[0].GetField())
	require.Equal(t, "{nom}", res.GetProblems()[0].GetDetail())
	_, err = in.parts.Peers.Campaigns().TakeCampaignStep(in.hr(), &momentsv1.TakeCampaignStepRequest{Id: personID(500), Version: 1, Step: check})
	require.True(t, rpc.Is(err, connect.CodeInvalidArgument))
	require.EqualValues(t, 1, res.GetCampaign().GetDraft().GetReminders(), "once, where nobody says")
}

func TestTheDaysOfRemindersAreTheCompanys(t *testing.T) {
	in := install(t, moments.Config{})
	in.surrounded()
	in.company(2)
	care := in.parts.Peers.CampaignCare()
	planned, err := care.PlanCampaignReminders(in.hr(), &momentsv1.PlanCampaignRemindersRequest{On: "2026-11-03", At: "10:00", Until: "2026-11-17"})
	require.NoError(t, err)
	require.Equal(t, []string{"2026-11-10", "2026-11-16"}, planned.GetDays(), "half past eleven at night in London is the next day in Paris")
	for _, unfinished := range []*momentsv1.PlanCampaignRemindersRequest{{}, {On: "2026-11-03", At: "10:00"}, {On: "2026-11-03", Until: "2026-11-01"}} {
		planned, err := care.PlanCampaignReminders(in.hr(), unfinished)
		require.NoError(t, err)
		require.Empty(t, planned.GetDays())
	}
	_, err = care.PlanCampaignReminders(in.hr(), &momentsv1.PlanCampaignRemindersRequest{On: "2026-02-30"})
	require.True(t, rpc.Is(err, connect.CodeInvalidArgument))
}
