package portaltest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// Campaigns of the sample: one that was checked, one that runs, one that is being written.
const (
	CheckedCampaign = "0d000000-0000-4000-8000-000000000001"
	RunningCampaign = "0d000000-0000-4000-8000-000000000002"
	DraftCampaign   = "0d000000-0000-4000-8000-000000000003"
)

// Campaigns are HR's, by id, and how far those that were started have come.
type Campaigns struct {
	All      map[string]*momentsv1.Campaign
	Progress *momentsv1.CampaignProgress
	// Counted are the audiences that were counted.
	Counted []*momentsv1.Audience
	// LeftOut are the days of the sample's series that were left out.
	LeftOut []string
	// Steps are those that were taken.
	Steps []momentsv1.TakeCampaignStepRequest_Step
}

func campaigns() Campaigns {
	answered := int64(18)
	draft := func(name string) *momentsv1.CampaignDraft {
		return &momentsv1.CampaignDraft{
			Name: name, Kind: momentsv1.CampaignDraft_KIND_SURVEY, QuestionnaireId: Standard + ".v1", On: "2026-11-03", At: "10:00", Until: "2026-11-17",
			Audience: &momentsv1.Audience{UnitId: Nantes, JobTitles: []string{"Vendeur"}, MonthsFrom: 6, ManagerId: Karim},
		}
	}
	all := map[string]*momentsv1.Campaign{
		CheckedCampaign: {Id: CheckedCampaign, Version: 3, State: momentsv1.Campaign_STATE_CHECKED, Draft: draft("Pouls de <b>novembre</b>")},
		RunningCampaign: {
			Id: RunningCampaign, Version: 6, State: momentsv1.Campaign_STATE_RUNNING, Draft: draft("Rentrée des magasins"), StartedAt: "2026-11-03T09:00:00Z",
		},
		DraftCampaign: {Id: DraftCampaign, Version: 1, State: momentsv1.Campaign_STATE_DRAFT, Draft: &momentsv1.CampaignDraft{
			Kind: momentsv1.CampaignDraft_KIND_MESSAGE, Title: text("Nouvelle cantine", ""), Text: text("Bonjour {prénon}, elle ouvre lundi.", ""),
			Audience: &momentsv1.Audience{}, On: "2026-11-02", At: "09:00", Until: "2026-11-16",
		}},
	}
	addTests(all, draft)
	all[CheckedCampaign].Draft.On, all[CheckedCampaign].HourWarning = "2026-11-06", "friday_afternoon"
	all[CheckedCampaign].Draft.At = "15:00"
	for _, c := range series() {
		all[c.GetId()] = c
	}
	for _, c := range all {
		c.TimeZone, c.ChangedAt, c.ChangedBy = "Europe/Paris", "2026-11-02T08:00:00Z", Jeanne
	}
	return Campaigns{All: all, Progress: &momentsv1.CampaignProgress{
		Audience: 120, Invited: 60, Gone: 1, Delivered: 41, Answered: &answered, Waiting: 19, AsOf: "2026-11-03T09:00:04Z",
	}}
}

type campaignsFake struct{ *Fakes }

func (f campaignsFake) ListCampaigns(context.Context, *momentsv1.ListCampaignsRequest) (*momentsv1.ListCampaignsResponse, error) {
	res := &momentsv1.ListCampaignsResponse{}
	now := f.Now()
	if now.Empty {
		return res, nil
	}
	for _, c := range now.Campaigns.All {
		res.Campaigns = append(res.Campaigns, c)
	}
	slices.SortFunc(res.GetCampaigns(), func(a, b *momentsv1.Campaign) int { return int(b.GetVersion() - a.GetVersion()) })
	return res, nil
}

func (f campaignsFake) GetCampaign(_ context.Context, req *momentsv1.GetCampaignRequest) (*momentsv1.GetCampaignResponse, error) {
	now := f.Now()
	c := now.Campaigns.All[req.GetId()]
	if c == nil {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such campaign"))
	}
	res := &momentsv1.GetCampaignResponse{Campaign: c, Problems: campaignProblems(c)}
	if c.GetStartedAt() != "" && c.GetDraft().GetRecurrence() == nil {
		res.Progress = now.Campaigns.Progress
	}
	if c.GetDraft().GetTest() != nil {
		res.Progress = testedProgress(c)
	}
	return res, nil
}

func campaignProblems(c *momentsv1.Campaign) []*momentsv1.CampaignProblem {
	var problems []*momentsv1.CampaignProblem
	missing := func(field, value string) {
		if value == "" {
			problems = append(problems, &momentsv1.CampaignProblem{Field: field, Code: "missing"})
		}
	}
	d := c.GetDraft()
	missing("name", d.GetName())
	if days := d.GetRecurrence().GetAnswerDays(); days > 60 {
		problems = append(problems, &momentsv1.CampaignProblem{Field: "recurrence.answer_days", Code: "too_long"})
	}
	if d.GetKind() == momentsv1.CampaignDraft_KIND_SURVEY {
		missing("questionnaire_id", d.GetQuestionnaireId())
	} else {
		missing("title.en", d.GetTitle().GetEn())
		if strings.Contains(d.GetText().GetFr(), "{prénon}") {
			problems = append(problems, &momentsv1.CampaignProblem{Field: "text.fr", Code: "unknown_field", Detail: "{prénon}"})
		}
		missing("text.en", d.GetText().GetEn())
	}
	problems = append(problems, testProblems(d.GetTest())...)
	return problems
}

func (f campaignsFake) GetAudienceChoices(context.Context, *momentsv1.GetAudienceChoicesRequest) (*momentsv1.GetAudienceChoicesResponse, error) {
	return &momentsv1.GetAudienceChoicesResponse{
		JobTitles: []string{"Directeur de magasin", "Hôte de caisse", "Vendeur"}, Contracts: []string{"CDD", "CDI", "Intérim"}, Languages: []string{"en", "fr"},
		ManagerIds: []string{Jeanne, Karim}, On: "2026-11-03", At: "10:00", Until: "2026-11-17",
	}, nil
}

// CountAudience finds 1,234 people, and half of them in any narrower audience; nobody where it ends before it begins.
func (f campaignsFake) CountAudience(_ context.Context, req *momentsv1.CountAudienceRequest) (*momentsv1.CountAudienceResponse, error) {
	a := req.GetAudience()
	f.Set(func(s *State) { s.Campaigns.Counted = append(s.Campaigns.Counted, a) })
	if a.GetMonthsBelow() > 0 && a.GetMonthsBelow() <= a.GetMonthsFrom() {
		return nil, rpc.InvalidField("audience.months_below", "backwards")
	}
	res := &momentsv1.CountAudienceResponse{People: 1234, AsOf: "2026-11-02T09:30:00Z"}
	if a != nil && !proto.Equal(a, &momentsv1.Audience{}) {
		res.People = 617
	}
	if res.Count = reactionCount(a); res.GetCount() != nil {
		res.People = res.GetCount().GetPeople()
		return res, nil
	}
	res.Count = &momentsv1.AudienceCount{People: res.GetPeople()}
	if req.GetExamples() > 0 {
		res.ExampleIds = []string{Karim, Lea}
	}
	return res, nil
}

func (f campaignsFake) SaveCampaign(_ context.Context, req *momentsv1.SaveCampaignRequest) (*momentsv1.SaveCampaignResponse, error) {
	last := f.Now().Campaigns.All[req.GetId()]
	if last.GetVersion() != req.GetVersion() {
		return nil, connect.NewError(connect.CodeAborted, errors.New("changed meanwhile"))
	}
	c := &momentsv1.Campaign{
		Id: req.GetId(), Version: req.GetVersion() + 1, State: momentsv1.Campaign_STATE_DRAFT, Draft: req.GetDraft(), TimeZone: "Europe/Paris",
	}
	if last.GetStartedAt() != "" && last.GetDraft().GetRecurrence() == nil { // of which nothing but the name is another
		if req.GetDraft().GetName() == "" {
			return nil, rpc.InvalidField("name", "missing")
		}
		c = proto.CloneOf(last)
		c.Version, c.Draft.Name = req.GetVersion()+1, req.GetDraft().GetName()
	}
	f.keepCampaign(c)
	return &momentsv1.SaveCampaignResponse{Campaign: c, Problems: campaignProblems(c)}, nil
}

func (f campaignsFake) keepCampaign(c *momentsv1.Campaign) {
	f.Set(func(s *State) {
		all := map[string]*momentsv1.Campaign{}
		for id, other := range s.Campaigns.All {
			all[id] = other
		}
		all[c.GetId()] = c
		s.Campaigns.All = all
	})
}

func (f campaignsFake) TakeCampaignStep(_ context.Context, req *momentsv1.TakeCampaignStepRequest) (*momentsv1.TakeCampaignStepResponse, error) {
	last := f.Now().Campaigns.All[req.GetId()]
	if last.GetVersion() != req.GetVersion() {
		return nil, connect.NewError(connect.CodeAborted, errors.New("changed meanwhile"))
	}
	c := proto.CloneOf(last)
	c.Version++
	c.State = map[momentsv1.TakeCampaignStepRequest_Step]momentsv1.Campaign_State{
		momentsv1.TakeCampaignStepRequest_STEP_CHECK:  momentsv1.Campaign_STATE_CHECKED,
		momentsv1.TakeCampaignStepRequest_STEP_LAUNCH: momentsv1.Campaign_STATE_SCHEDULED,
		momentsv1.TakeCampaignStepRequest_STEP_PAUSE:  momentsv1.Campaign_STATE_PAUSED,
		momentsv1.TakeCampaignStepRequest_STEP_RESUME: momentsv1.Campaign_STATE_RUNNING,
		momentsv1.TakeCampaignStepRequest_STEP_CANCEL: momentsv1.Campaign_STATE_CANCELLED,
	}[req.GetStep()]
	f.keepCampaign(c)
	f.Set(func(s *State) { s.Campaigns.Steps = append(s.Campaigns.Steps, req.GetStep()) })
	return &momentsv1.TakeCampaignStepResponse{Campaign: c}, nil
}
