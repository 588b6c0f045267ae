package policy

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "jalon.dev/proto/gen/jalon/barometer/v1"
	_ "jalon.dev/proto/gen/jalon/directory/v1"
	_ "jalon.dev/proto/gen/jalon/interviews/v1"
	_ "jalon.dev/proto/gen/jalon/moments/v1"
	_ "jalon.dev/proto/gen/jalon/notifications/v1"
	_ "jalon.dev/proto/gen/jalon/portal/v1"
)

// The people of this test. Ada manages Bob; Eve works elsewhere. Each asks about each.
const ada, bob, eve, boss = "ada", "bob", "eve", "boss"

var actors = []struct {
	name  string
	actor Actor
}{
	{"nobody", Actor{}},
	{"employee", Actor{PersonID: ada}},
	{"hr", Actor{PersonID: ada, Roles: []Role{HR}}},
	{"hr whom no HR file names", Actor{Roles: []Role{HR}}},
	{"operator", Actor{Roles: []Role{Operator}}},
	{"service", Actor{Roles: []Role{Service}, Service: "moments"}},
}

// The letters of a cell, in this order; "-" where it is refused.
var subjects = []struct {
	letter  string
	subject Subject
}{
	{"s", Subject{PersonID: ada, ManagerID: boss}}, // oneself, for those actors that are Ada
	{"r", Subject{PersonID: bob, ManagerID: ada}},  // a direct report
	{"o", Subject{PersonID: eve, ManagerID: boss}}, // somebody else
	{"n", Subject{}}, // nobody in particular, or everybody
}

const (
	never   = "----"
	always  = "sron"
	oneself = "s---"
	reports = "-r--"
	own     = "sr--" // oneself and one's reports
)

// golden writes every cell out, so that a change of the table is a change of this test, seen by whoever reviews it.
var golden = []struct {
	route                                        string
	nobody, employee, hr, guestHR, operator, svc string
}{
	{"/jalon.barometer.v1.BarometerService/DeleteEdition", never, never, always, always, never, never},
	{"/jalon.barometer.v1.BarometerService/GetBallotPaper", never, oneself, oneself, never, never, never},
	{"/jalon.barometer.v1.BarometerService/GetEdition", never, never, always, always, never, never},
	{"/jalon.barometer.v1.BarometerService/IssueToken", never, oneself, oneself, never, never, never},
	{"/jalon.barometer.v1.BarometerService/ListCellKeys", never, always, always, always, never, never},
	{"/jalon.barometer.v1.BarometerService/ListCells", never, never, always, always, never, never},
	{"/jalon.barometer.v1.BarometerService/ListEditions", never, never, always, always, never, never},
	{"/jalon.barometer.v1.BarometerService/LaunchEdition", never, never, always, always, never, never},
	{"/jalon.barometer.v1.BarometerService/SaveEdition", never, never, always, always, never, never},

	{"/jalon.directory.v1.DirectoryService/BatchGetPeople", never, own, always, always, never, always},
	{"/jalon.directory.v1.DirectoryService/FindPerson", never, never, always, always, always, always},
	{"/jalon.directory.v1.DirectoryService/GetHistory", never, never, always, always, never, never},
	{"/jalon.directory.v1.DirectoryService/ErasePerson", never, never, always, always, always, never},
	{"/jalon.directory.v1.DirectoryService/GetContacts", never, never, never, never, never, always},
	{"/jalon.directory.v1.DirectoryService/ImportPeople", never, never, always, always, always, never},
	{"/jalon.directory.v1.DirectoryService/ImportUnits", never, never, always, always, always, never},
	{"/jalon.directory.v1.DirectoryService/UpdateUnit", never, never, always, always, never, never},
	{"/jalon.directory.v1.DirectoryService/CreateUnit", never, never, always, always, never, never},
	{"/jalon.directory.v1.DirectoryService/MergeUnit", never, never, always, always, never, never},
	{"/jalon.directory.v1.DirectoryService/GetReportingLine", never, never, always, always, never, never},
	{"/jalon.directory.v1.DirectoryService/ListImports", never, never, always, always, always, never},
	{"/jalon.directory.v1.DirectoryService/ListPeople", never, reports, always, always, never, always},
	{"/jalon.directory.v1.DirectoryService/ListUnits", never, never, always, always, always, always},
	{"/jalon.directory.v1.DirectoryService/Snapshot", never, never, never, never, never, always},

	{"/jalon.interviews.v1.InterviewsService/GetNextTalk", never, own, always, always, never, never},
	{"/jalon.interviews.v1.InterviewsService/ListTalks", never, reports, always, always, never, never},
	{"/jalon.interviews.v1.InterviewsService/GetBoard", never, never, always, always, never, never},
	{"/jalon.interviews.v1.InterviewsService/SetRhythm", never, never, always, always, never, never},
	{"/jalon.interviews.v1.TalksService/GetTalk", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/ListMyTalks", never, oneself, oneself, never, never, never},
	{"/jalon.interviews.v1.TalksService/GetDesk", never, oneself, oneself, never, never, never},
	{"/jalon.interviews.v1.TalksService/StartTalk", never, reports, reports, never, never, never},
	{"/jalon.interviews.v1.TalksService/CancelTalk", never, reports, reports, never, never, never},
	{"/jalon.interviews.v1.TalksService/ProposeDate", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/AnswerProposal", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/SavePreparation", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/SharePreparation", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/SaveNotes", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/SaveCommitment", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/PromiseRequest", never, reports, reports, never, never, never},
	{"/jalon.interviews.v1.TalksService/SettleCommitment", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/SayHeld", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/AnswerHeld", never, own, own, never, never, never},
	{"/jalon.interviews.v1.TalksService/ExportTalks", never, oneself, oneself, never, never, never},
	{"/jalon.interviews.v1.TalksService/SetDaysOff", never, oneself, oneself, never, never, never},
	{"/jalon.interviews.v1.TalksService/MakeCalendarFeed", never, oneself, oneself, never, never, never},
	{"/jalon.interviews.v1.TalksService/GetCalendarFeed", never, never, never, never, never, always},

	{"/jalon.moments.v1.MomentsService/CancelMoment", never, reports, always, always, always, never},
	{"/jalon.moments.v1.MomentsService/DeclareMoment", never, reports, always, always, always, always},
	{"/jalon.moments.v1.MomentsService/GetKeyMoment", never, always, always, always, never, always},
	{"/jalon.moments.v1.MomentsService/GetMoment", never, reports, always, always, never, never},
	{"/jalon.moments.v1.MomentsService/GetResults", never, reports, always, always, never, never},
	{"/jalon.moments.v1.MomentsService/CompareUnits", never, never, never, never, never, always},
	{"/jalon.moments.v1.MomentsService/ListNamedResponses", never, never, always, always, never, never},
	{"/jalon.moments.v1.MomentsService/ListQuestionnaires", never, never, always, always, never, never},
	{"/jalon.moments.v1.MomentsService/GetQuestionnaire", never, never, always, always, never, never},
	{"/jalon.moments.v1.MomentsService/SaveQuestionnaire", never, never, always, always, never, never},
	{"/jalon.moments.v1.MomentsService/PublishQuestionnaire", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignsService/ListCampaigns", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignsService/GetCampaign", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignsService/GetAudienceChoices", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignsService/CountAudience", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignsService/SaveCampaign", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignsService/TakeCampaignStep", never, never, always, always, never, never},
	{"/jalon.moments.v1.SeriesService/PreviewRecurrence", never, never, always, always, never, never},
	{"/jalon.moments.v1.SeriesService/GetSeries", never, never, always, always, never, never},
	{"/jalon.moments.v1.SeriesService/GetPlan", never, never, always, always, never, never},
	{"/jalon.moments.v1.SeriesService/LeaveOutDay", never, never, always, always, never, never},
	{"POST /hr/campaigns/{id}/leave-out", never, never, always, always, never, never},
	{"POST /hr/campaigns/{id}/keep", never, never, always, always, never, never},
	{"POST /hr/campaigns/{id}/rename", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignResultsService/GetCampaignResults", never, never, always, always, never, never},
	{"GET /hr/campaigns/{id}/results", never, never, always, always, never, never},
	{"GET /hr/campaigns/{id}/results.csv", never, never, always, always, never, never},
	{"GET /hr/campaigns/{id}/results.xlsx", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignCareService/ForecastCampaign", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignCareService/ListRecipients", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignCareService/PreviewRecipient", never, never, always, always, never, never},
	{"/jalon.moments.v1.CampaignCareService/PlanCampaignReminders", never, never, always, always, never, never},
	{"/jalon.notifications.v1.RehearsalService/ForecastInvitations", never, never, always, always, never, never},
	{"/jalon.notifications.v1.RehearsalService/PlanReminders", never, never, always, always, never, never},
	{"/jalon.notifications.v1.RehearsalService/PreviewMail", never, never, always, always, never, never},
	{"/jalon.moments.v1.GuestsService/DeclareGuestMoment", never, never, always, always, always, always},
	{"/jalon.moments.v1.GuestsService/CreateGuestLink", never, never, always, always, always, never},
	{"/jalon.moments.v1.GuestsService/GetGuestSurvey", never, never, never, never, never, always},
	{"/jalon.moments.v1.GuestsService/SubmitGuestResponse", never, never, never, never, never, always},
	{"/jalon.moments.v1.GuestsService/SaveGuestDraft", never, never, never, never, never, always},
	{"/jalon.moments.v1.ContactsService/ListContactRequests", never, never, always, always, never, never},
	{"/jalon.moments.v1.ContactsService/MarkContactRequest", never, never, always, always, never, never},
	{"GET /g/{token}", always, always, always, always, always, always},
	{"POST /g/{token}", always, always, always, always, always, always},
	{"POST /g/{token}/draft", always, always, always, always, always, always},
	{"GET /signin/code", always, always, always, always, always, always},
	{"POST /signin/code", always, always, always, always, always, always},
	{"GET /hr/guests", never, never, always, always, never, never},
	{"POST /hr/guests", never, never, always, always, never, never},
	{"POST /hr/moments/{id}/link", never, never, always, always, never, never},
	{"GET /hr/contacts", never, never, always, always, never, never},
	{"POST /hr/contacts/{id}", never, never, always, always, never, never},
	{"GET /hr/codes", never, never, always, always, never, never},
	{"POST /hr/codes", never, never, always, always, never, never},
	{"/jalon.moments.v1.MomentsService/SaveDraft", never, oneself, oneself, never, never, never},
	{"/jalon.moments.v1.MomentsService/GetSurvey", never, oneself, oneself, never, never, never},
	{"/jalon.moments.v1.MomentsService/ListKeyMoments", never, always, always, always, never, always},
	{"/jalon.moments.v1.MomentsService/ListMoments", never, reports, always, always, never, never},
	{"/jalon.moments.v1.MomentsService/UpdateKeyMoment", never, never, always, always, never, never},
	{"/jalon.moments.v1.MomentsService/SubmitResponse", never, oneself, oneself, never, never, never},

	{"/jalon.notifications.v1.NotificationsService/CountMails", never, never, always, always, always, never},
	{"/jalon.notifications.v1.NotificationsService/ReportBounce", never, never, never, never, always, never},
	{"/jalon.notifications.v1.NotificationsService/GetMailChoice", never, never, never, never, never, always},
	{"/jalon.notifications.v1.NotificationsService/SetMailChoice", never, never, never, never, never, always},
	{"/jalon.notifications.v1.NotificationsService/ExplainMessages", never, oneself, always, always, never, never},
	{"/jalon.notifications.v1.NotificationsService/ListPrompts", never, oneself, oneself, never, never, never},
	{"/jalon.notifications.v1.NotificationsService/GetPreferences", never, oneself, oneself, never, never, never},
	{"/jalon.notifications.v1.NotificationsService/SetPreferences", never, oneself, oneself, never, never, never},

	{"/jalon.portal.v1.AccessService/GiveRole", never, never, always, always, always, never},
	{"/jalon.portal.v1.AccessService/ListAudit", never, never, always, always, always, never},
	{"/jalon.portal.v1.AccessService/ListRoles", never, never, always, always, always, always},
	{"/jalon.portal.v1.AccessService/TakeRole", never, never, always, always, always, never},
	{"/jalon.portal.v1.OperatorService/CreateSignInLink", never, never, never, never, always, never},
	{"/jalon.portal.v1.OperatorService/GetDeadLetter", never, never, never, never, always, never},
	{"/jalon.portal.v1.OperatorService/ListDeadLetters", never, never, never, never, always, never},
	{"/jalon.portal.v1.OperatorService/ReplayDeadLetters", never, never, never, never, always, never},
	{"/jalon.portal.v1.OperatorService/TailEvents", never, never, never, never, always, never},
	{"/jalon.portal.v1.OperatorService/CreateApiKey", never, never, never, never, always, never},
	{"/jalon.portal.v1.OperatorService/ListApiKeys", never, never, never, never, always, never},
	{"/jalon.portal.v1.OperatorService/RevokeApiKey", never, never, never, never, always, never},

	{"GET /", never, always, always, always, never, never},
	{"GET /assets/", always, always, always, always, always, always},
	{"GET /demo/mail", always, always, always, always, always, always},
	{"GET /demo/mail/{id}", always, always, always, always, always, always},
	{"GET /demo/mail/{id}/body", always, always, always, always, always, always},
	{"GET /unsubscribe/{token}", always, always, always, always, always, always},
	{"POST /unsubscribe/{token}", always, always, always, always, always, always},
	{"GET /hr", never, never, always, always, never, never},
	{"GET /hr/access", never, never, always, always, never, never},
	{"GET /hr/audit", never, never, always, always, never, never},
	{"GET /hr/barometer", never, never, always, always, never, never},
	{"POST /hr/barometer", never, never, always, always, never, never},
	{"GET /hr/barometer/new", never, never, always, always, never, never},
	{"GET /hr/barometer/{id}", never, never, always, always, never, never},
	{"POST /hr/barometer/{id}", never, never, always, always, never, never},
	{"POST /hr/barometer/{id}/launch", never, never, always, always, never, never},
	{"POST /hr/barometer/{id}/delete", never, never, always, always, never, never},
	{"GET /hr/barometer/{id}/cards", never, never, always, always, never, never},
	{"POST /hr/barometer/{id}/cards", never, never, always, always, never, never},
	{"POST /hr/barometer/{id}/cards/confirm", never, never, always, always, never, never},
	{"POST /hr/barometer/{id}/cards/giveup", never, never, always, always, never, never},
	{"GET /hr/questionnaires", never, never, always, always, never, never},
	{"POST /hr/questionnaires", never, never, always, always, never, never},
	{"GET /hr/questionnaires/{code}", never, never, always, always, never, never},
	{"POST /hr/questionnaires/{code}", never, never, always, always, never, never},
	{"POST /hr/questionnaires/{code}/publish", never, never, always, always, never, never},
	{"GET /hr/questionnaires/{code}/preview", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/ListOutgoing", never, never, always, always, always, never},
	{"/jalon.notifications.v1.OutgoingService/GetReceiver", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/SaveReceiver", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/SwitchReceiver", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/RotateSecret", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/TestReceiver", never, never, always, always, always, never},
	{"/jalon.notifications.v1.OutgoingService/Replay", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/RemoveReceiver", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/SaveChannel", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/TestChannel", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/RemoveChannel", never, never, always, always, never, never},
	{"/jalon.notifications.v1.OutgoingService/ListAnnouncements", never, never, always, always, never, never},
	{"GET /hr/outgoing", never, never, always, always, never, never},
	{"GET /hr/outgoing/receivers/new", never, never, always, always, never, never},
	{"GET /hr/outgoing/receivers/{id}", never, never, always, always, never, never},
	{"POST /hr/outgoing/receivers/{id}", never, never, always, always, never, never},
	{"POST /hr/outgoing/receivers/{id}/switch", never, never, always, always, never, never},
	{"POST /hr/outgoing/receivers/{id}/rotate", never, never, always, always, never, never},
	{"POST /hr/outgoing/receivers/{id}/test", never, never, always, always, never, never},
	{"POST /hr/outgoing/receivers/{id}/replay", never, never, always, always, never, never},
	{"POST /hr/outgoing/receivers/{id}/remove", never, never, always, always, never, never},
	{"GET /hr/outgoing/channels/new", never, never, always, always, never, never},
	{"GET /hr/outgoing/channels/{id}", never, never, always, always, never, never},
	{"POST /hr/outgoing/channels/{id}", never, never, always, always, never, never},
	{"POST /hr/outgoing/channels/{id}/test", never, never, always, always, never, never},
	{"POST /hr/outgoing/channels/{id}/remove", never, never, always, always, never, never},
	{"/jalon.moments.v1.AudiencesService/ListAudiences", never, never, always, always, never, never},
	{"/jalon.moments.v1.AudiencesService/GetAudience", never, never, always, always, never, never},
	{"/jalon.moments.v1.AudiencesService/SaveAudience", never, never, always, always, never, never},
	{"/jalon.moments.v1.AudiencesService/DeleteAudience", never, never, always, always, never, never},
	{"/jalon.notifications.v1.ReachService/GetReach", never, never, always, always, never, never},
	{"/jalon.notifications.v1.ReachService/FindQuiet", never, never, never, never, never, always},
	{"/jalon.notifications.v1.OpensService/CountOpen", never, never, never, never, never, always},
	{"/jalon.notifications.v1.OpensService/GetOpens", never, never, always, always, never, never},
	{"GET /mail/open/{piece}", always, always, always, always, always, always},
	{"GET /hr/reach", never, never, always, always, never, never},
	{"GET /hr/audiences", never, never, always, always, never, never},
	{"GET /hr/audiences/new", never, never, always, always, never, never},
	{"POST /hr/audiences/count", never, never, always, always, never, never},
	{"GET /hr/audiences/{id}", never, never, always, always, never, never},
	{"POST /hr/audiences/{id}", never, never, always, always, never, never},
	{"POST /hr/audiences/{id}/delete", never, never, always, always, never, never},
	{"GET /hr/campaigns", never, never, always, always, never, never},
	{"GET /hr/campaigns/calendar", never, never, always, always, never, never},
	{"POST /hr/campaigns/dates", never, never, always, always, never, never},
	{"GET /hr/campaigns/new", never, never, always, always, never, never},
	{"POST /hr/campaigns/audience", never, never, always, always, never, never},
	{"GET /hr/campaigns/{id}", never, never, always, always, never, never},
	{"POST /hr/campaigns/{id}", never, never, always, always, never, never},
	{"GET /hr/campaigns/{id}/check", never, never, always, always, never, never},
	{"GET /hr/campaigns/{id}/figures", never, never, always, always, never, never},
	{"GET /hr/campaigns/{id}/forecast", never, never, always, always, never, never},
	{"GET /hr/campaigns/{id}/recipients/{person}", never, never, always, always, never, never},
	{"GET /hr/campaigns/{id}/recipients/{person}/{screen}", never, never, always, always, never, never},
	{"POST /hr/campaigns/{id}/launch", never, never, always, always, never, never},
	{"POST /hr/campaigns/{id}/pause", never, never, always, always, never, never},
	{"POST /hr/campaigns/{id}/resume", never, never, always, always, never, never},
	{"POST /hr/campaigns/{id}/cancel", never, never, always, always, never, never},
	{"GET /hr/results/named", never, never, always, always, never, never},
	{"GET /hr/import", never, never, always, always, never, never},
	{"GET /hr/units", never, never, always, always, never, never},
	{"GET /hr/units/{id}", never, never, always, always, never, never},
	{"POST /hr/units/{id}", never, never, always, always, never, never},
	{"GET /hr/units/new", never, never, always, always, never, never},
	{"POST /hr/units", never, never, always, always, never, never},
	{"GET /hr/units/merge/{id}", never, never, always, always, never, never},
	{"POST /hr/units/merge/{id}", never, never, always, always, never, never},
	{"GET /hr/units/import", never, never, always, always, never, never},
	{"POST /hr/units/import", never, never, always, always, never, never},
	{"GET /hr/units/import/{id}", never, never, always, always, never, never},
	{"POST /hr/units/import/{id}", never, never, always, always, never, never},
	{"GET /hr/units/import/{id}/problems.csv", never, never, always, always, never, never},
	{"GET /hr/import/{id}/problems.csv", never, never, always, always, never, never},
	{"GET /hr/import/{id}", never, never, always, always, never, never},
	{"GET /hr/moments", never, never, always, always, never, never},
	{"GET /hr/moments/{id}", never, never, always, always, never, never},
	{"GET /hr/people", never, never, always, always, never, never},
	{"GET /hr/people/{id}", never, never, always, always, never, never},
	{"GET /hr/people/{id}/why", never, never, always, always, never, never},
	{"GET /hr/people/{id}/erase", never, never, always, always, never, never},
	{"POST /hr/people/{id}/erase", never, never, always, always, never, never},
	{"GET /hr/results", never, never, always, always, never, never},
	{"GET /hr/results.csv", never, never, always, always, never, never},
	{"GET /live", never, always, always, always, never, never},
	{"GET /progress", always, always, always, always, always, always},
	{"GET /signin", always, always, always, always, always, always},
	{"GET /signin/company", always, always, always, always, always, always},
	{"GET /signin/company/return", always, always, always, always, always, always},
	{"GET /signin/link/{token}", always, always, always, always, always, always},
	{"GET /survey/{invitation}", never, oneself, oneself, never, never, never},
	{"GET /hr/catalogue", never, never, always, always, never, never},
	{"GET /hr/catalogue/{code}", never, never, always, always, never, never},
	{"GET /hr/catalogue/{code}/edit", never, never, always, always, never, never},
	{"POST /hr/catalogue/{code}/declare", never, never, always, always, never, never},
	{"POST /hr/catalogue/{code}/edit", never, never, always, always, never, never},
	{"POST /hr/moments/{id}/cancel", never, never, always, always, never, never},
	{"GET /team", never, reports, reports, never, never, never},
	{"GET /team/results", never, reports, reports, never, never, never},
	{"GET /team/moments", never, reports, reports, never, never, never},
	{"GET /team/moments/{code}", never, reports, reports, never, never, never},
	{"POST /team/moments/{code}", never, reports, reports, never, never, never},
	{"POST /team/cancel/{id}", never, reports, reports, never, never, never},
	{"GET /widget/v1/jalon-prompt.js", always, always, always, always, always, always},
	{"GET /widget/v1/prompts", never, oneself, oneself, never, never, never},
	{"POST /demo/clock", never, always, always, always, never, never},
	{"POST /hr/access", never, never, always, always, never, never},
	{"POST /hr/access/{id}", never, never, always, always, never, never},
	{"POST /hr/access/{id}/end", never, never, always, always, never, never},
	{"POST /hr/import", never, never, always, always, never, never},
	{"POST /hr/import/{id}", never, never, always, always, never, never},
	{"POST /hr/people", never, never, always, always, never, never},
	{"POST /language", always, always, always, always, always, always},
	{"POST /signin/demo", always, always, always, always, always, always},
	{"POST /signin/link/{token}", always, always, always, always, always, always},
	{"POST /signout/everywhere", never, always, always, always, never, never},
	{"POST /signout", never, always, always, always, never, never},
	{"POST /survey/{invitation}", never, oneself, oneself, never, never, never},
	{"POST /survey/{invitation}/draft", never, oneself, oneself, never, never, never},
	{"GET /preferences", never, oneself, oneself, never, never, never},
	{"POST /preferences", never, oneself, oneself, never, never, never},
	{"GET /why", never, oneself, oneself, never, never, never},
	{"/jalon.barometer.v1.CardsService/ListCardVoters", never, never, always, always, never, never},
	{"/jalon.barometer.v1.CardsService/MakeCards", never, never, always, always, never, never},
	{"/jalon.barometer.v1.CardsService/ConfirmCards", never, never, always, always, never, never},
	{"/jalon.barometer.v1.CardsService/GiveUpCards", never, never, always, always, never, never},
	{"/jalon.barometer.v1.CardsService/ListSheets", never, never, always, always, never, never},
	{"/jalon.barometer.v1.CardsService/GetKiosk", never, never, never, never, never, always},
	{"/jalon.barometer.v1.ResultsService/ListPublications", never, always, always, always, never, never},
	{"/jalon.barometer.v1.ResultsService/GetResults", never, reports, always, always, never, never},
	{"/jalon.barometer.v1.CustomersService/ImportCustomers", never, never, always, always, always, never},
	{"/jalon.barometer.v1.CustomersService/ListWaves", never, never, always, always, never, never},
	{"/jalon.barometer.v1.CustomersService/RemoveWave", never, never, always, always, never, never},
	{"/jalon.barometer.v1.CustomersService/GetCustomers", never, reports, always, always, never, never},
	{"/jalon.barometer.v1.CustomersService/GetCrossing", never, reports, always, always, never, never},
	{"/jalon.barometer.v1.CustomersService/ListBenchmarks", never, always, always, always, never, never},
	{"/jalon.barometer.v1.CustomersService/SaveBenchmark", never, never, always, always, never, never},
	{"/jalon.barometer.v1.CustomersService/RemoveBenchmark", never, never, always, always, never, never},
	{"GET /barometer/results/customers", never, always, always, always, never, never},
	{"GET /hr/customers", never, never, always, always, never, never},
	{"POST /hr/customers", never, never, always, always, never, never},
	{"GET /hr/customers/{id}", never, never, always, always, never, never},
	{"POST /hr/customers/{id}", never, never, always, always, never, never},
	{"GET /hr/customers/{id}/problems.csv", never, never, always, always, never, never},
	{"POST /hr/customers/remove", never, never, always, always, never, never},
	{"GET /hr/benchmarks", never, never, always, always, never, never},
	{"POST /hr/benchmarks", never, never, always, always, never, never},
	{"POST /hr/benchmarks/{id}", never, never, always, always, never, never},
	{"POST /hr/benchmarks/{id}/remove", never, never, always, always, never, never},
	{"GET /barometer/results", never, always, always, always, never, never},
	{"GET /barometer/results.csv", never, always, always, always, never, never},
	{"GET /barometer/trust", never, always, always, always, never, never},
	{"GET /barometer/results.xlsx", never, always, always, always, never, never},
	{"GET /barometer", never, always, always, never, never, never},
	{"POST /barometer/token", never, oneself, oneself, never, never, never},
	{"GET /kiosk", always, always, always, always, always, always},
	{"POST /widget/v1/session", always, always, always, always, always, always},
	{"GET /talks", never, oneself, oneself, never, never, never},
	{"POST /talks/days-off", never, oneself, oneself, never, never, never},
	{"POST /talks/feed", never, oneself, oneself, never, never, never},
	{"GET /talks/export", never, oneself, oneself, never, never, never},
	{"GET /talks/about", never, always, always, always, never, never},
	{"GET /talks/guides/{kind}", never, always, always, always, never, never},
	{"GET /talks/{id}", never, own, own, never, never, never},
	{"POST /talks/{id}/date", never, own, own, never, never, never},
	{"POST /talks/{id}/proposal", never, own, own, never, never, never},
	{"POST /talks/{id}/preparation", never, own, own, never, never, never},
	{"POST /talks/{id}/share", never, own, own, never, never, never},
	{"POST /talks/{id}/notes", never, own, own, never, never, never},
	{"POST /talks/{id}/commitments", never, own, own, never, never, never},
	{"POST /talks/{id}/commitments/{commitment}", never, own, own, never, never, never},
	{"POST /talks/{id}/held", never, own, own, never, never, never},
	{"POST /talks/{id}/answer", never, own, own, never, never, never},
	{"POST /talks/{id}/cancel", never, reports, reports, never, never, never},
	{"GET /calendar/{secret}", always, always, always, always, always, always},
	{"GET /team/start", never, reports, reports, never, never, never},
	{"POST /team/start", never, reports, reports, never, never, never},
	{"GET /hr/rhythm", never, never, always, always, never, never},
	{"POST /hr/rhythm", never, never, always, always, never, never},
}

func TestEveryRouteAllowsWhatIsWrittenHereAndNothingElse(t *testing.T) {
	written := map[string]bool{}
	for _, row := range golden {
		written[row.route] = true
		expected := []string{row.nobody, row.employee, row.hr, row.guestHR, row.operator, row.svc}
		for i, a := range actors {
			var cell strings.Builder
			for _, s := range subjects {
				switch err := Allow(a.actor, row.route, s.subject); {
				case err == nil:
					cell.WriteString(s.letter)
				case a.actor.Anonymous():
					require.ErrorIs(t, err, ErrSignInFirst)
					cell.WriteString("-")
				default:
					require.ErrorIs(t, err, ErrDenied)
					cell.WriteString("-")
				}
			}
			require.Equal(t, expected[i], cell.String(), "%s as %s", row.route, a.name)
		}
	}
	for _, route := range Routes() {
		require.True(t, written[route], "%s is in the table and not in this test", route)
	}
}

func TestTheEarlyRefusalNeverRefusesWhatWouldBeAllowed(t *testing.T) {
	for _, route := range Routes() {
		for _, a := range actors {
			allowed := false
			for _, s := range subjects {
				allowed = allowed || Allow(a.actor, route, s.subject) == nil
			}
			// Whoever has a person id may turn out to manage somebody or to be the subject; all other grants are certain.
			require.Equal(t, allowed, AllowRole(a.actor, route) == nil, "%s as %s", route, a.name)
		}
	}
}

func TestEveryProcedureOfTheContractsIsInTheTableAndNoOther(t *testing.T) {
	inContracts := map[string]bool{}
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(file.Package()), "jalon.") {
			return true
		}
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				procedure := "/" + string(service.FullName()) + "/" + string(service.Methods().Get(j).Name())
				inContracts[procedure] = true
				require.Contains(t, table, procedure, "a procedure that the table does not know")
			}
		}
		return true
	})
	require.NotEmpty(t, inContracts)
	for _, route := range Routes() {
		if strings.HasPrefix(route, "/") {
			require.True(t, inContracts[route], "%s is in no contract any more", route)
		}
	}
}

func TestARouteThatIsNotInTheTableIsRefusedToEverybody(t *testing.T) {
	for _, a := range actors {
		require.Error(t, Allow(a.actor, "GET /nowhere", Subject{}), a.name)
		require.Error(t, AllowRole(a.actor, "GET /nowhere"), a.name)
	}
}

func TestNobodyIsNotTheSubjectThatHasNoName(t *testing.T) {
	guest := Actor{Roles: []Role{HR}}
	require.Error(t, Allow(guest, "GET /survey/{invitation}", Subject{}))
	require.Error(t, Allow(guest, "GET /team", Subject{}))
}

func TestRelationsCannotBeClaimedAsRoles(t *testing.T) {
	claimed := Actor{Roles: []Role{Manager, Public}}
	require.Error(t, Allow(claimed, "GET /team", Subject{ManagerID: ada}))
	require.Error(t, Allow(claimed, "/jalon.interviews.v1.InterviewsService/ListTalks", Subject{PersonID: bob, ManagerID: ada}))
}
