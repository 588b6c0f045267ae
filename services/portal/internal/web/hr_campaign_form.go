package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect"

	"jalon.dev/pkg/rpc"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// campaignPage is how the form of a campaign is shown.
type campaignPage struct {
	campaign *momentsv1.Campaign
	problems []*momentsv1.CampaignProblem
	trouble  string
	saved    bool
	// months are the numbers of months as they were written, which need not be any.
	months map[string]string
}

// hrCampaignWrite keeps what was written, and with "check" leads on to what will be sent.
func (s *Site) hrCampaignWrite(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	draft, months, problems := campaignEntered(r)
	entered := campaignPage{
		campaign: &momentsv1.Campaign{Id: r.PathValue("id"), Version: campaignVersion(r), Draft: draft}, problems: problems, months: months,
	}
	if len(problems) > 0 {
		return s.showCampaignForm(w, r, http.StatusUnprocessableEntity, entered)
	}
	saved, err := s.Peers.Campaigns().SaveCampaign(ctx, &momentsv1.SaveCampaignRequest{
		Id: r.PathValue("id"), Version: campaignVersion(r), Draft: draft,
	})
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		for _, v := range rpc.Violations(err) {
			entered.problems = append(entered.problems, &momentsv1.CampaignProblem{Field: strings.TrimPrefix(v.Field, "draft."), Code: "malformed"})
		}
		return s.showCampaignForm(w, r, http.StatusUnprocessableEntity, entered)
	case rpc.Is(err, connect.CodeAborted), rpc.Is(err, connect.CodeFailedPrecondition):
		entered.trouble = words.T("campaign.conflict_written")
		return s.showCampaignForm(w, r, http.StatusConflict, entered)
	case err != nil:
		return err
	}
	address := campaignBase + saved.GetCampaign().GetId()
	switch {
	case r.PostFormValue("action") != "check":
		address += "?saved"
	case len(saved.GetProblems()) > 0:
		address += "?checked"
	default:
		_, err := s.Peers.Campaigns().TakeCampaignStep(ctx, &momentsv1.TakeCampaignStepRequest{
			Id: saved.GetCampaign().GetId(), Version: saved.GetCampaign().GetVersion(), Step: momentsv1.TakeCampaignStepRequest_STEP_CHECK,
		})
		if err != nil && !rpc.Is(err, connect.CodeAborted) && !rpc.Is(err, connect.CodeFailedPrecondition) {
			return err
		}
		address += "/check" // which leads back where it was changed meanwhile
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// hrCampaignAudience shows the form as it was entered, with the audience counted anew. The script takes the count alone.
func (s *Site) hrCampaignAudience(w http.ResponseWriter, r *http.Request) error {
	draft, months, _ := campaignEntered(r)
	if picked := r.PostFormValue("pick"); r.URL.Query().Has("pick") && picked != "" {
		if err := s.pickAudience(r.Context(), picked, draft); err != nil {
			return err
		}
		months = nil
	}
	id := r.PostFormValue("campaign")
	return s.showCampaignForm(w, r, http.StatusOK, campaignPage{
		campaign: &momentsv1.Campaign{Id: id, Version: campaignVersion(r), Draft: draft}, months: months,
	})
}

func campaignVersion(r *http.Request) int64 {
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // what is no version meets a conflict
	return max(version, 0)
}

// campaignEntered is what the form says. What is no number of months is told by field, and its text kept.
func campaignEntered(r *http.Request) (draft *momentsv1.CampaignDraft, months map[string]string, problems []*momentsv1.CampaignProblem) {
	value := func(field string) string { return strings.TrimSpace(r.PostFormValue(field)) }
	months = map[string]string{"months_from": value("months_from"), "months_below": value("months_below")}
	number := func(field string) int32 {
		if months[field] == "" {
			return 0
		}
		n := wholeNumber(r, field)
		if n < 0 {
			problems = append(problems, &momentsv1.CampaignProblem{Field: "audience." + field, Code: "negative"})
		}
		return n
	}
	draft = &momentsv1.CampaignDraft{
		Name: value("name"), Kind: momentsv1.CampaignDraft_KIND_SURVEY, QuestionnaireId: value("questionnaire"),
		Title: &momentsv1.Wording{Fr: value("title.fr"), En: value("title.en")},
		Text:  &momentsv1.Wording{Fr: value("text.fr"), En: value("text.en")},
		Audience: &momentsv1.Audience{
			UnitId: value("unit"), JobTitles: r.PostForm["job"], Contracts: r.PostForm["contract"],
			MonthsFrom: number("months_from"), MonthsBelow: number("months_below"),
			HiredFrom: value("hired_from"), HiredTo: value("hired_to"), Language: value("language"), ManagerId: value("manager"),
			Reaction: reactionEntered(value("reaction"), value("reaction_about")), NeverReacts: value("reaction") == neverReacts,
		},
		SavedAudienceId: value("saved_audience"), SavedAudienceVersion: originVersion(value("saved_version")),
		On: value("on"), At: value("at"), Until: value("until"), Test: testEntered(r), Reminders: remindersEntered(value("reminders")),
		ChannelIds: r.PostForm["channel"],
	}
	if draft.Recurrence = recurrenceEntered(r, &problems); draft.GetRecurrence() != nil {
		draft.Test = nil // a test is of one date: the form has put it out of the way
	}
	if value("kind") == "message" {
		draft.Kind = momentsv1.CampaignDraft_KIND_MESSAGE
	}
	return draft, months, problems
}

func (s *Site) showCampaignForm(w http.ResponseWriter, r *http.Request, status int, as campaignPage) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	c, draft := as.campaign, as.campaign.GetDraft()
	who := draft.GetAudience()
	view := page.CampaignForm{
		ID: c.GetId(), Version: strconv.FormatInt(c.GetVersion(), 10), Name: draft.GetName(), New: c.GetVersion() == 0,
		On: draft.GetOn(), At: draft.GetAt(), Until: draft.GetUntil(), HiredFrom: who.GetHiredFrom(), HiredTo: who.GetHiredTo(),
		MonthsFrom:  cmp.Or(as.months["months_from"], positive(who.GetMonthsFrom())),
		MonthsBelow: cmp.Or(as.months["months_below"], positive(who.GetMonthsBelow())),
		Wrong:       campaignWrong(words, as.problems), Trouble: as.trouble, Saved: as.saved,
	}
	if c.GetState() != momentsv1.Campaign_STATE_UNSPECIFIED {
		view.State, view.Tone = campaignState(words, c.GetState())
	}
	for _, kind := range []string{"survey", "message"} {
		view.Kinds = append(view.Kinds, page.Choice{Value: kind, Label: words.T("campaign_kind." + kind), Chosen: kind == campaignKindCode(draft)})
	}
	var err error
	if view.Repeat, err = s.campaignRepeat(ctx, words, draft); err != nil {
		return err
	}
	view.Repeat.Goes = campaignEditable(c) && !beingWritten(c) && draft.GetRecurrence() != nil
	view.Reminders, view.Fields = s.campaignReminders(ctx, words, draft), campaignFields(words)
	view.Title = campaignTexts(words, "title", draft.GetTitle(), view.Wrong)
	view.Text = campaignTexts(words, "text", draft.GetText(), view.Wrong)
	view.Test = testForm(words, draft.GetTest(), view.Wrong)
	if err := s.campaignChoices(ctx, words, draft, &view); err != nil {
		return err
	}
	if err := s.audienceForm(ctx, words, draft, &view); err != nil {
		return err
	}
	if view.Count, err = s.campaignCount(ctx, words, who); err != nil {
		return err
	}
	if view.Channels, err = s.channelChoices(ctx, draft.GetChannelIds()); err != nil {
		return err
	}
	return s.draw(w, r, status, page.CampaignEdit(view))
}

// campaignChoices are what can be chosen: published questionnaires, and what the people who work here are.
func (s *Site) campaignChoices(ctx context.Context, words *i18n.Words, draft *momentsv1.CampaignDraft, view *page.CampaignForm) error {
	questionnaires, err := s.Peers.Moments().ListQuestionnaires(ctx, &momentsv1.ListQuestionnairesRequest{})
	if err != nil {
		return err
	}
	for _, q := range questionnaires.GetQuestionnaires() {
		if id := q.GetPublishedId(); id != "" {
			group := &view.OwnQuestionnaires
			if q.GetStandard() {
				group = &view.StandardQuestionnaires
			}
			*group = append(*group, page.Choice{Value: id, Label: questionnaireTitle(words, q), Chosen: id == draft.GetQuestionnaireId()})
		}
	}
	slices.SortStableFunc(view.OwnQuestionnaires, byLabel(words))
	slices.SortStableFunc(view.StandardQuestionnaires, byLabel(words))
	units, err := s.Peers.Directory().ListUnits(ctx, &directoryv1.ListUnitsRequest{})
	if err != nil {
		return err
	}
	who := draft.GetAudience()
	view.Units = teamChoices(words, units.GetUnits(), who.GetUnitId())
	choices, err := s.Peers.Campaigns().GetAudienceChoices(ctx, &momentsv1.GetAudienceChoicesRequest{})
	if err != nil {
		return err
	}
	view.Jobs, view.Contracts = someOf(words, choices.GetJobTitles(), who.GetJobTitles()), someOf(words, choices.GetContracts(), who.GetContracts())
	for _, lang := range choices.GetLanguages() {
		view.Languages = append(view.Languages, page.Choice{Value: lang, Label: words.Or("language."+lang, lang), Chosen: lang == who.GetLanguage()})
	}
	cards, err := s.cards(ctx, choices.GetManagerIds()...)
	if err != nil {
		return err
	}
	view.Managers = namedChoices(words, cards, who.GetManagerId())
	return nil
}

// campaignCount counts an audience; where the filter makes no sense it says so.
func (s *Site) campaignCount(ctx context.Context, words *i18n.Words, who *momentsv1.Audience) (page.CampaignCount, error) {
	counted, err := s.Peers.Campaigns().CountAudience(ctx, &momentsv1.CountAudienceRequest{Audience: who})
	if rpc.Is(err, connect.CodeInvalidArgument) {
		return page.CampaignCount{Wrong: true, Why: reactionTrouble(words, err)}, nil
	}
	if err != nil {
		return page.CampaignCount{}, err
	}
	said, err := s.audienceWords(ctx, words, who)
	return audienceCount(counted.GetCount(), said, words.Instant(counted.GetAsOf())), err
}

func campaignTexts(words *i18n.Words, name string, text *momentsv1.Wording, wrong map[string]string) []page.TextField {
	fields := []page.TextField{{Name: name + ".fr", Value: text.GetFr()}, {Name: name + ".en", Value: text.GetEn()}}
	for i, lang := range []string{"fr", "en"} {
		fields[i].Label = words.T("campaign.message_"+name, "Language", words.T("language."+lang))
		fields[i].Problem = wrong[fields[i].Name]
	}
	return fields
}

// campaignWrong says by field what would be right.
func campaignWrong(words *i18n.Words, problems []*momentsv1.CampaignProblem) map[string]string {
	wrong := map[string]string{}
	for _, p := range problems {
		field := strings.ReplaceAll(p.GetField(), ".", "_")
		wrong[p.GetField()] = words.Or("campaign_wrong."+field+"_"+p.GetCode(), words.Or("campaign_wrong."+p.GetCode(), words.T("campaign_wrong.odd"), "Field", p.GetDetail()),
			"Field", p.GetDetail())
	}
	return wrong
}

func positive(n int32) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(int(n))
}
