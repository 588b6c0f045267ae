package web

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const campaignBase = "/hr/campaigns/"

// hrCampaigns lists campaigns.
func (s *Site) hrCampaigns(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	all, err := s.Peers.Campaigns().ListCampaigns(r.Context(), &momentsv1.ListCampaignsRequest{})
	if err != nil {
		return err
	}
	var rows []page.CampaignRow
	for _, c := range all.GetCampaigns() {
		if listedApart(c) {
			rows = append(rows, campaignRow(words, c))
		}
	}
	return s.show(w, r, page.Campaigns(rows))
}

// hrCampaignNew is the form of a campaign that is not kept yet. Its id is chosen before the form is sent, so that sending it twice
// begins one campaign.
func (s *Site) hrCampaignNew(w http.ResponseWriter, r *http.Request) error {
	choices, err := s.Peers.Campaigns().GetAudienceChoices(r.Context(), &momentsv1.GetAudienceChoicesRequest{})
	if err != nil {
		return err
	}
	draft := &momentsv1.CampaignDraft{
		Kind: momentsv1.CampaignDraft_KIND_SURVEY, On: choices.GetOn(), At: choices.GetAt(), Until: choices.GetUntil(),
	}
	if picked := r.FormValue("audience"); picked != "" { // the page of an audience leads here
		if err := s.pickAudience(r.Context(), picked, draft); err != nil {
			return err
		}
	}
	return s.showCampaignForm(w, r, http.StatusOK, campaignPage{campaign: &momentsv1.Campaign{Id: uuid.NewString(), Draft: draft}})
}

// hrCampaign is a draft to write, or a campaign to watch.
func (s *Site) hrCampaign(w http.ResponseWriter, r *http.Request) error {
	found, err := s.campaign(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	if campaignEditable(found.GetCampaign()) && (query.Has("edit") || beingWritten(found.GetCampaign())) {
		as := campaignPage{campaign: found.GetCampaign(), saved: query.Has("saved")}
		if query.Has("checked") {
			as.problems = found.GetProblems()
		}
		return s.showCampaignForm(w, r, http.StatusOK, as)
	}
	return s.showCampaign(w, r, http.StatusOK, found, "")
}

func (s *Site) campaign(r *http.Request) (*momentsv1.GetCampaignResponse, error) {
	return s.Peers.Campaigns().GetCampaign(r.Context(), &momentsv1.GetCampaignRequest{Id: r.PathValue("id")})
}

func (s *Site) showCampaign(w http.ResponseWriter, r *http.Request, status int, found *momentsv1.GetCampaignResponse, trouble string) error {
	words := visitorOf(r).frame().Words
	view := campaignView(words, found)
	view.Trouble = trouble
	what, err := s.campaignTitle(r.Context(), words, found.GetCampaign().GetDraft())
	if err != nil {
		return err
	}
	view.About = cmp.Or(what, words.T("campaign_sends."+campaignKindCode(found.GetCampaign().GetDraft())))
	audience, err := s.audienceWords(r.Context(), words, found.GetCampaign().GetDraft().GetAudience())
	if err != nil {
		return err
	}
	view.Audience = audience
	if err := s.addSeries(r.Context(), words, found.GetCampaign(), &view); err != nil {
		return err
	}
	if view.Announced, err = s.campaignAnnounced(r.Context(), words, found.GetCampaign()); err != nil {
		return err
	}
	if view.Opens, err = s.campaignOpens(r, words, found.GetCampaign()); err != nil {
		return err
	}
	return s.draw(w, r, status, page.Campaign(view))
}

// hrCampaignFigures is the part of the page that moves. It names nobody.
func (s *Site) hrCampaignFigures(w http.ResponseWriter, r *http.Request) error {
	found, err := s.campaign(r)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	frame := visitorOf(r).frame()
	if err := page.CampaignFigures(campaignView(frame.Words, found)).Render(page.WithFrame(r.Context(), frame), &out); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}

// hrCampaignCheck is a campaign as it will be sent: to how many, some of them, and what they will see.
func (s *Site) hrCampaignCheck(w http.ResponseWriter, r *http.Request) error {
	return s.showCampaignCheck(w, r, http.StatusOK, "")
}

func (s *Site) showCampaignCheck(w http.ResponseWriter, r *http.Request, status int, trouble string) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	found, err := s.campaign(r)
	if err != nil {
		return err
	}
	c := found.GetCampaign()
	if c.GetState() != momentsv1.Campaign_STATE_CHECKED {
		http.Redirect(w, r, campaignBase+c.GetId(), http.StatusSeeOther)
		return nil
	}
	count, err := s.Peers.Campaigns().CountAudience(ctx, &momentsv1.CountAudienceRequest{
		Audience: c.GetDraft().GetAudience(),
	})
	if err != nil {
		return err
	}
	kind := campaignKindCode(c.GetDraft())
	view := page.CampaignCheck{
		ID: c.GetId(), Version: strconv.FormatInt(c.GetVersion(), 10), Name: campaignName(words, c), When: campaignWhen(words, c),
		Until: words.Date(c.GetDraft().GetUntil()), Trouble: trouble,
		Count: audienceCount(count.GetCount(), "", words.Instant(count.GetAsOf())),
		Title: cmp.Or(subjectOfA(words, c.GetDraft()), words.T("prompt_title.campaign."+kind)), Why: words.T("prompt_why.campaign"),
		Test: testPlan(words, c.GetDraft(), int(count.GetPeople())),
	}
	behind := campaignBehind(c, s.now())
	if behind {
		view.When = words.T("campaign.when_behind", "When", view.When)
	}
	if warning := c.GetHourWarning(); warning != "" && !behind {
		view.Warning = words.Or("campaign_hour."+warning, "")
	}
	if c.GetDraft().GetRecurrence() != nil {
		if view.Dates, err = s.campaignDates(ctx, words, c.GetDraft()); err != nil {
			return err
		}
		view.Until, view.Warning = answerDays(words, c.GetDraft()), ""
	}
	if view.Count.Audience, err = s.audienceWords(ctx, words, c.GetDraft().GetAudience()); err != nil {
		return err
	}
	announced, err := s.campaignAnnounced(ctx, words, c)
	if err != nil {
		return err
	}
	for _, row := range announced {
		view.Channels = append(view.Channels, row.Channel)
	}
	view.EachTheirDay = c.GetDraft().GetRecurrence().GetPerPerson() != nil
	if view.Recipients, err = s.campaignRecipients(ctx, words, c.GetId(), ""); err != nil {
		return err
	}
	if c.GetDraft().GetKind() == momentsv1.CampaignDraft_KIND_MESSAGE {
		for _, lang := range []string{"fr", "en"} {
			in := s.Words.Words(lang, words.Zone())
			view.Messages = append(view.Messages, page.CampaignMessage{
				Lang: lang, Language: words.T("language." + lang), Title: wordingIn(in, c.GetDraft().GetTitle()), Text: wordingIn(in, c.GetDraft().GetText()),
			})
		}
	} else if code, number, ok := questionnaireVersionOf(c.GetDraft().GetQuestionnaireId()); ok {
		view.Preview = questionnaireBase + code + "/preview?campaign&number=" + number + "&lang=" + words.Lang
	}
	w.Header().Set("Content-Security-Policy", s.contentPolicy()+"; frame-src 'self'")
	return s.draw(w, r, status, page.CampaignPreview(view))
}

// hrCampaignLaunch sends what was looked at: the version that the page showed, and no other.
func (s *Site) hrCampaignLaunch(w http.ResponseWriter, r *http.Request) error {
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no version meets a conflict
	_, err := s.Peers.Campaigns().TakeCampaignStep(r.Context(), &momentsv1.TakeCampaignStepRequest{
		Id: r.PathValue("id"), Version: max(version, 1), Step: momentsv1.TakeCampaignStepRequest_STEP_LAUNCH,
	})
	switch {
	case err == nil, rpc.Is(err, connect.CodeFailedPrecondition): // the button was pressed twice, or somebody edited it: its page says so
		http.Redirect(w, r, campaignBase+r.PathValue("id"), http.StatusSeeOther)
		return nil
	case rpc.Is(err, connect.CodeAborted):
		return s.showCampaignCheck(w, r, http.StatusConflict, visitorOf(r).frame().Words.T("campaign.conflict"))
	case rpc.Is(err, connect.CodeInvalidArgument): // it was complete when it was checked, and time has passed
		http.Redirect(w, r, campaignBase+r.PathValue("id")+"?checked", http.StatusSeeOther)
		return nil
	}
	return err
}

// hrCampaignStep pauses, resumes or cancels a campaign as it stands now. Where that does not lead on, because it was done before or
// the campaign ended meanwhile, its page says where it stands. A draft is dropped only as it was seen: whoever looks at it need not know
// that it was launched since.
func (s *Site) hrCampaignStep(step momentsv1.TakeCampaignStepRequest_Step) serve {
	return func(w http.ResponseWriter, r *http.Request) error {
		for range stepAttempts {
			found, err := s.campaign(r)
			if err != nil {
				return err
			}
			if shown := r.PostFormValue("version"); shown != "" && shown != strconv.FormatInt(found.GetCampaign().GetVersion(), 10) {
				return s.showMoved(w, r, found)
			}
			_, err = s.Peers.Campaigns().TakeCampaignStep(r.Context(), &momentsv1.TakeCampaignStepRequest{
				Id: r.PathValue("id"), Version: found.GetCampaign().GetVersion(), Step: step,
			})
			switch {
			case err == nil, rpc.Is(err, connect.CodeFailedPrecondition):
				http.Redirect(w, r, campaignBase+r.PathValue("id"), http.StatusSeeOther)
				return nil
			case !rpc.Is(err, connect.CodeAborted): // it took a step by itself between the two calls
				return err
			}
		}
		found, err := s.campaign(r)
		if err != nil {
			return err
		}
		return s.showMoved(w, r, found)
	}
}

// retried tries what may meet a campaign that takes a step by itself.
func retried(try func() error) (err error) {
	for range stepAttempts {
		if err = try(); !rpc.Is(err, connect.CodeAborted) {
			return err
		}
	}
	return err
}

// hrCampaignRename gives a campaign that was launched another name. It is HR's own: what people see, and what their answers mean, stays.
func (s *Site) hrCampaignRename(w http.ResponseWriter, r *http.Request) error {
	var found *momentsv1.GetCampaignResponse
	err := retried(func() (err error) {
		if found, err = s.campaign(r); err != nil || campaignEditable(found.GetCampaign()) { // which is done in its form
			return err
		}
		draft := proto.CloneOf(found.GetCampaign().GetDraft())
		draft.Name = strings.TrimSpace(r.PostFormValue("name"))
		_, err = s.Peers.Campaigns().SaveCampaign(r.Context(), &momentsv1.SaveCampaignRequest{
			Id: r.PathValue("id"), Version: found.GetCampaign().GetVersion(), Draft: draft,
		})
		return err
	})
	if rpc.Is(err, connect.CodeInvalidArgument) {
		words := visitorOf(r).frame().Words
		for _, v := range rpc.Violations(err) {
			trouble := campaignWrong(words, []*momentsv1.CampaignProblem{{Field: v.Field, Code: v.Description}})[v.Field]
			return s.showCampaign(w, r, http.StatusUnprocessableEntity, found, words.T("campaign.rename_wrong", "Why", trouble))
		}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, campaignBase+r.PathValue("id"), http.StatusSeeOther)
	return nil
}

// showMoved shows a campaign that is not any more what somebody saw when they pressed a button: nothing was done.
func (s *Site) showMoved(w http.ResponseWriter, r *http.Request, found *momentsv1.GetCampaignResponse) error {
	trouble := visitorOf(r).frame().Words.T("campaign.conflict")
	if beingWritten(found.GetCampaign()) {
		return s.showCampaignForm(w, r, http.StatusConflict, campaignPage{campaign: found.GetCampaign(), trouble: trouble})
	}
	return s.showCampaign(w, r, http.StatusConflict, found, trouble)
}

// stepAttempts is how often a step is tried on a campaign that moves by itself.
const stepAttempts = 5

// campaignTitle is what a campaign asks or says, by its name for those who are asked.
func (s *Site) campaignTitle(ctx context.Context, words *i18n.Words, draft *momentsv1.CampaignDraft) (string, error) {
	if draft.GetKind() == momentsv1.CampaignDraft_KIND_MESSAGE {
		return wordingIn(words, draft.GetTitle()), nil
	}
	code, number, ok := questionnaireVersionOf(draft.GetQuestionnaireId())
	if !ok {
		return "", nil
	}
	n, _ := strconv.ParseInt(number, 10, 32)
	found, err := s.Peers.Moments().GetQuestionnaire(ctx, &momentsv1.GetQuestionnaireRequest{Code: code, Number: int32(n)})
	if rpc.Is(err, connect.CodeNotFound) {
		return code, nil
	}
	if err != nil {
		return "", err
	}
	return questionnaireTitle(words, found.GetQuestionnaire()), nil
}
