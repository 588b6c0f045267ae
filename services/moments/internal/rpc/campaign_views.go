package rpc

import (
	"time"

	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/moments/internal/audience"
	"jalon.dev/services/moments/internal/campaign"
	"jalon.dev/services/moments/internal/mongostore"
)

var campaignStates = map[campaign.State]momentsv1.Campaign_State{
	campaign.Draft:     momentsv1.Campaign_STATE_DRAFT,
	campaign.Checked:   momentsv1.Campaign_STATE_CHECKED,
	campaign.Scheduled: momentsv1.Campaign_STATE_SCHEDULED,
	campaign.Running:   momentsv1.Campaign_STATE_RUNNING,
	campaign.Paused:    momentsv1.Campaign_STATE_PAUSED,
	campaign.Done:      momentsv1.Campaign_STATE_DONE,
	campaign.Cancelled: momentsv1.Campaign_STATE_CANCELLED,
}

var campaignKinds = map[campaign.Kind]momentsv1.CampaignDraft_Kind{
	campaign.Survey:  momentsv1.CampaignDraft_KIND_SURVEY,
	campaign.Message: momentsv1.CampaignDraft_KIND_MESSAGE,
}

func campaignView(c campaign.Campaign) *momentsv1.Campaign {
	content := c.Content
	draft := &momentsv1.CampaignDraft{
		Name: content.Name, Kind: campaignKinds[content.Kind], QuestionnaireId: content.Questionnaire,
		Title: wordingView(content.Title), Text: wordingView(content.Text), Audience: audienceView(content.Audience),
		On: content.On.String(), Until: content.Until.String(), Recurrence: recurrenceView(content.Recurrence), Test: testView(content.Test),
		Reminders: proto.Int32(int32(content.Reminders)), ChannelIds: content.Channels,
		SavedAudienceId: content.From.ID, SavedAudienceVersion: content.From.Version,
	}
	if !content.On.IsZero() || content.At != 0 { // a time stays while the day is being thought about
		draft.At = content.At.String()
	}
	return &momentsv1.Campaign{
		Id: c.ID, Version: c.Version, State: campaignStates[c.State], Draft: draft, TimeZone: c.Zone,
		ChangedAt: instant(c.ChangedAt), ChangedBy: c.ChangedBy, StartedAt: instant(c.StartedAt), EndedAt: instant(c.EndedAt),
		HourWarning: string(c.Warning()), Decision: decisionView(c), SeriesId: c.Series, Number: int32(c.Number),
		Collecting: c.Collecting, Discreet: c.Confidential(),
	}
}

func audienceView(a audience.Audience) *momentsv1.Audience {
	return &momentsv1.Audience{
		UnitId: a.UnitID, JobTitles: a.JobTitles, Contracts: a.Contracts, MonthsFrom: int32(a.MonthsFrom), MonthsBelow: int32(a.MonthsBelow),
		HiredFrom: a.HiredFrom.String(), HiredTo: a.HiredTo.String(), Language: a.Language, ManagerId: a.ManagerID,
		Reaction: reactionView(a.Reaction), NeverReacts: a.NeverReacts,
	}
}

// progressView counts people. What was not shown waits until the campaign ends, and is missed from then on.
func progressView(c campaign.Campaign, f mongostore.Figures, now time.Time) *momentsv1.CampaignProgress {
	view := &momentsv1.CampaignProgress{
		Audience: int64(f.Audience), Invited: int64(f.Invited), Gone: int64(f.Gone), Delivered: int64(f.Delivered),
		AsOf: instant(now), AllInvited: c.AllInvited,
	}
	if f.Tells() {
		answered := int64(f.Answered)
		view.Answered = &answered
	}
	if unseen := int64(max(0, f.Invited-f.Delivered)); c.State.Final() {
		view.Missed = unseen
	} else {
		view.Waiting = unseen
	}
	if c.Confidential() {
		return rounded(view)
	}
	return view
}

func campaignProblemViews(problems []campaign.Problem) []*momentsv1.CampaignProblem {
	out := make([]*momentsv1.CampaignProblem, len(problems))
	for i, p := range problems {
		out[i] = &momentsv1.CampaignProblem{Field: p.Field, Code: string(p.Code), Detail: p.Detail}
	}
	return out
}

// campaignContent reads what HR wrote. What belongs to the other kind is left out.
func campaignContent(d *momentsv1.CampaignDraft) (campaign.Content, error) {
	who, err := audienceOf(d.GetAudience())
	if err != nil {
		return campaign.Content{}, err
	}
	content := campaign.Content{
		Name: d.GetName(), Audience: who, Reminders: campaign.UsualReminders, Channels: d.GetChannelIds(),
		From: audience.Origin{ID: d.GetSavedAudienceId(), Version: d.GetSavedAudienceVersion()},
	}
	if d.Reminders != nil {
		content.Reminders = int(d.GetReminders())
	}
	switch d.GetKind() {
	case momentsv1.CampaignDraft_KIND_SURVEY:
		content.Kind, content.Questionnaire = campaign.Survey, d.GetQuestionnaireId()
	case momentsv1.CampaignDraft_KIND_MESSAGE:
		content.Kind, content.Title, content.Text = campaign.Message, wording(d.GetTitle()), wording(d.GetText())
	}
	if content.On, err = dateField("on", d.GetOn()); err != nil {
		return campaign.Content{}, err
	}
	if content.Until, err = dateField("until", d.GetUntil()); err != nil {
		return campaign.Content{}, err
	}
	if content.Recurrence, err = recurrenceOf(d.GetRecurrence()); err != nil {
		return campaign.Content{}, err
	}
	if d.GetAt() != "" {
		if content.At, err = clock.ParseTimeOfDay(d.GetAt()); err != nil {
			return campaign.Content{}, rpc.InvalidField("draft.at", "must be a time such as 10:00")
		}
	}
	content.Test, err = testPlan(d)
	return content, err
}

func audienceOf(a *momentsv1.Audience) (who audience.Audience, err error) {
	who = audience.Audience{
		UnitID: a.GetUnitId(), JobTitles: a.GetJobTitles(), Contracts: a.GetContracts(), MonthsFrom: int(a.GetMonthsFrom()),
		MonthsBelow: int(a.GetMonthsBelow()), Language: a.GetLanguage(), ManagerID: a.GetManagerId(),
		Reaction: reactionOf(a.GetReaction()), NeverReacts: a.GetNeverReacts(),
	}
	if who.HiredFrom, err = dateField("audience.hired_from", a.GetHiredFrom()); err != nil {
		return who, err
	}
	who.HiredTo, err = dateField("audience.hired_to", a.GetHiredTo())
	return who, err
}

func dateField(field, text string) (clock.Date, error) {
	date, err := clock.ParseDate(text)
	if err != nil {
		return clock.Date{}, rpc.InvalidField(field, "must be a day such as 2026-11-03")
	}
	return date, nil
}
