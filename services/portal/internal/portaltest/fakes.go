package portaltest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/identity"
	"jalon.dev/pkg/rpc"
	"jalon.dev/pkg/telemetry"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/proto/gen/jalon/barometer/v1/barometerv1connect"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/proto/gen/jalon/directory/v1/directoryv1connect"
	interviewsv1 "jalon.dev/proto/gen/jalon/interviews/v1"
	"jalon.dev/proto/gen/jalon/interviews/v1/interviewsv1connect"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/proto/gen/jalon/moments/v1/momentsv1connect"
	notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"
	"jalon.dev/proto/gen/jalon/notifications/v1/notificationsv1connect"
)

// Fakes are the other services: the sample, and what a test changes of it through Set.
type Fakes struct {
	mu sync.Mutex
	State
}

// State is what the fakes answer with.
type State struct {
	Empty    bool
	Prompts  []*notificationsv1.Prompt
	Survey   *momentsv1.GetSurveyResponse
	Stored   []*momentsv1.SubmitResponseRequest
	Drafts   []*momentsv1.SaveDraftRequest
	Imported []*directoryv1.ImportPeopleRequest
	TooFew   bool
	// Erased are people's ids.
	Erased []string
	// Units are the organisation as it is now, UnknownCalendars the holidays in it that nobody configured.
	Units            []*directoryv1.Unit
	UnknownCalendars []string
	// MoreReports report to whoever is looked at, beyond those that are listed.
	MoreReports int32
	Messages    []*notificationsv1.Message
	// Preferences are what was chosen last; nil for nothing.
	Preferences *notificationsv1.Preferences
	// Declared, Cancelled and Changed are what was asked of the catalogue and its moments.
	Declared  []*momentsv1.DeclareMomentRequest
	Cancelled []*momentsv1.CancelMomentRequest
	Changed   []*momentsv1.UpdateKeyMomentRequest
	// Questionnaires are HR's and Jalon's, by code; Broken keeps them from being saved.
	Questionnaires map[string]*momentsv1.Questionnaire
	Broken         bool
	// Opens is whether the company counts how often mails are displayed; Loads and MachineLoads are what was counted, by piece.
	Opens               bool
	Loads, MachineLoads map[string]int64
	// Spared says that the reader reacts to nothing, and is asked less.
	Spared bool
	// NoMail says that e-mail was unsubscribed from.
	NoMail bool
	// Campaigns are what HR sends.
	Campaigns Campaigns
	// Outgoing is what other systems are told.
	Outgoing Outgoing
	// Audiences are those that HR keeps, by id.
	Audiences map[string]*momentsv1.SavedAudience
	// Guests are people without an account.
	Guests Guests
	// Rhythm is HR's board of talks.
	Rhythm Rhythm
	// Talks are those of the two people.
	Talks Talks
	// Ballots is what there is to vote in.
	Ballots Ballots
	// VoteCards are printed.
	VoteCards VoteCards
	// Published is what the barometer published.
	Published Published
	// Customers is what is known of the customer panel.
	Customers Customers
}

// NewFakes returns the sample company.
func NewFakes() *Fakes {
	return &Fakes{State: State{Prompts: []*notificationsv1.Prompt{Prompt()}, Survey: survey(), Messages: messages(), Questionnaires: questionnaires(), Audiences: audiences(), Outgoing: sampleOutgoing(), Opens: true, Campaigns: campaigns(), Units: units(), Rhythm: rhythm(), Guests: Guests{Survey: survey()}, Talks: sampleTalks(), Ballots: Ballots{State: barometerv1.GetBallotPaperResponse_STATE_OPEN}}}
}

// Set changes what the fakes answer.
func (f *Fakes) Set(change func(*State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.State)
}

// Now returns what they answer with.
func (f *Fakes) Now() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.State
}

func (f *Fakes) serve(t *testing.T, network *rpc.InProcess, signer *identity.Signer, tel *telemetry.Telemetry, box *Box) {
	t.Helper()
	mount := func(name string, build func(...connect.HandlerOption) (string, http.Handler)) {
		options, err := rpc.Interceptors(name, signer, zap.NewNop(), tel)
		require.NoError(t, err)
		_, handler := build(options...)
		network.Handle(name, handler)
	}
	mount("directory", func(o ...connect.HandlerOption) (string, http.Handler) {
		return directoryv1connect.NewDirectoryServiceHandler(directory{Fakes: f}, o...)
	})
	mount("moments", func(o ...connect.HandlerOption) (string, http.Handler) {
		return f.serveMoments(o...)
	})
	mount("notifications", func(o ...connect.HandlerOption) (string, http.Handler) {
		return f.serveNotifications(o...)
	})
	mount("interviews", func(o ...connect.HandlerOption) (string, http.Handler) {
		return f.serveInterviews(o...)
	})
	mount("barometer", func(o ...connect.HandlerOption) (string, http.Handler) {
		path, procedures := barometerv1connect.NewBarometerServiceHandler(barometer{Fakes: f}, o...)
		mux := http.NewServeMux()
		mux.Handle(path, procedures)
		mux.Handle(barometerv1connect.NewResultsServiceHandler(published{Fakes: f}, o...))
		mux.Handle(barometerv1connect.NewCustomersServiceHandler(panel{Fakes: f}, o...))
		f.serveCards(mux, o...)
		mux.Handle(rpc.BallotsPath, box)
		return path, mux
	})
}

type directory struct {
	directoryv1connect.UnimplementedDirectoryServiceHandler
	*Fakes
}

func (d directory) Snapshot(context.Context, *directoryv1.SnapshotRequest) (*directoryv1.SnapshotResponse, error) {
	return &directoryv1.SnapshotResponse{People: employees(), Units: units()}, nil
}

func (d directory) FindPerson(_ context.Context, req *directoryv1.FindPersonRequest) (*directoryv1.FindPersonResponse, error) {
	for _, card := range Cards {
		if card.GetNumber() == req.GetNumber() {
			return &directoryv1.FindPersonResponse{Person: card}, nil
		}
	}
	return nil, connect.NewError(connect.CodeNotFound, errors.New("no such employee number"))
}

func (d directory) BatchGetPeople(_ context.Context, req *directoryv1.BatchGetPeopleRequest) (*directoryv1.BatchGetPeopleResponse, error) {
	answer := &directoryv1.BatchGetPeopleResponse{}
	for _, card := range Cards {
		for _, id := range req.GetIds() {
			if card.GetId() == id && !d.erased(id) {
				answer.People = append(answer.People, card)
			}
		}
	}
	return answer, nil
}

func (d directory) ListPeople(_ context.Context, req *directoryv1.ListPeopleRequest) (*directoryv1.ListPeopleResponse, error) {
	answer := &directoryv1.ListPeopleResponse{}
	for _, card := range Cards {
		name := strings.ToLower(card.GetGivenName() + " " + card.GetFamilyName())
		if !d.Now().Empty && (req.GetManagerId() == "" || card.GetManagerId() == req.GetManagerId()) && (strings.Contains(name, strings.ToLower(req.GetQuery())) || strings.EqualFold(card.GetEmail(), req.GetQuery())) {
			answer.People = append(answer.People, card)
		}
	}
	answer.TotalSize = int32(len(answer.GetPeople()))
	return answer, nil
}

func (d directory) ListImports(_ context.Context, req *directoryv1.ListImportsRequest) (*directoryv1.ListImportsResponse, error) {
	if d.Now().Empty {
		return &directoryv1.ListImportsResponse{}, nil
	}
	done := report()
	if req.GetUnits() {
		done = unitsReport(nil)
	}
	done.Outcome = directoryv1.ImportReport_OUTCOME_APPLIED
	return &directoryv1.ListImportsResponse{Imports: []*directoryv1.ImportReport{done}}, nil
}

func (d directory) ImportPeople(_ context.Context, req *directoryv1.ImportPeopleRequest) (*directoryv1.ImportPeopleResponse, error) {
	d.Set(func(s *State) { s.Imported = append(s.Imported, req) })
	answer := report()
	answer.FileName = req.GetFileName()
	if bytes.HasPrefix(req.GetFile(), []byte("clean")) {
		answer.Rejected, answer.Warnings, answer.Problems = 0, 0, nil
	}
	guarded(answer, req)
	switch {
	case req.GetDryRun():
		answer.Outcome = directoryv1.ImportReport_OUTCOME_DRY_RUN
	case answer.GetRefusal() != nil:
		answer.Outcome = directoryv1.ImportReport_OUTCOME_REFUSED
	case answer.GetRejected() > 0 && !req.GetSkipRejected():
		answer.Outcome = directoryv1.ImportReport_OUTCOME_REFUSED
	default:
		answer.Outcome = directoryv1.ImportReport_OUTCOME_APPLIED
	}
	return &directoryv1.ImportPeopleResponse{Report: answer}, nil
}

func report() *directoryv1.ImportReport {
	problem := func(severity directoryv1.ImportProblem_Severity, line int32, column, code, value, expected string) *directoryv1.ImportProblem {
		return &directoryv1.ImportProblem{Severity: severity, Line: line, Column: column, Code: code, Value: value, Expected: expected, Reason: "In English."}
	}
	const rejected, warning = directoryv1.ImportProblem_SEVERITY_REJECTED, directoryv1.ImportProblem_SEVERITY_WARNING
	return &directoryv1.ImportReport{
		ImportId: "import-1", FileName: "hris-2026-11.csv", AsOf: "2026-11-02", ImportedAt: "2026-11-02T08:12:00Z",
		Added: 41, Changed: 7, Moved: 12, Ended: 30, Unchanged: 1169, Rejected: 3, Warnings: 2, Absent: 4,
		Problems: []*directoryv1.ImportProblem{
			problem(warning, 9, "E-mail professionnel", "email_malformed", "lea.moreau(at)exemple", ""),
			problem(rejected, 4, "Matricule", "number_seen", "001003", "2"),
			problem(rejected, 5, "Date d'entrée", "date_impossible", "31/02/2026", "a date"),
			problem(rejected, 17, "Nom", "a_code_of_tomorrow", "=HYPERLINK(\"http://x\")\n<b>gras</b>", "a name"),
			problem(warning, 22, "Matricule du manager", "manager_unknown", "009999", ""),
		},
		Reading: &directoryv1.FileReading{
			Encoding: "Windows-1252", Delimiter: ";", DateOrder: "day_first",
			Columns: []*directoryv1.ColumnReading{
				{Header: "Matricule", Field: "number", Example: "001001"},
				{Header: "Nom", Field: "family_name", Example: "<i>PICARD</i>"},
				{Header: "Date d'entrée", Field: "hired_on", Example: "16/11/2015"},
				{Header: "N° de casier", Example: "12"},
			},
		},
	}
}

type momentsFake struct {
	momentsv1connect.UnimplementedMomentsServiceHandler
	*Fakes
}

func (m momentsFake) ListKeyMoments(context.Context, *momentsv1.ListKeyMomentsRequest) (*momentsv1.ListKeyMomentsResponse, error) {
	return &momentsv1.ListKeyMomentsResponse{KeyMoments: keyMoments()}, nil
}

func (m momentsFake) ListMoments(_ context.Context, req *momentsv1.ListMomentsRequest) (*momentsv1.ListMomentsResponse, error) {
	answer := &momentsv1.ListMomentsResponse{}
	for _, moment := range moments() {
		if m.Now().Empty || req.GetPersonId() != "" && req.GetPersonId() != moment.GetPersonId() ||
			req.GetKeyMoment() != "" && req.GetKeyMoment() != moment.GetKeyMoment() {
			continue
		}
		answer.Moments = append(answer.Moments, moment)
	}
	answer.TotalSize = int32(len(answer.GetMoments()))
	return answer, nil
}

func (m momentsFake) GetMoment(_ context.Context, req *momentsv1.GetMomentRequest) (*momentsv1.GetMomentResponse, error) {
	for _, moment := range moments() {
		if moment.GetId() == req.GetMomentId() {
			return &momentsv1.GetMomentResponse{Moment: moment}, nil
		}
	}
	return nil, connect.NewError(connect.CodeNotFound, errors.New("no such moment"))
}

func (m momentsFake) GetSurvey(ctx context.Context, req *momentsv1.GetSurveyRequest) (*momentsv1.GetSurveyResponse, error) {
	actor, _ := identity.FromContext(ctx)
	if req.GetInvitationId() != Invitation || actor.PersonID != Lea {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such invitation"))
	}
	return m.Now().Survey, nil
}

func (m momentsFake) SaveDraft(_ context.Context, req *momentsv1.SaveDraftRequest) (*momentsv1.SaveDraftResponse, error) {
	m.Set(func(s *State) {
		s.Drafts = append(s.Drafts, req)
		kept := proto.CloneOf(s.Survey)
		kept.Draft = req.GetAnswers()
		s.Survey = kept
	})
	return &momentsv1.SaveDraftResponse{}, nil
}

func (m momentsFake) SubmitResponse(_ context.Context, req *momentsv1.SubmitResponseRequest) (*momentsv1.SubmitResponseResponse, error) {
	if err := accept(m.Now().Survey.GetQuestions(), req.GetAnswers()); err != nil {
		return nil, err
	}
	already := false
	m.Set(func(s *State) {
		already = len(s.Stored) > 0
		if !already {
			s.Stored = append(s.Stored, req)
			s.Survey = survey()
			s.Survey.State = momentsv1.GetSurveyResponse_STATE_ANSWERED
		}
	})
	return &momentsv1.SubmitResponseResponse{AlreadyAnswered: already}, nil
}

func (m momentsFake) GetResults(context.Context, *momentsv1.GetResultsRequest) (*momentsv1.GetResultsResponse, error) {
	if now := m.Now(); now.TooFew || now.Empty {
		return &momentsv1.GetResultsResponse{TooFew: true, Threshold: 5}, nil
	}
	return results(), nil
}

type notifications struct {
	notificationsv1connect.UnimplementedNotificationsServiceHandler
	*Fakes
}

func (n notifications) ListPrompts(_ context.Context, req *notificationsv1.ListPromptsRequest) (*notificationsv1.ListPromptsResponse, error) {
	answer := &notificationsv1.ListPromptsResponse{}
	for _, prompt := range n.Now().Prompts {
		if prompt.GetPersonId() == req.GetPersonId() {
			answer.Prompts = append(answer.Prompts, prompt)
		}
	}
	return answer, nil
}

func (n notifications) ExplainMessages(context.Context, *notificationsv1.ExplainMessagesRequest) (*notificationsv1.ExplainMessagesResponse, error) {
	if n.Now().Empty {
		return &notificationsv1.ExplainMessagesResponse{}, nil
	}
	answer := &notificationsv1.ExplainMessagesResponse{Messages: n.Now().Messages, Company: companyHours(), Limits: limits()}
	if n.Now().Spared {
		answer.Spared = []*notificationsv1.PressureLimit{{Messages: 2, Days: 30}}
	}
	return answer, nil
}

// MailToken is what the unsubscribe link of the sample carries.
const MailToken = "the-token-of-a-mail"

func (n notifications) GetMailChoice(_ context.Context, req *notificationsv1.GetMailChoiceRequest) (*notificationsv1.GetMailChoiceResponse, error) {
	if req.GetToken() != MailToken {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such link"))
	}
	return &notificationsv1.GetMailChoiceResponse{Wanted: !n.Now().NoMail}, nil
}

func (n notifications) CountMails(context.Context, *notificationsv1.CountMailsRequest) (*notificationsv1.CountMailsResponse, error) {
	if n.Now().Empty {
		return &notificationsv1.CountMailsResponse{}, nil
	}
	return &notificationsv1.CountMailsResponse{Enabled: true, Sent: 1204, Bounced: 3, Unknown: 1}, nil
}

func (n notifications) SetMailChoice(_ context.Context, req *notificationsv1.SetMailChoiceRequest) (*notificationsv1.SetMailChoiceResponse, error) {
	if req.GetToken() != MailToken {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such link"))
	}
	n.Set(func(s *State) { s.NoMail = !req.GetWanted() })
	return &notificationsv1.SetMailChoiceResponse{}, nil
}

type interviews struct {
	interviewsv1connect.UnimplementedInterviewsServiceHandler
	*Fakes
}

func (i interviews) GetNextTalk(_ context.Context, req *interviewsv1.GetNextTalkRequest) (*interviewsv1.GetNextTalkResponse, error) {
	for _, talk := range talks() {
		if !i.Now().Empty && talk.GetEmployeeId() == req.GetEmployeeId() {
			return &interviewsv1.GetNextTalkResponse{Talk: talk}, nil
		}
	}
	return &interviewsv1.GetNextTalkResponse{}, nil
}

func (i interviews) ListTalks(context.Context, *interviewsv1.ListTalksRequest) (*interviewsv1.ListTalksResponse, error) {
	if i.Now().Empty {
		return &interviewsv1.ListTalksResponse{}, nil
	}
	return &interviewsv1.ListTalksResponse{Talks: talks()}, nil
}

type barometer struct {
	barometerv1connect.UnimplementedBarometerServiceHandler
	*Fakes
}

func (b barometer) ListCells(context.Context, *barometerv1.ListCellsRequest) (*barometerv1.ListCellsResponse, error) {
	if b.Now().Empty {
		return &barometerv1.ListCellsResponse{TooFew: true, Minimum: 10}, nil
	}
	return cells(), nil
}

// accept refuses what moments would: a required question without an answer, a point off the scale.
func accept(questions []*momentsv1.Question, answers []*momentsv1.Answer) error {
	given := map[string]*momentsv1.Answer{}
	for _, a := range answers {
		given[a.GetQuestionId()] = a
	}
	for _, q := range questions {
		a := given[q.GetId()]
		if (q.GetRequired() && q.GetShowIf() == nil && a == nil) || (a != nil && q.GetPoints() > 0 && a.GetNumber() > q.GetPoints()) {
			return rpc.InvalidField(q.GetId(), "is not an answer")
		}
	}
	return nil
}
