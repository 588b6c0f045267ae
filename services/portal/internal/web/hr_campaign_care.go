package web

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"google.golang.org/protobuf/proto"

	"jalon.dev/pkg/clock"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

// usualReminders and mostReminders are how often whoever does not answer is reminded.
const (
	usualReminders = 1
	mostReminders  = 2
)

// messageFields are what messages may hold, by language; moments says which it does not know.
var messageFields = []page.MessageFields{
	{Lang: "fr", Names: []string{"{prenom}", "{etablissement}", "{date_limite}"}},
	{Lang: "en", Names: []string{"{first_name}", "{unit}", "{until}"}},
}

func campaignFields(words *i18n.Words) []page.MessageFields {
	fields := slices.Clone(messageFields)
	for i := range fields {
		fields[i].Language = words.T("language." + fields[i].Lang)
	}
	return fields
}

// remindersEntered is how often the form says; a form that does not say leaves it to what is usual.
func remindersEntered(value string) *int32 {
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil {
		return nil
	}
	return proto.Int32(int32(n))
}

// campaignReminders is how often people are reminded, and when. A form can be written while nobody can tell when.
func (s *Site) campaignReminders(ctx context.Context, words *i18n.Words, draft *momentsv1.CampaignDraft) page.CampaignReminders {
	chosen := usualReminders
	if draft.Reminders != nil {
		chosen = int(draft.GetReminders())
	}
	view := page.CampaignReminders{Unusual: chosen != usualReminders}
	for n := range mostReminders + 1 {
		value := strconv.Itoa(n)
		view.Choices = append(view.Choices, page.Choice{Value: value, Label: words.T("campaign_reminders.times_" + value), Chosen: n == chosen})
	}
	planned, err := s.Peers.CampaignCare().PlanCampaignReminders(ctx, &momentsv1.PlanCampaignRemindersRequest{
		On: draft.GetOn(), At: draft.GetAt(), Until: lastDay(draft),
	})
	if err != nil {
		view.Untold = true
		_ = s.missing("reminders", err)
		return view
	}
	for _, day := range planned.GetDays() {
		view.Days = append(view.Days, words.Weekday(day))
	}
	return view
}

// lastDay is the last day for an answer; of what repeats, that of the first time.
func lastDay(draft *momentsv1.CampaignDraft) string {
	if draft.GetRecurrence() == nil {
		return draft.GetUntil()
	}
	on, err := clock.ParseDate(draft.GetOn())
	if err != nil || on.IsZero() {
		return ""
	}
	return on.AddDays(int(draft.GetRecurrence().GetAnswerDays())).String()
}

// campaignRecipients are a few people of the audience, to look through the eyes of.
func (s *Site) campaignRecipients(ctx context.Context, words *i18n.Words, campaign, chosen string) ([]page.CampaignRecipient, error) {
	found, err := s.Peers.CampaignCare().ListRecipients(ctx, &momentsv1.ListRecipientsRequest{Id: campaign})
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(found.GetRecipients()))
	for _, r := range found.GetRecipients() {
		ids = append(ids, r.GetPersonId())
	}
	cards, err := s.cards(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var recipients []page.CampaignRecipient
	for _, r := range found.GetRecipients() {
		card := cards[r.GetPersonId()]
		if card == nil {
			continue // directory knows better who is here no more
		}
		recipients = append(recipients, page.CampaignRecipient{
			ID: r.GetPersonId(), Name: fullName(card), Language: words.Or("language."+r.GetLanguage(), r.GetLanguage()),
			Unit: s.unitName(ctx, r.GetUnitId()), Chosen: r.GetPersonId() == chosen,
		})
	}
	return recipients, nil
}

// hrCampaignForecast is what the gate would do with a campaign. It names nobody; the page before the launch takes it in when it is there.
func (s *Site) hrCampaignForecast(w http.ResponseWriter, r *http.Request) error {
	found, err := s.campaign(r)
	if err != nil {
		return err
	}
	forecast, err := s.Peers.CampaignCare().ForecastCampaign(r.Context(), &momentsv1.ForecastCampaignRequest{Id: r.PathValue("id")})
	if err != nil {
		return err
	}
	words := visitorOf(r).frame().Words
	view := forecastView(words, forecast)
	view.ID, view.Name = found.GetCampaign().GetId(), campaignName(words, found.GetCampaign())
	return s.show(w, r, page.CampaignOutlook(view))
}

func forecastView(words *i18n.Words, forecast *momentsv1.ForecastCampaignResponse) page.CampaignForecast {
	view := page.CampaignForecast{AsOf: words.Instant(forecast.GetAsOf()), People: int(forecast.GetPeople())}
	if len(forecast.GetForecasts()) == 0 {
		view.Past = true
		return view
	}
	own := forecast.GetForecasts()[0]
	waiting := 0
	for _, day := range shownDays(own) {
		d := page.ForecastDay{Label: words.Weekday(day.GetDay()), Reached: words.N("campaign.people", int(day.GetReached())), All: view.People}
		for _, w := range day.GetWaited() {
			d.Waited += int(w.GetPeople())
			d.Notes = append(d.Notes, words.N("campaign_load.waited_"+w.GetReason(), int(w.GetPeople())))
			if w.GetReason() == "over_cap" {
				waiting += int(w.GetPeople())
			}
		}
		d.AtOnce = int(day.GetReached()) - d.Waited
		if n := int(day.GetOthers()); n > 0 {
			d.Notes = append(d.Notes, words.N("campaign_load.others", n))
		}
		if n := int(day.GetReminded()); n > 0 {
			d.Notes = append(d.Notes, words.N("campaign_load.reminded", n))
		}
		view.Days = append(view.Days, d)
	}
	for _, m := range own.GetMissed() {
		view.Missed = append(view.Missed, words.N("campaign_load.missed_"+m.GetReason(), int(m.GetPeople())))
	}
	if own.GetHeavy() {
		view.Heavy = words.N("campaign_load.heavy", waiting)
	}
	for _, other := range forecast.GetForecasts()[1:] {
		if other.GetBetter() {
			view.Better = words.T("campaign_load.better", "Day", words.Weekday(other.GetOn()), "Then", words.Number(reachedAtOnce(other)), "Now", words.Number(reachedAtOnce(own)))
		}
	}
	return view
}

// reachedAtOnce is how many people a campaign reaches on its first day.
func reachedAtOnce(forecast *momentsv1.CampaignForecast) int {
	for _, day := range forecast.GetDays() {
		if day.GetDay() == forecast.GetOn() {
			return int(day.GetReached())
		}
	}
	return 0
}

// shownDays are the first day, and those on which the campaign reaches somebody or reminds them. What else happens on the days between
// tells nothing about the campaign.
func shownDays(forecast *momentsv1.CampaignForecast) []*momentsv1.CampaignForecastDay {
	days := slices.DeleteFunc(slices.Clone(forecast.GetDays()), func(d *momentsv1.CampaignForecastDay) bool {
		return d.GetReached() == 0 && d.GetReminded() == 0 && d.GetDay() != forecast.GetOn()
	})
	if len(days) == 0 || days[0].GetDay() != forecast.GetOn() {
		days = slices.Insert(days, 0, &momentsv1.CampaignForecastDay{Day: forecast.GetOn()})
	}
	return days
}

// drawFrame writes a document that one of this site's pages may show in a frame, and that can send nothing.
func (s *Site) drawFrame(w http.ResponseWriter, r *http.Request, lang string, draw func(*i18n.Words) templ.Component) error {
	frame := *visitorOf(r).frame()
	frame.Words = s.Words.Words(cmp.Or(lang, frame.Words.Lang), frame.Words.Zone())
	var out bytes.Buffer
	if err := draw(frame.Words).Render(page.WithFrame(r.Context(), &frame), &out); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", previewPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = out.WriteTo(w) // the browser left: there is nobody to tell
	return nil
}
